# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The transport against real TLS servers: whom it trusts, what the environment cannot change."""

from __future__ import annotations

import re
import socket
import ssl
import tempfile
import threading
import time
import typing as t
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import requests.adapters
import requests.exceptions

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import (
    InvalidInput,
    TransportError,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Request, Response
from ansible_collections.qlikops.sense.plugins.module_utils._http.errors import explain
from ansible_collections.qlikops.sense.plugins.module_utils._http.tls import Pem, TlsSettings
from ansible_collections.qlikops.sense.plugins.module_utils._http.transport import RequestsTransport
from support import tls_server as ca

SITE_CA = ca.certificate("SITE-CA")
FOREIGN_CA = ca.certificate("FOREIGN-CA")
SERVER = ca.certificate("server", issuer="SITE-CA", names=["127.0.0.1", "shortname"])


@pytest.fixture
def server(tmp_path: Path) -> t.Iterator[ca.Server]:
    with ca.serve(tmp_path, cert=SERVER, cert_key=ca.key_pem("server")) as running:
        yield running


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "NETRC"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def get(
    url: str,
    path: str = "/",
    *,
    headers: t.Mapping[str, str] | None = None,
    timeout: float = 5,
    use_proxy: bool = True,
    max_body: int = 10_000,
    **tls: t.Any,
) -> Response:
    settings = TlsSettings(**{"ca": Pem("ca", content=SITE_CA), **tls})
    transport = RequestsTransport(settings, timeout=timeout, use_proxy=use_proxy, max_body=max_body)
    try:
        return transport.send(Request("GET", url + path, headers or {}))
    finally:
        transport.close()


def fault(url: str, path: str = "/", **options: t.Any) -> TransportError:
    with pytest.raises(TransportError) as caught:
        get(url, path, **options)
    return caught.value


def test_authority_without_key_usage_is_trusted(server: ca.Server) -> None:
    assert get(server.url).status == 200


def test_foreign_authority_is_refused(server: ca.Server) -> None:
    assert fault(server.url, ca=Pem("ca", content=FOREIGN_CA)).kind == "tls_untrusted"
    assert fault(server.url, ca=None).kind == "tls_untrusted"


def test_wrong_name_is_refused_and_the_server_name_mends_it(tmp_path: Path) -> None:
    short = ca.certificate("server", issuer="SITE-CA", names=["shortname"])
    with ca.serve(tmp_path, cert=short, cert_key=ca.key_pem("server")) as server:
        assert fault(server.url).kind == "tls_hostname"
        assert get(server.url, server_name="shortname").status == 200
        assert fault(server.url, server_name="other").kind == "tls_hostname"
        assert get(server.url, validate=False, server_name="other").status == 200


def test_expired_certificate_is_named(tmp_path: Path) -> None:
    old = ca.certificate("server", issuer="SITE-CA", names=["127.0.0.1"], days=-1)
    with ca.serve(tmp_path, cert=old, cert_key=ca.key_pem("server")) as server:
        assert fault(server.url).kind == "tls_expired"


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_bundle_of_the_environment_neither_widens_nor_narrows(
    server: ca.Server, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, foreign = tmp_path / "site.pem", tmp_path / "foreign.pem"
    site.write_text(SITE_CA)
    foreign.write_text(FOREIGN_CA)
    monkeypatch.setenv(name, str(site))
    assert fault(server.url, ca=Pem("ca", content=FOREIGN_CA)).kind == "tls_untrusted"
    monkeypatch.setenv(name, str(foreign))
    assert get(server.url).status == 200
    monkeypatch.setenv(name, str(tmp_path / "missing.pem"))
    assert get(server.url).status == 200
    assert get(server.url, validate=False, ca=None).status == 200


def test_bundle_of_the_library_is_not_added(
    server: ca.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(SITE_CA)
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(bundle))
    assert fault(server.url, ca=Pem("ca", content=FOREIGN_CA)).kind == "tls_untrusted"


def test_verification_is_off_only_when_asked(server: ca.Server) -> None:
    assert get(server.url, validate=False, ca=Pem("ca", content=FOREIGN_CA)).status == 200


def test_netrc_does_not_replace_the_token(server: ca.Server, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    netrc.chmod(0o600)
    get(server.url, headers={"Authorization": "Bearer abc"})
    assert server.requests[0].headers["Authorization"] == "Bearer abc"
    get(server.url)
    assert "Authorization" not in server.requests[1].headers


@pytest.fixture
def mutual(tmp_path: Path) -> t.Iterator[ca.Server]:
    with ca.serve(
        tmp_path, cert=SERVER, cert_key=ca.key_pem("server"), client_ca=SITE_CA
    ) as running:
        yield running


CLIENT = ca.certificate("client", issuer="SITE-CA")


def identity(key_text: str | None, cert: str = CLIENT, **more: t.Any) -> dict[str, t.Any]:
    key = Pem("client_key", content=key_text) if key_text is not None else None
    return {"client_cert": Pem("client_cert", content=cert), "client_key": key, **more}


def test_client_certificate_is_shown(mutual: ca.Server) -> None:
    assert get(mutual.url, **identity(ca.key_pem("client"))).status == 200
    both = CLIENT + ca.key_pem("client")
    assert get(mutual.url, **identity(None, cert=both)).status == 200


def test_missing_or_foreign_client_certificate_is_named(mutual: ca.Server) -> None:
    assert fault(mutual.url).kind in ("tls_client", "reset")
    foreign = ca.certificate("client", issuer="FOREIGN-CA")
    assert fault(mutual.url, **identity(ca.key_pem("client"), cert=foreign)).kind in (
        "tls_client",
        "reset",
    )


def test_encrypted_client_key(mutual: ca.Server) -> None:
    key = ca.key_pem("client", passphrase="open sesame")
    answer = get(mutual.url, **identity(key, client_key_passphrase="open sesame"))
    assert answer.status == 200


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            identity(ca.key_pem("client", passphrase="right")),
            "is encrypted. Set client_key_passphrase",
        ),
        (
            identity(ca.key_pem("client", passphrase="right"), client_key_passphrase="wrong"),
            "does not open",
        ),
        (identity(ca.key_pem("other")), "does not belong to the certificate"),
        (identity(None), "client_cert_content holds CERTIFICATE and no private key"),
        (
            identity(ca.key_pem("client"), cert="nothing"),
            "client_cert_content holds no certificate",
        ),
        (
            identity(ca.key_pem("client")[:300]),
            "client_key_content holds a private key that ends before its -----END",
        ),
        (
            identity(ca.key_pem("client"), cert=CLIENT[:300]),
            "client_cert_content holds a certificate that ends before its -----END",
        ),
        ({"ca": Pem("ca", content="nothing")}, "root.pem"),
        ({"ca": Pem("ca", content=SITE_CA + SITE_CA[:300])}, "a certificate number 2 that ends"),
        (
            {"client_cert": Pem("client_cert", path="/nowhere/client.pem")},
            "client_cert_path",
        ),
    ],
    ids=[
        *("encrypted", "wrong passphrase", "other key", "no key", "no cert", "cut key", "cut cert"),
        *("ca", "cut ca", "path"),
    ],
)
def test_unusable_client_material_is_one_sentence(
    server: ca.Server, options: dict[str, t.Any], sentence: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        get(server.url, **options)
    assert sentence in caught.value.message
    assert re.search(r"[A-Za-z0-9+/]{40}", caught.value.message) is None
    assert server.requests == []


def test_content_leaves_no_file_behind(
    mutual: ca.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    options = identity(ca.key_pem("client"), directory=str(tmp_path))
    get(mutual.url, **options)
    # And where the system has no files in memory.
    monkeypatch.delattr("os.memfd_create", raising=False)
    get(mutual.url, **options)
    assert set(tmp_path.iterdir()) == before


def test_web_proxy_of_the_environment(server: ca.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    assert fault(server.url).kind == "proxy"
    assert get(server.url, use_proxy=False).status == 200
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert get(server.url).status == 200


def test_redirects_and_cookies_are_left_to_the_caller(server: ca.Server) -> None:
    def redirect(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "/elsewhere")
        handler.send_header("Set-Cookie", "a=1; Path=/")
        handler.send_header("Set-Cookie", "b=2; Path=/")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.answers["/redirect"] = redirect
    transport = RequestsTransport(TlsSettings(ca=Pem("ca", content=SITE_CA)), timeout=5)
    answer = transport.send(Request("GET", server.url + "/redirect"))
    transport.send(Request("GET", server.url + "/"))
    transport.close()
    assert answer.status == 302
    assert answer.all_headers("set-cookie") == ["a=1; Path=/", "b=2; Path=/"]
    assert [item.target for item in server.requests] == ["/redirect", "/"]
    assert "Cookie" not in server.requests[1].headers


@pytest.mark.parametrize("location", ["https://[half", "//", "\xff", "/again"])
def test_redirects_are_neither_judged_nor_read_to_the_end(server: ca.Server, location: str) -> None:
    def lead(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", location)
        handler.send_header("Content-Length", "100000000")
        handler.end_headers()
        handler.wfile.write(b"x" * 50_000)
        time.sleep(1)

    server.answers["/loop"] = lead
    answer = get(server.url, "/loop", max_body=10_000)
    assert (answer.status, answer.header("Location")) == (302, location)
    assert (len(answer.body), answer.truncated) == (10_000, True)


def test_long_body_is_cut(server: ca.Server) -> None:
    def long(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000000")
        handler.end_headers()
        try:
            for dummy in range(1000):
                handler.wfile.write(b"x" * 100_000)
        except OSError:
            handler.close_connection = True

    server.answers["/long"] = long
    answer = get(server.url, "/long", max_body=5000)
    assert answer.truncated
    assert len(answer.body) == 5000


def test_chunked_body_is_put_together(server: ca.Server) -> None:
    def chunked(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for dummy in range(3):
            handler.wfile.write(b"5\r\nhello\r\n")
            handler.wfile.flush()
            time.sleep(0.05)
        handler.wfile.write(b"0\r\n\r\n")

    server.answers["/chunked"] = chunked
    assert get(server.url, "/chunked").body == b"hello" * 3


def test_body_that_drips_ends_with_the_timeout(server: ca.Server) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        try:
            for dummy in range(100):
                handler.wfile.write(b"x")
                time.sleep(0.1)
        except OSError:
            handler.close_connection = True

    server.answers["/drip"] = drip
    started = time.monotonic()
    assert fault(server.url, "/drip", timeout=1).kind == "timeout"
    assert time.monotonic() - started < 5


def test_cut_answer_is_a_reset(server: ca.Server) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    server.answers["/cut"] = cut
    error = fault(server.url, "/cut")
    assert (error.kind, error.sent) == ("reset", True)


def test_hanging_server_is_a_timeout(server: ca.Server) -> None:
    server.answers["/hang"] = lambda handler: time.sleep(2)
    error = fault(server.url, "/hang", timeout=0.5)
    assert (error.kind, error.sent) == ("timeout", True)


def test_nothing_there() -> None:
    error = fault(f"https://127.0.0.1:{free_port()}")
    assert (error.kind, error.sent) == ("refused", False)
    assert fault("https://no-such-host.invalid").kind == "dns"


def test_no_tls_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def answer() -> None:
            connection, dummy = listener.accept()
            connection.recv(100)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        error = fault(f"https://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()
    assert error.kind == "tls"


@pytest.mark.parametrize(
    "ended",
    [
        ssl.SSLEOFError(8, "EOF occurred in violation of protocol (_ssl.c:2426)"),
        ssl.SSLZeroReturnError(6, "TLS/SSL connection has been closed (EOF) (_ssl.c:2426)"),
        ssl.SSLSyscallError(5, "Some I/O error occurred (_ssl.c:2426)"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_hanging_up_in_the_middle_of_a_request_is_no_word_about_tls(ended: ssl.SSLError) -> None:
    wrapped = requests.exceptions.SSLError(ended)
    error = explain(wrapped, "https://qlik.example.com:4242", 10, identified=True)
    assert (error.kind, error.sent) == ("reset", True)
    assert error.message.endswith("use client.pem and client_key.pem of this site.")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
