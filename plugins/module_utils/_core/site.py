# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What is read of a site before anything about a virtual proxy is decided.

Two requests as a rule: the virtual proxies in question, and every proxy service. The list of nodes
is a third one, read only when the answer depends on it.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .errors import QlikError, SiteIncomplete
from .nodes import Nodes, Proxies
from .qrs_filter import any_of, equals

if t.TYPE_CHECKING:
    from .qrs import Entity, Qrs


@dataclasses.dataclass(frozen=True)
class Site:
    """A site as it was read: full virtual proxies and proxy services, nodes as far as known."""

    virtual_proxies: t.Sequence[Entity]
    proxy_services: t.Sequence[Entity]
    full_nodes: t.Optional[t.Sequence[Entity]] = None

    @functools.cached_property
    def nodes(self) -> Nodes:
        """The nodes known so far."""
        seen = [
            item
            for virtual_proxy in self.virtual_proxies
            for item in virtual_proxy.get("loadBalancingServerNodes") or []
        ]
        return Nodes(self.proxy_services, seen, self.full_nodes)

    @functools.cached_property
    def proxies(self) -> Proxies:
        """The proxy services."""
        return Proxies(self.proxy_services, self.nodes)

    def virtual_proxy(self, prefix: str) -> t.Optional[Entity]:
        """The one with that prefix; None when there is none.

        Filters may be case-insensitive, so the answer is compared again. Two with one prefix can
        exist, for nothing in the server's description forbids it: which is meant is not guessed.
        """
        found = [item for item in self.virtual_proxies if (item.get("prefix") or "") == prefix]
        if len(found) > 1:
            raise QlikError(
                f"The site has {len(found)} virtual proxies with the prefix '{prefix}' "
                f"({', '.join(str(item['id']) for item in found)}). Remove all but one in QMC, "
                "Virtual proxies: which of them is meant cannot be known."
            )
        return found[0] if found else None

    def others(self, prefix: str) -> t.List[Entity]:
        """Every other virtual proxy in sight, condensed ones in proxy services included."""
        found: t.Dict[str, Entity] = {}
        for service in self.proxy_services:
            for item in service["settings"].get("virtualProxies") or []:
                found[item["id"]] = item
        found.update({item["id"]: item for item in self.virtual_proxies})
        return [item for item in found.values() if (item.get("prefix") or "") != prefix]

    def refuse_gaps(self, prefix: t.Optional[str] = None) -> None:
        """Raise ``SiteIncomplete`` when a proxy service serves a virtual proxy that was not read.

        ``prefix`` limits this to the virtual proxies with that prefix, when only they were read.
        """
        read = {item["id"] for item in self.virtual_proxies}
        for service in self.proxy_services:
            for item in service["settings"].get("virtualProxies") or []:
                served = item.get("prefix") or ""
                if item["id"] not in read and prefix in (None, served):
                    raise SiteIncomplete(
                        f"A proxy service serves a virtual proxy with the prefix '{served}', but "
                        "the repository does not show it: the user that the repository acts as "
                        "lacks rights to read it. Use an administrator, such as "
                        "INTERNAL\\sa_api."
                    )


def read_site(qrs: Qrs, prefix: str, cookie_name: t.Optional[str]) -> Site:
    """The site, as far as one virtual proxy is concerned.

    ``cookie_name`` brings in the virtual proxies that use that cookie, linked or not. An answer
    that cannot be a whole site raises ``SiteIncomplete``: it is never taken for absence.
    """
    conditions = [equals("prefix", prefix)]
    if cookie_name:
        conditions.append(equals("sessionCookieHeaderName", cookie_name))
    virtual_proxies = qrs.entities("virtualproxyconfig", any_of(*conditions))
    site = Site(virtual_proxies, read_proxy_services(qrs))
    site.refuse_gaps(prefix)
    return site


def read_proxy_services(qrs: Qrs) -> t.List[Entity]:
    """Every proxy service. A site has one at least, so none means that rights are missing."""
    services = qrs.entities("proxyservice")
    usable = [item for item in services if item.get("settings") and item.get("id")]
    if services and len(usable) == len(services):
        return services
    raise SiteIncomplete(
        "The repository shows no proxy service, but every site has one: the user that the "
        "repository acts as lacks rights to read it. Use an administrator, such as "
        "INTERNAL\\sa_api."
    )


def with_nodes(qrs: Qrs, site: Site) -> Site:
    """The same site with the full list of its nodes; every proxy service's node is among them."""
    nodes = qrs.entities("servernodeconfiguration")
    read = {item["id"] for item in nodes}
    if not all(item["serverNodeConfiguration"]["id"] in read for item in site.proxy_services):
        raise SiteIncomplete(
            "The repository does not show the node of every proxy service: the user that the "
            "repository acts as lacks rights to read nodes. Use an administrator, such as "
            "INTERNAL\\sa_api."
        )
    return dataclasses.replace(site, full_nodes=nodes)
