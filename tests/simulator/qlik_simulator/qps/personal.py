# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``/qps/csrftoken`` and ``/qps/user``: what a browser asks the proxy about its own session."""

from __future__ import annotations

import typing as t

from aiohttp import web

from . import answers, credentials
from .login import login_uri, session_for
from .visit import Visit

Handler = t.Callable[[Visit], web.Response]


async def handle(visit: Visit) -> web.StreamResponse:
    """Answers below ``qps``."""
    name = "/".join(visit.route.rest).strip("/").lower()
    handler = _HANDLERS.get((visit.request.method, name))
    if handler is not None:
        return handler(visit)
    session_for(visit)
    return answers.not_found()


def _csrf_token(visit: Visit) -> web.Response:
    """Logs in like any other request, also where servers do not know the path yet."""
    session = session_for(visit)
    switches = visit.site.switches
    if switches.csrf == "absent":
        return answers.not_found()
    headers = {"qlik-csrf-token": session.fetch_csrf_token()}
    return web.Response(status=int(switches.csrftoken_status), headers=headers)


def _user(visit: Visit) -> web.Response:
    if not visit.cookie and credentials.bearer(visit) is None:
        return web.json_response(_inactive(visit))
    session = session_for(visit)
    return web.json_response(
        {
            "session": "active",
            "userDirectory": session.user_directory,
            "userId": session.user_id,
            "userName": session.user_name,
            "logoutUri": visit.absolute("qps/user"),
        }
    )


def _log_out(visit: Visit) -> web.Response:
    session = session_for(visit)
    sessions = visit.memory.sessions
    for other in sessions.select(session.proxy_id, session.virtual_proxy_id):
        if other.belongs_to(session.user_directory, session.user_id):
            sessions.end(other, "logged_out")
    return web.json_response(_inactive(visit))


def _inactive(visit: Visit) -> dict[str, str]:
    path = login_uri(visit)
    origin = f"{visit.request.scheme}://{visit.request.host}"
    return {"session": "inactive", "loginUri": origin + path if path.startswith("/") else path}


_HANDLERS: dict[tuple[str, str], Handler] = {
    ("GET", "csrftoken"): _csrf_token,
    ("GET", "user"): _user,
    ("DELETE", "user"): _log_out,
}
