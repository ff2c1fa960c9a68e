# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entities as tests give them: without validation, with names where ids would be long."""

from __future__ import annotations

import copy
import typing as t

from .defaults import complete
from .schema import Schema
from .schemas import ENTITIES, OWNED
from .site import Site
from .store import Entity

SEEDABLE = (
    "virtualproxyconfig",
    "user",
    "tag",
    "custompropertydefinition",
    "selection",
    "proxyservicecertificate",
)
_NAME_FIELDS = {
    "servernodeconfiguration": ("name", "hostName"),
    "tag": ("name",),
    "custompropertydefinition": ("name",),
    "virtualproxyconfig": ("prefix",),
}


class SeedError(ValueError):
    """An entity that cannot be stored even without validation."""


def seed(site: Site, path: str, partial: t.Mapping[str, t.Any]) -> Entity:
    """Creates an entity; ``link`` names the nodes whose proxies serve a virtual proxy."""
    if path not in SEEDABLE:
        raise SeedError(f"cannot seed {path}: choose from {', '.join(SEEDABLE)}")
    given = dict(partial)
    links = given.pop("link", [])
    if path == "virtualproxyconfig":
        prefix = given.get("prefix", "")
        given.setdefault("sessionCookieHeaderName", f"X-Qlik-Session-{prefix}")
    normal = _normal(site, ENTITIES[path], given)
    entity = site.store.create(path, normal)
    for name in [node.name for node in site.nodes] if links == "all" else links:
        _link(site, entity["id"], name)
    return site.shapes.full(path, entity["id"])


def patch(site: Site, path: str, entity_id: str, change: t.Mapping[str, t.Any]) -> Entity:
    """Merges ``change`` into an entity; dates stay unless given."""
    entity = merge(site, path, site.store.get(path, entity_id), change)
    site.store.overwrite(path, entity)
    return site.shapes.full(path, entity["id"])


def merge(site: Site, path: str, before: Entity, change: t.Mapping[str, t.Any]) -> Entity:
    """The entity with the change: objects are merged, lists replaced."""
    change = _normal(site, ENTITIES[path], change)
    change.pop("id", None)
    merged = _merged(before, change)
    complete_children = complete(ENTITIES[path], merged, site.store.release)
    return {**complete_children, "id": before["id"]}


def _merged(before: t.Mapping[str, t.Any], change: t.Mapping[str, t.Any]) -> Entity:
    result = copy.deepcopy(dict(before))
    for name, value in change.items():
        old = result.get(name)
        both = isinstance(old, dict) and isinstance(value, dict) and "id" not in value
        result[name] = _merged(old, value) if both and old else copy.deepcopy(value)
    return result


def _normal(site: Site, schema: Schema, partial: t.Mapping[str, t.Any]) -> Entity:
    result: Entity = {}
    for given, value in partial.items():
        name = schema.canonical(given)
        field = schema.field(name)
        if field is None or value is None:
            result[name] = copy.deepcopy(value)
        elif field.kind == "reference":
            result[name] = {"id": _resolve(site, field.target, value)}
        elif field.kind == "references":
            result[name] = [{"id": _resolve(site, field.target, item)} for item in value]
        elif field.kind == "children":
            inner = OWNED[field.target]
            result[name] = [
                complete(inner, _normal(site, inner, item), site.store.release) for item in value
            ]
        elif field.kind == "object":
            result[name] = _normal(site, OWNED[field.target], value)
        else:
            result[name] = copy.deepcopy(value)
    return result


def _resolve(site: Site, path: str, item: t.Any) -> str:
    """The id of what is meant by an id, a name, or an object that has one of both."""
    wanted = item if isinstance(item, str) else item.get("id") or item.get("name")
    if wanted is None:
        raise SeedError(f"{path}: a reference needs an id or a name")
    found = site.store.find(path, wanted)
    if found is not None:
        return str(found["id"])
    for entity in site.store.all(path):
        if any(entity[name] == wanted for name in _NAME_FIELDS.get(path, ())):
            return str(entity["id"])
    if path == "tag":
        return str(site.store.create("tag", {"name": wanted})["id"])
    raise SeedError(f"{path}: there is no {wanted!r}")


def _link(site: Site, virtual_proxy_id: str, node_name: str) -> None:
    for node in site.nodes:
        if node_name in (node.name, node.host_name, node.id):
            proxy = site.store.get("proxyservice", node.proxy_id)
            proxy["settings"]["virtualProxies"].append({"id": virtual_proxy_id})
            site.store.overwrite("proxyservice", proxy)
            return
    raise SeedError(f"link: there is no node {node_name!r}")
