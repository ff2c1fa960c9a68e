# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""One deadline and one number of bytes for a whole exchange.

A timeout of ``requests`` is for a single read, so a server that sends one byte a second holds a
request forever, and a body can be long before its first byte is (endless headers, trailers, chunk
extensions). The sockets below ``requests`` see all of it: before each read and write they set
their timeout to what is left, and they count what they read.
"""

from __future__ import annotations

import socket
import ssl
import time
import typing as t

from .tls import Context

try:
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
except ImportError:  # the shell reports it, see _deps.py
    HTTPConnection = HTTPSConnection = object  # type: ignore[assignment, misc]
    HTTPConnectionPool = HTTPSConnectionPool = object  # type: ignore[assignment, misc]


class TooMuch(OSError):
    """The server sent more bytes than this exchange may take."""


class Exchange:
    """What is left of the current exchange; one object for all sockets of a transport.

    ``connecting`` is true while a connection is being opened, before the request is sent.
    """

    def __init__(self) -> None:
        self._until = 0.0
        self._bytes = 0
        self.connecting = False

    def begin(self, seconds: float, size: int) -> None:
        """Start an exchange that may take so many seconds, and receive so many bytes."""
        self._until = time.monotonic() + seconds
        self._bytes = size
        self.connecting = False

    def left(self) -> float:
        """The seconds that are left, more than 0. Raises ``socket.timeout``."""
        seconds = self._until - time.monotonic()
        if seconds <= 0:
            raise socket.timeout("timed out")
        return seconds

    def received(self, count: int) -> None:
        """Count bytes. Raises ``TooMuch``."""
        self._bytes -= count
        if self._bytes < 0:
            raise TooMuch("too many bytes")

    def pools(self) -> t.Dict[str, t.Any]:
        """Classes for urllib3's pools by scheme, whose connections keep to this exchange."""
        sockets = self._bound(_Socket, socket.socket)
        http = self._bound(_Connection, HTTPConnection, sockets=sockets)
        https = self._bound(_Connection, HTTPSConnection, sockets=sockets)
        return {
            "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": http}),
            "https": type("TlsPool", (HTTPSConnectionPool,), {"ConnectionCls": https}),
        }

    def bind(self, context: ssl.SSLContext) -> ssl.SSLContext:
        """``context``, whose sockets keep to this exchange."""
        context.sslsocket_class = self._bound(_Socket, ssl.SSLSocket)
        return context

    def _bound(self, mixin: type, base: type, **more: t.Any) -> t.Any:
        return type(f"Limited{base.__name__}", (mixin, base), {"exchange": self, **more})


if t.TYPE_CHECKING:
    _SocketBase = socket.socket
    _ConnectionBase = HTTPConnection
else:
    _SocketBase = _ConnectionBase = object


class _Socket(_SocketBase):
    """Mixed into a socket class. ``exchange`` is set in the class that mixes both."""

    exchange: Exchange

    def recv(self, *args: t.Any) -> bytes:
        self.settimeout(self.exchange.left())
        data = super().recv(*args)
        self.exchange.received(len(data))
        return data

    def recv_into(self, *args: t.Any) -> int:
        self.settimeout(self.exchange.left())
        count = super().recv_into(*args)
        self.exchange.received(count)
        return count

    def send(self, *args: t.Any) -> int:
        self.settimeout(self.exchange.left())
        return super().send(*args)

    def sendall(self, *args: t.Any) -> None:
        self.settimeout(self.exchange.left())
        super().sendall(*args)

    def do_handshake(self, *args: t.Any) -> None:
        self.settimeout(self.exchange.left())
        super().do_handshake(*args)  # type: ignore[misc]  # only called for TLS


class _Connection(_ConnectionBase):
    """Mixed into urllib3's connection classes, together with ``exchange`` and ``sockets``."""

    exchange: Exchange
    sockets: t.Type[socket.socket]

    def connect(self) -> None:
        self.exchange.connecting = True
        context = getattr(self, "ssl_context", None)
        if isinstance(context, Context):
            name = getattr(self, "server_hostname", None) or self._tunnel_host or self.host
            context.expected = name.strip("[]")
        super().connect()
        self.exchange.connecting = False

    def _new_conn(self) -> socket.socket:
        """Connect to one of the addresses. Each of them gets its share of the time that is left.

        The name is resolved by the system, which has timeouts of its own.
        """
        name = self._dns_host.strip("[]")
        error: t.Optional[OSError] = None
        try:
            found = socket.getaddrinfo(name, self.port, 0, socket.SOCK_STREAM)
            for number, (family, kind, protocol, dummy, address) in enumerate(found):
                try:
                    return self._connected(family, kind, protocol, address, len(found) - number)
                except OSError as fault:
                    error = fault
        except OSError as fault:
            error = fault
        if isinstance(error, socket.timeout):
            raise ConnectTimeoutError(self, "timed out") from error
        raise NewConnectionError(self, f"no connection: {error}") from error

    def _connected(
        self, family: int, kind: int, protocol: int, address: t.Any, shares: int
    ) -> socket.socket:
        connection = self.sockets(family, kind, protocol)
        try:
            for option in self.socket_options or ():
                connection.setsockopt(*option)
            connection.settimeout(self.exchange.left() / shares)
            connection.connect(address)
        except BaseException:
            connection.close()
            raise
        return connection
