# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""WebSockets to the engine in a session of the check."""

from __future__ import annotations

import typing as t
from urllib.parse import quote

from ..errors import TransportError
from ..json_text import BadJson, parse
from ..ports import Request
from ..qrs.cookies import CSRF_HEADER
from .wire import Unanswered

if t.TYPE_CHECKING:
    from ..ports import Conversation, Response
    from .bench import Bench
    from .logins import Entry

_MESSAGES, _MESSAGE_S = 6, 20.0
_WORDS = {
    "OnLicenseAccessDenied": "license",
    "OnMaxParallelSessionsExceeded": "sessions",
    "OnNoEngineAvailable": "no_engine",
    "OnConnected": "connected",
}

#: Sessions of one user that are tried at most.
MOST_SESSIONS = 8


class Sockets:
    """Handshakes and greetings."""

    def __init__(self, site: Bench) -> None:
        self._site = site
        self._limit: t.Optional[int] = None

    def upgrade(
        self,
        entry: Entry,
        *,
        host: t.Optional[str] = None,
        csrf: bool = True,
        origin: bool = True,
        bearer: t.Optional[str] = None,
    ) -> t.Tuple[Response, t.Optional[Conversation]]:
        """The handshake for the engine in a session; ``host`` is that of ``Origin``."""
        site = self._site
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": site.ports.tools.websocket_key(),
            "Cookie": entry.cookie or "",
        }
        if origin:
            headers["Origin"] = f"https://{host}" if host else site.proxy.url
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        url = f"{site.proxy.url}/{site.names.prefix}/app/engineData"
        if csrf and entry.csrf:
            url += f"?{CSRF_HEADER}={quote(entry.csrf, safe='')}"
        return site.proxy.upgrade(site.ports.dialer, Request("GET", url, headers))

    def status(self, entry: Entry, **how: t.Any) -> int:
        """The status of that handshake."""
        response, conversation = self.upgrade(entry, **how)
        if conversation:
            conversation.close()
        return response.status

    def greeting(self, entry: Entry) -> str:
        """What the engine says first in a session, as one word."""
        response, talk = self.upgrade(entry)
        if response.status != 101:
            return "other"
        if talk is None:
            raise Unanswered("needs_websockets")
        try:
            for dummy in range(_MESSAGES):
                text = talk.receive(timeout=_MESSAGE_S)
                if text is None:
                    return "closed"
                method = _method(text)
                if method in _WORDS:
                    return _WORDS[method]
        except TransportError:
            return "closed"
        finally:
            talk.close()
        return "other"

    def session_limit(self) -> int:
        """How many sessions of a user can use the engine."""
        if self._limit is None:
            self._limit = self._count_sessions()
        return self._limit

    def _count_sessions(self) -> int:
        dummy = self._site.logins.session(), self._site.new_user("many")
        for number in range(MOST_SESSIONS):
            entry = self._site.logins.log_in(purpose="many")
            if not entry.cookie:
                raise Unanswered("set_up")
            said = self.greeting(entry)
            if said == "sessions":
                return number
            if said != "connected":
                raise Unanswered("needs_other_site")
        return MOST_SESSIONS


def _method(text: str) -> str:
    try:
        found = parse(text)
    except BadJson:
        return ""
    return str(found.get("method")) if isinstance(found, dict) else ""
