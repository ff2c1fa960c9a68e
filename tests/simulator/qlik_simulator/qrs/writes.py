# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating, changing and deleting entities, with the rule of modifiedDate."""

from __future__ import annotations

import typing as t

from .. import dates
from ..site import Site
from ..store import Entity
from . import rules
from .bodies import Reader
from .call import Answer, Call
from .errors import QrsError, bad_request, forbidden, not_found
from .restarts import after_write, proxies_of

CONFLICT = "Conflict"


def require_admin(call: Call) -> None:
    """An ordinary user may not write."""
    if not call.actor.admin:
        raise forbidden()


def post(site: Site, call: Call, path: str) -> Answer:
    """``POST /<type>``: 201 and the full entity."""
    require_admin(call)
    entity = _create(site, call, path, call.json_object())
    return Answer(201, site.shapes.full(path, entity["id"], call.privileges))


def post_many(site: Site, call: Call, path: str) -> Answer:
    """``POST /<type>/many``: all or, when one is refused, none."""
    require_admin(call)
    bodies = call.json()
    if not isinstance(bodies, list):
        raise bad_request("The request body must be a JSON array.")
    created: list[Entity] = []
    try:
        created.extend(_create(site, call, path, body) for body in bodies)
    except QrsError:
        for entity in created:
            site.store.delete(path, entity["id"])
        raise
    shape = site.shapes.full
    return Answer(201, [shape(path, e["id"], call.privileges) for e in created])


def put(site: Site, call: Call, path: str, entity_id: str) -> Answer:
    """``PUT /<type>/{id}``: the whole entity, not older than the stored one."""
    require_admin(call)
    before = site.store.find(path, entity_id)
    if before is None:
        raise not_found()
    body = call.json_object()
    given = {str(name).lower(): value for name, value in body.items()}
    if str(given.get("id", "")).lower() != before["id"]:
        raise bad_request("The id of the entity differs from the id in the URL")
    check_date(given.get("modifieddate"), before["modifiedDate"])
    entity = Reader(site).changed(site.store.schema(path), body, before)
    if path == "proxyservice" and "virtualproxies" not in _settings_names(given):
        _default_links(site, entity)
    store_change(site, call, path, entity, before)
    return Answer(200, site.shapes.full(path, before["id"], call.privileges))


def store_change(site: Site, call: Call, path: str, entity: Entity, before: Entity) -> None:
    """Validates a change and stores it; proxies restart where they have to."""
    rules.check(site, path, entity, before)
    affected = proxies_of(site, path, before["id"])
    site.store.replace(path, entity, call.actor.label)
    after_write(site, path, affected | proxies_of(site, path, before["id"]))


def delete(site: Site, call: Call, path: str, entity_id: str) -> Answer:
    """``DELETE /<type>/{id}``: 204."""
    require_admin(call)
    entity = site.store.find(path, entity_id)
    if entity is None:
        raise not_found()
    remove(site, path, entity)
    return Answer(204)


def remove(site: Site, path: str, entity: Entity) -> None:
    """Deletes an entity where that is allowed; links to it vanish."""
    affected = proxies_of(site, path, entity["id"])
    if path == "virtualproxyconfig":
        if entity["defaultVirtualProxy"]:
            raise bad_request("The default virtual proxy cannot be deleted")
        if affected and site.switches.delete_linked == 400:
            raise bad_request("The virtual proxy is linked to a proxy service")
    if path == "servernodeconfiguration":
        if entity["isCentral"]:
            raise bad_request("The central node cannot be deleted")
        for dependent in ("proxyservice", "servicestatus"):
            for other in site.store.all(dependent):
                if other["serverNodeConfiguration"]["id"] == entity["id"]:
                    site.store.delete(dependent, other["id"])
    if path == "user" and entity["deleteProhibited"]:
        raise bad_request("The user cannot be deleted")
    site.store.delete(path, entity["id"])
    after_write(site, path, affected)


def check_date(given: t.Any, stored: str) -> None:
    """409 when the client's modifiedDate is missing or older than the stored one.

    Equal and newer dates pass: a client that sends the present time never conflicts.
    """
    if given is None or given == "":
        raise QrsError(409, CONFLICT)
    try:
        client = dates.parse(given)
    except (TypeError, ValueError):
        raise bad_request("modifiedDate is not a date") from None
    if client < dates.parse(stored):
        raise QrsError(409, CONFLICT)


def _create(site: Site, call: Call, path: str, body: t.Any) -> Entity:
    schema = site.store.schema(path)
    entity = Reader(site).new(schema, body)
    rules.check_new(site, path, body)
    rules.check(site, path, entity, None)
    return site.store.create(path, entity, call.actor.label)


def _settings_names(given: t.Mapping[str, t.Any]) -> set[str]:
    settings = given.get("settings")
    return {str(name).lower() for name in settings} if isinstance(settings, dict) else set()


def _default_links(site: Site, entity: Entity) -> None:
    """The default of a left-out link list is the default virtual proxy alone."""
    if site.switches.omitted_on_put == "default":
        entity["settings"]["virtualProxies"] = [
            {"id": e["id"]}
            for e in site.store.all("virtualproxyconfig")
            if e["defaultVirtualProxy"]
        ]
