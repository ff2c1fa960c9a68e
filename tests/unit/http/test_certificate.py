# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why the certificate of a real TLS server is not accepted: the right cause for each of them."""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import typing as t
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import TransportError
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Request
from ansible_collections.qlikops.sense.plugins.module_utils._http.tls import (
    Context,
    Pem,
    TlsSettings,
)
from ansible_collections.qlikops.sense.plugins.module_utils._http.transport import RequestsTransport
from support import key_material as km
from support import tls_server as ca

HERE = ["127.0.0.1"]
ROOT = ca.certificate("root")
MIDDLE = ca.certificate("middle", issuer="root", authority=True)


def server(**changes: t.Any) -> str:
    return ca.certificate("server", **{"issuer": "root", "names": HERE, **changes})


def fault(
    directory: Path, shown: str, trusted: str | None = ROOT, key: str = "server", **tls: t.Any
) -> TransportError:
    authority = None if trusted is None else Pem("ca", content=trusted)
    with ca.serve(directory, cert=shown, cert_key=ca.key_pem(key)) as running:
        transport = RequestsTransport(TlsSettings(ca=authority, **tls), timeout=5)
        try:
            with pytest.raises(TransportError) as caught:
                transport.send(Request("GET", running.url + "/"))
        finally:
            transport.close()
        assert running.requests == []
    assert caught.value.sent is False
    assert "\n" not in caught.value.message
    return caught.value


SELF_SIGNED = ca.certificate("server", names=HERE, authority=False)
CASES: dict[str, tuple[str, str | None, str, str]] = {
    "no server purpose": (
        server(purposes=[ExtendedKeyUsageOID.CLIENT_AUTH]), ROOT, "tls_purpose", "serverAuth",
    ),
    "for signing only": (
        server(purposes=[ExtendedKeyUsageOID.CODE_SIGNING]), ROOT, "tls_purpose", "serverAuth",
    ),
    "unknown issuer": (server(), ca.certificate("other"), "tls_untrusted", "authority is unknown"),
    "self-signed": (SELF_SIGNED, ROOT, "tls_untrusted", "it is self-signed"),
    "chain to an unknown root": (
        server(issuer="root") + ROOT, ca.certificate("other"), "tls_untrusted", "root of its chain",
    ),
    "only the intermediate is given": (
        server(issuer="middle"), MIDDLE, "tls_untrusted", "Use the root certificate as well",
    ),
    "an authority of the same name": (
        server(signed_with=km.rsa_key()), ROOT, "tls_untrusted", "site was reinstalled",
    ),
    "not an authority": (
        server(issuer="plain"),
        ca.certificate("plain", authority=False),
        "tls_untrusted",
        "may not sign others",
    ),
    "an authority that is not allowed to": (
        server(issuer="leaf") + ca.certificate("leaf", issuer="root", authority=False),
        ROOT,
        "tls_untrusted",
        "may not sign others",
    ),
    "an authority without basic constraints": (
        server(issuer="bare root"),
        ca.certificate("bare root", issuer="bare root"),
        "tls_untrusted",
        "may not sign others",
    ),
    "an intermediate without basic constraints": (
        server(issuer="bare") + ca.certificate("bare", issuer="root"),
        ROOT,
        "tls_untrusted",
        "may not sign others",
    ),
    "expired": (server(days=-2), ROOT, "tls_expired", "it is valid from"),
    "not yet valid": (server(start=3), ROOT, "tls_expired", "it is valid from"),
    "authority expired": (
        server(), ca.certificate("root", days=-2), "tls_expired", "certificate of the authority",
    ),
    "other names": (
        server(names=["a.example.com", "10.1.2.3"]), ROOT, "tls_hostname",
        "It holds a.example.com, 10.1.2.3. Reach",
    ),
    "many names": (
        server(names=[f"n{number}.example.com" for number in range(9)]), ROOT, "tls_hostname",
        "n4.example.com, and 4 more. Reach",
    ),
    "a common name only": (server(names=[]), ROOT, "tls_hostname", "It holds server. Reach"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_cause(name: str, tmp_path: Path) -> None:
    shown, trusted, kind, words = CASES[name]
    error = fault(tmp_path, shown, trusted)
    assert (error.kind, words in error.message) == (kind, True), error.message
    if kind in ("tls_purpose", "tls_weak"):
        assert "root.pem" not in error.message


@pytest.mark.parametrize("what", ["server", "authority"])
def test_a_weak_key_is_not_a_lack_of_trust(what: str, tmp_path: Path) -> None:
    issuer = "root" if what == "server" else "weak root"
    name = "weak server" if what == "server" else "server"
    shown = ca.certificate(name, issuer=issuer, names=HERE)
    error = fault(tmp_path, shown, ca.certificate(issuer), name)
    assert error.kind == "tls_weak", error.message
    assert "key that is too weak" in error.message


@pytest.mark.skipif(km.OPENSSL is None, reason="no openssl program")
def test_a_weak_signature_is_not_a_lack_of_trust(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(ROOT)
    (tmp_path / "ca.key").write_text(ca.key_pem("root"))
    (tmp_path / "extension").write_text("subjectAltName=IP:127.0.0.1")
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")]))
        .sign(ca.key("server"), hashes.SHA256())
    )
    shown = km.openssl(
        "x509", "-req", "-sha1", "-CA", str(tmp_path / "ca.pem"), "-CAkey",
        str(tmp_path / "ca.key"), "-set_serial", "1", "-days", "9", "-extfile",
        str(tmp_path / "extension"), data=request.public_bytes(serialization.Encoding.PEM),
    ).decode()  # fmt: skip
    error = fault(tmp_path, shown)
    assert error.kind == "tls_weak", error.message
    assert "signature that is too weak" in error.message


def test_an_authority_without_basic_constraints_that_is_given_itself(tmp_path: Path) -> None:
    """A self-signed certificate of the server, given as its own authority, is trusted."""
    with ca.serve(tmp_path, cert=SELF_SIGNED, cert_key=ca.key_pem("server")) as running:
        transport = RequestsTransport(TlsSettings(ca=Pem("ca", content=SELF_SIGNED)), timeout=5)
        assert transport.send(Request("GET", running.url + "/")).status == 200
        transport.close()


def test_an_address_is_verified_where_urllib3_does_not_give_it(tmp_path: Path) -> None:
    """urllib3 before 2 gives names only, because an address is not sent to the server."""
    with ca.serve(tmp_path, cert=server(), cert_key=ca.key_pem("server")) as running:
        context = TlsSettings(ca=Pem("ca", content=ROOT)).context()
        assert isinstance(context, Context)
        for expected, is_right in (("127.0.0.1", True), ("127.0.0.2", False)):
            context.expected = expected
            with socket.create_connection(("127.0.0.1", running.port)) as plain:
                refused = pytest.raises(ssl.SSLCertVerificationError)
                with contextlib.nullcontext() if is_right else refused:
                    context.wrap_socket(plain).close()


def test_names_without_cryptography(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = server(names=["a.example.com"])
    monkeypatch.setitem(sys.modules, "cryptography", None)
    error = fault(tmp_path, shown)
    assert error.kind == "tls_hostname"
    assert "It holds" not in error.message


def test_the_second_connection_proves_nothing_and_shows_nothing(tmp_path: Path) -> None:
    """It sends no client certificate: the server may be anyone."""
    shown = server(names=["a.example.com"])
    identity: dict[str, t.Any] = {
        "client_cert": Pem("client_cert", content=ca.certificate("client", issuer="root")),
        "client_key": Pem("client_key", content=ca.key_pem("client")),
    }
    error = fault(tmp_path, shown, **identity)
    assert "It holds a.example.com." in error.message
