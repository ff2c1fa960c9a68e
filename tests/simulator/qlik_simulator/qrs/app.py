# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The repository as a web application: on 4242 for certificates, and behind the proxies."""

from __future__ import annotations

import json
import typing as t
import urllib.parse

from aiohttp import web

from ..client_certificates import ClientCertificates
from ..site import ProxiedCall, Site
from . import actors
from .call import Actor, Call, check_xrfkey, parse_query
from .errors import QrsError, not_found
from .routes import answer

_BASE = "/qrs"


def build_qrs_app(site: Site, certificates: ClientCertificates) -> web.Application:
    """The application of port 4242; it also serves the proxies through ``site.qrs_as_user``."""

    async def direct(request: web.Request) -> web.StreamResponse:
        if not certificates.accepts(request):
            return web.Response(status=403, text="Forbidden")
        return await _serve(site, request, request.rel_url.raw_path, None)

    async def proxied(call: ProxiedCall) -> web.StreamResponse:
        return await _serve(site, call.request, call.path, call)

    site.serve_qrs_with(proxied)
    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", direct)
    return app


async def _serve(
    site: Site, request: web.Request, raw_path: str, proxied: ProxiedCall | None
) -> web.StreamResponse:
    try:
        # A raw number sign cuts the URL there, and with it the Xrfkey.
        path = urllib.parse.unquote(raw_path.partition("#")[0])
        if path.lower() != _BASE and not path.lower().startswith(f"{_BASE}/"):
            raise not_found()
        raw_query = request.raw_path.partition("#")[0].partition("?")[2]
        query = parse_query(raw_query, site.switches.plus_in_query)
        check_xrfkey(query, request.headers, site.switches.xrfkey_status)
        actor, node = _actor(site, request, proxied), site.nodes[0]
        call = Call(
            method=request.method,
            path=path[len(_BASE) :].rstrip("/"),
            query=query,
            headers=request.headers,
            body=await request.read(),
            node=proxied.node if proxied else node,
            actor=actor,
        )
        result = answer(site, call)
    except QrsError as error:
        return _refusal(site, error)
    if result.status == 204:
        return web.Response(status=204)
    return _json(result.status, result.payload)


def _actor(site: Site, request: web.Request, proxied: ProxiedCall | None) -> Actor:
    if proxied is None:
        return actors.from_header(site, request.headers)
    return actors.named(site, proxied.user_directory, proxied.user_id)


def _refusal(site: Site, error: QrsError) -> web.Response:
    style = "text" if error.measured else site.switches.error_body
    if style == "json":
        return _json(error.status, {"message": error.text})
    return web.Response(status=error.status, text=error.text if style == "text" else None)


def _json(status: int, payload: t.Any) -> web.Response:
    # Half of a surrogate pair, which UTF-8 cannot hold, goes out as it came in: escaped.
    body = json.dumps(payload, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return web.Response(status=status, body=body, content_type="application/json", charset="utf-8")
