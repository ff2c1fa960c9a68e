# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports that open and close while the simulator runs, and stay its own meanwhile."""

from __future__ import annotations

import asyncio
import socket
import ssl
import typing as t

from aiohttp import web

_BACKLOG = 128
_CLOSE_SECONDS = 0.05


class Listener:
    """One port on 127.0.0.1.

    A second socket, bound but never listening, keeps the number reserved: connections are
    refused while the port is closed, and nobody else can take it.
    """

    def __init__(self, port: int = 0):
        self._holder = _bound(port)
        self.port: int = self._holder.getsockname()[1]
        self._runner: web.AppRunner | None = None
        self._site: web.SockSite | None = None

    async def attach(self, app: web.Application, **limits: t.Any) -> None:
        """Sets what answers here; the port is still closed."""
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=0.2, **limits
        )
        await self._runner.setup()

    @property
    def is_open(self) -> bool:
        """Whether it listens."""
        return self._site is not None

    async def open(self, context: ssl.SSLContext | None = None) -> None:
        """Starts to listen."""
        if self._site is None and self._runner is not None:
            self._site = web.SockSite(
                self._runner, _bound(self.port), ssl_context=context, backlog=_BACKLOG
            )
            await self._site.start()

    async def close(self) -> None:
        """Refuses new connections, and ends open ones when running answers had time to leave."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
            asyncio.get_running_loop().call_later(_CLOSE_SECONDS, self._abort_connections)

    def _abort_connections(self) -> None:
        if self._site is not None or self._runner is None or self._runner.server is None:
            return
        for connection in list(self._runner.server.connections):
            if connection.transport is not None:
                connection.transport.abort()

    async def shut_down(self) -> None:
        """Gives the port up."""
        if self._runner is not None:
            await self._runner.cleanup()
        self._site = None
        self._holder.close()


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        bound.bind(("127.0.0.1", port))
    except OSError:
        bound.close()
        raise
    return bound
