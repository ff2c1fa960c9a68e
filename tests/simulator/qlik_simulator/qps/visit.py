# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request on its way through the proxy, with what has been found out about it."""

from __future__ import annotations

import dataclasses

from aiohttp import web

from ..site import Node, Site
from ..store import Entity
from .cookies import cookie_name, set_cookie
from .headers import additional
from .memory import ProxyMemory
from .routing import Route
from .sessions import Session


@dataclasses.dataclass(frozen=True)
class Visit:
    """A request that was routed to a virtual proxy of a node."""

    request: web.Request
    memory: ProxyMemory
    node: Node
    virtual_proxy: Entity
    route: Route
    noted_headers: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    @property
    def site(self) -> Site:
        """The site."""
        return self.memory.site

    @property
    def base(self) -> str:
        """The path that everything of this virtual proxy is below, with a slash at its end."""
        prefix = self.virtual_proxy["prefix"]
        return f"/{prefix}/" if prefix else "/"

    @property
    def cookie(self) -> str:
        """The value of the virtual proxy's session cookie; "" without one."""
        return self.request.cookies.get(cookie_name(self.virtual_proxy, self.request.secure), "")

    def absolute(self, path: str) -> str:
        """A path below the virtual proxy as an URL of this site."""
        return f"{self.request.scheme}://{self.request.host}{self.base}{path}"

    def give_cookie(self, session: Session) -> None:
        """The answer, whatever it will be, carries the cookie of this new session."""
        value = set_cookie(self.virtual_proxy, self.request.secure, session.id)
        self.noted_headers.append(("Set-Cookie", value))

    def decorate(self, response: web.StreamResponse) -> None:
        """Adds the cookie and the virtual proxy's additional headers, before anything is sent."""
        for name, value in [*additional(self.virtual_proxy), *self.noted_headers]:
            response.headers.add(name, value)


async def hide_server(request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: the answer does not say which library wrote it."""
    response.headers.popall("Server", None)
