# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""QRS dates: ``2017-02-22T18:09:51.896Z``, milliseconds, UTC."""

from __future__ import annotations

import datetime
import re

_DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def render(milliseconds: int) -> str:
    """The wire form of milliseconds since the epoch."""
    moment = _EPOCH + datetime.timedelta(milliseconds=milliseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def parse(text: str) -> int:
    """Microseconds since the epoch; ValueError when ``text`` is not such a date."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError("not an ISO 8601 date")
    year, month, day, hour, minute, second = (int(match.group(n)) for n in range(1, 7))
    fraction = int((match.group(7) or "0")[:6].ljust(6, "0"))
    zone = match.group(8) or "Z"
    offset = datetime.timedelta()
    if zone != "Z":
        offset = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
        offset = -offset if zone[0] == "-" else offset
    moment = datetime.datetime(
        year, month, day, hour, minute, second, fraction, tzinfo=datetime.UTC
    )
    return (moment - offset - _EPOCH) // datetime.timedelta(microseconds=1)
