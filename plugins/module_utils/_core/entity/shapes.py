# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The JSON types that the repository uses for its properties.

A shape checks one value. It reports the first part that does not fit: its place, the expected type,
and the type that was found. Values themselves are never reported.
"""

from __future__ import annotations

import re
import typing as t

#: Levels of nesting that are accepted. Entities of every known release have fewer than ten.
_DEEPEST = 50

_ID = re.compile(r"[0-9A-Za-z_-]{1,100}")


class Misfit(t.NamedTuple):
    """A value of the wrong type. ``place`` is its path below the entity."""

    place: str
    wanted: str
    found: str

    def below(self, step: str) -> Misfit:
        """The same, seen from one level above."""
        join = "" if not self.place or self.place.startswith("[") else "."
        return self._replace(place=step + join + self.place)


class Shape(t.Protocol):
    """What a value has to look like."""

    def misfit(self, value: t.Any) -> t.Optional[Misfit]:
        """The first part of ``value`` that does not fit; None when all of it fits."""


class Scalar:
    """A single value of one type."""

    def __init__(self, wanted: str, kind: type) -> None:
        self._wanted = wanted
        self.kind = kind

    def misfit(self, value: t.Any) -> t.Optional[Misfit]:
        """See ``Shape``. Python's booleans are integers, JSON's are not."""
        fits = isinstance(value, self.kind) and (self.kind is bool or not isinstance(value, bool))
        return None if fits else Misfit("", self._wanted, named(value))


class Id:
    """The id of an entity. It becomes part of addresses and filters."""

    def misfit(self, value: t.Any) -> t.Optional[Misfit]:
        """See ``Shape``."""
        fits = isinstance(value, str) and _ID.fullmatch(value)
        if fits:
            return None
        found = "text that is not an id" if isinstance(value, str) else named(value)
        return Misfit("", "an id", found)


class ListOf:
    """A list in which every item has the same shape."""

    def __init__(self, item: Shape) -> None:
        self._item = item

    def misfit(self, value: t.Any) -> t.Optional[Misfit]:
        """See ``Shape``."""
        if not isinstance(value, list):
            return Misfit("", "a list", named(value))
        for place, item in enumerate(value):
            found = self._item.misfit(item)
            if found is not None:
                return found.below(f"[{place}]")
        return None


class ObjectOf:
    """An object. Unknown properties may hold anything.

    The ``required`` properties have to be there. The ``optional`` ones may be missing or null.
    """

    def __init__(
        self,
        required: t.Mapping[str, Shape],
        optional: t.Optional[t.Mapping[str, Shape]] = None,
    ) -> None:
        self.required = required
        self.optional = optional or {}
        # Most values are single ones of the right type, which is found without a call for each.
        self._types = {k: v.kind for k, v in self.optional.items() if isinstance(v, Scalar)}

    def misfit(self, value: t.Any) -> t.Optional[Misfit]:
        """See ``Shape``."""
        if not isinstance(value, t.Mapping):
            return Misfit("", "an object", named(value))
        for name, shape in self.required.items():
            found = shape.misfit(value[name]) if name in value else Misfit("", "a value", "nothing")
            if found is not None:
                return found.below(name)
        return next(iter(self.misfits(value).values()), None)

    def requiring(self, more: t.Mapping[str, Shape]) -> ObjectOf:
        """The same with more properties that have to be there."""
        return ObjectOf({**self.required, **more}, self.optional)

    def misfits(self, value: t.Mapping[str, t.Any]) -> t.Dict[str, Misfit]:
        """The ``optional`` properties that do not fit, by name."""
        found = {}
        for name, shape in self.optional.items():
            stored = value.get(name)
            # The exact class, because a boolean is an instance of int, too.
            if stored is None or stored.__class__ is self._types.get(name):
                continue
            misfit = shape.misfit(stored)
            if misfit is not None:
                found[name] = misfit.below(name)
        return found


TEXT = Scalar("text", str)
NUMBER = Scalar("a whole number", int)
FLAG = Scalar("true or false", bool)
ID = Id()
TEXTS = ListOf(TEXT)


def too_deep(value: t.Any) -> bool:
    """Whether lists and objects are nested deeper than any entity nests them."""
    level = [value]
    for dummy in range(_DEEPEST):
        level = [
            inner
            for item in level
            if isinstance(item, (dict, list))
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True


def named(value: t.Any) -> str:
    """The JSON type of a value, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int):
        return "a number"
    if isinstance(value, float):
        return "a number that is not whole"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "an object"
