# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words of a filter expression."""

from __future__ import annotations

import dataclasses
import re
import typing as t

TokenKind = t.Literal["open", "close", "string", "guid", "number", "word"]
_GUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
# A quote and a backslash inside a literal are escaped by a backslash. A doubled quote makes two
# literals of one, which the grammar refuses.
_PATTERN = re.compile(
    rf"\s*(?:(?P<open>\()|(?P<close>\))|'(?P<string>(?:[^'\\]|\\['\\])*)'"
    rf"|(?P<guid>{_GUID})(?![\w.-])|(?P<number>-?\d+(?:\.\d+)?)(?![\w.-])"
    r"|(?P<word>[A-Za-z_][\w.]*))"
)


class FilterSyntaxError(ValueError):
    """The text is not a filter."""


@dataclasses.dataclass(frozen=True)
class Token:
    """One word; strings come without quotes and escapes."""

    kind: TokenKind
    text: str


def tokenize(text: str) -> list[Token]:
    """The tokens of ``text``; FilterSyntaxError when something is no token."""
    tokens: list[Token] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _PATTERN.match(text, position)
        if match is None or match.lastgroup is None:
            raise FilterSyntaxError(f"position {position}")
        kind = t.cast(TokenKind, match.lastgroup)
        value = match.group(kind)
        if kind == "string":
            value = re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)
        tokens.append(Token(kind, value))
        position = match.end()
    return tokens
