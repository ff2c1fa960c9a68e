# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a path to a virtual proxy: prefix, reserved word, and whether the proxy serves it."""

from __future__ import annotations

import copy
import dataclasses
import typing as t
from urllib.parse import unquote

from ..site import Node, Site
from ..store import Entity

RESERVED = frozenset(
    (
        "qmc",
        "client",
        "hub",
        "qps",
        "app",
        "qrs",
        "sense",
        "resources",
        "extensions",
        "content",
        "api",
        "internal_forms_authentication",
        "internal_windows_authentication",
        "form",
    )
)


@dataclasses.dataclass(frozen=True)
class Route:
    """A path, cut at its first reserved word.

    ``word`` is that word in lower case ("" when there is none, then all of it is prefix) and
    ``rest`` the segments after it, decoded. ``path`` is the part behind the prefix as the
    services there get it: with its escapes.
    """

    prefix: str
    word: str
    rest: tuple[str, ...]
    path: str


def split(raw_path: str) -> Route:
    """Cuts a path, as it came, at its first reserved word, whatever that word's case."""
    raw = raw_path.lstrip("/").split("/")
    segments = [unquote(segment) for segment in raw]
    for index, segment in enumerate(segments):
        word = segment.lower()
        if word in RESERVED:
            path = "/" + "/".join([word, *raw[index + 1 :]])
            return Route("/".join(segments[:index]), word, tuple(segments[index + 1 :]), path)
    return Route("/".join(segments).rstrip("/"), "", (), "/")


def find_virtual_proxy(site: Site, node: Node, prefix: str) -> Entity | None:
    """The virtual proxy that answers ``prefix`` on this node, or None for the 400 page.

    It has to be linked to the node's own proxy service and, with a prefix, also to the one of
    the central node.
    """
    linked = links_of(site, node.proxy_id)
    central = _central_links(site) if prefix and _central_rule(site) else linked
    return with_prefix(site, prefix, linked & central)


def with_prefix(site: Site, prefix: str, ids: set[str]) -> Entity | None:
    """The first virtual proxy with that prefix, in any case, among those with these ids."""
    # The store's form is enough and, unlike the full one, cheap on a site with many of them.
    for virtual_proxy in site.in_force("virtualproxyconfig"):
        same = virtual_proxy["prefix"].casefold() == prefix.casefold()
        if same and virtual_proxy["id"] in ids:
            return copy.deepcopy(virtual_proxy)
    return None


def _central_rule(site: Site) -> bool:
    return bool(site.switches.central_link_rule == "on")


def _central_links(site: Site) -> set[str]:
    links: set[str] = set()
    for node in site.nodes:
        if node.central:
            links |= links_of(site, node.proxy_id)
    return links


def links_of(site: Site, proxy_id: str) -> set[str]:
    """The ids of the virtual proxies that a proxy service serves."""
    settings = settings_of(site, proxy_id)
    return {reference["id"] for reference in settings["virtualProxies"]}


def settings_of(site: Site, proxy_id: str) -> dict[str, t.Any]:
    """The settings of a proxy service that are in force, not to be changed."""
    found = {proxy["id"]: proxy for proxy in site.in_force("proxyservice")}
    settings: dict[str, t.Any] = found[proxy_id]["settings"]
    return settings
