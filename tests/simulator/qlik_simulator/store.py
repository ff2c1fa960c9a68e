# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The repository's database: entities in a normal form, where a reference is only ``{"id": …}``."""

from __future__ import annotations

import collections
import contextlib
import copy
import time
import typing as t
import uuid

from . import dates
from .defaults import complete, stamp_children
from .schema import Field, Schema
from .schemas import ENTITIES, OWNED

Entity = dict[str, t.Any]
Before = tuple[float, str, str, Entity | None]
REPOSITORY_USER = "INTERNAL\\sa_repository"


#: Changes that can be looked behind.
_REMEMBERED = 1000


class EntityStore:
    """All entities by type (``virtualproxyconfig``, …) and id, in order of creation.

    What goes in and comes out is copied, but for ``view`` and ``peek``, which are for readers
    that change nothing. ``now`` gives seconds since the epoch.
    """

    def __init__(self, now: t.Callable[[], float]):
        self._now = now
        self._entities: dict[str, dict[str, Entity]] = {}
        self._before: collections.deque[Before] = collections.deque(maxlen=_REMEMBERED)
        self.release = "current"
        self.clear()

    def clear(self) -> None:
        """Forgets everything."""
        self._entities = {path: {} for path in ENTITIES}
        self._before.clear()

    def schema(self, path: str) -> Schema:
        """The schema of a type; KeyError when there is no such type."""
        return ENTITIES[path]

    def all(self, path: str) -> list[Entity]:
        """Every entity of a type."""
        return [copy.deepcopy(entity) for entity in self._entities[path].values()]

    def find(self, path: str, entity_id: t.Any) -> Entity | None:
        """One entity, or None."""
        entity = self._entities[path].get(str(entity_id).lower())
        return copy.deepcopy(entity) if entity is not None else None

    def get(self, path: str, entity_id: str) -> Entity:
        """One entity; KeyError when there is none."""
        return copy.deepcopy(self._entities[path][entity_id.lower()])

    def view(self, path: str) -> list[Entity]:
        """Every entity of a type itself, not to be changed."""
        return list(self._entities[path].values())

    def peek(self, path: str, entity_id: t.Any) -> Entity | None:
        """One entity itself, not to be changed, or None."""
        return self._entities[path].get(str(entity_id).lower())

    def view_of(self, path: str, seconds: float) -> list[Entity]:
        """Every entity of a type as it was so many seconds ago, not to be changed."""
        found = dict(self._entities[path])
        since = time.monotonic() - seconds
        for changed_at, changed, entity_id, before in reversed(self._before):
            if changed_at <= since:
                break
            if changed == path and before is None:
                found.pop(entity_id, None)
            elif changed == path and before is not None:
                found[entity_id] = before
        return list(found.values())

    def count(self, path: str) -> int:
        """How many there are."""
        return len(self._entities[path])

    def create(self, path: str, partial: Entity, user: str = REPOSITORY_USER) -> Entity:
        """Stores a new entity, with the type's defaults for what ``partial`` leaves out."""
        schema = self.schema(path)
        stamp = self.stamp()
        entity = complete(schema, partial, self.release)
        entity["id"] = str(partial.get("id") or uuid.uuid4()).lower()
        entity["createdDate"] = partial.get("createdDate") or stamp
        entity["modifiedDate"] = partial.get("modifiedDate") or stamp
        entity["modifiedByUserName"] = partial.get("modifiedByUserName") or user
        stamp_children(schema, entity, stamp, user)
        self._put(path, entity)
        return entity

    def replace(self, path: str, entity: Entity, user: str) -> Entity:
        """Stores a changed entity under its id, with a new modifiedDate."""
        before = self._entities[path][entity["id"]]
        entity = copy.deepcopy(entity)
        entity["createdDate"] = before["createdDate"]
        entity["modifiedDate"] = self.stamp(after=before["modifiedDate"])
        entity["modifiedByUserName"] = user
        stamp_children(self.schema(path), entity, entity["modifiedDate"], user)
        self._put(path, entity)
        return entity

    def overwrite(self, path: str, entity: Entity) -> None:
        """Stores an entity exactly as given: for the control API."""
        stamp_children(self.schema(path), entity, entity["modifiedDate"], REPOSITORY_USER)
        self._put(path, entity)

    def delete(self, path: str, entity_id: str) -> None:
        """Removes an entity and every list entry that refers to it, dates untouched."""
        self._remember(path, entity_id.lower())
        del self._entities[path][entity_id.lower()]
        for proxy_id in self._entities["proxyservice"]:
            self._remember("proxyservice", proxy_id)
        for other_path, schema in ENTITIES.items():
            for other in self._entities[other_path].values():
                _forget(schema, other, path, entity_id.lower())

    def _put(self, path: str, entity: Entity) -> None:
        self._remember(path, entity["id"])
        self._entities[path][entity["id"]] = copy.deepcopy(entity)

    def _remember(self, path: str, entity_id: str) -> None:
        """Keep what is about to change, where a proxy may go on with it."""
        if path in ("virtualproxyconfig", "proxyservice"):
            before = copy.deepcopy(self.peek(path, entity_id))
            self._before.append((time.monotonic(), path, entity_id, before))

    def stamp(self, after: str | None = None) -> str:
        """The present as a QRS date, and later than ``after`` so that conflicts always show."""
        present = int(self._now() * 1000)
        if after is not None:
            with contextlib.suppress(ValueError):
                present = max(present, dates.parse(after) // 1000 + 1)
        return dates.render(present)


def _forget(schema: Schema, entity: Entity, path: str, entity_id: str) -> None:
    for field in schema.fields:
        value = entity.get(field.name)
        if field.kind == "references" and field.target == path and value:
            entity[field.name] = [item for item in value if item["id"] != entity_id]
        elif field.kind == "object" and value:
            _forget(OWNED[field.target], value, path, entity_id)
        elif field.kind == "children" and value:
            entity[field.name] = [
                item for item in value if not _refers(OWNED[field.target], item, path, entity_id)
            ]


def _refers(schema: Schema, item: Entity, path: str, entity_id: str) -> bool:
    def points_there(field: Field) -> bool:
        value = item.get(field.name)
        if field.kind != "reference" or field.target != path or value is None:
            return False
        return bool(value["id"] == entity_id)

    return any(points_there(field) for field in schema.fields)
