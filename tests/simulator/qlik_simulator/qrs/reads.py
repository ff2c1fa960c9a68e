# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading entities: lists, counts, one, ``local``, tables."""

from __future__ import annotations

import math
import typing as t
import uuid

from ..site import Site
from ..store import Entity
from .call import Answer, Call
from .errors import QrsError, bad_request, not_found
from .filters import Filter


def visible(site: Site, call: Call, path: str) -> list[Entity]:
    """What the caller may see, in normal form and not to be changed, oldest first.

    An ordinary user sees nothing. ``read_rights``: a part is the older half.
    """
    if not call.actor.admin or site.switches.read_rights == "none":
        return []
    entities = site.store.view(path)
    if site.switches.read_rights == "part":
        return entities[: math.ceil(len(entities) / 2)]
    return entities


def wanted(site: Site, call: Call, path: str) -> list[Entity]:
    """The visible entities that the query asks for, filtered and ordered."""
    entities = visible(site, call, path)
    text = call.query.get("filter")
    if text is not None:
        case_sensitive = site.switches.filter_case == "sensitive"
        chosen = Filter(text, path, site.store, case_sensitive)
        entities = [entity for entity in entities if chosen.matches(entity)]
    order = call.query.get("orderby")
    if order:
        name, dummy, direction = order.partition(" ")
        _sort(site, path, entities, name, direction.strip().lower() == "desc")
    return entities


def one(site: Site, call: Call, path: str, entity_id: str) -> Entity:
    """The visible entity of that id in normal form, else 404."""
    for entity in visible(site, call, path):
        if entity["id"] == entity_id.lower():
            return entity
    raise not_found()


def get_condensed(site: Site, call: Call, path: str) -> Answer:
    """``GET /<type>``"""
    shape = site.shapes.condensed
    return Answer(200, [shape(path, e["id"], call.privileges) for e in wanted(site, call, path)])


def get_full(site: Site, call: Call, path: str) -> Answer:
    """``GET /<type>/full``, cut where ``full_limit`` says."""
    entities = wanted(site, call, path)
    if site.switches.full_limit != "none":
        entities = entities[: int(site.switches.full_limit)]
    shape = site.shapes.full
    return Answer(200, [shape(path, e["id"], call.privileges) for e in entities])


def get_count(site: Site, call: Call, path: str) -> Answer:
    """``GET /<type>/count``: a number is wrapped on the wire."""
    return Answer(200, {"value": len(wanted(site, call, path))})


def get_one(site: Site, call: Call, path: str, entity_id: str) -> Answer:
    """``GET /<type>/{id}``"""
    entity = one(site, call, path, entity_id)
    return Answer(200, site.shapes.full(path, entity["id"], call.privileges))


def get_local(site: Site, call: Call, path: str) -> Answer:
    """``GET /<type>/local``: that of the node which is asked."""
    entity_id = call.node.proxy_id if path == "proxyservice" else call.node.id
    return get_one(site, call, path, entity_id)


def post_table(site: Site, call: Call, path: str) -> Answer:
    """``POST /<type>/table``: chosen columns, with skip and take."""
    body = call.json_object()
    columns = body.get("columns")
    if not isinstance(columns, list) or not all(isinstance(c, dict) for c in columns):
        raise bad_request("columns must be a list of column definitions")
    entities = wanted(site, call, path)
    column = call.query.get("sortcolumn")
    if column:
        definition = next((c.get("definition") for c in columns if c.get("name") == column), column)
        ascending = call.query.get("orderascending", "true").lower() == "true"
        _sort(site, path, entities, str(definition), not ascending)
    skip = _number(call, "skip", 0)
    entities = entities[skip : skip + _number(call, "take", len(entities))]
    rows = [site.shapes.full(path, e["id"], call.privileges) for e in entities]
    table = {
        "columnNames": [c.get("name") for c in columns],
        "rows": [[_cell(site, path, row, c) for c in columns] for row in rows],
        "id": str(uuid.uuid4()),
        "schemaPath": "Table",
    }
    return Answer(201, table)


def _cell(site: Site, path: str, row: Entity, column: t.Mapping[str, t.Any]) -> t.Any:
    kind = str(column.get("columnType", "Property")).lower()
    if kind in ("privileges", "4"):
        return row["privileges"]
    if kind not in ("property", "1"):
        raise bad_request("columnType: only properties and privileges are known")
    value: t.Any = row
    for name in str(column.get("definition", "")).split("."):
        if not isinstance(value, dict):
            return None
        value = next((v for k, v in value.items() if k.lower() == name.lower()), None)
    return value


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name)
    if text is None:
        return default
    if not text.isdecimal():
        raise bad_request(f"{name} must be a number")
    return int(text)


def _sort(site: Site, path: str, entities: list[Entity], name: str, descending: bool) -> None:
    name = site.store.schema(path).canonical(name)
    known = all(isinstance(e.get(name), (str, int, float, bool)) for e in entities)
    if not known:
        raise QrsError(400, f"Cannot order by {name}")
    entities.sort(
        key=lambda e: e[name].casefold() if isinstance(e[name], str) else e[name],
        reverse=descending,
    )
