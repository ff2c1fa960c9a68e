# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an entity type is described: its fields, limits, defaults and condensed form."""

from __future__ import annotations

import dataclasses
import typing as t

Kind = t.Literal[
    "string", "integer", "boolean", "date", "uuid", "strings", "reference", "references",
    "children", "object",
]  # fmt: skip

BASE_NAMES = ("id", "createdDate", "modifiedDate", "modifiedByUserName", "schemaPath", "privileges")
EMPTY_ID = "00000000-0000-0000-0000-000000000000"


@dataclasses.dataclass(frozen=True)
class Field:
    """One property.

    ``default`` is what a POST or a PUT without the property stores (None with ``required``:
    refused). ``target`` names the entity type of references or the schema of owned objects.
    ``enum`` lists the names of the values 0, 1, 2 …. ``release``: only servers of that release
    have the property.
    """

    name: str
    kind: Kind = "string"
    default: t.Any = ""
    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    enum: tuple[str, ...] = ()
    format: str = ""
    target: str = ""
    condensed: bool = True
    empty_allowed: bool = False
    release: str = ""

    @property
    def is_list(self) -> bool:
        """Whether the value is a JSON array."""
        return self.kind in ("strings", "references", "children")


@dataclasses.dataclass(frozen=True)
class Schema:
    """An entity type, or the type of an owned object (``owned``: no ``privileges``)."""

    name: str
    fields: tuple[Field, ...]
    owned: bool = False
    condensed_keeps_unknown: bool = False

    @property
    def path(self) -> str:
        """The type as it stands in URLs."""
        return self.name.lower()

    def field(self, name: str) -> Field | None:
        """The field of that name, in any case."""
        wanted = name.lower()
        return next((field for field in self.fields if field.name.lower() == wanted), None)

    def canonical(self, name: str) -> str:
        """The property name as the schema spells it; unknown names stay as they are."""
        wanted = name.lower()
        for known in (*BASE_NAMES, *(field.name for field in self.fields)):
            if known.lower() == wanted:
                return known
        return name


def string(name: str, maximum: int | None = None, default: str = "", **rest: t.Any) -> Field:
    """A text field of at most ``maximum`` characters."""
    return Field(name, "string", default, max_length=maximum, **rest)


def boolean(name: str, default: bool = False, **rest: t.Any) -> Field:
    """A boolean field."""
    return Field(name, "boolean", default, **rest)


def integer(name: str, default: int, minimum: int, maximum: int, **rest: t.Any) -> Field:
    """A whole number between two bounds."""
    return Field(name, "integer", default, minimum=minimum, maximum=maximum, **rest)


def enum(name: str, names: tuple[str, ...], default: int = 0, **rest: t.Any) -> Field:
    """An enumeration, on the wire a number."""
    highest = len(names) - 1
    return Field(name, "integer", default, enum=names, minimum=0, maximum=highest, **rest)


def strings(name: str, **rest: t.Any) -> Field:
    """A list of texts."""
    return Field(name, "strings", (), **rest)


def reference(name: str, target: str, **rest: t.Any) -> Field:
    """A reference to one entity, shown in its condensed form."""
    return Field(name, "reference", None, target=target, **rest)


def references(name: str, target: str, **rest: t.Any) -> Field:
    """References to entities, shown in their condensed form."""
    return Field(name, "references", (), target=target, **rest)


def children(name: str, target: str, **rest: t.Any) -> Field:
    """Objects that belong to the entity alone."""
    return Field(name, "children", (), target=target, **rest)


TAGS = references("tags", "tag")
CUSTOM_PROPERTIES = children("customProperties", "CustomPropertyValue", condensed=False)
