# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Values of options between the user's vocabulary and the repository's.

Each kind of value knows six things: the JSON type that is stored, the type of the option, how to
read it from the entity, how to write it, whether two of them mean the same, and what is wrong with
one.
"""

from __future__ import annotations

import re
import typing as t

from ..errors import InvalidInput
from ..text import control_character
from .shapes import FLAG, NUMBER, TEXT

if t.TYPE_CHECKING:
    from .shapes import Shape


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
            return "cannot be cleared: leave it out to keep what is there, or give a value."
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
        # A number that no word stands for was read from a newer server: give it back as it was.
        return self.words.index(wanted) if wanted in self.words else wanted


def entry_fault(wanted: t.Iterable[str], present: Value) -> t.Optional[str]:
    """What is wrong with an entry of ``wanted`` that is not in the ``present`` list."""
    for entry in added(wanted, present):
        if not entry.strip():
            return "holds an empty entry: leave it out, or give an empty list to clear it."
        odd = control_character(entry)
        if odd:
            return f"has an entry that {odd}"
    return None


def added(wanted: t.Iterable[Value], present: Value) -> t.List[Value]:
    """The entries of ``wanted`` that are not in the ``present`` list."""
    return [entry for entry in wanted if entry not in (present or [])]


def refuse(option: str, fault: str) -> InvalidInput:
    """The error for a value that cannot be stored."""
    return InvalidInput(f"{option} {fault}", option=option)
