# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures what the collection costs, as ratios of sides that run in turn.

    python -m benchmarks [PART …]

The parts are ``imports``, ``task``, ``nothing``, ``setup`` and ``create``; without one, all of
them. The exit status is 0 when every target that was measured is met. No time in seconds is judged
anywhere.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import against_uri, imports, no_op, setup
from benchmarks.figures import Figure, table
from benchmarks.workbench import BenchmarkError, Workbench

from ansible.release import __version__ as ansible_version

from support.controlled_process import ProcessError
from support.simulator import start

PARTS: dict[str, Callable[[Workbench], list[Figure]]] = {
    "imports": imports.measure,
    "task": no_op.measure,
    "nothing": against_uri.measure_no_op,
    "setup": setup.measure,
    "create": against_uri.measure_creation,
}


def main() -> int:
    """Measure the parts that the command line names; 0 when all their targets are met."""
    parser = argparse.ArgumentParser(
        prog="make bench", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    chosen = parser.parse_args().parts or list(PARTS)
    if unknown := [name for name in chosen if name not in PARTS]:
        parser.error(f"there is no part {unknown[0]}: choose of {', '.join(PARTS)}")
    python = platform.python_version()
    print(f"ansible-core {ansible_version}, Python {python}, one host, forks as they come")
    figures: list[Figure] = []
    try:
        with tempfile.TemporaryDirectory(prefix="qlikops-bench-") as place:
            directory = Path(place)
            with start(directory / "site") as simulator:
                bench = Workbench(directory, simulator)
                for name in chosen:
                    print(f"\n== {name}", flush=True)
                    figures += PARTS[name](bench)
    except (BenchmarkError, ProcessError) as error:
        print(f"\nbench failed: {error}", file=sys.stderr)
        return 1
    if figures:
        print(f"\n{table(figures)}")
    missed = [figure.name for figure in figures if not figure.is_met]
    if missed:
        print(f"\nmissed: {'; '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
