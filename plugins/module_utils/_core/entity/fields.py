# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Options that stand for properties of an entity, as a table that can be compared and written."""

from __future__ import annotations

import typing as t

from ..errors import InvalidInput
from ..masking import newly_masked
from ..text import printable
from .shapes import ObjectOf
from .types import refuse

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from .shapes import Shape
    from .types import Kind

Options = t.Dict[str, t.Any]


class Field(t.NamedTuple):
    """One option that stands for one property of the entity."""

    option: str
    property: str
    kind: Kind
    label: str


def spec_of(table: t.Iterable[Field]) -> t.Dict[str, t.Any]:
    """The options of ``table`` in the form of an argument spec."""
    return {field.option: dict(field.kind.spec) for field in table}


def shape_of(
    table: t.Iterable[Field],
    required: t.Mapping[str, Shape],
    more: t.Mapping[str, Shape],
) -> ObjectOf:
    """The shape of an entity with the properties of ``table``, and others."""
    return ObjectOf(required, {**{field.property: field.kind.shape for field in table}, **more})


def described(entity: Entity, table: t.Iterable[Field]) -> Options:
    """The entity as options. A field that the server lacks is left out."""
    return {
        field.option: field.kind.read(entity[field.property])
        for field in table
        if field.property in entity
    }


def differences(entity: Entity, wanted: Options, table: t.Mapping[str, Field]) -> t.List[Field]:
    """The fields of ``table`` whose wanted value means something else than the stored one."""
    found = []
    for option, value in wanted.items():
        field = table.get(option)
        if field is None:
            continue
        if field.property not in entity:
            raise unknown(field.option, field.property)
        if not is_same(field, value, field.kind.read(entity[field.property])):
            found.append(field)
    return found


def is_same(field: Field, wanted: t.Any, present: t.Any) -> bool:
    """Whether both mean the same: what was returned in place of a text counts as that text."""
    return field.kind.same(wanted, present) or bool(wanted == printable(present))


def unknown(option: str, name: str) -> InvalidInput:
    """The error for a setting whose property ``name`` is missing in what the server returned."""
    return InvalidInput(
        f"{option}: this server has no such setting ({name} is missing in what it "
        "returned). Leave the option out for this site.",
        option=option,
    )


def check_values(fields: t.Iterable[Field], wanted: Options, entity: Entity) -> None:
    """Reject values that cannot be stored or are masked, unless ``entity`` has them already."""
    for field in fields:
        value = wanted[field.option]
        present = field.kind.read(entity.get(field.property))
        found = newly_masked(value, present)
        fault = found.fault if found else field.kind.fault(value, present)
        if fault:
            raise refuse(field.option, fault)


def replaced(entity: Entity, fields: t.Iterable[Field], wanted: Options) -> Entity:
    """The whole entity as it was read, with ``fields`` replaced."""
    result = dict(entity)
    for field in fields:
        stored = entity.get(field.property)
        result[field.property] = field.kind.write(wanted[field.option], stored)
    return result


def is_kept(field: Field, sent: Entity, answer: Entity) -> bool:
    """Whether the server's answer carries the field as it was sent."""
    if field.property not in answer:
        return False
    return field.kind.same(
        field.kind.read(sent[field.property]), field.kind.read(answer[field.property])
    )
