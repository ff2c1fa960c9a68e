# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Requests that a question sends unchanged, and the kind of response."""

from __future__ import annotations

import dataclasses
import json
import typing as t
from urllib.parse import quote, urlencode

from ..errors import QlikError, TransportError
from ..json_text import BadJson, parse
from ..ports import UNAVAILABLE, Request, Response, date
from ..qrs.auth import user_header

if t.TYPE_CHECKING:
    from ..ports import Conversation, Dialer, Transport
    from ..qrs.auth import Access

BODIES = ("empty", "text", "json", "html")

#: Why a question has no answer.
REASONS = {
    "no_answer": "the server did not answer",
    "unavailable": "the server was busy",
    "set_up": "an earlier step failed",
    "rights": "the account has too few rights",
    "needs_certificate": "needs auth=certificate",
    "needs_url": "needs the option url",
    "needs_websockets": "needs the Python library websockets",
    "needs_other_site": "this site cannot show it",
    "not_served": "the proxy did not serve the virtual proxy",
    "check_mode": "not asked in check mode",
}


class Unanswered(QlikError):
    """A question has no answer; ``reason`` is a key of ``REASONS``."""

    def __init__(self, reason: str) -> None:
        super().__init__(REASONS[reason])
        self.reason = reason


def body_kind(response: Response) -> str:
    """What kind of body an answer has."""
    if not response.body.strip():
        return "empty"
    if response.is_html:
        return "html"
    return (
        "json" if response.media_type.endswith("json") and content(response) is not None else "text"
    )


def content(response: Response) -> t.Any:
    """The JSON in the body; None if there is none."""
    try:
        return parse(response.body)
    except BadJson:
        return None


def entity_of(response: Response) -> t.Dict[str, t.Any]:
    """The entity in the body; empty if there is none."""
    found = content(response)
    return found if isinstance(found, dict) else {}


def clock_offset(response: Response, now: float) -> t.Optional[float]:
    """Seconds by which the clock of the server is ahead. Its ``Date`` has whole seconds."""
    theirs = date(response.header("Date"))
    return None if theirs is None else theirs + 0.5 - (now - response.seconds / 2)


def answered(response: Response) -> Response:
    """``response``, unless the server is too busy to answer the question."""
    if response.status == 429 or response.status in UNAVAILABLE:
        raise Unanswered("unavailable")
    return response


@dataclasses.dataclass(frozen=True)
class Repository:
    """The repository. ``stranger`` shows no client certificate; None without auth=certificate."""

    transport: Transport
    base_url: str
    access: Access
    letters: t.Callable[[], str]
    stranger: t.Optional[Transport] = None

    def ask(
        self,
        method: str,
        path: str,
        query: t.Optional[t.Mapping[str, str]] = None,
        *,
        raw_query: str = "",
        body: t.Any = None,
        xrfkey: bool = True,
    ) -> Response:
        """The answer to one request, whatever its status.

        Without ``xrfkey`` the key is missing in the address. The session through a proxy needs
        the header.
        """
        request = self._request(method, path, query, raw_query, body, xrfkey)
        return answered(self.access.exchange(self.transport.send, request))

    def ask_without_user(self) -> Response:
        """The answer to a request with the client certificate, but without X-Qlik-User."""
        if self.stranger is None:
            raise Unanswered("needs_certificate")
        return answered(self.transport.send(self._request("GET", "about", None, "", None, True)))

    def ask_without_certificate(self, user: t.Tuple[str, str]) -> Response:
        """The answer to a request without client certificate."""
        if self.stranger is None:
            raise Unanswered("needs_certificate")
        request = self._request("GET", "about", None, "", None, True)
        headers = {**request.headers, **user_header(*user)}
        return answered(self.stranger.send(request._replace(headers=headers)))

    def _request(
        self,
        method: str,
        path: str,
        query: t.Optional[t.Mapping[str, str]],
        raw_query: str,
        body: t.Any,
        xrfkey: bool,
    ) -> Request:
        key = self.letters()
        headers = {"Accept": "application/json", "X-Qlik-Xrfkey": key}
        parts = [urlencode(dict(query or {}), quote_via=quote, safe=""), raw_query]
        if xrfkey:
            parts.insert(0, f"Xrfkey={key}")
        content_ = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content_ = json.dumps(body).encode("utf-8")
        search = "&".join(filter(None, parts))
        url = f"{self.base_url}/qrs/{path}" + (f"?{search}" if search else "")
        return Request(method, url, headers, content_)


class Proxy:
    """The proxy that ``url`` leads to. ``slowest`` is the longest time until an answer came."""

    def __init__(self, transport: Transport, url: str, letters: t.Callable[[], str]) -> None:
        self.url = url
        self.slowest = 0.0
        self._transport = transport
        self._letters = letters

    def ask(
        self,
        prefix: str,
        path: str = "qps/csrftoken",
        *,
        method: str = "GET",
        bearer: t.Optional[str] = None,
        cookie: t.Optional[str] = None,
        headers: t.Optional[t.Mapping[str, str]] = None,
        xrfkey: bool = False,
        body: t.Any = None,
    ) -> Response:
        """The answer to one request below ``prefix``, whatever its status."""
        sent = dict(headers or {})
        url = f"{self.url}/{prefix}/{path}"
        if bearer is not None:
            sent["Authorization"] = f"Bearer {bearer}"
        if cookie is not None:
            sent["Cookie"] = cookie
        if xrfkey:
            key = self._letters()
            sent["X-Qlik-Xrfkey"] = key
            url += f"?Xrfkey={key}"
        content_ = None
        if body is not None:
            sent["Content-Type"] = "application/json"
            content_ = json.dumps(body).encode("utf-8")
        response = self._transport.send(Request(method, url, sent, content_))
        self.slowest = max(self.slowest, response.seconds)
        return answered(response)

    def upgrade(
        self, dialer: t.Optional[Dialer], request: Request
    ) -> t.Tuple[Response, t.Optional[Conversation]]:
        """The answer to the handshake of a WebSocket, and the conversation that it opens."""
        if dialer is None:
            return self._transport.send(request), None
        return dialer.dial(request)


def is_rejected_by_tls(error: TransportError) -> bool:
    """Whether the server ended the connection because of the certificate that it did not get.

    In TLS 1.3 the client learns of that only when it reads, and may see a plain reset.
    """
    return error.kind.startswith("tls") or error.kind == "reset"
