# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fenced blocks of the documentation, as a reader copies them."""

from __future__ import annotations

import re
import textwrap
import typing as t

from tools.checkout import ROOT

_FENCED = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)


class Block(t.NamedTuple):
    """A fenced block: its language, its text without indentation, and its line in the page."""

    language: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    """The blocks of a page, in its order. The page is a path below the root of the checkout."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        Block(
            found["language"],
            textwrap.dedent(found["text"]),
            1 + text.count("\n", 0, found.start()),
        )
        for found in _FENCED.finditer(text)
    ]


def texts(page: str, language: str) -> list[str]:
    """The texts of the blocks of a language."""
    return [block.text for block in blocks(page) if block.language == language]


def commands(script: str) -> list[str]:
    """The commands of a shell block that has each of them in lines of its own."""
    joined = script.replace("\\\n", " ")
    return [line for line in joined.splitlines() if line and not line.startswith("#")]
