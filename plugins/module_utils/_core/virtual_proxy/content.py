# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Separates the settings of an entity from the server's own ids, dates and secrets.

An entity that was read earlier cannot be written back unchanged: ids of its parts, dates, and
secrets must be the current ones. This file separates both groups and joins them again.
"""

from __future__ import annotations

import typing as t

from ..masking import HIDDEN_KEY, names_secret
from ..text import printable

Value = t.Any

#: Properties that the server sets, of every entity and of its parts.
OWN = frozenset(
    {
        "id",
        "createdDate",
        "modifiedDate",
        "modifiedByUserName",
        "schemaPath",
        "privileges",
        "impactSecurityAccess",
    }
)

_DATES = frozenset({"createdDate", "modifiedDate", "schemaPath"})

#: In place of a value that is unknown.
_UNKNOWN = object()


def same_content(name: str, one: Value, other: Value) -> bool:
    """Whether two values of the property ``name`` are equal, the server's own part aside."""
    # What was kept in a result has no text that a result cannot hold.
    both = [printable(_content(value, _holds_parts(name))) for value in (one, other)]
    return bool(both[0] == both[1])


def _content(value: Value, parts: bool) -> Value:
    if isinstance(value, t.Mapping):
        own = OWN if _is_part(value, parts) else {"privileges"}
        return {key: _content(item, False) for key, item in value.items() if key not in own}
    if isinstance(value, list):
        return [_content(item, parts) for item in value]
    return value


def filled(name: str, wanted: Value, present: Value) -> Value:
    """The ``wanted`` value of the property ``name``, ready to be written in place of ``present``.

    The server's own part and the secrets are those of ``present``, None where there is none yet. A
    secret that is not there either is left out.
    """
    value = _filled(wanted, present, _holds_parts(name))
    return None if value is _UNKNOWN else value


def _filled(wanted: Value, present: Value, parts: bool) -> Value:
    if isinstance(wanted, t.Mapping):
        return _filled_mapping(wanted, present if isinstance(present, t.Mapping) else {}, parts)
    if isinstance(wanted, list):
        there = present if isinstance(present, list) else []
        found = [
            _filled(item, _counterpart(wanted, n, there), parts) for n, item in enumerate(wanted)
        ]
        return [item for item in found if item is not _UNKNOWN]
    if wanted == HIDDEN_KEY:
        return _UNKNOWN if present is None else present
    return wanted


def _filled_mapping(
    wanted: t.Mapping[str, Value], present: t.Mapping[str, Value], parts: bool
) -> Value:
    own = OWN if _is_part(wanted, parts) else frozenset()
    found = {
        key: _filled(item, present.get(key), False)
        for key, item in wanted.items()
        if key not in own
    }
    kept = {key: item for key, item in present.items() if key in own or names_secret(key)}
    return {**{key: item for key, item in found.items() if item is not _UNKNOWN}, **kept}


def _counterpart(wanted: t.List[Value], place: int, there: t.List[Value]) -> Value:
    """What ``there`` holds for an item of ``wanted``: what has its id, else what has its place."""
    item = wanted[place]
    if isinstance(item, t.Mapping) and "id" in item:
        same = (i for i in there if isinstance(i, t.Mapping) and i.get("id") == item["id"])
        return next(same, None)
    return there[place] if len(there) == len(wanted) else None


def _holds_parts(name: str) -> bool:
    """Whether a property holds parts of its entity, not references to others."""
    return name.endswith("AttributeMap")


def _is_part(item: t.Mapping[str, Value], parts: bool) -> bool:
    # What is referred to comes in its short form, which has no dates.
    return parts or not _DATES.isdisjoint(item)
