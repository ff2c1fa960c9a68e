# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WebSockets over a real connection, against a server that writes its frames byte by byte."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import TransportError
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Request, Response
from ansible_collections.qlikops.sense.plugins.module_utils._http import (
    websocket as _transport_websocket,
)
from ansible_collections.qlikops.sense.plugins.module_utils._http.tls import TlsSettings
from ansible_collections.qlikops.sense.plugins.module_utils._http.transport import RequestsTransport

HANDSHAKE = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
TEXT, CONTINUATION, CLOSE, PING, PONG = 1, 0, 8, 9, 10
Server = t.Callable[[socket.socket], None]


def frame(data: bytes, opcode: int = TEXT, *, fin: bool = True, length: int | None = None) -> bytes:
    """A frame of a server (RFC 6455 5.2), which may lie about its length."""
    size = len(data) if length is None else length
    head = bytes([opcode | (0x80 if fin else 0)])
    if size < 126:
        return head + bytes([size]) + data
    if size < 65536:
        return head + bytes([126]) + struct.pack("!H", size) + data
    return head + bytes([127]) + struct.pack("!Q", size) + data


def read_frame(connection: socket.socket) -> tuple[int, bytes]:
    """A short frame of a client, unmasked."""
    head = connection.recv(2, socket.MSG_WAITALL)
    size = head[1] & 0x7F
    mask = connection.recv(4, socket.MSG_WAITALL)
    data = connection.recv(size, socket.MSG_WAITALL) if size else b""
    return head[0] & 0xF, bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))


@contextlib.contextmanager
def serving(behave: Server) -> t.Iterator[str]:
    """A server that reads the handshake and then behaves as told, for one connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def work() -> None:
            connection, dummy = listener.accept()
            with connection, contextlib.suppress(OSError):
                connection.settimeout(10)
                while b"\r\n\r\n" not in connection.recv(65536):
                    pass
                behave(connection)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            thread.join(20)


def dial(
    url: str, timeout: float = 5
) -> tuple[Response, _transport_websocket.FrameConversation | None]:
    transport = RequestsTransport(TlsSettings(), timeout=timeout)
    headers = {"Connection": "Upgrade", "Upgrade": "websocket"}
    return _transport_websocket.WebSocketDialer(transport).dial(
        Request("GET", f"{url}/app/x", headers)
    )


@contextlib.contextmanager
def talking(behave: Server) -> t.Iterator[_transport_websocket.FrameConversation]:
    with serving(behave) as url:
        response, conversation = dial(url)
        assert response.status == 101
        assert conversation is not None
        try:
            yield conversation
        finally:
            started = time.monotonic()
            conversation.close()
            assert time.monotonic() - started < 4


def says(*pieces: bytes) -> Server:
    def behave(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.02)
        connection.recv(65536)

    return behave


@pytest.mark.parametrize(
    "pieces",
    [
        # With the headers in one piece, byte by byte, in fragments, as binary.
        [HANDSHAKE + frame(b"one") + frame("zwölf".encode())],
        [HANDSHAKE, *[bytes([b]) for b in frame(b"one") + frame("zwölf".encode())]],
        [HANDSHAKE, frame(b"o", fin=False), frame(b"ne", CONTINUATION),
         frame("zwölf".encode(), 2)],
    ],
)  # fmt: skip
def test_messages(pieces: list[bytes]) -> None:
    with talking(says(*pieces)) as conversation:
        assert conversation.receive(timeout=5) == "one"
        assert conversation.receive(timeout=5) == "zwölf"


def test_invalid_utf8_is_no_reason_to_break() -> None:
    with talking(says(HANDSHAKE + frame(b"\xff{}"))) as conversation:
        assert conversation.receive(timeout=5) in ("\ufffd{}", None)


def test_a_question_arrives_masked_and_a_goodbye_at_the_end() -> None:
    heard: list[tuple[int, bytes]] = []

    def behave(connection: socket.socket) -> None:
        connection.sendall(HANDSHAKE)
        heard.append(read_frame(connection))
        connection.sendall(frame(b"answer"))
        heard.append(read_frame(connection))
        connection.sendall(frame(b"\x03\xe8", CLOSE))

    with talking(behave) as conversation:
        conversation.send("question")
        assert conversation.receive(timeout=5) == "answer"
    assert heard == [(TEXT, b"question"), (CLOSE, b"\x03\xe8")]


def test_never_pings_and_answers_one() -> None:
    heard: list[tuple[int, bytes]] = []

    def behave(connection: socket.socket) -> None:
        connection.sendall(HANDSHAKE + frame(b"hello", PING) + frame(b"one"))
        heard.append(read_frame(connection))
        connection.settimeout(0.5)
        with contextlib.suppress(TimeoutError):
            heard.append(read_frame(connection))
        connection.sendall(frame(b"two"))

    with talking(behave) as conversation:
        assert conversation.receive(timeout=5) == "one"
        assert conversation.receive(timeout=5) == "two"
    assert heard == [(PONG, b"hello")]


def test_a_goodbye_is_the_end() -> None:
    pieces = [HANDSHAKE + frame(b"last words"), frame(b"\x03\xe8", CLOSE)]
    with talking(says(*pieces)) as conversation:
        assert conversation.receive(timeout=5) == "last words"
        assert conversation.receive(timeout=5) is None
        assert conversation.receive(timeout=5) is None
        conversation.send("too late")


@pytest.mark.parametrize(
    ("behave", "kind"),
    [
        (says(HANDSHAKE), "timeout"),
        (says(HANDSHAKE, frame(b"half", length=99)), "timeout"),
        (lambda connection: connection.sendall(HANDSHAKE), "reset"),
        (lambda connection: connection.sendall(HANDSHAKE + frame(b"half", length=99)), "reset"),
        (says(HANDSHAKE + b"<html>no frames at all</html>"), "reset"),
        (says(HANDSHAKE + frame(b"x", length=100 * 1024 * 1024)), "oversized"),
        (says(HANDSHAKE, *[frame(b"x" * 60_000, 1 if i == 0 else 0, fin=False)
                           for i in range(40)]), "oversized"),
    ],
)  # fmt: skip
def test_faults(behave: Server, kind: str) -> None:
    with talking(behave) as conversation:
        started = time.monotonic()
        with pytest.raises(TransportError) as caught:
            conversation.receive(timeout=1)
        assert caught.value.kind == kind
        assert time.monotonic() - started < 3


def test_after_a_silence_it_goes_on() -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(HANDSHAKE)
        time.sleep(0.6)
        connection.sendall(frame(b"late"))
        connection.recv(65536)

    with talking(behave) as conversation:
        with pytest.raises(TransportError) as caught:
            conversation.receive(timeout=0.2)
        assert caught.value.kind == "timeout"
        assert conversation.receive(timeout=5) == "late"


def test_a_drip_ends_in_time() -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(HANDSHAKE + frame(b"", length=60_000))
        for dummy in range(100):
            connection.sendall(b"x")
            time.sleep(0.05)

    with talking(behave) as conversation:
        started = time.monotonic()
        with pytest.raises(TransportError):
            conversation.receive(timeout=1)
        assert time.monotonic() - started < 2


def test_another_status_opens_nothing() -> None:
    refusal = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"
    with serving(lambda connection: connection.sendall(refusal)) as url:
        response, conversation = dial(url)
    assert (response.status, response.body, conversation) == (403, b"no", None)


def test_no_answer_is_a_fault() -> None:
    with serving(lambda connection: None) as url, pytest.raises(TransportError) as caught:
        dial(url)
    assert caught.value.kind == "reset"
