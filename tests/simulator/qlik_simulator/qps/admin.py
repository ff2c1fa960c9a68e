# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The administration port of a node's proxy (4243): sessions, users and tickets."""

from __future__ import annotations

import typing as t

from aiohttp import web

from ..site import Node, Site
from ..store import Entity
from . import admin_paths, session_data, xrfkey
from .identity import Identity
from .memory import ProxyMemory
from .routing import links_of, with_prefix
from .sessions import Session
from .visit import hide_server

Trust = t.Callable[[web.Request], bool]


def shows_certificate(request: web.Request) -> bool:
    """Whether the client showed a certificate that the TLS layer has verified."""
    transport = request.transport
    return bool(transport is not None and transport.get_extra_info("peercert"))


def build_admin_app(
    site: Site, node: Node, memory: ProxyMemory, trusted: Trust = shows_certificate
) -> web.Application:
    """The administration API of ``node``; ``trusted`` judges the client's certificate."""
    admin = _Admin(site, node.name, memory, trusted)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", admin.handle)
    app.on_response_prepare.append(hide_server)
    return app


class _Admin:
    """Checks a request, finds its virtual proxy, and answers it."""

    def __init__(self, site: Site, node_name: str, memory: ProxyMemory, trusted: Trust) -> None:
        self._site = site
        self._node_name = node_name
        self._memory = memory
        self._trusted = trusted

    async def handle(self, request: web.Request) -> web.Response:
        """Answers any request."""
        if not self._trusted(request):
            return web.Response(status=403, text="Forbidden")
        if not xrfkey.is_valid(request):
            return web.Response(status=int(self._site.switches.xrfkey_status), text=xrfkey.TEXT)
        path = admin_paths.parse(request.path)
        node = self._memory.node(self._node_name)
        if path is None or node is None:
            return web.Response(status=404, text="Not Found")
        if path.kind in _SERVICE_STATE:
            return web.json_response(_SERVICE_STATE[path.kind])
        virtual_proxy = self._virtual_proxy(node, path.prefix)
        handler = _HANDLERS.get((request.method, path.kind))
        if virtual_proxy is None or handler is None:
            return web.Response(status=404, text="Not Found")
        try:
            return await handler(_Order(request, self._memory, node, virtual_proxy, path.arguments))
        except ValueError as error:
            return web.Response(status=400, text=f"Bad Request: {error}")

    def _virtual_proxy(self, node: Node, prefix: str) -> Entity | None:
        """The virtual proxy with that prefix, if this proxy serves it."""
        return with_prefix(self._site, prefix, links_of(self._site, node.proxy_id))


class _Order(t.NamedTuple):
    """A checked request to one virtual proxy."""

    request: web.Request
    memory: ProxyMemory
    node: Node
    virtual_proxy: Entity
    arguments: tuple[str, ...]

    def sessions(self) -> list[Session]:
        """The virtual proxy's sessions at this proxy."""
        return self.memory.sessions.select(self.node.proxy_id, self.virtual_proxy["id"])

    def session(self) -> Session | None:
        """The session the path names."""
        (wanted,) = self.arguments
        found = (session for session in self.sessions() if session.id == wanted)
        return next(found, None)

    def sessions_of(self, directory: str, user_id: str) -> list[Session]:
        """A user's sessions."""
        return [s for s in self.sessions() if s.belongs_to(directory, user_id)]

    async def body(self) -> session_data.Json:
        """The posted object; ValueError when it is none."""
        return session_data.lower_keys(await self.request.json())


async def _list(order: _Order) -> web.Response:
    return web.json_response([session_data.render(session) for session in order.sessions()])


async def _show(order: _Order) -> web.Response:
    session = order.session()
    if session is None:
        return web.Response(status=404, text="Not Found")
    return web.json_response(session_data.render(session))


async def _add(order: _Order) -> web.Response:
    body = await order.body()
    directory = session_data.text(body, "userdirectory")
    user_id = session_data.text(body, "userid")
    session_id = session_data.text(body, "sessionid")
    if order.memory.sessions.exists(session_id):
        raise ValueError("the session exists already")
    new_user = not order.sessions_of(directory, user_id)
    session = order.memory.sessions.open(
        order.node.proxy_id,
        order.virtual_proxy,
        (directory, user_id, user_id),
        session_data.attributes(body),
        session_id,
    )
    added = {**session_data.render(session), "NewUser": new_user}
    return web.json_response(added, status=201)


async def _end(order: _Order) -> web.Response:
    session = order.session()
    if session is None:
        return web.Response(status=404, text="Not Found")
    order.memory.sessions.end(session)
    last = not order.sessions_of(session.user_directory, session.user_id)
    return web.json_response({"Session": session_data.render(session), "LastSessionForUser": last})


async def _user(order: _Order) -> web.Response:
    directory, user_id = order.arguments
    sessions = order.sessions_of(directory, user_id)
    return web.json_response([session_data.render(session) for session in sessions])


async def _end_user(order: _Order) -> web.Response:
    answer = await _user(order)
    directory, user_id = order.arguments
    for session in order.sessions_of(directory, user_id):
        order.memory.sessions.end(session)
    return answer


async def _ticket(order: _Order) -> web.Response:
    body = await order.body()
    identity = Identity(
        session_data.text(body, "userdirectory"),
        session_data.text(body, "userid"),
        session_data.attributes(body),
    )
    ticket = order.memory.tickets.issue(identity, order.node.proxy_id, order.virtual_proxy["id"])
    issued = {
        "UserDirectory": identity.directory,
        "UserId": identity.user_id,
        "Attributes": identity.attributes,
        "Ticket": ticket,
        "TargetUri": None,
    }
    return web.json_response(issued, status=201)


_SERVICE_STATE: dict[str, t.Any] = {"alive": {"value": True}, "health": "OK"}
_HANDLERS: dict[tuple[str, str], t.Callable[[_Order], t.Awaitable[web.Response]]] = {
    ("GET", "sessions"): _list,
    ("POST", "sessions"): _add,
    ("GET", "session"): _show,
    ("DELETE", "session"): _end,
    ("GET", "user"): _user,
    ("DELETE", "user"): _end_user,
    ("POST", "ticket"): _ticket,
}
