# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The timeout limits a whole exchange, whatever the server does to prolong it."""

from __future__ import annotations

import base64
import contextlib
import itertools
import socket
import ssl
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import TransportError
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Request
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.proxy_admin import AdminPort
from ansible_collections.qlikops.sense.plugins.module_utils._http.ntlm import WindowsAuth
from ansible_collections.qlikops.sense.plugins.module_utils._http.tls import TlsSettings
from ansible_collections.qlikops.sense.plugins.module_utils._http.transport import RequestsTransport
from ansible_collections.qlikops.sense.plugins.module_utils._http.websocket import WebSocketDialer
from support import hostile_server as hostile
from support import tls_server as ca

TIMEOUT = 1
#: Seconds beyond the timeout: for a loaded machine, not for the transport.
GRACE = 5

OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = OK + b"Content-Length: 100000\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

DRIPS = {
    "nothing": hostile.dripping(b"", b""),
    "status line": hostile.dripping(b"HTTP/1.1 2", b"0"),
    "reason": hostile.dripping(b"HTTP/1.1 200 ", b"O"),
    "header bytes": hostile.dripping(OK + b"X-Slow: ", b"x"),
    "headers": hostile.dripping(OK, b"X-Slow: x\r\n"),
    "100 Continue": hostile.dripping(b"", CONTINUE),
    "100 Continue without a pause": hostile.dripping(b"", CONTINUE, 0),
    "headers of 100 Continue": hostile.dripping(b"HTTP/1.1 100 Continue\r\n", b"X: x\r\n"),
    "body": hostile.dripping(LENGTH, b"x"),
    "body without a length": hostile.dripping(OK + b"\r\n", b"x"),
    "body of a redirect": hostile.dripping(
        b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 100000\r\n\r\n", b"x"
    ),
    "chunks": hostile.dripping(CHUNKED, b"1\r\nx\r\n"),
    "chunk size": hostile.dripping(CHUNKED, b"0"),
    "chunk extension": hostile.dripping(CHUNKED + b"5;", b"x"),
    "chunk content": hostile.dripping(CHUNKED + b"ffff\r\n", b"x"),
    "trailer bytes": hostile.dripping(CHUNKED + b"0\r\nX-Slow: ", b"x"),
    "trailers": hostile.dripping(CHUNKED + b"0\r\n", b"X-Slow: x\r\n"),
}


@pytest.fixture(autouse=True)
def _no_web_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@contextlib.contextmanager
def in_time(kind: str = "timeout", *, sent: bool | None = True) -> t.Iterator[None]:
    """What is inside fails with that kind of fault, soon after the timeout."""
    started = time.monotonic()
    with pytest.raises(TransportError) as caught:
        yield
    assert time.monotonic() - started < TIMEOUT + GRACE
    assert caught.value.kind == kind, caught.value.message
    if sent is not None:
        assert caught.value.sent is sent
        assert caught.value.details["sent"] is sent


def send(url: str, request: Request | None = None, **options: t.Any) -> t.Any:
    transport = RequestsTransport(
        options.pop("tls", TlsSettings(validate=False)), timeout=TIMEOUT, **options
    )
    try:
        return transport.send(request or Request("GET", url + "/"))
    finally:
        transport.close()


@pytest.fixture
def tls_context(tmp_path: Path) -> ssl.SSLContext:
    chain = tmp_path / "server.pem"
    chain.write_text(ca.certificate("server", names=["127.0.0.1"]) + ca.key_pem("server"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context


@pytest.mark.parametrize("name", DRIPS)
def test_an_answer_that_drips(name: str) -> None:
    with hostile.serving(DRIPS[name]) as port, in_time():
        send(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("name", ["header bytes", "100 Continue", "chunk extension", "trailers"])
def test_an_answer_that_drips_over_tls(name: str, tls_context: ssl.SSLContext) -> None:
    with hostile.serving(DRIPS[name], tls_context) as port, in_time():
        send(f"https://127.0.0.1:{port}")


FLOODS = {
    "header line": (OK + b"X: ", b"x" * 65536),
    "headers": (OK, b"X-Many: x\r\n" * 1000),
    "big headers": (OK, b"X-Big: " + b"x" * 60_000 + b"\r\n"),
    "chunk extension": (CHUNKED + b"5;", b"x" * 65536),
    "trailers": (CHUNKED + b"0\r\n", b"X-Many: x\r\n" * 1000),
    "trailer": (CHUNKED + b"0\r\nX: ", b"x" * 65536),
    "100 Continue": (b"", CONTINUE * 1000),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_ends_by_its_size(name: str) -> None:
    with hostile.serving(hostile.dripping(*FLOODS[name], 0)) as port, in_time("oversized"):
        send(f"http://127.0.0.1:{port}", max_body=10_000)


def test_headers_are_limited_in_total() -> None:
    answer = OK + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 60_000) for n in range(5)) + b"\r\n"
    with hostile.serving(hostile.answering(answer)) as port, in_time("oversized"):
        send(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize(
    "behave",
    [
        hostile.silent,
        lambda connection: hostile.drip(connection, b"\x16\x03\x03\x40\x00\x02\x00\x3f", b"x"),
    ],
    ids=["silence", "drip"],
)
def test_a_slow_tls_handshake_means_that_nothing_was_sent(behave: hostile.Behavior) -> None:
    with hostile.serving(behave) as port, in_time(sent=False):
        send(f"https://127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 Connection est", b"a"),
        (b"HTTP/1.1 200 Connection established\r\n", b"X: x\r\n"),
        (b"HTTP/1.1 200 Connection established\r\n\r\n", b""),
    ],
    ids=["silence", "status line", "headers", "tls"],
)
def test_a_slow_web_proxy(head: bytes, piece: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with hostile.serving(hostile.dripping(head, piece)) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        started = time.monotonic()
        with pytest.raises(TransportError) as caught:
            send("https://qlik.invalid")
        assert time.monotonic() - started < TIMEOUT + GRACE
    assert (caught.value.kind in ("timeout", "proxy"), caught.value.sent) == (True, False)


def test_a_server_that_does_not_read_a_long_request() -> None:
    with hostile.serving(hostile.silent) as port, in_time():
        url = f"http://127.0.0.1:{port}/qrs/x"
        send(url, Request("PUT", url, {}, b"x" * 30_000_000))


def test_addresses_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    # A socket that listens with a full queue lets no one connect and says nothing.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, contextlib.ExitStack() as stack:
        address = full.getsockname()
        for dummy in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(address)
        with hostile.serving(hostile.answering(OK + b"Content-Length: 0\r\n\r\n")) as port:
            monkeypatch.setattr(socket, "getaddrinfo", resolves_to([address] * 8))
            with in_time(sent=False):
                send("http://qlik.invalid")
            monkeypatch.setattr(socket, "getaddrinfo", resolves_to([address, ("127.0.0.1", port)]))
            assert send("http://qlik.invalid").status == 200


def resolves_to(addresses: list[tuple[str, int]]) -> t.Callable[..., t.Any]:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]
    return lambda *args, **kwargs: found


CHALLENGE = base64.b64encode(
    b"NTLMSSP\0\x02\0\0\0" + b"\0" * 8 + b"\x01\x02\x00\x00" + b"12345678" + b"\0" * 24
)


def windows_server(third: bytes) -> hostile.Behavior:
    """Asks for NTLM, challenges, and drips ``third`` as its last answer."""

    def behave(connection: socket.socket) -> None:
        hostile.read_request(connection)
        empty = b"Content-Length: 0\r\n\r\n"
        connection.sendall(b"HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\n" + empty)
        hostile.read_request(connection)
        time.sleep(TIMEOUT * 0.7)
        connection.sendall(
            b"HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM " + CHALLENGE + b"\r\n" + empty
        )
        hostile.read_request(connection)
        hostile.drip(connection, third, b"x")

    return behave


def test_the_steps_of_a_windows_login_share_the_time() -> None:
    with hostile.serving(windows_server(OK + b"X: ")) as port:
        url = f"http://127.0.0.1:{port}/qrs/about"
        started = time.monotonic()
        with in_time(sent=None):
            send(url, Request("GET", url, windows_login=True), windows_auth=WindowsAuth("a", "b"))
        assert time.monotonic() - started < TIMEOUT * 2


def test_an_administration_port_that_drips() -> None:
    with hostile.serving(DRIPS["header bytes"]) as port:
        transport = RequestsTransport(TlsSettings(validate=False), timeout=60)
        admin = AdminPort(f"http://127.0.0.1:{port}", transport)
        end = time.monotonic() + TIMEOUT
        letters = itertools.repeat("0123456789abcdef").__next__
        counted = admin.count(["a", "b", "c"], letters=letters, left=lambda: end - time.monotonic())
        assert counted is None
        assert time.monotonic() < end + GRACE
        transport.close()


@pytest.mark.parametrize("name", ["header bytes", "100 Continue"])
def test_the_handshake_of_a_websocket_that_drips(name: str) -> None:
    with hostile.serving(DRIPS[name]) as port, in_time():
        dial(port)


UPGRADE = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
FIRST = b"\x01\x01x"
FRAMES = {
    "pings": (b"", b"\x89\x00", 0.01, "timeout"),
    "a frame": (b"\x81\x7f\x00\x00\x00\x00\x00\x0f\x00\x00", b"x", hostile.PAUSE, "timeout"),
    "fragments": (FIRST, b"\x00\x01x", hostile.PAUSE, "timeout"),
    "empty fragments without a pause": (FIRST, b"\x00\x00" * 1000, 0, "timeout"),
}


@pytest.mark.parametrize("name", FRAMES)
def test_messages_that_never_come(name: str) -> None:
    head, piece, pause, kind = FRAMES[name]
    with hostile.serving(hostile.dripping(UPGRADE + head, piece, pause)) as port:
        dummy, conversation = dial(port)
        assert conversation is not None
        with in_time(kind):
            conversation.receive(timeout=TIMEOUT)
        started = time.monotonic()
        conversation.close()
        assert time.monotonic() - started < GRACE


def dial(port: int) -> t.Any:
    transport = RequestsTransport(TlsSettings(validate=False), timeout=TIMEOUT)
    headers = {"Connection": "Upgrade", "Upgrade": "websocket"}
    return WebSocketDialer(transport).dial(
        Request("GET", f"http://127.0.0.1:{port}/app/x", headers)
    )
