# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What happens to every request on every port, whoever answers it."""

from __future__ import annotations

import asyncio
import email.utils
import time
import typing as t

from aiohttp import web

from .fault_actions import NO_ANSWER, drop, perform
from .faults import Faults
from .request_log import RequestLog, body_of
from .site import Site

Handler = t.Callable[[web.Request], t.Awaitable[web.StreamResponse]]
Reconcile = t.Callable[[], t.Awaitable[None]]
_ENTRY = "log_entry"
_PROXY_PORTS = ("https", "http")


class Wrapper:
    """Log, faults, cold start, ``Date`` header; afterwards listeners follow the new settings."""

    def __init__(self, site: Site, log: RequestLog, faults: Faults, reconcile: Reconcile):
        self._site = site
        self._log = log
        self._faults = faults
        self._reconcile = reconcile
        self._warm: dict[str, tuple[float, float]] = {}
        site.on_reset(self._warm.clear)
        site.on_restart(lambda proxy_id: self._warm.pop(proxy_id, None) and None)

    def wrap(
        self, app: web.Application, port: str, node: str, proxy_id: str | None
    ) -> web.Application:
        """Puts the wrapper around an application that is not running yet."""

        @web.middleware
        async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._handle(request, handler, port, node, proxy_id)

        app.middlewares.insert(0, around)
        app.on_response_prepare.append(self._set_date)
        return app

    async def _set_date(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = email.utils.formatdate(self._site.now(), usegmt=True)
        # A WebSocket's handler goes on for as long as the socket is open.
        if _ENTRY in request and response.status != NO_ANSWER:
            request[_ENTRY]["status"] = response.status

    async def _handle(
        self,
        request: web.Request,
        handler: Handler,
        port: str,
        node: str,
        proxy_id: str | None,
    ) -> web.StreamResponse:
        if proxy_id is not None and self._site.is_restarting(proxy_id):
            drop(request)
            return web.Response(status=503)
        entry = self._log.add(port, node, request.method, request.raw_path, request.headers)
        request[_ENTRY] = entry
        try:
            if request.can_read_body:
                body = await request.read()
                entry["body"] = body_of(request.headers.get("Content-Type", ""), body)
            if proxy_id is not None and port in _PROXY_PORTS:
                await self._warm_up(proxy_id)
            faults = self._faults.hit(port, node, request.method, entry["path"])
            response = await perform(faults, self._site, request, handler)
        except web.HTTPException as error:
            entry["status"] = error.status
            raise
        except Exception:
            entry["status"] = 500
            raise
        entry["status"] = response.status if response.status != NO_ANSWER else None
        if request.method not in ("GET", "HEAD"):
            await self._reconcile()
        return response

    async def _warm_up(self, proxy_id: str) -> None:
        """The first request to a proxy after its start waits; so do those that come meanwhile."""
        seconds = float(self._site.switches.cold_start_s)
        if not seconds:
            return
        warm_at, known = self._warm.get(proxy_id, (0.0, 0.0))
        if known != seconds:
            warm_at = time.monotonic() + seconds
            self._warm[proxy_id] = (warm_at, seconds)
        await asyncio.sleep(max(0.0, warm_at - time.monotonic()))
