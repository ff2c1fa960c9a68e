# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a request brings along to prove who it is, by the virtual proxy's method."""

from __future__ import annotations

import typing as t

from . import answers
from .claims import identity_of
from .identity import Identity
from .tokens import BadToken, read_claims
from .visit import Visit

TICKET, HEADER_STATIC, HEADER_DYNAMIC, SAML, JWT, OIDC = range(6)


def presented(visit: Visit) -> Identity | None:
    """Who the credentials of the request name; None when it has none for this method.

    Raises Refused when it has some that are not good.
    """
    reader = _READERS.get(visit.virtual_proxy["authenticationMethod"])
    return reader(visit) if reader else None


def bearer(visit: Visit) -> str | None:
    """The bearer token; None without one. The scheme's case does not matter."""
    scheme, dummy, token = visit.request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _jwt(visit: Visit) -> Identity | None:
    token = bearer(visit)
    if token is None:
        return None
    try:
        claims = read_claims(token, visit.site, visit.virtual_proxy)
        return identity_of(claims, visit.virtual_proxy)
    except BadToken as error:
        raise answers.Refused(answers.bad_token(visit.site.switches)) from error


def _ticket(visit: Visit) -> Identity | None:
    ticket = visit.request.query.get("qlikTicket")
    if not ticket:
        return None
    return visit.memory.tickets.redeem(ticket, visit.node.proxy_id, visit.virtual_proxy["id"])


def _static_header(visit: Visit) -> Identity | None:
    user_id = _user_header(visit)
    directory = visit.virtual_proxy["headerAuthenticationStaticUserDirectory"]
    return Identity(directory, user_id) if user_id and directory else None


def _dynamic_header(visit: Visit) -> Identity | None:
    directory, dummy, user_id = _user_header(visit).partition("\\")
    return Identity(directory, user_id) if user_id and directory else None


def _user_header(visit: Visit) -> str:
    name = visit.virtual_proxy["headerAuthenticationHeaderName"]
    return visit.request.headers.get(name, "") if name else ""


_READERS: dict[int, t.Callable[[Visit], Identity | None]] = {
    TICKET: _ticket,
    HEADER_STATIC: _static_header,
    HEADER_DYNAMIC: _dynamic_header,
    JWT: _jwt,
}
