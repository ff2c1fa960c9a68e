# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The nodes of a site and their proxy services, as far as they were read; how users name them."""

from __future__ import annotations

import functools
import typing as t

from ..errors import InvalidInput, QlikError

if t.TYPE_CHECKING:
    from ..qrs.client import Entity

S = t.TypeVar("S", bound="Services")

#: Selectors that stand for nodes by their part in the site, not by their name.
CENTRAL = "central"
ALL = "all"


class NodesNeeded(QlikError):
    """The answer depends on the full list of nodes, which was not read yet."""


class Node(t.NamedTuple):
    """One server of the site. ``central`` is None while only condensed nodes were read."""

    id: str
    name: str
    host_name: str
    central: t.Optional[bool] = None

    def answers_to(self, selector: str) -> bool:
        """Whether the user means this node by its name, host name or id."""
        wanted = selector.strip().lower()
        return wanted in (self.name.lower(), self.host_name.lower(), self.id.lower())

    def __str__(self) -> str:
        same = self.name.lower() == self.host_name.lower()
        return self.name if same else f"{self.name} ({self.host_name})"


def node(entity: Entity, *, full: bool) -> Node:
    """The node in a ServerNodeConfiguration; the condensed form does not mark the central one."""
    return Node(
        id=str(entity.get("id") or ""),
        name=str(entity.get("name") or ""),
        host_name=str(entity.get("hostName") or ""),
        central=bool(entity.get("isCentral")) if full else None,
    )


class Nodes:
    """The nodes known so far: all of them once ``full`` was read, else those seen on the way."""

    def __init__(
        self,
        proxy_services: t.Sequence[Entity],
        seen: t.Sequence[Entity] = (),
        full: t.Optional[t.Sequence[Entity]] = None,
    ) -> None:
        """``seen`` are condensed nodes of other entities."""
        self.complete = full is not None
        self._hosts = [node(item["serverNodeConfiguration"], full=False) for item in proxy_services]
        nodes = [node(item, full=True) for item in full or []]
        if full is None:
            nodes = self._hosts + [node(item, full=False) for item in seen]
        self._nodes = {item.id: item for item in nodes if item.id}

    @property
    def central(self) -> Node:
        """The central node. Without the full list, it is known only for a single proxy service."""
        if not self.complete:
            if len(self._hosts) != 1:
                raise NodesNeeded("Only the full list of nodes shows which node is central.")
            return self._hosts[0]
        found = [item for item in self._nodes.values() if item.central]
        if len(found) != 1:
            raise QlikError(
                f"The repository shows {len(found)} central nodes, but a site has exactly one: the "
                "user that the repository acts as cannot read every node. Use an administrator, "
                "such as INTERNAL\\sa_api."
            )
        return found[0]

    @property
    def all(self) -> t.List[Node]:
        """Every node of the site."""
        self.need_all()
        return list(self._nodes.values())

    def need_all(self) -> None:
        """Raise ``NodesNeeded`` unless the full list was read."""
        if not self.complete:
            raise NodesNeeded("Only the full list has every node.")

    def need_central(self) -> None:
        """The same, and an error when the list has no central node, as no site is."""
        self.need_all()
        dummy = self.central

    def select(self, option: str, selectors: t.Sequence[str]) -> t.List[Node]:
        """The nodes that the user named in ``option``, each once, in the user's order."""
        found: t.Dict[str, Node] = {}
        for selector in selectors:
            for item in self._one(option, selector):
                found[item.id] = item
        return list(found.values())

    def _one(self, option: str, selector: str) -> t.List[Node]:
        if selector == ALL:
            return self.all
        if selector == CENTRAL:
            return [self.central]
        found = [item for item in self._nodes.values() if item.answers_to(selector)]
        if len(found) == 1:
            return found
        if not self.complete:
            raise NodesNeeded(f"The node '{selector}' was not seen yet.")
        raise _not_one(option, selector, found, self.all)

    def reference(self, node_id: str) -> str:
        """How the options name that node: by its name where that is clear, else by its id."""
        known = self._nodes.get(node_id)
        if known is None or known.name in ("", CENTRAL, ALL):
            return node_id
        clear = sum(item.answers_to(known.name) for item in self._nodes.values()) == 1
        return known.name if clear else node_id


def _not_one(option: str, selector: str, found: t.List[Node], known: t.List[Node]) -> InvalidInput:
    if found:
        return InvalidInput(
            f"{option}: '{selector}' matches {len(found)} nodes. Set the id of one of them: "
            f"{', '.join(f'{item} {item.id}' for item in found)}.",
            option=option,
        )
    return InvalidInput(
        f"{option}: this site has no node '{selector}'. It has "
        f"{', '.join(sorted(map(str, known)))}; "
        "'central' and 'all' stand for what they say.",
        option=option,
    )


class Proxies:
    """The proxy services of the site, each on its node."""

    def __init__(self, services: t.Sequence[Entity], nodes: Nodes) -> None:
        self._services = {item["id"]: item for item in services}
        self._by_node = {item["serverNodeConfiguration"]["id"]: item for item in services}
        self._linked = {item["id"]: frozenset(linked_ids(item)) for item in services}
        self._nodes = nodes

    def __iter__(self) -> t.Iterator[Entity]:
        return iter(self._services.values())

    def select(self, selectors: t.Sequence[str]) -> t.List[Entity]:
        """The proxy services on the nodes that the user named, or named by their own id."""
        found: t.Dict[str, Entity] = {}
        for selector in selectors:
            for service in self._one(selector):
                found[service["id"]] = service
        return list(found.values())

    def _one(self, selector: str) -> t.List[Entity]:
        if selector == ALL:
            return list(self._services.values())
        if selector.lower() in self._services:
            return [self._services[selector.lower()]]
        (chosen,) = self._nodes.select("proxies", [selector])
        if chosen.id in self._by_node:
            return [self._by_node[chosen.id]]
        raise InvalidInput(
            "proxies: the node {} runs no proxy service. Those of this site run on {}.".format(
                chosen, ", ".join(sorted(self.name(service["id"]) for service in self))
            ),
            option="proxies",
        )

    def linked(self, virtual_proxy_id: str) -> t.List[Entity]:
        """The proxy services that serve the virtual proxy."""
        return [s for s in self if virtual_proxy_id in self._linked[s["id"]]]

    def name(self, service_id: str) -> str:
        """How the options name a proxy service: as its node."""
        service = self._services[service_id]
        return self._nodes.reference(service["serverNodeConfiguration"]["id"])


def linked_ids(service: Entity) -> t.List[str]:
    """The ids of the virtual proxies that a proxy service serves."""
    return [item["id"] for item in service["settings"].get("virtualProxies") or []]


class Services:
    """Every proxy service, and the full list of nodes once it was read."""

    def __init__(
        self,
        proxy_services: t.Sequence[Entity],
        full_nodes: t.Optional[t.Sequence[Entity]] = None,
    ) -> None:
        self.proxy_services = proxy_services
        self.full_nodes = full_nodes

    def having(self: S, **read: t.Any) -> S:
        """The same with what was ``read`` in the meantime, by the names of the arguments."""
        return self.__class__(**{**self._read(), **read})

    def _read(self) -> t.Dict[str, t.Any]:
        return {"proxy_services": self.proxy_services, "full_nodes": self.full_nodes}

    @property
    def seen_nodes(self) -> t.List[Entity]:
        """Nodes that other entities refer to, in their short form."""
        return []

    @functools.cached_property
    def nodes(self) -> Nodes:
        """The nodes known so far."""
        return Nodes(self.proxy_services, self.seen_nodes, self.full_nodes)

    @functools.cached_property
    def proxies(self) -> Proxies:
        """The proxy services."""
        return Proxies(self.proxy_services, self.nodes)
