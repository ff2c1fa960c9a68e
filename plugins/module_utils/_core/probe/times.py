# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The times of a token (RFC 7519 2, NumericDate): seconds since 1970, or what they are instead."""

from __future__ import annotations

import datetime as dt
import math
import typing as t

from ..crypto.tokens import TIME_CLAIMS, Token

#: Seconds by which clocks may differ without harm. Qlik documents no tolerance; five minutes is
#: what libraries for such tokens commonly allow.
TOLERANCE_S = 300

#: Units that programs confuse with seconds, and how many of each are in a second.
_UNITS = (("milliseconds", 1e3), ("microseconds", 1e6), ("nanoseconds", 1e9))

_TYPES: t.Tuple[t.Tuple[type, str], ...] = (
    (bool, "a boolean"),
    (str, "text"),
    (list, "a list"),
    (dict, "an object"),
)


def seconds(token: Token, name: str, now: float) -> t.Optional[float]:
    """The claim in seconds since the epoch; None when it is missing or is anything else."""
    return None if _fault(token, name, now) else token.time(name)


def faults(token: Token, now: float) -> t.List[str]:
    """The claims that are not seconds, each with what it is instead."""
    found = ((name, _fault(token, name, now)) for name in TIME_CLAIMS)
    return [f"{name} ({fault})" for name, fault in found if fault]


def moment(time: float) -> str:
    """Seconds since the epoch as a UTC time; what lies beyond the calendar is said so."""
    try:
        found = dt.datetime.fromtimestamp(time, dt.timezone.utc)
    except (OverflowError, ValueError, OSError):
        return "a time beyond the calendar"
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")


def _fault(token: Token, name: str, now: float) -> str:
    if name not in token.claims:
        return ""
    value = token.claims[name]
    if value is None:
        return "null"
    for kind, what in _TYPES:
        if isinstance(value, kind):
            return what
    number = token.time(name)
    if number is None or not math.isfinite(number):
        return "not a finite number"
    # A date that is near in another unit is far beyond the calendar in seconds.
    return next((unit for unit, per in _UNITS if now / 2 < number / per < now * 4), "")
