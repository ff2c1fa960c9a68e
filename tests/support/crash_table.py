# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The counts of the crash matrix, for the end of a test run."""

from __future__ import annotations

import typing as t

Row = t.Mapping[str, t.Any]


def lines(rows: t.Sequence[Row]) -> t.Iterator[str]:
    """A line for each operation, and one that sums them up."""
    yield f"{'operation':26}{'requests':>9}{'faults':>8}{'cases':>7}{'succeeded':>11}{'failed':>8}"
    for row in rows:
        numbers = f"{row['requests']:9}{len(row['faults']):8}{_cases(row):7}"
        yield f"{row['operation']:26}{numbers}{row['succeeded']:11}{row['failed']:8}"
    cases, succeeded, failed, wrong = (
        sum(counts) for counts in zip(*map(_counts, rows), strict=True)
    )
    ending = f"{wrong} went WRONG" if wrong else "all converged, nothing lost"
    yield (
        f"crash matrix: {len(rows)} operations, {sum(row['requests'] for row in rows)} requests, "
        f"{len({fault for row in rows for fault in row['faults']})} faults, {cases} cases: "
        f"{succeeded} succeeded, {failed} failed clearly, {ending}"
    )


def _cases(row: Row) -> int:
    return int(row["succeeded"] + row["failed"] + row["wrong"])


def _counts(row: Row) -> tuple[int, int, int, int]:
    return (_cases(row), row["succeeded"], row["failed"], row["wrong"])
