# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which proxies restart after which write."""

from __future__ import annotations

import typing as t

from ..site import Site


def proxies_of(site: Site, path: str, entity_id: str) -> set[str]:
    """Ids of the proxy services that a write to this entity concerns."""
    if path == "proxyservice":
        return {entity_id}
    if path != "virtualproxyconfig":
        return set()
    return {
        proxy["id"]
        for proxy in site.store.view("proxyservice")
        if any(item["id"] == entity_id for item in proxy["settings"]["virtualProxies"])
    }


def after_write(site: Site, path: str, proxies: t.Iterable[str]) -> None:
    """Restarts them when writes to such an entity restart proxies (``restart_on``)."""
    kinds = {"virtualproxyconfig": "virtual_proxy", "proxyservice": "proxy_service"}
    if site.switches.restart_on in ("both", kinds.get(path)):
        for proxy_id in sorted(proxies):
            site.restart_on_notice(proxy_id)
