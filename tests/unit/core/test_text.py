# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text that cannot be encoded, and control characters."""

from __future__ import annotations

import sys

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.text import (
    control_character,
    printable,
)


def test_whatever_can_be_encoded_stays() -> None:
    value = {"Grüße 😀": ["a\u2028", None, True, 1, 0.5, {"b": ()}]}
    assert printable(value) == {"Grüße 😀": ["a\u2028", None, True, 1, 0.5, {"b": []}]}


@pytest.mark.parametrize("number", [0xD800, 0xDBFF, 0xDC00, 0xDFFF])
def test_halves_of_surrogate_pairs_are_replaced(number: int) -> None:
    half = chr(number)
    shown = printable({f"k{half}": [f"a{half}b", (half,)]})
    assert shown == {"k\ufffd": ["a\ufffdb", ["\ufffd"]]}
    assert control_character(f"a{half}b") == (
        f"holds a control character (U+{number:04X}). Remove it."
    )


def test_every_character_that_splits_lines_is_found() -> None:
    for number in range(sys.maxunicode + 1):
        char = chr(number)
        if len(f"a{char}b".splitlines()) > 1:
            assert control_character(f"a{char}b") == (
                f"holds a line break (U+{number:04X}). Remove it."
            )


@pytest.mark.parametrize("text", ["", "Grüße", "😀", "\xa0", "\u200e", "a b"])
def test_other_text_passes(text: str) -> None:
    assert control_character(text) is None


def test_some_can_be_allowed() -> None:
    assert control_character("a\tb\nc", "\t\n") is None
    assert control_character("a\tb\nc", "\t") == "holds a line break (U+000A). Remove it."
