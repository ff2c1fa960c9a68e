# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs every fuzzing target in turn until the time is over: ``python -m fuzz [SECONDS]``."""

from __future__ import annotations

import sys
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings

ROUND = 300
USUAL = 600


def main() -> int:
    """Fuzz; 0 when nothing but clear sentences came out."""
    from fuzz.targets import TARGETS, Target

    def round_of(target: Target) -> None:
        @settings(
            max_examples=ROUND,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(target.inputs)
        def run(given: object) -> None:
            target.check(given)
            counts[target.name] += 1

        run()

    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else USUAL
    counts: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for target in TARGETS:
            round_of(target)
    for name, count in counts.items():
        print(f"{name:18}{count:>9} inputs")
    print(f"{sum(counts.values())} inputs, 0 tracebacks")
    return 0


if __name__ == "__main__":
    sys.exit(main())
