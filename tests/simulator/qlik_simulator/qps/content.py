# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages below a virtual proxy: hub, apps, console, login form; and the repository behind it."""

from __future__ import annotations

from aiohttp import web

from ..site import ProxiedCall
from . import answers, credentials, pages
from .identity import Identity
from .login import current_session, is_blocked, session_for
from .sessions import Session
from .visit import Visit


async def start(visit: Visit) -> web.StreamResponse:
    """The bare prefix leads to the hub."""
    session_for(visit)
    return web.Response(status=302, headers={"Location": visit.base + "hub/"})


async def hub(visit: Visit) -> web.StreamResponse:
    """The hub takes an access pass, or says that there is none."""
    session = session_for(visit)
    allowed = visit.site.license.take(session.user_directory, session.user_id)
    return _client("Qlik Sense hub", "" if allowed else pages.NO_ACCESS_PASS)


async def sense(visit: Visit) -> web.StreamResponse:
    """The client's page for an app. The shell is the same for every id: the engine knows apps."""
    session = session_for(visit)
    if visit.route.rest[:1] == ("app",):
        if _is_blocked(visit, session):
            return answers.account_inactive()
        if not visit.site.license.take(session.user_directory, session.user_id):
            return _client("Qlik Sense", pages.NO_ACCESS_PASS)
    return _client("Qlik Sense")


async def console(visit: Visit) -> web.StreamResponse:
    """QMC and the old client address: shells as well."""
    session_for(visit)
    return _client("QMC" if visit.route.word == "qmc" else "Qlik Sense")


async def nothing(visit: Visit) -> web.StreamResponse:
    """Static resources and APIs that are not simulated: logged in, but not found."""
    session_for(visit)
    return answers.not_found()


async def repository(visit: Visit) -> web.StreamResponse:
    """The repository, in the name of the session's user."""
    known = current_session(visit)
    if known is not None and _lacks_csrf_token(visit, known):
        return answers.error(403, "Forbidden")
    session = known or session_for(visit)
    attributes: dict[str, list[str]] = {}
    for item in session.attributes:
        for name, value in item.items():
            attributes.setdefault(name, []).append(value)
    call = ProxiedCall(
        visit.request,
        visit.route.path,
        session.user_directory,
        session.user_id,
        visit.node,
        visit.virtual_proxy["prefix"],
        attributes,
    )
    return await visit.site.qrs_as_user(call)


async def login_page(visit: Visit) -> web.StreamResponse:
    """Where browsers without a session are sent; there is none for JWT."""
    if visit.virtual_proxy["authenticationMethod"] == credentials.JWT:
        return answers.not_found()
    if visit.route.word == "internal_windows_authentication":
        return _windows_login(visit)
    return answers.html_response(pages.login_form(visit.request.path_qs))


def _lacks_csrf_token(visit: Visit, session: Session) -> bool:
    """Whether a request that rides on a cookie has to bring the session's token, and does not."""
    wanted = visit.site.switches.qrs_csrf
    if wanted == "off" or (wanted == "writes" and visit.request.method == "GET"):
        return False
    return visit.request.headers.get("qlik-csrf-token") != session.fetch_csrf_token()


def _windows_login(visit: Visit) -> web.Response:
    """The steps of an NTLM login; at its end a ticket, and back to where the browser came from."""
    user, challenge = visit.memory.windows_logins.step(visit.request)
    if user is None:
        return web.Response(status=401, headers={"WWW-Authenticate": challenge})
    directory, dummy, user_id = user.rpartition("\\")
    ticket = visit.memory.tickets.issue(
        Identity(directory, user_id), visit.node.proxy_id, visit.virtual_proxy["id"]
    )
    wanted = visit.request.query.get("targetId", "")
    target = visit.memory.windows_logins.target(wanted) or visit.base + "hub/"
    mark = "&" if "?" in target else "?"
    location = f"{visit.request.scheme}://{visit.request.host}{target}{mark}qlikTicket={ticket}"
    return web.Response(status=302, headers={"Location": location})


def _client(title: str, text: str = "") -> web.Response:
    return answers.html_response(pages.client_page(title, text))


def _is_blocked(visit: Visit, session: Session) -> bool:
    return is_blocked(visit.site.find_user(session.user_directory, session.user_id))
