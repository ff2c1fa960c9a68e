# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies a filter to entities: dotted paths, any case, through references and lists."""

from __future__ import annotations

import typing as t

from .. import dates
from ..schema import BASE_NAMES, Field, Schema
from ..schemas import ENTITIES, OWNED
from ..store import Entity, EntityStore
from .errors import QrsError
from .filter_parser import Comparison, EmptyGroupError, Junction, Node, Not, parse
from .filter_tokens import FilterSyntaxError, Token

_BASE_KINDS = {"id": "uuid", "createdDate": "date", "modifiedDate": "date"}
_ORDERED: dict[str, t.Callable[[t.Any, t.Any], bool]] = {
    "eq": lambda left, right: bool(left == right),
    "ne": lambda left, right: bool(left != right),
    "gt": lambda left, right: bool(left > right),
    "ge": lambda left, right: bool(left >= right),
    "lt": lambda left, right: bool(left < right),
    "le": lambda left, right: bool(left <= right),
}
_TEXT: dict[str, t.Callable[[str, str], bool]] = {
    "sw": lambda left, right: left.startswith(right),
    "ew": lambda left, right: left.endswith(right),
    "so": lambda left, right: right in left,
}


class Filter:
    """A parsed filter for one entity type. Errors are the server's own 400 texts."""

    def __init__(self, text: str, path: str, store: EntityStore, case_sensitive: bool):
        self._text = text
        self._store = store
        self._case_sensitive = case_sensitive
        self._schema = ENTITIES[path]
        try:
            self._node = parse(text)
        except EmptyGroupError:
            raise QrsError(400, "Invalid expression", measured=True) from None
        except (FilterSyntaxError, RecursionError):
            raise self._error() from None
        self._check(self._node)

    def matches(self, entity: Entity) -> bool:
        """Whether the entity, in normal form, is meant."""
        return self._matches(self._node, entity)

    def _error(self) -> QrsError:
        return QrsError(400, f"Cannot parse the expression: {self._text}", measured=True)

    def _check(self, node: Node) -> None:
        if isinstance(node, Junction):
            for part in node.parts:
                self._check(part)
        elif isinstance(node, Not):
            self._check(node.inner)
        else:
            kind = self._kind(self._schema, node.path)
            if _right(kind, node.literal) is None or not _fits(kind, node.operator):
                raise self._error()

    def _kind(self, schema: Schema, path: tuple[str, ...]) -> str:
        name = schema.canonical(path[0])
        field = schema.field(name)
        if len(path) == 1:
            if field is None and name in BASE_NAMES[:5]:
                return _BASE_KINDS.get(name, "string")
            if field is not None and field.kind in ("string", "strings"):
                return "string"
            if field is not None and field.kind in ("integer", "boolean", "uuid", "date"):
                return field.kind
            raise self._error()
        if field is None or not field.target:
            raise self._error()
        return self._kind(_schema_of(field), path[1:])

    def _matches(self, node: Node, entity: Entity) -> bool:
        if isinstance(node, Junction):
            combine = any if node.word == "or" else all
            return combine(self._matches(part, entity) for part in node.parts)
        if isinstance(node, Not):
            return not self._matches(node.inner, entity)
        kind = self._kind(self._schema, node.path)
        right = _right(kind, node.literal)
        values = self._values(self._schema, entity, node.path)
        return any(self._compare(kind, value, node, right) for value in values)

    def _values(self, schema: Schema, entity: Entity, path: tuple[str, ...]) -> list[t.Any]:
        name = schema.canonical(path[0])
        value: t.Any = entity.get(name) if name != "schemaPath" else schema.name
        field = schema.field(name)
        if len(path) == 1:
            return list(value) if isinstance(value, list) else [value]
        if field is None or value is None:
            return []
        items: list[t.Any] = value if isinstance(value, list) else [value]
        if field.target in ENTITIES:
            items = [self._store.peek(field.target, item["id"]) for item in items]
        inner = _schema_of(field)
        return [v for item in items if item for v in self._values(inner, item, path[1:])]

    def _compare(self, kind: str, value: t.Any, node: Comparison, right: t.Any) -> bool:
        if value is None:
            return node.operator == "ne"
        left = value
        if kind == "uuid":
            left = str(value).lower()
        elif kind == "date":
            left = dates.parse(value)
        elif kind == "string" and not self._case_sensitive:
            left, right = str(value).casefold(), str(right).casefold()
        if node.operator in _TEXT:
            return _TEXT[node.operator](str(left), str(right))
        return _ORDERED[node.operator](left, right)


def _schema_of(field: Field) -> Schema:
    return ENTITIES[field.target] if field.target in ENTITIES else OWNED[field.target]


def _right(kind: str, literal: Token) -> t.Any:
    """The literal's value for a field of that kind; None when it does not fit."""
    if kind == "string":
        return literal.text if literal.kind == "string" else None
    if kind == "uuid":
        return literal.text.lower() if literal.kind == "guid" else None
    if kind == "boolean":
        return literal.text.lower() == "true" if literal.kind == "word" else None
    if kind == "integer":
        return float(literal.text) if literal.kind == "number" else None
    try:
        return dates.parse(literal.text) if literal.kind == "string" else None
    except ValueError:
        return None


def _fits(kind: str, operator: str) -> bool:
    if kind == "string":
        return True
    if kind in ("uuid", "boolean"):
        return operator in ("eq", "ne")
    return operator in _ORDERED
