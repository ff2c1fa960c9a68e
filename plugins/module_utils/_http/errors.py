# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Maps exceptions of requests to a kind and one sentence.

``requests`` wraps ``urllib3``, which wraps ``ssl`` and ``socket``. Only the innermost exception
has the cause, so the whole chain is checked.
"""

from __future__ import annotations

import functools
import socket
import ssl
import typing as t
from urllib.parse import urlsplit

from .._core.errors import TransportError
from .certificate import Peer, unverified

#: What a TLS server says, as an alert, when it does not accept the client's certificate.
_CLIENT_ALERTS = (
    "CERTIFICATE_REQUIRED",
    "BAD_CERTIFICATE",
    "UNKNOWN_CA",
    "CERTIFICATE_UNKNOWN",
    "HANDSHAKE_FAILURE",
    "ACCESS_DENIED",
)


def explain(
    error: BaseException,
    url: str,
    timeout: float,
    *,
    identified: bool,
    connecting: bool = False,
    peer: t.Callable[[], t.Optional[Peer]] = lambda: None,
) -> TransportError:
    """The ``TransportError`` for ``error``, which happened while asking ``url``.

    ``identified`` is true if a client certificate was sent: since TLS 1.3 a server rejects it
    after the handshake, and some do so by closing the connection without a message.
    ``connecting`` is true if the connection was still being opened: the request was not sent.
    ``peer`` reads the server's certificate; some messages name its content.
    """
    parts = urlsplit(url)
    host = "{}:{}".format(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
    chain = list(_chain(error))
    certificate = functools.partial(_certificate, peer)
    for rule in (
        _proxy,
        certificate,
        _too_much,
        _tls,
        _address,
        _timeout,
        _connection_refused,
        _reset,
    ):
        found = rule(chain, host, timeout, connecting)
        if found is not None:
            break
    else:
        found = TransportError(
            "{} ({}).".format(
                f"Connecting to {host} failed"
                if connecting
                else f"{host} sent an answer that is not valid HTTP",
                type(error).__name__,
            ),
            kind="reset",
            sent=True,
        )
    if connecting:
        found.sent = found.details["sent"] = False
    if found.kind == "reset" and identified:
        found.message += " If it always does, it rejects the client certificate: use client.pem "
        found.message += "and client_key.pem of this site."
    return found


def _chain(error: BaseException) -> t.Iterator[BaseException]:
    """``error`` and every exception inside it: causes, contexts, arguments, urllib3's reasons."""
    seen: t.Set[int] = set()
    queue: t.List[t.Any] = [error]
    while queue:
        item = queue.pop(0)
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        queue += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]


def _named(chain: t.List[BaseException], *names: str) -> bool:
    return any(type(item).__name__ in names for item in chain)


def _proxy(
    chain: t.List[BaseException], host: str, timeout: float, connecting: bool
) -> t.Optional[TransportError]:
    # urllib3 before 2 has one name for all that fails behind a proxy, also after the request.
    failed = connecting and _named(chain, "ProxyError")
    if not failed and not _named(chain, "ProxySchemeUnknown", "InvalidProxyURL"):
        return None
    return TransportError(
        f"The web proxy of the environment did not lead to {host}. Set use_proxy to false, or name "
        "the "
        "host in NO_PROXY.",
        kind="proxy",
        sent=False,
    )


def _certificate(
    peer: t.Callable[[], t.Optional[Peer]],
    chain: t.List[BaseException],
    host: str,
    timeout: float,
    connecting: bool,
) -> t.Optional[TransportError]:
    for item in chain:
        if isinstance(item, ssl.SSLCertVerificationError):
            return unverified(item, host, peer)
    return None


def _too_much(
    chain: t.List[BaseException], host: str, timeout: float, connecting: bool
) -> t.Optional[TransportError]:
    if _named(chain, "TooMuch"):
        what = "more bytes than an answer may have"
    elif _named(chain, "LineTooLong"):
        what = "a header or chunk line that is too long"
    elif any(_named([item], "HTTPException") and "headers" in str(item) for item in chain):
        what = "more than 100 headers"
    else:
        return None
    return TransportError(
        f"{host} sent {what}. Check that host and port lead to Qlik Sense.",
        kind="oversized",
        sent=True,
    )


def _tls(
    chain: t.List[BaseException], host: str, timeout: float, connecting: bool
) -> t.Optional[TransportError]:
    for item in chain:
        if not isinstance(item, ssl.SSLError) or _hung_up(item):
            continue
        reason = getattr(item, "reason", None) or ""
        if any(alert in reason for alert in _CLIENT_ALERTS):
            return TransportError(
                "{} did not accept the client certificate ({}). Use client.pem and client_key.pem "
                "exported from this very site.".format(host, reason.lower().replace("_", " ")),
                kind="tls_client",
                sent=False,
            )
        if "TIMED OUT" in str(item).upper():
            return None
        return TransportError(
            "No TLS with {} ({}). Is it a TLS port?".format(host, reason.lower().replace("_", " ")),
            kind="tls",
            sent=False,
        )
    return None


def _hung_up(error: BaseException) -> bool:
    """The connection ended while TLS was spoken: OpenSSL has a number for it, but no reason.

    A server that rejects the client certificate may close the connection while the request is
    still being written, and what was written then is not known.
    """
    ended = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
    return isinstance(error, ended) and not getattr(error, "reason", None)


def _address(
    chain: t.List[BaseException], host: str, timeout: float, connecting: bool
) -> t.Optional[TransportError]:
    if any(isinstance(item, (socket.gaierror, UnicodeError)) for item in chain):
        return TransportError(
            f"The name of {host} cannot be resolved on this machine. Check the spelling and the "
            "DNS.",
            kind="dns",
            sent=False,
        )
    return None


def _timeout(
    chain: t.List[BaseException], host: str, timeout: float, connecting: bool
) -> t.Optional[TransportError]:
    late = _named(chain, "ConnectTimeoutError", "ConnectTimeout")
    connecting = connecting or late
    if late or any(
        isinstance(item, socket.timeout)
        or type(item).__name__.endswith("ReadTimeout")
        or type(item).__name__ == "ReadTimeoutError"
        for item in chain
    ):
        return TransportError(
            "{} {} within {:g} s.".format(
                host, "could not be reached" if connecting else "gave no complete answer", timeout
            ),
            kind="timeout",
            sent=not connecting,
        )
    return None


def _connection_refused(
    chain: t.List[BaseException], host: str, timeout: float, connecting: bool
) -> t.Optional[TransportError]:
    if any(isinstance(item, ConnectionRefusedError) for item in chain):
        return TransportError(
            f"{host} refused the connection: nothing listens there, or a firewall is in between.",
            kind="refused",
            sent=False,
        )
    return None


def _reset(
    chain: t.List[BaseException], host: str, timeout: float, connecting: bool
) -> t.Optional[TransportError]:
    broken = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
    if any(isinstance(item, broken) or _hung_up(item) for item in chain) or _named(
        chain, "RemoteDisconnected", "IncompleteRead", "ProtocolError", "ChunkedEncodingError"
    ):
        return TransportError(
            f"{host} closed the connection before its answer was complete.",
            kind="reset",
            sent=True,
        )
    if _named(chain, "NewConnectionError"):
        return TransportError(f"{host} could not be reached.", kind="timeout", sent=False)
    return None
