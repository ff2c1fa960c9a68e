# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many tests of a run came out how, from the JUnit files that the runners write."""

from __future__ import annotations

import typing as t
from pathlib import Path
from xml.etree import ElementTree


class Counts(t.NamedTuple):
    """Tests that passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def plus(self, other: Counts) -> Counts:
        """Both runs together."""
        return Counts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def in_reports(place: Path, exit_code: int) -> Counts:
    """Sum up the JUnit files in ``place``.

    A run that failed although no test did counts as one failed test.
    """
    failed = skipped = total = 0
    for report in sorted(place.glob("*.xml")):
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            total += 1
            failed += any(case.find(kind) is not None for kind in ("failure", "error"))
            skipped += case.find("skipped") is not None
    if exit_code != 0 and failed == 0:
        failed, total = 1, total + 1
    return Counts(total - failed - skipped, failed, skipped)
