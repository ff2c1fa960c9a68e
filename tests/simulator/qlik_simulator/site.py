# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The site: what repository and proxies share. The proxies only read it, through this class.

What the listeners' wrapper does for every port, so that no application has to: request log,
faults, the ``Date`` header, the cold start, refusing connections while a proxy restarts, and
listening on plain HTTP only while the proxy service says ``allowHttp``.
"""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import time
import typing as t
import uuid

from aiohttp import web

from .fresh import populate
from .license import License
from .shapes import Shapes
from .store import Entity, EntityStore
from .switches import Switches

QrsAsUser = t.Callable[["ProxiedCall"], t.Awaitable[web.StreamResponse]]


@dataclasses.dataclass(frozen=True)
class Node:
    """One server of the site. ``proxy_id`` is the id of its proxy service.

    ``https_port``, ``http_port`` and ``admin_port`` are the ports it really listens on here;
    the proxy service's settings keep Qlik's numbers (443, 80, 4243).
    """

    name: str
    host_name: str
    id: str
    central: bool
    proxy_id: str
    https_port: int = 0
    http_port: int = 0
    admin_port: int = 0


@dataclasses.dataclass(frozen=True)
class ProxiedCall:
    """A repository request that came through a proxy, in the name of the logged-in user.

    ``path`` starts with ``/qrs/``: the part of the URL's path after the prefix.
    """

    request: web.Request
    path: str
    user_directory: str
    user_id: str
    node: Node
    prefix: str = ""
    attributes: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class NodeSpec:
    """A node as the command line names it; the ports are those that are listened on.

    Its ids are made once, so that they stay the same when a test resets the site.
    """

    name: str
    host_name: str
    https_port: int = 0
    http_port: int = 0
    admin_port: int = 0
    node_id: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    proxy_id: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))


@dataclasses.dataclass(frozen=True)
class WindowsAccount:
    """An account of the Windows domain. It says nothing about rights in the repository."""

    directory: str
    user_id: str
    password: str = dataclasses.field(repr=False)


class Site:
    """A Qlik Sense site in memory. All entities handed out are copies."""

    def __init__(self, specs: t.Sequence[NodeSpec], switches: Switches | None = None):
        self.switches = switches or Switches()
        self.specs = list(specs)
        self.store = EntityStore(self.now)
        self.shapes = Shapes(self.store)
        self.license = License()
        self.windows_accounts: list[WindowsAccount] = []
        self.restarts: collections.Counter[str] = collections.Counter()
        self._restart_callbacks: list[t.Callable[[str], None]] = []
        self._reset_callbacks: list[t.Callable[[], None]] = []
        self._session_sources: list[t.Callable[[], list[dict[str, t.Any]]]] = []
        self._restarted_at: dict[str, float] = {}
        self._notices: set[asyncio.TimerHandle] = set()
        self._qrs: QrsAsUser | None = None
        populate(self.store, self.specs, self.switches.release)

    # -- time

    def now(self) -> float:
        """Seconds since the epoch by the site's own clock, ``clock_offset_s`` included."""
        return time.time() + float(self.switches.clock_offset_s)

    # -- nodes and entities

    @property
    def nodes(self) -> list[Node]:
        """The nodes, the central one first."""
        found = []
        for spec in self.specs:
            entity = self.store.peek("servernodeconfiguration", spec.node_id)
            if entity is not None and self.store.peek("proxyservice", spec.proxy_id):
                found.append(
                    Node(
                        spec.name,
                        entity["hostName"],
                        spec.node_id,
                        bool(entity["isCentral"]),
                        spec.proxy_id,
                        spec.https_port,
                        spec.http_port,
                        spec.admin_port,
                    )
                )
        return sorted(found, key=lambda node: not node.central)

    def virtual_proxies(self) -> list[Entity]:
        """All virtual proxies, full."""
        path = "virtualproxyconfig"
        return [self.shapes.full(path, entity["id"]) for entity in self.store.view(path)]

    def virtual_proxy(self, virtual_proxy_id: str) -> Entity | None:
        """One virtual proxy, full; None when there is none of that id."""
        if self.store.peek("virtualproxyconfig", virtual_proxy_id) is None:
            return None
        return self.shapes.full("virtualproxyconfig", virtual_proxy_id)

    def proxy_service(self, proxy_id: str) -> Entity:
        """One proxy service, full: ``settings.virtualProxies`` holds condensed virtual proxies.

        Raises KeyError when there is none.
        """
        return self.shapes.full("proxyservice", proxy_id)

    def in_force(self, path: str) -> list[Entity]:
        """Virtual proxies or proxy services as the proxies have read them, not to be changed.

        They learn of a write after ``notice_s``.
        """
        seconds = float(self.switches.notice_s)
        return self.store.view_of(path, seconds) if seconds else self.store.view(path)

    def find_user(self, directory: str, user_id: str) -> Entity | None:
        """The repository's user, full; names are compared without regard to case [unv]."""
        wanted = (directory.casefold(), user_id.casefold())
        for user in self.store.view("user"):
            if (user["userDirectory"].casefold(), user["userId"].casefold()) == wanted:
                return self.shapes.full("user", user["id"])
        return None

    def create_user(
        self, directory: str, user_id: str, attributes: t.Mapping[str, t.Any] | None = None
    ) -> Entity:
        """Creates the user of a first login; a ``name`` among the attributes becomes its name.

        Session attributes are not stored on the user.
        """
        name = str((attributes or {}).get("name") or user_id)
        user = self.store.create(
            "user", {"userDirectory": directory, "userId": user_id, "name": name}
        )
        return self.shapes.full("user", user["id"])

    # -- restarts

    def restart_on_notice(self, proxy_id: str) -> None:
        """A proxy restarts as soon as it learns of a write, after ``notice_s``."""
        seconds = float(self.switches.notice_s)
        if seconds:
            loop = asyncio.get_running_loop()
            self._notices.add(loop.call_later(seconds, self.restart, proxy_id))
        else:
            self.restart(proxy_id)

    def restart(self, proxy_id: str) -> None:
        """A proxy restarts: its sessions end, and it refuses connections for a while."""
        self.restarts[proxy_id] += 1
        self._restarted_at[proxy_id] = time.time()
        for callback in self._restart_callbacks:
            callback(proxy_id)

    def restarting_until(self, proxy_id: str) -> float:
        """When the proxy is (or was) up again, by ``now()``; 0 when it never restarted."""
        started = self._restarted_at.get(proxy_id)
        if started is None:
            return 0.0
        seconds = float(self.switches.restart_seconds)
        return started + seconds + float(self.switches.clock_offset_s)

    def is_restarting(self, proxy_id: str) -> bool:
        """Whether the proxy refuses connections at the moment."""
        return self.restarting_until(proxy_id) > self.now()

    def on_restart(self, callback: t.Callable[[str], None]) -> None:
        """Registers ``callback(proxy_id)``, called when a proxy restarts."""
        self._restart_callbacks.append(callback)

    # -- sessions, reset

    def on_reset(self, callback: t.Callable[[], None]) -> None:
        """Registers what has to forget its state when a test asks for a fresh site."""
        self._reset_callbacks.append(callback)

    def provide_sessions(self, source: t.Callable[[], list[dict[str, t.Any]]]) -> None:
        """Registers who knows sessions; the control API shows them in ``/state``."""
        self._session_sources.append(source)

    def sessions(self) -> list[dict[str, t.Any]]:
        """The sessions of all proxies, as their sources tell."""
        return [session for source in self._session_sources for session in source()]

    def reset(self, switches: Switches, node_names: t.Sequence[str] | None = None) -> None:
        """Back to a fresh site, with the same ports. ``node_names``: some of those started with."""
        specs = [s for s in self.specs if node_names is None or s.name in node_names]
        self.switches = switches
        self.license = License()
        self.windows_accounts = []
        self.restarts.clear()
        self._restarted_at.clear()
        for notice in self._notices:
            notice.cancel()
        self._notices.clear()
        self.store.clear()
        populate(self.store, specs, switches.release)
        for callback in self._reset_callbacks:
            callback()

    # -- the repository behind a proxy

    def serve_qrs_with(self, handler: QrsAsUser) -> None:
        """The repository application registers itself here."""
        self._qrs = handler

    async def qrs_as_user(self, call: ProxiedCall) -> web.StreamResponse:
        """Answers ``/<prefix>/qrs/...`` in the name of a user, Xrfkey rule included.

        Forged ``X-Qlik-User`` headers of the client are ignored.
        """
        if self._qrs is None:
            return web.Response(status=503, text="The repository is not running.")
        return await self._qrs(call)
