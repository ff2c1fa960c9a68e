# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Full and condensed forms of entities, as the repository sends them.

The condensed form lacks dates, editor, schemaPath and custom properties, and whatever the
server's description leaves out of it (a node's ``isCentral``, for one).
"""

from __future__ import annotations

import copy
import typing as t

from .schema import BASE_NAMES, Field, Schema
from .schemas import ENTITIES, OWNED

if t.TYPE_CHECKING:
    from .store import Entity, EntityStore

PRIVILEGES = ["create", "read", "update", "delete"]


class Shapes:
    """Renders what the store holds. ``privileges``: their list is shown instead of null."""

    def __init__(self, store: EntityStore):
        self._store = store

    def full(self, path: str, entity_id: str, privileges: bool = False) -> Entity:
        """An entity with everything; KeyError when there is none."""
        return self.render_full(ENTITIES[path], self._entity(path, entity_id), privileges)

    def render_full(self, schema: Schema, entity: Entity, privileges: bool = False) -> Entity:
        """The full form of an entity given in normal form."""
        shown: Entity = {name: entity.get(name) for name in BASE_NAMES[:4]}
        shown.update(self._fields(schema, entity, full=True))
        shown["schemaPath"] = schema.name
        if not schema.owned:
            shown["privileges"] = list(PRIVILEGES) if privileges else None
        return shown

    def condensed(self, path: str, entity_id: str, privileges: bool = False) -> Entity:
        """The condensed form of an entity; KeyError when there is none."""
        schema = ENTITIES[path]
        entity = self._entity(path, entity_id)
        shown: Entity = {"id": entity["id"]}
        shown.update(self._fields(schema, entity, full=False))
        shown["privileges"] = list(PRIVILEGES) if privileges else None
        return shown

    def _entity(self, path: str, entity_id: str) -> Entity:
        entity = self._store.peek(path, entity_id)
        if entity is None:
            raise KeyError(entity_id)
        return entity

    def _fields(self, schema: Schema, entity: Entity, full: bool) -> Entity:
        shown: Entity = {}
        known = set(BASE_NAMES)
        for field in schema.fields:
            known.add(field.name)
            if field.name in entity and (full or field.condensed):
                value = entity[field.name]
                plain = isinstance(value, (str, int, bool))
                shown[field.name] = value if plain else self._value(field, value)
        if full or schema.condensed_keeps_unknown:
            for name, value in entity.items():
                if name not in known:
                    shown[name] = copy.deepcopy(value)
        return shown

    def _value(self, field: Field, value: t.Any) -> t.Any:
        if value is None:
            return None
        if field.kind == "reference":
            return self._condensed_or_id(field.target, value)
        if field.kind == "references":
            return [self._condensed_or_id(field.target, item) for item in value]
        if field.kind == "children":
            return [self.render_full(OWNED[field.target], item) for item in value]
        if field.kind == "object":
            return self.render_full(OWNED[field.target], value)
        return copy.deepcopy(value)

    def _condensed_or_id(self, path: str, item: Entity) -> Entity:
        if self._store.peek(path, item["id"]) is None:
            return {"id": item["id"], "privileges": None}
        return self.condensed(path, item["id"])
