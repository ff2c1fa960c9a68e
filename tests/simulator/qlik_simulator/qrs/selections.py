# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selections and their synthetic entity: how QMC edits several objects, and links, at once."""

from __future__ import annotations

import typing as t

from .. import dates
from ..schema import Schema
from ..schemas import ENTITIES, OWNED
from ..site import Site
from ..store import Entity
from . import reads, writes
from .bodies import Reader
from .call import Answer, Call
from .errors import bad_request, not_found

_REFERENCES = "reflist_"


def post_by_filter(site: Site, call: Call, path: str) -> Answer:
    """``POST /selection/<type>?filter=…``: a selection of all that match."""
    writes.require_admin(call)
    items = [
        {"type": ENTITIES[path].name, "objectID": entity["id"], "objectName": ""}
        for entity in reads.wanted(site, call, path)
    ]
    entity = site.store.create("selection", {"items": items}, call.actor.label)
    return Answer(201, site.shapes.full("selection", entity["id"], call.privileges))


def selected(site: Site, selection_id: str, path: str) -> list[Entity]:
    """The selected entities of a type that still exist."""
    selection = site.store.find("selection", selection_id)
    if selection is None:
        raise not_found()
    ids = {i["objectID"] for i in selection["items"] if i["type"].lower() == path}
    return [entity for entity in site.store.all(path) if entity["id"] in ids]


def get_members(site: Site, call: Call, selection_id: str, path: str, form: str) -> Answer:
    """``GET /selection/{id}/<type>[/full|/count]``"""
    ids = {entity["id"] for entity in selected(site, selection_id, path)}
    members = [entity for entity in reads.wanted(site, call, path) if entity["id"] in ids]
    if form == "count":
        return Answer(200, {"value": len(members)})
    shape = site.shapes.full if form == "full" else site.shapes.condensed
    return Answer(200, [shape(path, entity["id"], call.privileges) for entity in members])


def delete_members(site: Site, call: Call, selection_id: str, path: str) -> Answer:
    """``DELETE /selection/{id}/<type>``: deletes the selected entities."""
    writes.require_admin(call)
    for entity in selected(site, selection_id, path):
        writes.remove(site, path, entity)
    return Answer(204)


def get_synthetic(site: Site, call: Call, selection_id: str, path: str) -> Answer:
    """``GET /selection/{id}/<type>/synthetic``: the common values, and where they differ."""
    members = selected(site, selection_id, path)
    reads_as_admin = call.actor.admin
    if not members or not reads_as_admin:
        raise not_found()
    root = {
        "schemaPath": "SyntheticRootEntity",
        "name": "",
        **_describe(ENTITIES[path], ENTITIES[path].name, members),
        "latestModifiedDate": _latest(members),
    }
    return Answer(200, root)


def put_synthetic(site: Site, call: Call, selection_id: str, path: str) -> Answer:
    """``PUT /selection/{id}/<type>/synthetic``: 204; only modified properties are applied."""
    writes.require_admin(call)
    members = selected(site, selection_id, path)
    body = _lower(call.json_object())
    if members:
        writes.check_date(body.get("latestmodifieddate"), _latest(members))
    for before in members:
        changed = site.store.get(path, before["id"])
        _apply(site, ENTITIES[path], changed, body)
        writes.store_change(site, call, path, changed, before)
    return Answer(204)


def _latest(members: t.Sequence[Entity]) -> str:
    return str(max((entity["modifiedDate"] for entity in members), key=dates.parse))


def _describe(schema: Schema, type_name: str, members: t.Sequence[Entity]) -> dict[str, t.Any]:
    properties: list[dict[str, t.Any]] = []
    children: list[dict[str, t.Any]] = []
    for field in schema.fields:
        if not all(field.name in member for member in members):
            continue
        values = [member[field.name] for member in members]
        if field.kind == "object":
            inner = _describe(OWNED[field.target], f"{type_name}.{field.name.capitalize()}", values)
            children.append({"schemaPath": "SyntheticEntityCondensed", "name": field.name, **inner})
            continue
        name, shown = field.name, values[0]
        if field.kind == "references":
            name = f"refList_{ENTITIES[field.target].name}"
            shown = {"added": [], "removed": []}
        properties.append(
            {
                "schemaPath": "SyntheticPropertyCondensed",
                "name": name,
                "value": shown,
                "valueIsDifferent": any(value != values[0] for value in values),
                "valueIsModified": False,
            }
        )
    return {"type": type_name, "access": [], "children": children, "properties": properties}


def _lower(value: t.Any) -> dict[str, t.Any]:
    if not isinstance(value, dict):
        raise bad_request("a synthetic entity must be an object")
    return {str(name).lower(): item for name, item in value.items()}


def _apply(site: Site, schema: Schema, entity: Entity, synthetic: t.Mapping[str, t.Any]) -> None:
    for item in synthetic.get("properties") or []:
        prop = _lower(item)
        if prop.get("valueismodified") is True:
            _set(site, schema, entity, str(prop.get("name", "")), prop.get("value"))
    for item in synthetic.get("children") or []:
        child = _lower(item)
        field = schema.field(str(child.get("name", "")))
        if field is None or field.kind != "object":
            raise bad_request(f"{schema.name} has no child {child.get('name')!r}")
        _apply(site, OWNED[field.target], entity[field.name], child)


def _set(site: Site, schema: Schema, entity: Entity, name: str, value: t.Any) -> None:
    if name.lower().startswith(_REFERENCES):
        target = name[len(_REFERENCES) :].lower()
        field = next(
            (f for f in schema.fields if f.kind == "references" and f.target == target), None
        )
    else:
        field = schema.field(name)
    if field is None:
        raise bad_request(f"{schema.name} has no property {name!r}")
    reader = Reader(site)
    if field.kind == "references":
        change = _lower(value)
        removed = {str(i).lower() for i in change.get("removed") or []}
        kept = [item for item in entity[field.name] if item["id"] not in removed]
        kept += [{"id": added} for added in change.get("added") or []]
        value = kept
    entity[field.name] = reader.field_value(field, value, entity.get(field.name))
