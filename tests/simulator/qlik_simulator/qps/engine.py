# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An engine as small as a probe needs: greeting, refusals after the 101, a few methods."""

from __future__ import annotations

import asyncio
import json
import typing as t

from aiohttp import WSMsgType, web

from .. import dates
from . import engine_methods
from .sessions import Session
from .visit import Visit

_ENDED = {
    "closed": "OnSessionClosed",
    "logged_out": "OnSessionLoggedOut",
    "timed_out": "OnSessionTimedOut",
}


class EngineSocket:
    """One WebSocket of a session, from the upgrade to its end."""

    def __init__(self, visit: Visit, session: Session, app: str, ttl_s: int) -> None:
        self._visit = visit
        self._session = session
        self._app = app
        self._ttl_s = ttl_s
        # The proxy relays neither ping nor pong, and stalls after one.
        self._socket = web.WebSocketResponse(autoping=False)
        self._stalled = False
        self._farewell: asyncio.Task[None] | None = None

    async def serve(self) -> web.WebSocketResponse:
        """Upgrades, greets or refuses, and answers requests until the socket closes."""
        self._visit.decorate(self._socket)
        await self._socket.prepare(self._visit.request)
        refusal = _refusal(self._visit, self._session)
        if refusal is not None:
            await self._say_goodbye(refusal)
            return self._socket
        engines = self._visit.memory.engine_sessions
        state = engines.connect(self._session.id, self._app)
        self._session.listeners.add(self._on_end)
        try:
            await self._greet(state)
            await self._answer_requests()
        finally:
            self._session.listeners.discard(self._on_end)
            engines.disconnect(self._session.id, self._app, self._ttl_s)
        if self._farewell is not None:
            await self._farewell
        return self._socket

    async def _greet(self, state: str) -> None:
        await self._notify(
            "OnAuthenticationInformation",
            {
                "userId": self._session.user_id,
                "userDirectory": self._session.user_directory,
                "logoutUri": self._visit.absolute("qps/user"),
                "serverNodeId": self._visit.node.id,
                "mustAuthenticate": False,
            },
        )
        await self._notify("OnConnected", {"qSessionState": state})

    async def _answer_requests(self) -> None:
        async for message in self._socket:
            if message.type == WSMsgType.PING:
                self._stalled = True
            elif message.type == WSMsgType.TEXT and not self._stalled:
                self._visit.memory.sessions.touch(self._session)
                await self._socket.send_json(engine_methods.answer(message.data, self._app))

    def _on_end(self, reason: str) -> None:
        """The proxy session has ended under the socket."""
        self._farewell = asyncio.create_task(self._say_goodbye(_ENDED[reason]))

    async def _say_goodbye(self, notification: str) -> None:
        now = dates.render(int(self._visit.site.now() * 1000))
        try:
            await self._notify(
                notification, {"message": notification, "severity": "fatal", "timestamp": now}
            )
            await self._socket.close()
        except ConnectionError:
            # The client was faster.
            return

    async def _notify(self, method: str, params: t.Mapping[str, t.Any]) -> None:
        frame = {"jsonrpc": "2.0", "method": method, "params": params}
        await self._socket.send_str(json.dumps(frame))


def _refusal(visit: Visit, session: Session) -> str | None:
    """The notification that follows the 101 when the engine cannot be used."""
    user = (session.user_directory, session.user_id)
    if not visit.site.license.take(*user):
        return "OnLicenseAccessDenied"
    if visit.memory.sessions.parallel(*user) > visit.site.switches.max_sessions:
        return "OnMaxParallelSessionsExceeded"
    return None if _has_engine(visit) else "OnNoEngineAvailable"


def _has_engine(visit: Visit) -> bool:
    """Whether a load balancing node of the virtual proxy runs an engine."""
    for reference in visit.virtual_proxy["loadBalancingServerNodes"] or []:
        node = visit.site.store.find("servernodeconfiguration", reference["id"])
        if node is not None and node["engineEnabled"]:
            return True
    return False
