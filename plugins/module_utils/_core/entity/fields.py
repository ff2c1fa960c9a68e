# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Kinds of values (text, number, flag, choice) and tables of options: compare, check, replace.

Each kind of value knows six things: the JSON type that is stored, the type of the option, how to
read it from the entity, how to write it, whether two of them mean the same, and what is wrong with
one.
"""

from __future__ import annotations

import re
import typing as t

from ..errors import InvalidInput
from ..masking import newly_masked
from ..text import control_character, printable
from .shapes import FLAG, NUMBER, TEXT, ObjectOf

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from .shapes import Shape

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
            raise invalid(field.option, fault)


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


Value = t.Any


Item = t.Dict[str, t.Any]


class Kind:
    """A plain value: the same in both vocabularies."""

    #: What the repository stores.
    shape: Shape = TEXT

    #: What the user gives, in the words of an argument spec.
    spec: t.Mapping[str, t.Any] = {"type": "str"}

    def read(self, stored: Value) -> Value:
        """The option's value for what the repository stores."""
        return stored

    def write(self, wanted: Value, stored: Value) -> Value:
        """What to store for ``wanted``, in place of ``stored`` (None when nothing is there)."""
        return wanted

    def same(self, wanted: Value, present: Value) -> bool:
        """Whether two option values mean the same, so that nothing needs to be written."""
        return bool(wanted == present)

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        """What is wrong with ``wanted``, as the end of the sentence "<option> …"; else None.

        Parts of the ``present`` option value are on the site already, so they are not checked.
        """
        return None


class Text(Kind):
    """A string with limits; ``least`` 1 means that it cannot be cleared.

    Control characters are rejected, but for line breaks and tabs in a text of several ``lines``.
    """

    def __init__(
        self,
        most: int,
        *,
        least: int = 0,
        pattern: str = "",
        meaning: str = "",
        lines: bool = False,
    ) -> None:
        self._most = most
        self._least = least
        self._pattern = pattern
        self._meaning = meaning
        self._allowed = "\t\r\n" if lines else ""

    def read(self, stored: Value) -> Value:
        # An unset text is "" in some releases and null in others.
        return "" if stored is None else stored

    def same(self, wanted: Value, present: Value) -> bool:
        # A server may store other line ends than it was sent.
        return bool(wanted == present or _line_ends(wanted) == _line_ends(present))

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        if len(wanted) < self._least:
            return "cannot be cleared. Remove the option to keep the current value, or set a value."
        if len(wanted) > self._most:
            return f"is {len(wanted)} characters long; at most {self._most} are stored."
        odd = control_character(wanted, self._allowed)
        if odd:
            return odd
        if wanted and self._pattern and not re.fullmatch(self._pattern, wanted):
            return self._meaning
        return None


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Number(Kind):
    """An integer within limits."""

    shape = NUMBER
    spec: t.Mapping[str, t.Any] = {"type": "int"}

    def __init__(self, least: int, most: int) -> None:
        self._least = least
        self._most = most

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        if self._least <= wanted <= self._most:
            return None
        return f"is {wanted}; it has to be from {self._least} to {self._most}."


class Flag(Kind):
    """A boolean."""

    shape = FLAG
    spec: t.Mapping[str, t.Any] = {"type": "bool"}

    def read(self, stored: Value) -> Value:
        return bool(stored)


class Choice(Kind):
    """An enumeration: the repository stores the position of the word."""

    shape = NUMBER

    def __init__(self, *words: str) -> None:
        self.words = words
        self.spec = {"type": "str", "choices": list(words)}

    def read(self, stored: Value) -> Value:
        if isinstance(stored, int) and 0 <= stored < len(self.words):
            return self.words[stored]
        return stored

    def write(self, wanted: Value, stored: Value) -> Value:
        # A number without a word was read from a newer server, and is written back unchanged.
        return self.words.index(wanted) if wanted in self.words else wanted


def entry_fault(wanted: t.Iterable[str], present: Value) -> t.Optional[str]:
    """What is wrong with an entry of ``wanted`` that is not in the ``present`` list."""
    for entry in added(wanted, present):
        if not entry.strip():
            return "has an empty entry. Remove the entry, or set an empty list to clear it."
        odd = control_character(entry)
        if odd:
            return f"has an entry that {odd}"
    return None


def added(wanted: t.Iterable[Value], present: Value) -> t.List[Value]:
    """The entries of ``wanted`` that are not in the ``present`` list."""
    return [entry for entry in wanted if entry not in (present or [])]


def invalid(option: str, fault: str) -> InvalidInput:
    """The error for a value that cannot be stored."""
    return InvalidInput(f"{option} {fault}", option=option)
