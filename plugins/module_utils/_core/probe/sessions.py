# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The sessions of one run, and how they end.

A user has five parallel sessions (Qlik's help), and each login without a cookie opens one more: so
every session is written down the moment its cookie arrives, and ended even when the run fails.
"""

from __future__ import annotations

import contextlib
import typing as t
from urllib.parse import quote

from ..errors import TransportError
from ..json_text import BadJson, parse
from ..qrs.proxy_admin import session_ids
from ..text import is_encodable
from .client import Client, OpenSession
from .evidence import LeftOpen, Name, User

if t.TYPE_CHECKING:
    from ..ports import Response
    from ..qrs.proxy_admin import AdminPort

#: Seconds for a port that mostly answers at once, or is closed by a firewall that says nothing.
_TIMEOUT = 15.0


class Administration:
    """The administration ports (4243) of the proxies that may hold a session.

    Which proxy behind a load balancer holds it cannot be known, so they are asked in turn. One that
    could not be reached is not asked again.
    """

    def __init__(
        self, ports: t.Sequence[AdminPort], prefix: str, letters: t.Callable[[], str]
    ) -> None:
        self._ports = list(ports)
        self._prefix = prefix
        self._letters = letters
        self.problem = ""

    def end(self, session_id: str) -> bool:
        """End one session; False, with ``problem`` set, when no port did."""
        path = f"session/{quote(session_id, safe='')}"
        return any(r.status == 200 for r in self._answers("DELETE", path))

    def user_of(self, session: OpenSession) -> t.Optional[User]:
        """The session's user; None if no port returns it."""
        path = f"session/{quote(session.cookie.value, safe='')}"
        for response in self._answers("GET", path):
            if response.status == 200:
                return user_in(response.body, "administration port")
        return None

    def sessions_of(self, name: Name) -> t.Optional[t.FrozenSet[str]]:
        """The ids of all sessions of a user at this virtual proxy; None if no port returns them."""
        parts = [quote(part or "", safe="", errors="surrogatepass") for part in name]
        if not all(parts):
            return None
        path = "/".join(["user", *parts])
        found: t.Set[str] = set()
        answered = False
        for response in self._answers("GET", path):
            ids = session_ids(response.body) if response.status == 200 else None
            if ids is not None:
                answered = True
                found |= ids
        return frozenset(found) if answered else None

    def _answers(self, method: str, path: str) -> t.Iterator[Response]:
        for port in list(self._ports):
            try:
                response = port.ask(
                    method, self._prefix, path, xrfkey=self._letters(), timeout=_TIMEOUT
                )
            except TransportError as error:
                self.problem = self.problem or error.message
                if not error.sent:
                    self._ports.remove(port)
                continue
            if response.status != 200:
                self.problem = f"{port.base_url} answered {response.status}."
            yield response


class SessionBook:
    """Every session that was opened, until it is ended.

    A login whose answer gets lost may have opened one all the same. To find it, port 4243 is asked
    before the first login which sessions the user has: what is new afterwards is ours, as long as
    it is no more than was lost. Sessions that were there before are never touched.
    """

    def __init__(self) -> None:
        self._open: t.List[OpenSession] = []
        self._lost = 0
        self._known: t.Set[str] = set()
        self._watch: t.Optional[t.Tuple[Administration, Name, t.FrozenSet[str]]] = None

    def watch(self, administration: t.Optional[Administration], name: Name) -> t.Optional[int]:
        """Note which sessions the user has before the first login; how many, None if unknown."""
        before = administration.sessions_of(name) if administration else None
        if administration is not None and before is not None:
            self._watch = (administration, name, before)
        return None if before is None else len(before)

    def add(self, session: OpenSession) -> None:
        """Write a session down; the same cookie twice is one session."""
        if session.cookie.value not in self._known:
            self._open.append(session)
            self._known.add(session.cookie.value)

    def lose(self, count: int) -> None:
        """So many logins may have opened sessions whose cookies are not known."""
        self._lost += count

    @contextlib.contextmanager
    def expecting(self) -> t.Iterator[None]:
        """Around a request that can open a session, until it is written down."""
        before = len(self._known)
        try:
            yield
        except TransportError as error:
            self.lose(1 if error.sent else 0)
            raise
        except BaseException:  # Ctrl-C in the middle of it
            self.lose(1 if len(self._known) == before else 0)
            raise

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be open."""
        return not self._open and not self._lost

    def end_all(
        self, client: Client, administration: t.Optional[Administration], way: str, *, created: bool
    ) -> t.Optional[LeftOpen]:
        """End them as ``way`` (``auto own user never``) says; None when none is left.

        ``created``: this run created the user, so all of the user's sessions may be ended.
        """
        if way == "never":
            return None
        why = ""
        if way in ("auto", "own"):
            why = self._end_own(administration)
        if self._open and (way == "user" or (way == "auto" and created)):
            why = self._end_users(client)
        lost = self._end_lost()
        if self._open:
            return LeftOpen(len(self._open), why)
        if lost:
            return LeftOpen(1, "The answer to the login did not arrive, so its cookie is unknown.")
        return None

    def _end_lost(self) -> bool:
        """End what lost logins opened; whether something may be left."""
        if not self._lost:
            return False
        if self._watch is None:
            # If another login succeeded, the proxy was probably starting when one was lost.
            return not self._known
        administration, name, before = self._watch
        now = administration.sessions_of(name)
        if now is None:
            return True
        new = now - before - self._known
        if len(new) > self._lost:
            return True
        ended = [administration.end(session_id) for session_id in new]
        return not all(ended)

    def _end_own(self, administration: t.Optional[Administration]) -> str:
        if administration is None:
            return "The administration port takes a client certificate of the site; none was given."
        why = ""
        for session in list(self._open):
            if administration.end(session.cookie.value):
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
        found = parse(body[:65536])
    except BadJson:
        return None
    if not isinstance(found, dict):
        return None
    lower = {str(key).lower(): value for key, value in found.items()}
    directory, user_id, name = (lower.get(k) for k in ("userdirectory", "userid", "username"))
    if not isinstance(directory, str) or not isinstance(user_id, str) or not user_id:
        return None
    if not is_encodable(directory) or not is_encodable(user_id):
        return None
    return User(directory, user_id, name if is_encodable(name) else None, (source,))
