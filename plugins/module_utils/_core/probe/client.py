# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Requests to a proxy below one prefix, with cookie and token."""

from __future__ import annotations

import dataclasses
import typing as t
from urllib.parse import quote, urljoin

from ..ports import Request, Response, date
from ..qrs.cookies import CSRF_HEADER, Cookie, cookies_of, csrf_token, session_cookie
from .settings import Settings

if t.TYPE_CHECKING:
    from ..ports import Conversation, Dialer, Transport

#: A page is not for a program without these; the proxy looks at User-Agent only to offer Windows
#: authentication, which a token makes pointless.
_PAGE_HEADERS = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@dataclasses.dataclass(frozen=True)
class Tools:
    """Clock and randomness. ``clock`` is in seconds since the epoch, ``timer`` is monotonic,
    ``letters`` gives 16 letters and digits, ``websocket_key`` 16 random bytes in base64."""

    clock: t.Callable[[], float]
    timer: t.Callable[[], float]
    sleep: t.Callable[[float], None]
    letters: t.Callable[[], str]
    websocket_key: t.Callable[[], str]


@dataclasses.dataclass(frozen=True)
class OpenSession:
    """A session that this run opened: what it takes to use and to end it."""

    cookie: Cookie
    csrf: t.Optional[str] = dataclasses.field(default=None, repr=False)
    bad_token: bool = False


class Client:
    """Sends single requests; judging the answers is left to the steps."""

    def __init__(
        self,
        transport: Transport,
        settings: Settings,
        tools: Tools,
        cookie_name: t.Optional[str] = None,
        dialer: t.Optional[Dialer] = None,
    ) -> None:
        """``cookie_name`` is the session cookie's name, if it is known from the repository. If
        ``dialer`` is None, a WebSocket ends after the answer to its handshake."""
        self.settings = settings
        self.tools = tools
        self.skew: t.Optional[float] = None
        self._transport = transport
        self._cookie_name = cookie_name
        self._dialer = dialer

    def impossible(self) -> Response:
        """What the proxy says for a prefix that cannot exist. It opens no session."""
        prefix = "qlikops-" + self.tools.letters().lower()
        return self._send("GET", self.settings.address("qps/csrftoken", prefix=prefix), {})

    def get(
        self,
        path: str,
        *,
        bearer: t.Optional[str] = None,
        session: t.Optional[OpenSession] = None,
        xrfkey: bool = False,
        query: str = "",
    ) -> Response:
        """GET ``path`` below the prefix. ``query`` is already encoded."""
        headers: t.Dict[str, str] = dict(_PAGE_HEADERS) if not xrfkey else {}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        if xrfkey:
            key = self.tools.letters()
            headers["X-Qlik-Xrfkey"] = key
            query = f"{query}&Xrfkey={key}" if query else f"Xrfkey={key}"
        headers.update(_carried(session))
        address = self.settings.address(path)
        return self._send("GET", f"{address}?{query}" if query else address, headers)

    def follow(self, location: str, session: OpenSession) -> t.Optional[Response]:
        """GET where a redirect leads; None when it leads to another site, which gets no cookie."""
        try:
            url = urljoin(self.settings.address(""), location).partition("#")[0]
        except ValueError:
            return None
        if not url.lower().startswith(self.settings.url + "/"):
            return None
        return self._send("GET", url, {**_PAGE_HEADERS, **_carried(session)})

    def log_out_user(self, session: OpenSession) -> Response:
        """End every session of this user at this virtual proxy."""
        return self._send("DELETE", self.settings.address("qps/user"), _carried(session))

    def upgrade(
        self, path: str, *, session: OpenSession, origin: str
    ) -> t.Tuple[Response, t.Optional[Conversation]]:
        """The WebSocket handshake (RFC 6455 4.1) as a browser sends it, and what it opens.

        The CSRF token goes into the query; proxies reject it as a header alone (support article
        2509211). The bearer token is not sent, because current releases do not accept it here.
        """
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": self.tools.websocket_key(),
            "Origin": origin,
            "Cookie": session.cookie.pair,
        }
        address = self.settings.address(path)
        if session.csrf:
            address += f"?{CSRF_HEADER}={quote(session.csrf, safe='')}"
        if self._dialer is None:
            return self._send("GET", address, headers), None
        return self._dialer.dial(Request("GET", address, headers))

    def session_in(self, response: Response, *, bad_token: bool = False) -> t.Optional[OpenSession]:
        """The session that an answer opened."""
        cookie = session_cookie(cookies_of(response), self._cookie_name)
        if cookie is None:
            return None
        return OpenSession(cookie, csrf_token(response), bad_token)

    def _send(self, method: str, url: str, headers: t.Mapping[str, str]) -> Response:
        response = self._transport.send(Request(method, url, headers))
        self._measure_clock(response)
        return response

    def _measure_clock(self, response: Response) -> None:
        """Compare the ``Date`` of the first answer that has one with our clock.

        It has whole seconds and was written somewhere between asking and reading, so half of the
        time that took is taken off; good to about a second.
        """
        theirs = date(response.header("Date"))
        if self.skew is not None or theirs is None:
            return
        self.skew = theirs - (self.tools.clock() - response.seconds / 2)


def _carried(session: t.Optional[OpenSession]) -> t.Dict[str, str]:
    if session is None:
        return {}
    headers = {"Cookie": session.cookie.pair}
    if session.csrf:
        headers[CSRF_HEADER] = session.csrf
    return headers
