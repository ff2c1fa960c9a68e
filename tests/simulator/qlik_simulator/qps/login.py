# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a request to a session: the cookie's, or a new one for the user the credentials name."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from aiohttp import web

from ..store import Entity
from . import answers, credentials
from .identity import Identity, anonymous
from .sessions import Session
from .visit import Visit

_ALLOW_ANONYMOUS, _ALWAYS_ANONYMOUS = 1, 2


def session_for(visit: Visit) -> Session:
    """The session of the cookie, or else a new one. Raises Refused.

    A live cookie wins over whatever credentials come with it.
    """
    session = current_session(visit)
    return session if session is not None else _admit(visit, _identify(visit))


def current_session(visit: Visit) -> Session | None:
    """The live session of the cookie, if any; using it starts its timeout anew."""
    if not visit.cookie:
        return None
    sessions = visit.memory.sessions
    session = sessions.find(visit.cookie, visit.node.proxy_id, visit.virtual_proxy["id"])
    if session is not None:
        sessions.touch(session)
    return session


def login_uri(visit: Visit) -> str:
    """Where a browser is sent to log in."""
    target = {"targetId": str(uuid.uuid4())}
    visit.memory.windows_logins.remember(target["targetId"], visit.request.path_qs)
    module = visit.virtual_proxy["authenticationModuleRedirectUri"]
    if module and visit.virtual_proxy["authenticationMethod"] == credentials.TICKET:
        rest = {"proxyRestUri": _proxy_rest_uri(visit)}
        return f"{module}?{urlencode({**rest, **target})}"
    windows = _is_windows_device(visit)
    page = "internal_windows_authentication" if windows else "internal_forms_authentication"
    return f"{visit.base}{page}/?{urlencode(target)}"


def is_blocked(user: Entity | None) -> bool:
    """Whether the repository keeps this user out."""
    return bool(user and (user.get("inactive") or user.get("blacklisted")))


def _identify(visit: Visit) -> Identity:
    mode = visit.virtual_proxy["anonymousAccessMode"]
    if mode == _ALWAYS_ANONYMOUS:
        return anonymous()
    identity = credentials.presented(visit)
    if identity is not None:
        return identity
    if mode == _ALLOW_ANONYMOUS:
        return anonymous()
    raise answers.Refused(_without_credentials(visit))


def _without_credentials(visit: Visit) -> web.Response:
    switches = visit.site.switches
    is_jwt = visit.virtual_proxy["authenticationMethod"] == credentials.JWT
    if visit.cookie and (is_jwt or switches.unknown_cookie == 500):
        return answers.unknown_cookie(switches)
    if is_jwt:
        return answers.no_credentials(switches, login_uri(visit))
    return answers.redirect(login_uri(visit))


def _admit(visit: Visit, identity: Identity) -> Session:
    name = identity.user_id if identity.anonymous else _known_user(visit, identity)["name"]
    session = visit.memory.sessions.open(
        visit.node.proxy_id,
        visit.virtual_proxy,
        (identity.directory, identity.user_id, name or identity.user_id),
        identity.attributes,
    )
    visit.give_cookie(session)
    return session


def _known_user(visit: Visit, identity: Identity) -> Entity:
    site = visit.site
    user = site.find_user(identity.directory, identity.user_id)
    if user is None:
        if site.switches.unknown_user == "reject":
            raise answers.Refused(answers.bad_token(site.switches))
        attributes = {name: value for item in identity.attributes for name, value in item.items()}
        return site.create_user(identity.directory, identity.user_id, attributes)
    if is_blocked(user) and site.switches.inactive_user == "login_403":
        raise answers.Refused(answers.account_inactive())
    return user


def _proxy_rest_uri(visit: Visit) -> str:
    prefix = visit.virtual_proxy["prefix"]
    port = visit.node.admin_port
    return f"https://{visit.node.host_name}:{port}/qps/{prefix + '/' if prefix else ''}"


def _is_windows_device(visit: Visit) -> bool:
    pattern = visit.virtual_proxy["windowsAuthenticationEnabledDevicePattern"]
    return bool(pattern) and pattern in visit.request.headers.get("User-Agent", "")
