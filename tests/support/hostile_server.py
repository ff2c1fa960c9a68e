# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server on a bare socket, which can send any bytes at any pace, with or without TLS."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
import typing as t

#: What one connection does. It ends when the client or the test closes the connection.
Behavior = t.Callable[[socket.socket], None]

#: Seconds after which a behavior ends on its own, should the client never give up.
_LONGEST = 30.0

PAUSE = 0.1


@contextlib.contextmanager
def serving(behave: Behavior, context: ssl.SSLContext | None = None) -> t.Iterator[int]:
    """Let ``behave`` serve every connection, in a thread; the port it listens on."""
    connections: list[socket.socket] = []
    threads: list[threading.Thread] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            served = context.wrap_socket(connection, server_side=True) if context else connection
            connections.append(served)
            with served:
                behave(served)

    def accept() -> None:
        while True:
            try:
                connection, dummy = listener.accept()
            except OSError:
                return
            connection.settimeout(_LONGEST)
            connections.append(connection)
            thread = threading.Thread(target=serve, args=(connection,), daemon=True)
            threads.append(thread)
            thread.start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in list(connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        for thread in [acceptor, *threads]:
            thread.join(5)


def read_request(connection: socket.socket) -> bytes:
    """The head of a request, or what came of it."""
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(65536)
        if not data:
            break
        head += data
    return head


def answering(data: bytes) -> Behavior:
    """Every request gets these bytes, and the connection is closed."""

    def behave(connection: socket.socket) -> None:
        if read_request(connection):
            connection.sendall(data)

    return behave


def dripping(head: bytes, piece: bytes, pause: float = PAUSE) -> Behavior:
    """A request gets ``head``, and then ``piece`` again and again."""

    def behave(connection: socket.socket) -> None:
        read_request(connection)
        drip(connection, head, piece, pause)

    return behave


def drip(connection: socket.socket, head: bytes, piece: bytes, pause: float = PAUSE) -> None:
    """Send ``head``, and then ``piece`` again and again."""
    connection.sendall(head)
    end = time.monotonic() + _LONGEST
    while time.monotonic() < end:
        connection.sendall(piece)
        time.sleep(pause)


def silent(connection: socket.socket) -> None:
    """Read nothing and send nothing."""
    end = time.monotonic() + _LONGEST
    while time.monotonic() < end and not _is_closed(connection):
        time.sleep(PAUSE)


def _is_closed(connection: socket.socket) -> bool:
    try:
        connection.getpeername()
    except OSError:
        return True
    return False
