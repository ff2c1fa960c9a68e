# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The application of a node's proxy, for TLS and for plain HTTP."""

from __future__ import annotations

import typing as t

from aiohttp import web

from ..site import Node, Site
from . import answers, content, headers, personal, routing, websocket
from .hosts import host_of_header, is_allowed
from .memory import ProxyMemory
from .visit import Visit, hide_server

_BODY_LIMIT = 16 * 1024 * 1024
Handler = t.Callable[[Visit], t.Awaitable[web.StreamResponse]]


def build_proxy_app(site: Site, node: Node, memory: ProxyMemory) -> web.Application:
    """The proxy of ``node``; the same application may serve several ports.

    Its runner needs the limits of ``headers.SERVER_LIMITS``. ``memory`` is shared by all
    applications of the site.
    """
    proxy = _Proxy(site, node.name, memory)
    app = web.Application(client_max_size=_BODY_LIMIT)
    app.router.add_route("*", "/{path:.*}", proxy.handle)
    app.on_response_prepare.append(hide_server)
    return app


class _Proxy:
    """Takes a request from its first byte to the handler of its reserved word."""

    def __init__(self, site: Site, node_name: str, memory: ProxyMemory) -> None:
        self._site = site
        self._node_name = node_name
        self._memory = memory

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answers any request."""
        try:
            visit = self._receive(request)
        except answers.Refused as refused:
            return refused.response
        try:
            response = await _HANDLERS[visit.route.word](visit)
        except answers.Refused as refused:
            response = refused.response
        if not response.prepared:
            visit.decorate(response)
        return response

    def _receive(self, request: web.Request) -> Visit:
        """Everything that is checked before anybody logs in."""
        node = self._memory.node(self._node_name)
        if node is None:
            raise answers.Refused(web.Response(status=503))
        settings = routing.settings_of(self._site, node.proxy_id)
        if headers.too_large(request, settings):
            raise answers.Refused(answers.headers_too_large())
        route = routing.split(request.rel_url.raw_path)
        virtual_proxy = routing.find_virtual_proxy(self._site, node, route.prefix)
        if virtual_proxy is None:
            raise answers.Refused(answers.header_incorrect())
        visit = Visit(request, self._memory, node, virtual_proxy, route)
        self._check_host(visit)
        return visit

    def _check_host(self, visit: Visit) -> None:
        if self._site.switches.host_check == "off":
            return
        host = host_of_header(visit.request.headers.get("Host", ""))
        if not is_allowed(self._site, visit.node, visit.virtual_proxy, host):
            raise answers.Refused(answers.host_refused(self._site.switches))


_HANDLERS: dict[str, Handler] = {
    "": content.start,
    "hub": content.hub,
    "sense": content.sense,
    "qmc": content.console,
    "client": content.console,
    "qps": personal.handle,
    "qrs": content.repository,
    "app": websocket.handle,
    "resources": content.nothing,
    "extensions": content.nothing,
    "content": content.nothing,
    "api": content.nothing,
    "internal_forms_authentication": content.login_page,
    "internal_windows_authentication": content.login_page,
    "form": content.login_page,
}
