# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Additional response headers: a mapping for the user, lines of ``Name: value`` as stored."""

from __future__ import annotations

import re
import typing as t

from ..unicode import control_character
from .types import Kind, Value, added

#: RFC 9110, section 5.6.2: the characters of a header's name, and of a cookie's.
HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"


class ResponseHeaders(Kind):
    """Additional response headers: a mapping for the user, lines of ``Name: value`` as stored."""

    _MOST = 1024

    def read(self, stored: Value) -> Value:
        mapping: t.Dict[str, t.Any] = {}
        for (name, value), dummy in _header_lines(stored):
            if name in mapping:
                earlier = mapping[name]
                mapping[name] = (earlier if isinstance(earlier, list) else [earlier]) + [value]
            else:
                mapping[name] = value
        return mapping

    def write(self, wanted: Value, stored: Value) -> Value:
        known = dict(_header_lines(stored))
        return "\n".join(
            known.get((name, value), f"{name}: {value}") for name, value in _headers(wanted)
        )

    def same(self, wanted: Value, present: Value) -> bool:
        return bool(self.read(self.write(wanted, None)) == self.read(self.write(present, None)))

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        for name, value in wanted.items():
            for single in value if isinstance(value, list) else [value]:
                if isinstance(single, (dict, list)) or single is None:
                    return f"gives the header {name} something other than a text."
        for name, value in added(_headers(wanted), _headers(present or {})):
            if not re.fullmatch(HEADER_NAME, name):
                return f"has {name!r} as a header's name: use letters, digits and hyphens."
            odd = control_character(value, "\t")
            if odd:
                return f"gives the header {name} a value that {odd}"
        length = len(self.write(wanted, None))
        if length > self._MOST:
            return f"is {length} characters long; at most {self._MOST} are stored."
        return None


def _headers(mapping: t.Mapping[t.Any, Value]) -> t.List[t.Tuple[str, str]]:
    """Every header of an option value, with its value as text."""
    return [
        (str(name), str(single).lower() if isinstance(single, bool) else str(single))
        for name, value in mapping.items()
        for single in (value if isinstance(value, list) else [value])
    ]


def _header_lines(stored: Value) -> t.Iterator[t.Tuple[t.Tuple[str, str], str]]:
    """Every header that is stored, with its line as it is."""
    for line in re.split(r"\r\n|\r|\n", stored or ""):
        if line.strip():
            name, value = (part.strip(" \t") for part in line.partition(":")[::2])
            yield (name, value), line
