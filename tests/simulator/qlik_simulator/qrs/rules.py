# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validation that goes beyond types and limits, for every type but virtual proxies."""

from __future__ import annotations

import typing as t

from ..schemas import ENTITIES
from ..site import Site
from ..store import Entity
from . import rules_virtual_proxy
from .errors import bad_request

_USER_FLAGS = ("removedExternally", "blacklisted")
Rule = t.Callable[[Site, Entity, Entity | None], None]


def check(site: Site, path: str, entity: Entity, before: Entity | None) -> None:
    """Raises 400 when ``entity`` may not be stored; may normalise it in place."""
    rule = _RULES.get(path)
    if rule is not None:
        rule(site, entity, before)
    _custom_properties(site, path, entity)


def _custom_properties(site: Site, path: str, entity: Entity) -> None:
    for value in entity.get("customProperties") or []:
        definition = site.store.get("custompropertydefinition", value["definition"]["id"])
        types = [name.lower() for name in definition["objectTypes"]]
        if path not in types:
            raise bad_request(
                f"customProperties: {definition['name']} is not for {ENTITIES[path].name}"
            )
        if definition["choiceValues"] and value["value"] not in definition["choiceValues"]:
            raise bad_request(f"customProperties: not a choice of {definition['name']}")


def _proxy_service(site: Site, entity: Entity, before: Entity | None) -> None:
    links = [item["id"] for item in entity["settings"]["virtualProxies"]]
    if before is not None:
        if entity["serverNodeConfiguration"] != before["serverNodeConfiguration"]:
            raise bad_request("serverNodeConfiguration of a proxy service cannot change")
        linked_before = {item["id"] for item in before["settings"]["virtualProxies"]}
        lost_default = rules_virtual_proxy.default_ids(site) & linked_before - set(links)
        if lost_default and site.switches.default_vp_unlink == 400:
            raise bad_request("The default virtual proxy must stay linked")
    if site.switches.unique_scope == "proxy":
        rules_virtual_proxy.check_proxy(site, links)


def _unique(path: str, names: tuple[str, ...]) -> Rule:
    def rule(site: Site, entity: Entity, before: Entity | None) -> None:
        wanted = [entity[name].casefold() for name in names]
        for other in site.store.view(path):
            same = [other[name].casefold() for name in names] == wanted
            if same and other["id"] != (before or {}).get("id"):
                raise bad_request(f"{ENTITIES[path].name}: {' and '.join(names)} must be unique")

    return rule


_unique_user = _unique("user", ("userDirectory", "userId"))
_OF_THE_CONNECTOR = ("name", "roles")


def _user(site: Site, entity: Entity, before: Entity | None) -> None:
    _unique_user(site, entity, before)
    if before is None or not before["userDirectoryConnectorName"]:
        return
    changed = [name for name in _OF_THE_CONNECTOR if entity[name] != before[name]]
    if changed and site.switches.connector_user == 400:
        raise bad_request(f"User: {changed[0]} belongs to the user directory connector")
    if site.switches.connector_user == "ignored":
        entity.update({name: before[name] for name in changed})


def check_new(site: Site, path: str, body: t.Mapping[str, t.Any]) -> None:
    """Raises 400 when the body of a POST lacks what ``user_flags`` demands."""
    if path == "user" and site.switches.user_flags == "required":
        given = {str(name).lower() for name in body}
        missing = [name for name in _USER_FLAGS if name.lower() not in given]
        if missing:
            raise bad_request(f"User: {missing[0]} is required")


def _selection(site: Site, entity: Entity, before: Entity | None) -> None:
    for item in entity["items"]:
        path = item["type"].lower()
        if path not in ENTITIES or site.store.find(path, item["objectID"]) is None:
            raise bad_request("items: no such object")


_RULES: dict[str, Rule] = {
    "virtualproxyconfig": rules_virtual_proxy.check,
    "proxyservice": _proxy_service,
    "user": _user,
    "custompropertydefinition": _unique("custompropertydefinition", ("name",)),
    "selection": _selection,
}
