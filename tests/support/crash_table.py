# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The counts of the crash matrix, for the end of a test run."""

from __future__ import annotations

import typing as t
from collections import Counter

Row = t.Mapping[str, t.Any]
_OUTCOMES = ("succeeded", "failed", "wrong")


def lines(rows: t.Sequence[Row]) -> t.Iterator[str]:
    """A line for each operation, and one that sums them up."""
    operations = dict.fromkeys(row["operation"] for row in rows)
    yield f"{'operation':26}{'requests':>9}{'faults':>8}{'cases':>7}{'succeeded':>11}{'failed':>8}"
    total: Counter[str] = Counter()
    for name in operations:
        own = [row for row in rows if row["operation"] == name]
        counts = Counter({outcome: sum(row[outcome] for row in own) for outcome in _OUTCOMES})
        requests, faults = own[0]["requests"], len(_faults(own))
        numbers = f"{requests:9}{faults:8}{counts.total():7}"
        yield f"{name:26}{numbers}{counts['succeeded']:11}{counts['failed']:8}"
        total.update({**counts, "requests": requests})
    ending = f"{total['wrong']} went WRONG" if total["wrong"] else "all converged, nothing lost"
    yield (
        f"crash matrix: {len(operations)} operations, {total['requests']} requests, "
        f"{len(_faults(rows))} faults, {sum(total[outcome] for outcome in _OUTCOMES)} cases: "
        f"{total['succeeded']} succeeded, {total['failed']} failed clearly, {ending}"
    )


def _faults(rows: t.Sequence[Row]) -> set[str]:
    return {fault for row in rows for fault in row["faults"]}
