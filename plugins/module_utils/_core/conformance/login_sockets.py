# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Questions about WebSockets in the first session."""

from __future__ import annotations

import functools
import typing as t

from .claims import ALLOWED_HOST, FOREIGN_HOST
from .question import LOGIN, STATUS, Value, handled, question, setting, unhandled

if t.TYPE_CHECKING:
    from .bench import Bench

ask = functools.partial(question, level=LOGIN)

_SOCKET = "WebSocket /<prefix>/app/engineData"


@ask(
    "socket_with_token", "sockets", "What is the status with cookie and CSRF token?",
    sent=_SOCKET, mark="doc", kind=STATUS, assumed=[101],
    effects={403: unhandled("Clients cannot use the engine. Report it.")},
)  # fmt: skip
def socket_with_token(site: Bench) -> t.Optional[Value]:
    """Apps need the WebSocket."""
    return site.sockets.status(site.logins.session())


@ask(
    "engine_greeting", "sockets", "What does the engine say first?", sent=_SOCKET, mark="code",
    words=["connected", "license", "sessions", "no_engine", "closed"], assumed=["connected"],
    effects={"license": setting("The test user has no access pass. Add an allocation rule.")},
)  # fmt: skip
def enginegreeting(site: Bench) -> t.Optional[Value]:
    """Errors come after a successful handshake."""
    return site.sockets.greeting(site.logins.session())


@ask(
    "socket_without_token", "sockets", "What is the status without CSRF token?",
    sent=_SOCKET + " with cookie, without CSRF token", mark="doc", kind=STATUS, assumed=[403],
    effects={101: handled("Releases before November 2024 need none.")},
)  # fmt: skip
def socket_without_token(site: Bench) -> t.Optional[Value]:
    """Clients of older releases fail because of it."""
    return site.sockets.status(site.logins.session(), csrf=False)


@ask(
    "socket_with_bearer", "sockets", "What is the status if the token is sent as well?",
    sent=_SOCKET + " with Authorization", mark="users", kind=STATUS, assumed=[101],
    effects={403: handled("The probe does not send it.")},
)  # fmt: skip
def socket_with_bearer(site: Bench) -> t.Optional[Value]:
    """Some clients send it with each request."""
    bearer = site.material.token(site.logins.claims())
    return site.sockets.status(site.logins.session(), bearer=bearer)


@ask(
    "socket_foreign_origin", "sockets", "What is the status with a foreign Origin?",
    sent=_SOCKET + " with another Origin", mark="doc", kind=STATUS, assumed=[403],
    effects={101: unhandled("Pages of other sites can use the sessions of users.")},
)  # fmt: skip
def socket_foreign_origin(site: Bench) -> t.Optional[Value]:
    """The host allow list has to protect WebSockets."""
    return site.sockets.status(site.logins.session(), host=FOREIGN_HOST)


@ask(
    "socket_without_origin", "sockets", "What is the status without Origin?",
    sent=_SOCKET + " without Origin", mark="inf", kind=STATUS,
)  # fmt: skip
def socket_without_origin(site: Bench) -> t.Optional[Value]:
    """Programs that are not browsers send no Origin."""
    return site.sockets.status(site.logins.session(), origin=False)


@ask(
    "allow_list_match", "sockets", "Does an entry of the host allow list include subdomains?",
    sent=_SOCKET + " with a subdomain of an entry as Origin", mark="unv",
    words=["suffix", "exact"], assumed=["suffix"],
    effects={"exact": setting("Add each host name to host_allow_list.")},
)  # fmt: skip
def allow_list_match(site: Bench) -> t.Optional[Value]:
    """Decides how many entries are needed."""
    host = "a." + ALLOWED_HOST
    status = site.sockets.status(site.logins.session(), host=host)
    return "suffix" if status == 101 else "exact"
