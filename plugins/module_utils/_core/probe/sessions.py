# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The sessions of one run, and how they end.

A user has five parallel sessions (Qlik's help), and each login without a cookie opens one more: so
every session is written down the moment its cookie arrives, and ended even when the run fails.
"""

from __future__ import annotations

import dataclasses
import json
import typing as t
from urllib.parse import quote

from ..errors import TransportError
from ..wire import Request
from .client import Client, OpenSession
from .evidence import LeftOpen, User

if t.TYPE_CHECKING:
    from ..wire import Response, Transport

#: Seconds for a port that mostly answers at once, or is closed by a firewall that says nothing.
_TIMEOUT = 15.0


@dataclasses.dataclass(frozen=True)
class AdminPort:
    """A proxy's administration port, with the transport that shows the site's certificate."""

    base_url: str
    transport: Transport


class Administration:
    """The administration ports (4243) of the proxies that may hold a session.

    Which proxy behind a load balancer holds it cannot be known, so they are asked in turn.
    """

    def __init__(
        self, ports: t.Sequence[AdminPort], prefix: str, letters: t.Callable[[], str]
    ) -> None:
        self._ports = ports
        self._prefix = prefix
        self._letters = letters
        self.problem = ""

    def end(self, session: OpenSession) -> bool:
        """End one session; False, with ``problem`` set, when no port did."""
        return any(r.status == 200 for r in self._answers("DELETE", session))

    def user_of(self, session: OpenSession) -> t.Optional[User]:
        """Who the session belongs to; None when no port tells."""
        for response in self._answers("GET", session):
            if response.status == 200:
                return user_in(response.body, "administration port")
        return None

    def _answers(self, method: str, session: OpenSession) -> t.Iterator[Response]:
        self.problem = ""
        for port in self._ports:
            key = self._letters()
            below = f"/{quote(self._prefix, safe='/~')}" if self._prefix else ""
            path = f"/qps{below}/session/{quote(session.cookie.value, safe='')}?Xrfkey={key}"
            try:
                response = port.transport.send(
                    Request(method, port.base_url + path, {"X-Qlik-Xrfkey": key}), timeout=_TIMEOUT
                )
            except TransportError as error:
                self.problem = self.problem or error.message
                continue
            if response.status != 200:
                self.problem = f"{port.base_url} answered {response.status}."
            yield response


class SessionBook:
    """Every session that was opened, until it is ended."""

    def __init__(self) -> None:
        self._open: t.List[OpenSession] = []
        self.unknown = False

    def add(self, session: OpenSession) -> None:
        """Write a session down; the same cookie twice is one session."""
        if all(item.cookie.value != session.cookie.value for item in self._open):
            self._open.append(session)

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._open)

    def end_all(
        self, client: Client, administration: t.Optional[Administration], way: str, *, created: bool
    ) -> t.Optional[LeftOpen]:
        """End them as ``way`` (``auto own user never``) says; None when none is left.

        ``created`` tells that this run created the user, whose other sessions nobody can miss.
        """
        if way == "never":
            return None
        why = ""
        if way in ("auto", "own"):
            why = self._end_own(administration)
        if self._open and (way == "user" or (way == "auto" and created)):
            why = self._end_users(client)
        if self._open:
            return LeftOpen(len(self._open), why)
        if self.unknown:
            return LeftOpen(1, "The answer to the login did not arrive, so its cookie is unknown.")
        return None

    def _end_own(self, administration: t.Optional[Administration]) -> str:
        if administration is None:
            return "The administration port takes a client certificate of the site; none was given."
        why = ""
        for session in list(self._open):
            if administration.end(session):
                self._open.remove(session)
            else:
                why = administration.problem
        return why

    def _end_users(self, client: Client) -> str:
        """``DELETE /qps/user`` ends all sessions of its user here: a later cookie may be gone."""
        why, ended = "", False
        for session in list(self._open):
            try:
                status = client.log_out_user(session).status
            except TransportError as error:
                why = error.message
                continue
            if status in (200, 204) or (ended and status in (401, 500)):
                ended = True
                self._open.remove(session)
            else:
                why = f"DELETE /qps/user answered {status}."
        return why


def user_in(body: bytes, source: str) -> t.Optional[User]:
    """The user in a JSON object, whatever the case of its names; None when it names none."""
    try:
        found = json.loads(body[:65536].decode("utf-8-sig"))
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    lower = {str(key).lower(): value for key, value in found.items()}
    directory, user_id, name = (lower.get(k) for k in ("userdirectory", "userid", "username"))
    if not isinstance(directory, str) or not isinstance(user_id, str) or not user_id:
        return None
    return User(directory, user_id, name if isinstance(name, str) else None, (source,))
