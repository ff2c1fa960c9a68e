# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The WebSocket handshake at ``/app/…``: who gets a 101, and who a refusal before it."""

from __future__ import annotations

import dataclasses
import secrets

from aiohttp import web

from . import answers
from .engine import EngineSocket
from .hosts import host_of_origin, is_allowed
from .login import current_session, is_blocked, session_for
from .sessions import Session
from .visit import Visit

ENGINE_DATA = "engineData"


@dataclasses.dataclass(frozen=True)
class _Target:
    app: str
    ttl_s: int = 0


async def handle(visit: Visit) -> web.StreamResponse:
    """Opens an engine socket; ``/app`` serves nothing else."""
    target = _target(visit.route.rest)
    if target is None or not _is_upgrade(visit.request):
        session_for(visit)
        return answers.not_found()
    session = _authorize(visit)
    if is_blocked(visit.site.find_user(session.user_directory, session.user_id)):
        return answers.account_inactive()
    return await EngineSocket(visit, session, target.app, target.ttl_s).serve()


def _target(rest: tuple[str, ...]) -> _Target | None:
    """``<app>`` or ``<app>/ttl/<seconds>``; without an app it is the engine as such."""
    segments = [segment for segment in rest if segment]
    if not segments:
        return _Target(ENGINE_DATA)
    if len(segments) == 1:
        return _Target(segments[0])
    if len(segments) == 3 and segments[1].lower() == "ttl" and segments[2].isdecimal():
        return _Target(segments[0], int(segments[2]))
    return None


def _is_upgrade(request: web.Request) -> bool:
    return request.headers.get("Upgrade", "").lower() == "websocket"


def _authorize(visit: Visit) -> Session:
    """The session a socket may use. Raises Refused."""
    switches = visit.site.switches
    if switches.ws_bearer == 403 and "Authorization" in visit.request.headers:
        raise answers.Refused(answers.cross_site_websocket())
    if not _origin_allowed(visit):
        raise answers.Refused(answers.cross_site_websocket())
    if switches.csrf == "absent":
        return session_for(visit)
    session = current_session(visit)
    if session is None or not _knows_csrf_token(visit, session):
        raise answers.Refused(answers.cross_site_websocket())
    return session


def _origin_allowed(visit: Visit) -> bool:
    """A missing Origin passes only where no CSRF token is asked for."""
    origin = visit.request.headers.get("Origin")
    if origin is None:
        return bool(visit.site.switches.csrf == "absent")
    return is_allowed(visit.site, visit.node, visit.virtual_proxy, host_of_origin(origin))


def _knows_csrf_token(visit: Visit, session: Session) -> bool:
    """Only the query counts; the header of the same name does not."""
    token = visit.request.query.get("qlik-csrf-token", "")
    expected = session.csrf_token or ""
    return bool(expected) and secrets.compare_digest(token.encode(), expected.encode())
