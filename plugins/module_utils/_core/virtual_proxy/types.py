# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Values of a virtual proxy between the options' vocabulary and the repository's.

Each kind of value knows five things: the JSON type that is stored, how to read it from the entity,
how to write it, whether two of them mean the same, and what is wrong with one. Fields are listed in
``virtual_proxy_fields``.
"""

from __future__ import annotations

import re
import typing as t

from ..entity.shapes import FLAG, NUMBER, TEXT, TEXTS
from ..errors import InvalidInput
from ..unicode import control_character
from .allow_list import odd_character

if t.TYPE_CHECKING:
    from ..entity.shapes import Shape

Value = t.Any
Item = t.Dict[str, t.Any]


class Kind:
    """A plain value: the same in both vocabularies."""

    #: What the repository stores.
    shape: Shape = TEXT

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

    def read(self, stored: Value) -> Value:
        return bool(stored)


class Choice(Kind):
    """An enumeration: the repository stores the position of the word."""

    shape = NUMBER

    def __init__(self, *words: str) -> None:
        self.words = words

    def read(self, stored: Value) -> Value:
        if isinstance(stored, int) and 0 <= stored < len(self.words):
            return self.words[stored]
        return stored

    def write(self, wanted: Value, stored: Value) -> Value:
        # A number that no word stands for was read from a newer server: give it back as it was.
        return self.words.index(wanted) if wanted in self.words else wanted


class Names(Kind):
    """A list of host names: order and case carry no meaning, so they are no difference."""

    shape = TEXTS

    def read(self, stored: Value) -> Value:
        return list(stored or [])

    def write(self, wanted: Value, stored: Value) -> Value:
        return list(dict.fromkeys(wanted))

    def same(self, wanted: Value, present: Value) -> bool:
        return {name.lower() for name in wanted} == {name.lower() for name in present}

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        fault = entry_fault(wanted, present)
        if fault:
            return fault
        for name in added(wanted, present):
            odd = odd_character(name)
            if odd:
                return f"has the entry '{name[:100]}' with {odd}: give each host name as an entry."
        return None


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


class Certificate(Kind):
    """An X.509 certificate as PEM. Line ends and text around it are no difference.

    The text that is there already is found to be the same without taking it apart.
    """

    def read(self, stored: Value) -> Value:
        return "" if stored is None else stored

    def write(self, wanted: Value, stored: Value) -> Value:
        from ..crypto.pem_input import first_certificate

        block = first_certificate(wanted)
        return block.text if block else ""

    def same(self, wanted: Value, present: Value) -> bool:
        # What was read from the site can be given back, whatever it is. Anything else has to be a
        # certificate and nothing but: a private key beside the right one is no small matter.
        if wanted == present or self.fault(wanted):
            # A server may store other line ends than it was sent.
            return bool(wanted.split() == present.split())
        from ..crypto.pem import certificate_der
        from ..crypto.pem_input import first_certificate

        block = first_certificate(wanted)
        # What the site holds is not read as tolerantly: Qlik Sense may not be able to.
        return block is not None and block.der == certificate_der(present)

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        if not wanted.strip():
            return None
        from ..crypto.pem_input import blocks, why_not_a_certificate

        why = why_not_a_certificate(wanted)
        if why:
            return "is not usable: " + why
        if sum(block.label.endswith("CERTIFICATE") for block in blocks(wanted)) > 1:
            return "holds several certificates: give only the one whose key signs the tokens."
        return None


def refuse(option: str, fault: str) -> InvalidInput:
    """The error for a value that cannot be stored."""
    return InvalidInput(f"{option} {fault}", option=option)
