# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module again and again, and kills it with SIGKILL before one operation on files after the
other, from the first file on that it creates.

``python -m support.killed_module`` forks for each run when all that it needs is imported. It is a
program of its own because a test run has threads, which do not survive a fork.
"""

from __future__ import annotations

import importlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import typing as t
from pathlib import Path

from support.module_runner import run_module

_TESTS = Path(__file__).resolve().parents[1]
_COLLECTIONS = _TESTS.parent / ".build" / "collections"
#: Audit events that name no path, only a descriptor.
_NAMELESS = ("fcntl.flock", "os.chmod", "os.chown")


def kill_at_every_point(
    name: str, arguments: t.Mapping[str, t.Any], start: Path, place: Path
) -> list[Path]:
    """The directories that the runs worked in, one for each that was killed.

    Each begins as a copy of ``start`` in ``place``; ``{0}`` in the arguments is its path.
    """
    order = {"name": name, "arguments": arguments, "start": str(start), "place": str(place)}
    subprocess.run(
        [sys.executable, "-m", "support.killed_module"],
        input=json.dumps(order),
        text=True,
        cwd=_TESTS,
        env={"PYTHONPATH": f"{_TESTS}:{_COLLECTIONS}", "LC_ALL": "C.UTF-8"},
        check=True,
    )
    return sorted(place.iterdir())


def filled(arguments: t.Mapping[str, t.Any], directory: Path) -> dict[str, t.Any]:
    """The arguments for one directory."""
    return {
        key: value.replace("{0}", str(directory)) if isinstance(value, str) else value
        for key, value in arguments.items()
    }


def main() -> None:
    """Carry out the order."""
    order = json.load(sys.stdin)
    importlib.import_module(f"ansible_collections.qlikops.sense.plugins.modules.{order['name']}")
    for number in itertools.count(1):
        directory = Path(order["place"], f"{number:03}")
        shutil.copytree(order["start"], directory)
        child = os.fork()
        if not child:
            _run(order["name"], filled(order["arguments"], directory), directory, number)
        (_pid, status) = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            shutil.rmtree(directory)
            sys.exit(os.waitstatus_to_exitcode(status))


def _run(name: str, arguments: dict[str, t.Any], directory: Path, number: int) -> t.NoReturn:
    left = itertools.count(number - 1, -1)
    has_begun = False

    def on_event(event: str, values: tuple[t.Any, ...]) -> None:
        nonlocal has_begun
        named = any(str(directory) in os.fsdecode(v) for v in values if isinstance(v, str | bytes))
        has_begun |= named and event == "tempfile.mkstemp"
        if has_begun and (named or event in _NAMELESS) and next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.addaudithook(on_event)
        result = run_module(name, arguments)
    except BaseException:
        os._exit(2)
    os._exit(1 if result.get("failed") else 0)


if __name__ == "__main__":
    main()
