# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The repository's REST API (QRS) over a transport; repeats reading requests."""

from __future__ import annotations

import json
import re
import typing as t
from urllib.parse import quote, urlencode

from ..errors import AnswerError, TransportError
from ..ports import UNAVAILABLE, Request, Response, seconds
from .answers import expect

if t.TYPE_CHECKING:
    from ..ports import Transport
    from .auth import Access

Entity = t.Dict[str, t.Any]

#: Statuses of faults that pass, and say nothing about the request itself.
_PASSING_STATUS = (429, *UNAVAILABLE)

_ID = re.compile(r"[A-Za-z0-9_-]+")

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


class Qrs:
    """One repository. ``requests`` counts what was sent, repeats and logins included."""

    def __init__(
        self,
        transport: Transport,
        base_url: str,
        *,
        access: Access,
        xrfkey: t.Callable[[], str],
        sleep: t.Callable[[float], None],
        retries: int = 3,
    ) -> None:
        """``base_url`` goes up to and without ``/qrs``; ``xrfkey`` makes 16 letters and digits."""
        self._transport = transport
        self._base_url = base_url.rstrip("/")
        self._access = access
        self._xrfkey = xrfkey
        self._sleep = sleep
        self._retries = retries
        self.requests = 0

    def get(self, path: str, **query: str) -> t.Any:
        """The JSON at ``/qrs/<path>``. Retried after a temporary fault."""
        attempt = 0
        growing = _FIRST_PAUSE
        while True:
            try:
                response = self._send("GET", path, query)
            except TransportError as error:
                if not error.passes or attempt >= self._retries:
                    raise
                pause = None
            else:
                if response.status not in _PASSING_STATUS or attempt >= self._retries:
                    return self._expect(response, "GET", path, 200)
                pause = seconds(response.header("Retry-After"), most=_LONGEST_PAUSE)
            self._sleep(growing if pause is None else pause)
            growing = min(growing * 2, _LONGEST_PAUSE)
            attempt += 1

    def entities(self, kind: str, filter: t.Optional[str] = None) -> t.List[Entity]:  # noqa: A002
        """Every full entity of ``kind`` that the user may read, or those that match ``filter``."""
        return self._list(kind + "/full", {"filter": filter} if filter else {})

    def _list(self, path: str, query: t.Mapping[str, str]) -> t.List[Entity]:
        found = self.get(path, **query)
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise _shape("GET", path, "a list of entities")
        return found

    def count(self, kind: str) -> int:
        """How many entities of ``kind`` the user may read, whatever a list is cut at."""
        path = kind + "/count"
        answer = self.get(path)
        # A number is wrapped on the wire, though the server's description says integer.
        number = answer.get("value") if isinstance(answer, dict) else answer
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise _shape("GET", path, "a number")
        return number

    def condensed(self, kind: str) -> t.List[Entity]:
        """Every entity of ``kind`` in its short form, which cannot be written back."""
        return self._list(kind, {})

    def create(self, kind: str, entity: Entity) -> Entity:
        """Create ``entity`` and return it as stored. Never repeated: it might exist by then."""
        return self._stored(self._send("POST", kind, {}, entity), "POST", kind, 201)

    def update(self, kind: str, entity: Entity) -> Entity:
        """Write the whole ``entity``, as it was read but for the changes; return it as stored.

        Raises ``Conflict`` if it was changed after it was read.
        """
        path = _path("PUT", kind, entity["id"])
        return self._stored(self._send("PUT", path, {}, entity), "PUT", path, 200)

    def delete(self, kind: str, entity_id: str) -> None:
        """Delete the entity."""
        path = _path("DELETE", kind, entity_id)
        self._expect(self._send("DELETE", path, {}), "DELETE", path, 204)

    def _stored(self, response: Response, method: str, path: str, status: int) -> Entity:
        answer = self._expect(response, method, path, status)
        if not isinstance(answer, dict) or not answer.get("id"):
            raise _shape(method, path, "the entity as stored")
        return answer

    def _send(
        self,
        method: str,
        path: str,
        query: t.Mapping[str, str],
        body: t.Optional[Entity] = None,
    ) -> Response:
        key = self._xrfkey()
        # The server takes a plus sign literally, so a space has to be %20.
        every = {"Xrfkey": key, **query}
        search = urlencode(every, quote_via=quote, safe="", errors="surrogatepass")
        headers = {"X-Qlik-Xrfkey": key, "Accept": "application/json"}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body).encode("utf-8")
        url = f"{self._base_url}/qrs/{path}?{search}"
        try:
            return self._access.exchange(self._count, Request(method, url, headers, content))
        except TransportError as error:
            if method == "GET" or not error.sent:
                raise
            raise TransportError(
                f"{error.message} Whether {method} /qrs/{path} was carried out is not known: run "
                "again, the next run reads "
                "before it writes.",
                kind=error.kind,
                sent=True,
                method=method,
                path="/qrs/" + path,
            ) from None

    def _count(self, request: Request) -> Response:
        self.requests += 1
        response = self._transport.send(request)
        self.requests += response.requests - 1
        return response

    def _expect(self, response: Response, method: str, path: str, status: int) -> t.Any:
        return expect(response, method, "/qrs/" + path, status, advice=self._access.advice)


def _path(method: str, kind: str, entity_id: t.Any) -> str:
    """The path of an entity. Its id comes from the server, and leads nowhere else."""
    if not isinstance(entity_id, str) or not _ID.fullmatch(entity_id):
        raise AnswerError(
            f"The repository named a {kind} by an id that is not valid, so {method} was not sent. "
            "Check that host and port lead to the repository itself.",
            status=200,
        )
    return f"{kind}/{entity_id}"


def _shape(method: str, path: str, wanted: str) -> AnswerError:
    return AnswerError(
        f"{method} /qrs/{path} answered with something other than {wanted}. Check that host and "
        "port lead to the "
        "repository itself.",
        status=200,
        method=method,
        path="/qrs/" + path,
    )
