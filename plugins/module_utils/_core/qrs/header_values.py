# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Numbers and dates in the headers of a server, by the grammar of HTTP and nothing more.

Python's own functions accept more: ``str.isdigit`` the sign ``²``, ``int`` the text ``1_0``.
"""

from __future__ import annotations

import datetime
import re
import typing as t

_SECONDS = re.compile(r"[0-9]+")

#: More digits are more seconds than a run can wait.
_DIGITS = 9

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: An IMF-fixdate (RFC 9110 5.6.7).
_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{2}) (" + "|".join(_MONTHS) + r") ([0-9]{4}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT"
)


def seconds(value: t.Optional[str], *, most: float) -> t.Optional[float]:
    """The whole seconds in ``Retry-After``, ``most`` at most; None for anything else."""
    text = (value or "").strip(" \t")
    if not _SECONDS.fullmatch(text):
        return None
    return min(float(text), most) if len(text) <= _DIGITS else most


def date(value: t.Optional[str]) -> t.Optional[float]:
    """The seconds since the epoch in ``Date``; None for anything else."""
    found = _DATE.fullmatch((value or "").strip(" \t"))
    if found is None:
        return None
    day, month, year, hour, minute, second = found.groups()
    numbers = (int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second))
    try:
        return datetime.datetime(*numbers, tzinfo=datetime.timezone.utc).timestamp()
    except ValueError:  # no such day
        return None
