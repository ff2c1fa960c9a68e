# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small answer stays small, and bytes that are not HTTP end in one sentence."""

from __future__ import annotations

import gzip
import tracemalloc
import typing as t
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import TransportError
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Request, Response
from ansible_collections.qlikops.sense.plugins.module_utils._http.ntlm import WindowsAuth
from ansible_collections.qlikops.sense.plugins.module_utils._http.tls import TlsSettings
from ansible_collections.qlikops.sense.plugins.module_utils._http.transport import RequestsTransport
from support import hostile_server as hostile

EMPTY = gzip.compress(b"{}", mtime=0)
BOMB = gzip.compress(gzip.compress(b"\0" * 64 * 1024 * 1024))
MEBIBYTE = 1024 * 1024


def ask(answer: bytes | hostile.Behavior, **options: t.Any) -> Response:
    behave = hostile.answering(answer) if isinstance(answer, bytes) else answer
    windows = "windows_auth" in options
    with hostile.serving(behave) as port:
        transport = RequestsTransport(
            TlsSettings(), **{"timeout": 5, "use_proxy": False, "max_body": 10_000, **options}
        )
        try:
            url = f"http://127.0.0.1:{port}/"
            return transport.send(Request("GET", url, windows_login=windows))
        finally:
            transport.close()


def with_body(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"gzip, gzip", BOMB),
        (b"gzip", EMPTY),
        (b"x-gzip", EMPTY),
        (b"deflate", zlib.compress(b"{}")),
        (b"br", b"\x0b\x00\x80{}\x03"),
        (b"zstd", b"(\xb5/\xfd \x02\x11\x00\x00{}"),
        (b"gzip", b"not gzip"),
        (b"identity, GZIP", EMPTY),
    ],
    ids=["nested", "gzip", "x-gzip", "deflate", "br", "zstd", "not gzip", "mixed"],
)
def test_nothing_is_decoded(encoding: bytes, body: bytes) -> None:
    answer = ask(with_body(body, b"Content-Encoding: " + encoding))
    assert (answer.status, answer.body, answer.truncated) == (200, b"", False)
    assert answer.encoding == encoding.decode().lower().replace("identity, ", "")


@pytest.mark.parametrize("encoding", [b"identity", b"", b" Identity ,"])
def test_identity_is_not_an_encoding(encoding: bytes) -> None:
    answer = ask(with_body(b"{}", b"Content-Encoding: " + encoding))
    assert (answer.body, answer.encoding) == (b"{}", "")


def test_a_bomb_before_a_windows_login_does_not_fill_the_memory() -> None:
    headers = (b"WWW-Authenticate: NTLM", b"Content-Encoding: gzip, gzip", b"Connection: close")
    answer = with_body(BOMB, *headers, status=b"401 No")
    tracemalloc.start()
    try:
        with pytest.raises(TransportError):
            ask(answer, windows_auth=WindowsAuth("a", "b"))
        dummy, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * MEBIBYTE


def test_a_long_answer_before_a_windows_login_is_not_read() -> None:
    head = b"HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\n\r\n"
    with pytest.raises(TransportError) as caught:
        ask(hostile.dripping(head, b"x" * 65536, 0), windows_auth=WindowsAuth("a", "b"))
    assert caught.value.kind == "oversized"


def test_what_is_asked_for_is_identity() -> None:
    asked: list[bytes] = []

    def behave(connection: t.Any) -> None:
        asked.append(hostile.read_request(connection))
        connection.sendall(with_body(b""))

    ask(behave)
    assert b"Accept-Encoding: identity\r\n" in asked[0]


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff\xfe\r\n\r\n",
        b"HTTP/1.1 2\xb20 OK\r\n\r\n",
        b"HTTP/1.1 99999999999 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok",
        CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n",
        CHUNKED + b"-1\r\nhello\r\n0\r\n\r\n",
        CHUNKED + b"\xb2\r\nhello\r\n0\r\n\r\n",
        CHUNKED + b"f" * 5000 + b"\r\nhello",
        CHUNKED + b"5\r\nhel",
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    ],
)
def test_bytes_that_are_not_http(answer: bytes) -> None:
    with pytest.raises(TransportError) as caught:
        ask(answer)
    assert caught.value.kind in ("reset", "oversized")
    assert caught.value.sent is True
    assert caught.value.message.startswith("127.0.0.1:")


@pytest.mark.parametrize(
    "length", [b"\xb2", b"-5", b"1e1", b"9" * 5000, b"0x2", b"", "１".encode()]
)
def test_a_length_that_is_not_a_number(length: bytes) -> None:
    found = outcome(b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\nok")
    if isinstance(found, TransportError):
        assert found.kind == "reset"
    else:
        assert found.body in (b"", b"ok")


def outcome(answer: bytes, **options: t.Any) -> Response | TransportError:
    try:
        return ask(answer, **options)
    except TransportError as error:
        return error


PIECES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 302 \r\n",
        b"HTTP/1.1 204\r\n",
        b"HTTP/0.9 200\r\n",
        b"Content-Length: ",
        b"Transfer-Encoding: chunked\r\n",
        b"\r\n",
        b"\n",
        b"\r",
        b":",
        b" ",
        b"5\r\nhello\r\n",
        b"0\r\n\r\n",
        b"-1\r\n",
        b"\xb2",
        b"1_0",
        b"+5",
        b"\0",
        b"\xff",
        b"Location: https://[x\r\n",
        b"Set-Cookie: a=b; max-age=\xb2; expires=",
        b"Connection: keep-alive\r\n",
        b"Content-Encoding: gzip\r\n",
        b"WWW-Authenticate: NTLM ",
        b"Content-Type: text/html; charset=x\r\n",
        b"x" * 3000,
    ]
)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=8)), max_size=8).map(b"".join), st.booleans())
@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
def test_any_bytes_are_an_answer_or_one_sentence(answer: bytes, windows: bool) -> None:
    options = {"windows_auth": WindowsAuth("a", "b")} if windows else {}
    found = outcome(answer, **options)
    if isinstance(found, TransportError):
        assert found.message.isprintable()
    else:
        assert len(found.body) <= 10_000
