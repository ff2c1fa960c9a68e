# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs modules at the same moment, each in a process of its own, as Ansible's forks do.

``python -m support.module_processes`` reads the orders as JSON, forks once for each when all that
they need is imported, and prints the results. It is a program of its own because a test run has
threads, which do not survive a fork.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import typing as t
from pathlib import Path

from support.module_runner import Result, run_module

_TESTS = Path(__file__).resolve().parents[1]
_COLLECTIONS = _TESTS.parent / ".build" / "collections"
#: The name of a module and its arguments.
Order = tuple[str, t.Mapping[str, t.Any]]


def simultaneously(orders: t.Sequence[Order]) -> list[Result]:
    """The results of all orders, carried out at the same moment."""
    done = subprocess.run(
        [sys.executable, "-m", "support.module_processes"],
        input=json.dumps(orders),
        stdout=subprocess.PIPE,
        text=True,
        cwd=_TESTS,
        env={"PYTHONPATH": f"{_TESTS}:{_COLLECTIONS}", "LC_ALL": "C.UTF-8"},
        check=True,
    )
    return t.cast("list[Result]", json.loads(done.stdout))


def main() -> None:
    """Carry out the orders."""
    orders: list[Order] = json.load(sys.stdin)
    for name in {name for name, dummy in orders}:
        importlib.import_module(f"ansible_collections.qlikops.sense.plugins.modules.{name}")
    for name in ("requests", "cryptography.x509"):
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as directory:
        files = [Path(directory, str(number)) for number in range(len(orders))]
        gate, key = os.pipe()
        children = [
            _fork(order, file, gate, key) for order, file in zip(orders, files, strict=True)
        ]
        os.close(key)  # now all of them go
        for child in children:
            os.waitpid(child, 0)
        sys.stdout.write(json.dumps([json.loads(file.read_text("utf-8")) for file in files]))


def _fork(order: Order, file: Path, gate: int, key: int) -> int:
    """A process that waits until the other end of its gate is closed everywhere."""
    child = os.fork()
    if child:
        return child
    try:
        os.close(key)
        os.read(gate, 1)
        name, arguments = order
        file.write_text(json.dumps(run_module(name, arguments)), "utf-8")
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
