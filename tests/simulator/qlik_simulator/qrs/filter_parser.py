# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter expressions: comparisons joined by ``and``, ``or``, ``not`` and parentheses."""

from __future__ import annotations

import dataclasses
import itertools

from .filter_tokens import FilterSyntaxError, Token, tokenize

OPERATORS = ("eq", "ne", "gt", "ge", "lt", "le", "sw", "ew", "so")


@dataclasses.dataclass(frozen=True)
class Comparison:
    """``path`` is dotted; ``literal`` keeps its kind, since a GUID is not a string here."""

    path: tuple[str, ...]
    operator: str
    literal: Token


@dataclasses.dataclass(frozen=True)
class Not:
    """Negation."""

    inner: Node


@dataclasses.dataclass(frozen=True)
class Junction:
    """``and`` or ``or`` over two or more expressions."""

    word: str
    parts: tuple[Node, ...]


Node = Comparison | Not | Junction


class EmptyGroupError(ValueError):
    """``()``: the server has an error text of its own for it."""


def parse(text: str) -> Node:
    """The expression; FilterSyntaxError or EmptyGroupError when it is none."""
    tokens = tokenize(text)
    for first, second in itertools.pairwise(tokens):
        if first.kind == "open" and second.kind == "close":
            raise EmptyGroupError
    parser = _Parser(tokens)
    node = parser.junction("or")
    if parser.peek() is not None:
        raise FilterSyntaxError("text after the expression")
    return node


class _Parser:
    def __init__(self, tokens: list[Token]):
        self._tokens = tokens
        self._position = 0

    def peek(self) -> Token | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def take(self, kind: str | None = None) -> Token:
        token = self.peek()
        if token is None or kind not in (None, token.kind):
            raise FilterSyntaxError("unexpected end or word")
        self._position += 1
        return token

    def at_word(self, word: str) -> bool:
        token = self.peek()
        return token is not None and token.kind == "word" and token.text.lower() == word

    def junction(self, word: str) -> Node:
        def inner() -> Node:
            return self.junction("and") if word == "or" else self.unary()

        parts = [inner()]
        while self.at_word(word):
            self.take()
            parts.append(inner())
        return parts[0] if len(parts) == 1 else Junction(word, tuple(parts))

    def unary(self) -> Node:
        if self.at_word("not"):
            self.take()
            return Not(self.unary())
        token = self.peek()
        if token is not None and token.kind == "open":
            self.take()
            node = self.junction("or")
            self.take("close")
            return node
        return self.comparison()

    def comparison(self) -> Comparison:
        path = tuple(self.take("word").text.split("."))
        operator = self.take("word").text.lower()
        literal = self.take()
        if operator not in OPERATORS or not all(path) or literal.kind in ("open", "close"):
            raise FilterSyntaxError("not a comparison")
        if literal.kind == "word" and literal.text.lower() not in ("true", "false"):
            raise FilterSyntaxError("a literal must be quoted")
        return Comparison(path, operator, literal)
