# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""``Transport`` over requests.

Whatever the environment says (REQUESTS_CA_BUNDLE, .netrc, proxies) is left out, unless the user
asked for the environment's web proxies: ``requests`` would let the first two replace the trust and
the Authorization header that were asked for.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
import typing as t
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

from .._core.errors import TransportError
from .._core.ports import Request, Response
from .limits import Exchange

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
    from .certificate import Peer
    from .tls import TlsSettings

#: Bytes of a body that are read at most. The largest answer of a repository is the list of proxy
#: services, which repeats each virtual proxy for each proxy that serves it: with 1,000 virtual
#: proxies of 4 kB (2 kB and a certificate) on 12 nodes it has 46 MiB.
MAX_BODY = 48 * 1024 * 1024

#: Bytes of the headers of one answer. IIS and Windows allow 64 KiB.
MAX_HEADERS = 256 * 1024

_CHUNK = 64 * 1024


class Upgraded(t.NamedTuple):
    """A connection that speaks no HTTP any more, with the bytes that were read from it already."""

    socket: socket.socket
    buffered: bytes
    release: t.Callable[[], None]
    exchange: Exchange


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
        self._exchange = Exchange()

    def send(self, request: Request, *, timeout: t.Optional[float] = None) -> Response:
        """Send ``request`` once. The body is cut, and marked so, after ``max_body`` bytes.

        ``timeout`` is for everything from the connection to the last byte of the answer. Only the
        resolution of names is left to the timeouts of the system.
        """
        limit = self._timeout if timeout is None else timeout
        # Its own faults (an unreadable client certificate) are not transport errors.
        session = self._session()
        started = time.monotonic()
        with self._explained(request.url, limit), self._ask(session, request, limit) as answer:
            return self._response(answer, started)

    def upgrade(self, request: Request) -> t.Tuple[Response, t.Optional[Upgraded]]:
        """As ``send``; after a 101 with the connection itself, which the caller gives back."""
        session = self._session()
        started = time.monotonic()
        with self._explained(request.url, self._timeout):
            answer = self._ask(session, request, self._timeout)
            upgraded = None
            try:
                response = self._response(answer, started)
                upgraded = self._take_over(answer)
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
                # The user chose this; a warning for each request would add nothing.
                disable_warnings(InsecureRequestWarning)
            session = _PlainSession()
            session.trust_env = False
            session.headers.clear()
            session.headers["User-Agent"] = "qlikops.sense"
            session.headers["Accept-Encoding"] = "identity"
            # Cookies are what the probe judges: it sends them itself, the session keeps none.
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            adapter = _Adapted(self._tls, self._exchange)
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            self._open_session = session
        return self._open_session

    def _ask(self, session: requests.Session, request: Request, limit: float) -> requests.Response:
        # Headers, the framing of chunks and the answers before a Windows login come on top.
        self._exchange.begin(limit, 2 * self._max_body + 4 * MAX_HEADERS)
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

    def _response(self, answer: requests.Response, started: float) -> Response:
        headers = tuple(answer.raw.headers.items())
        if sum(len(name) + len(value) for name, value in headers) > MAX_HEADERS:
            raise TransportError(
                f"The server sent more than {MAX_HEADERS} bytes of headers.",
                kind="oversized",
                sent=True,
            )
        response = Response(
            status=answer.status_code,
            reason=answer.reason or "",
            headers=headers,
            requests=1 + len(answer.history),
        )
        body, truncated = (b"", False) if response.encoding else self._read(answer)
        seconds = time.monotonic() - started
        return response._replace(body=body, truncated=truncated, seconds=seconds)

    @contextlib.contextmanager
    def _explained(self, url: str, limit: float) -> t.Iterator[None]:
        try:
            yield
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            from .errors import explain

            raise explain(
                error,
                url,
                limit,
                identified=self._tls.client_cert is not None,
                connecting=self._exchange.connecting,
                peer=lambda: self._peer(url),
            ) from None

    def _peer(self, url: str) -> t.Optional[Peer]:
        """What the server's certificate states; None behind a web proxy, or if it is unreadable."""
        from .certificate import read_peer

        parts = urlsplit(url)
        if parts.hostname is None or requests.utils.select_proxy(url, self._proxies(url)):
            return None
        name = self._tls.server_name or parts.hostname
        return read_peer(parts.hostname, parts.port or 443, name)

    def _proxies(self, url: str) -> t.Dict[str, str]:
        if not self._use_proxy:
            return {}
        return dict(requests.utils.get_environ_proxies(url, no_proxy=None))

    def _read(self, answer: requests.Response) -> t.Tuple[bytes, bool]:
        if answer.status_code == 101:
            return b"", False
        chunks: t.List[bytes] = []
        left = self._max_body + 1
        while left:
            chunk = answer.raw.read(min(left, _CHUNK), decode_content=False)
            if not chunk:
                return b"".join(chunks), False
            chunks.append(chunk)
            left -= len(chunk)
        return b"".join(chunks)[: self._max_body], True

    def _take_over(self, answer: requests.Response) -> t.Optional[Upgraded]:
        """The connection under a 101; None for another status, or where it cannot be reached.

        The first frames may have come with the headers: they wait in the reader of the answer.
        """
        connection = getattr(getattr(answer.raw, "connection", None), "sock", None)
        reader = getattr(getattr(answer.raw, "_fp", None), "fp", None)
        if answer.status_code != 101 or connection is None or reader is None:
            return None
        self._exchange.begin(0, 0)  # Read what has arrived, and do not wait for more.
        try:
            buffered = reader.read1(_CHUNK) or b""
        except socket.timeout:
            buffered = b""
        return Upgraded(connection, buffered, answer.close, self._exchange)


class _PlainSession(_Session):
    """Ignores redirects. With ``allow_redirects=False``, requests still prepares the next request:
    it first reads the whole body of this one, however long, and fails for a bad address."""

    def get_redirect_target(self, resp: requests.Response) -> t.Optional[str]:
        """None, wherever the answer leads."""
        return None


class _Adapted(_Adapter):
    """Verifies with the context it is given, keeps to the exchange, and decodes nothing."""

    def __init__(self, tls: TlsSettings, exchange: Exchange) -> None:
        self._verify = tls.validate
        self._exchange = exchange
        self._options: t.Dict[str, t.Any] = {"ssl_context": exchange.bind(tls.context())}
        if tls.server_name:
            self._options["server_hostname"] = tls.server_name
        super().__init__()

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: t.Any
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs, **self._options)
        self.poolmanager.pool_classes_by_scheme = self._exchange.pools()

    def proxy_manager_for(self, proxy: str, **kwargs: t.Any) -> t.Any:
        scheme = proxy.split(":")[0].lower()
        if scheme == "https":
            kwargs["proxy_ssl_context"] = self._exchange.bind(ssl.create_default_context())
        manager = super().proxy_manager_for(proxy, **kwargs, **self._options)
        if not scheme.startswith("socks"):  # Those connect in their own way.
            manager.pool_classes_by_scheme = self._exchange.pools()
        return manager

    def build_response(self, req: t.Any, resp: t.Any) -> requests.Response:
        # A few bytes can be encoded so that they become gigabytes, and older releases of urllib3
        # decode without a limit. Whatever reads this answer gets the bytes that were sent.
        resp.CONTENT_DECODERS = ()
        # Before release 2, urllib3 does not notice that a body is shorter than announced.
        resp.enforce_content_length = True
        return super().build_response(req, resp)

    def cert_verify(self, conn: t.Any, url: str, verify: t.Any, cert: t.Any) -> None:
        # The base class would add certifi's authorities to those of the context.
        conn.cert_reqs = "CERT_REQUIRED" if self._verify else "CERT_NONE"
        conn.ca_certs = None
        conn.ca_cert_dir = None
