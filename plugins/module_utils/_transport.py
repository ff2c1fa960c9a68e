# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The core's transport over ``requests``.

Whatever the environment says (REQUESTS_CA_BUNDLE, .netrc, proxies) is left out, unless the user
asked for the environment's web proxies: ``requests`` would let the first two replace the trust and
the Authorization header that were asked for.
"""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import ssl
import time
import typing as t
from http.cookiejar import DefaultCookiePolicy

from ._core.errors import TransportError
from ._core.wire import Request, Response

try:
    import requests
    import requests.adapters
    import requests.auth
    import requests.utils
    from urllib3 import disable_warnings
    from urllib3.exceptions import HTTPError, InsecureRequestWarning

    _Adapter = requests.adapters.HTTPAdapter
    _Session = requests.Session
except ImportError:  # the shell reports it, see _deps.py
    _Adapter = object  # type: ignore[assignment, misc]
    _Session = object  # type: ignore[assignment, misc]

if t.TYPE_CHECKING:
    from ._tls import TlsSettings

#: Bytes of a body that are read at the most: far above the largest answer of a repository.
MAX_BODY = 64 * 1024 * 1024

_CHUNK = 64 * 1024

#: Seconds for one read or write after an upgrade, until the reader sets its own.
_UPGRADED_TIMEOUT = 5.0


@dataclasses.dataclass(frozen=True)
class Upgraded:
    """A connection that speaks no HTTP any more, with the bytes that were read from it already."""

    socket: socket.socket
    buffered: bytes = dataclasses.field(repr=False)
    release: t.Callable[[], None]


class RequestsTransport:
    """One connection pool to one server, with its own trust; see ``wire.Transport``."""

    def __init__(
        self,
        tls: TlsSettings,
        *,
        timeout: float = 60,
        use_proxy: bool = True,
        max_body: int = MAX_BODY,
        windows_auth: t.Optional[requests.auth.AuthBase] = None,
    ) -> None:
        """``windows_auth`` is for requests that say so, see ``wire.Request``."""
        self._tls = tls
        self._timeout = timeout
        self._use_proxy = use_proxy
        self._max_body = max_body
        self._windows_auth = windows_auth
        self._open_session: t.Optional[requests.Session] = None

    def send(self, request: Request, *, timeout: t.Optional[float] = None) -> Response:
        """Send ``request`` once. The body is cut, and marked so, after ``max_body`` bytes."""
        limit = self._timeout if timeout is None else timeout
        # Its own faults (an unreadable client certificate) are no transport errors.
        session = self._session()
        started = time.monotonic()
        with self._explained(request.url, limit), self._ask(session, request, limit) as answer:
            return self._response(answer, started, limit)

    def upgrade(self, request: Request) -> t.Tuple[Response, t.Optional[Upgraded]]:
        """As ``send``; after a 101 with the connection itself, which the caller gives back."""
        session = self._session()
        started = time.monotonic()
        with self._explained(request.url, self._timeout):
            answer = self._ask(session, request, self._timeout)
            upgraded = None
            try:
                response = self._response(answer, started, self._timeout)
                upgraded = _take_over(answer)
            finally:
                if upgraded is None:
                    answer.close()
            return response, upgraded

    def close(self) -> None:
        """Give the connections back."""
        if self._open_session is not None:
            self._open_session.close()
            self._open_session = None

    def _session(self) -> requests.Session:
        if self._open_session is None:
            if not self._tls.validate:
                # The user has decided that; a warning for each request would tell nothing new.
                disable_warnings(InsecureRequestWarning)
            session = _PlainSession()
            session.trust_env = False
            session.headers.clear()
            session.headers["User-Agent"] = "qlikops.sense"
            # Cookies are what the probe judges: it sends them itself, the session keeps none.
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            adapter = _TlsAdapter(self._tls)
            session.mount("https://", adapter)
            self._open_session = session
        return self._open_session

    def _ask(self, session: requests.Session, request: Request, limit: float) -> requests.Response:
        return session.request(
            request.method,
            request.url,
            headers=dict(request.headers),
            data=request.body,
            timeout=limit,
            allow_redirects=False,
            stream=True,
            proxies=self._proxies(request.url),
            verify=self._tls.validate,
            auth=self._windows_auth if request.windows_login else None,
        )

    def _response(self, answer: requests.Response, started: float, limit: float) -> Response:
        body, truncated = self._read(answer, started + limit)
        return Response(
            status=answer.status_code,
            reason=answer.reason or "",
            headers=tuple(answer.raw.headers.items()),
            body=body,
            seconds=time.monotonic() - started,
            truncated=truncated,
            requests=1 + len(answer.history),
        )

    @contextlib.contextmanager
    def _explained(self, url: str, limit: float) -> t.Iterator[None]:
        try:
            yield
        except (requests.RequestException, HTTPError, OSError) as error:
            from ._transport_errors import explain

            identified = self._tls.client_cert is not None
            raise explain(error, url, limit, identified=identified) from None

    def _proxies(self, url: str) -> t.Dict[str, str]:
        if not self._use_proxy:
            return {}
        return dict(requests.utils.get_environ_proxies(url, no_proxy=None))

    def _read(self, answer: requests.Response, deadline: float) -> t.Tuple[bytes, bool]:
        if answer.status_code == 101:
            return b"", False
        chunks: t.List[bytes] = []
        size = 0
        for chunk in _chunks(answer):
            chunks.append(chunk)
            size += len(chunk)
            if size > self._max_body:
                return b"".join(chunks)[: self._max_body], True
            if time.monotonic() > deadline:
                raise TransportError("The answer did not end in time.", kind="timeout", sent=True)
        return b"".join(chunks), False


def _take_over(answer: requests.Response) -> t.Optional[Upgraded]:
    """The connection under a 101; None for another status, or where it cannot be reached.

    The first frames may have come together with the headers: they wait in the reader of the answer.
    """
    connection = getattr(getattr(answer.raw, "connection", None), "sock", None)
    reader = getattr(getattr(answer.raw, "_fp", None), "fp", None)
    if answer.status_code != 101 or connection is None or reader is None:
        return None
    connection.settimeout(0)
    try:
        buffered = reader.read1(_CHUNK) or b""
    except (BlockingIOError, ssl.SSLWantReadError):
        buffered = b""
    connection.settimeout(_UPGRADED_TIMEOUT)
    return Upgraded(connection, buffered, answer.close)


def _chunks(answer: requests.Response) -> t.Iterator[bytes]:
    """The body in pieces as they arrive, so that a dripping one cannot outlive its deadline."""
    read1 = getattr(answer.raw, "read1", None)
    if read1 is None:  # urllib3 before 2.1 waits for whole pieces
        yield from answer.iter_content(_CHUNK)
        return
    while True:
        chunk = read1(_CHUNK, decode_content=True)
        if not chunk:
            return
        yield chunk


class _PlainSession(_Session):
    """Knows no redirects. Also when told not to follow them, requests prepares the next request:
    it reads the whole body of this one first, however long, and stumbles over a bad address."""

    def get_redirect_target(self, resp: requests.Response) -> t.Optional[str]:
        """None, wherever the answer leads."""
        return None


class _TlsAdapter(_Adapter):
    """Verifies with the context it is given, and with nothing else."""

    def __init__(self, tls: TlsSettings) -> None:
        self._verify = tls.validate
        self._options: t.Dict[str, t.Any] = {"ssl_context": tls.context()}
        if tls.server_name:
            self._options["server_hostname"] = tls.server_name
        super().__init__()

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: t.Any
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs, **self._options)

    def proxy_manager_for(self, proxy: str, **kwargs: t.Any) -> t.Any:
        return super().proxy_manager_for(proxy, **kwargs, **self._options)

    def cert_verify(self, conn: t.Any, url: str, verify: t.Any, cert: t.Any) -> None:
        # The base class would add certifi's authorities to those of the context.
        conn.cert_reqs = "CERT_REQUIRED" if self._verify else "CERT_NONE"
        conn.ca_certs = None
        conn.ca_cert_dir = None
