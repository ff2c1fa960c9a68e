# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Filter expressions of the repository.

Measured on a live server by ptarmiganlabs/butler-sheet-icons (``qrs-filter.js``): literals have
single quotes, and a backslash escapes a quote or backslash inside. Doubled quotes are rejected.
"""

from __future__ import annotations

import typing as t
from urllib.parse import quote

#: Characters of a filter in an address. Servers and web proxies reject addresses beyond 8,000.
_LONGEST = 6000
_OR = len("%20or%20")
#: Conditions in a filter: some servers cut a list there (``MaxRecordLimit``).
_MOST = 100


def literal(value: str) -> str:
    """``value`` as a quoted literal."""
    return "'{}'".format(value.replace("\\", "\\\\").replace("'", "\\'"))


def equals(path: str, value: str) -> str:
    """The condition that the property at ``path`` is the string ``value``."""
    return f"{path} eq {literal(value)}"


def is_id(entity_id: str) -> str:
    """The condition that selects the entity with that id; an id has no quotes."""
    return f"id eq {entity_id}"


def any_of(*conditions: str) -> str:
    """The condition that at least one of ``conditions`` holds."""
    return " or ".join(conditions)


def all_of(*conditions: str) -> str:
    """The condition that every one of ``conditions`` holds."""
    return " and ".join(f"({condition})" for condition in conditions)


def in_parts(conditions: t.Sequence[str]) -> t.Iterator[str]:
    """``any_of`` the conditions, in as many filters as it takes to keep each address short."""
    part: t.List[str] = []
    length = 0
    for condition in conditions:
        more = len(quote(condition, safe="")) + _OR
        if part and (length + more > _LONGEST or len(part) == _MOST):
            yield any_of(*part)
            part, length = [], 0
        part.append(condition)
        length += more
    if part:
        yield any_of(*part)
