# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Authorities and client certificates of TLS in every form in which people have them."""

from __future__ import annotations

import ssl
import typing as t
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import pem
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._http.tls import Pem, TlsSettings
from support import tls_server as ca

SITE_CA, OTHER_CA = ca.certificate("SITE-CA"), ca.certificate("OTHER-CA")
CLIENT = ca.certificate("client", issuer="SITE-CA")
KEY = ca.key_pem("client")
ENCRYPTED = ca.key_pem("client", passphrase="open sesame")
#: As in the bundle of a RHEL system, which has names in UTF-8.
RHEL = f"# AC Raíz Certicámara S.A.\n{SITE_CA}\n# Főtanúsítvány\n{OTHER_CA}"
PFX = pkcs12.serialize_key_and_certificates(
    b"x", ca.key("client"), x509.load_pem_x509_certificate(CLIENT.encode()), None,
    serialization.NoEncryption(),
)  # fmt: skip


def der(text: str) -> bytes:
    return pem.decoded("".join(text.splitlines()[1:-1]))[0]


P7B = pkcs7.serialize_certificates([ca.loaded("SITE-CA")], serialization.Encoding.DER)
SHAPES: dict[str, t.Callable[[str], bytes]] = {
    "clean": str.encode,
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "indented": lambda text: "".join("  " + line for line in text.splitlines(True)).encode(),
    "one line": lambda text: text.replace("\n", " ").encode(),
    "escaped": lambda text: text.replace("\n", "\\n").encode(),
    "quoted": lambda text: "".join("> " + line for line in text.splitlines(True)).encode(),
    "BOM": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "comment in UTF-8": lambda text: ("# Größe\n" + text).encode(),
    "comment in Latin-1": lambda text: b"# Gr\xf6\xdfe\n" + text.encode(),
    "joined": lambda text: text.replace("-----\n-----", "----------").encode(),
}


def loaded(settings: TlsSettings) -> list[bytes]:
    return settings.context().get_ca_certs(binary_form=True)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["ca", "url_ca"])
def test_authorities_in_every_shape(name: str, shape: str, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    data = SHAPES[shape](RHEL if "comment" in shape else SITE_CA + OTHER_CA)
    if shape == "UTF-16":
        data = SHAPES[shape](RHEL)
    file.write_bytes(data)
    found = loaded(TlsSettings(ca=Pem(name, path=str(file))))
    assert sorted(found) == sorted([der(SITE_CA), der(OTHER_CA)])
    if shape not in ("UTF-16", "comment in Latin-1"):
        content = data.decode()
        assert len(loaded(TlsSettings(ca=Pem(name, content=content)))) == 2


@pytest.mark.parametrize("second", ["  ", "> ", "x "])
def test_no_authority_is_passed_over(second: str) -> None:
    """OpenSSL loads the first one and says nothing about one that does not begin its line."""
    text = SITE_CA + "".join(second.replace("x", "") + line for line in OTHER_CA.splitlines(True))
    assert len(loaded(TlsSettings(ca=Pem("ca", content=text)))) == 2


def test_the_same_authority_twice() -> None:
    assert loaded(TlsSettings(ca=Pem("ca", content=SITE_CA + SITE_CA))) == [der(SITE_CA)]


def test_a_commented_out_authority_is_not_trusted() -> None:
    text = SITE_CA + "".join("# " + line for line in OTHER_CA.splitlines(True))
    assert loaded(TlsSettings(ca=Pem("ca", content=text))) == [der(SITE_CA)]


def test_openssls_trusted_format_is_not_taken_for_trust() -> None:
    """It may say that a certificate is not to be trusted."""
    trusted = pem.write(
        "TRUSTED CERTIFICATE", der(OTHER_CA) + bytes.fromhex("300c300a06082b06010505070301")
    )
    assert loaded(TlsSettings(ca=Pem("ca", content=SITE_CA + trusted))) == [der(SITE_CA)]
    with pytest.raises(InvalidInput, match="OpenSSL's TRUSTED format"):
        TlsSettings(ca=Pem("ca", content=trusted)).context()


def test_an_authority_in_der(tmp_path: Path) -> None:
    file = tmp_path / "root.cer"
    file.write_bytes(der(SITE_CA))
    assert loaded(TlsSettings(ca=Pem("ca", path=str(file)))) == [der(SITE_CA)]


def identity(cert: bytes, key: bytes | None, directory: Path, **more: t.Any) -> ssl.SSLContext:
    (directory / "cert").write_bytes(cert)
    client_key = None
    if key is not None:
        (directory / "key").write_bytes(key)
        client_key = Pem("client_key", path=str(directory / "key"))
    client_cert = Pem("client_cert", path=str(directory / "cert"))
    return TlsSettings(client_cert=client_cert, client_key=client_key, **more).context()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("key", [KEY, ENCRYPTED], ids=["plain", "encrypted"])
def test_client_certificates_in_every_shape(key: str, shape: str, tmp_path: Path) -> None:
    change = SHAPES[shape]
    identity(change(CLIENT), change(key), tmp_path, client_key_passphrase="open sesame")
    both = change(CLIENT + key)
    identity(both, None, tmp_path, client_key_passphrase="open sesame")


def test_client_certificate_in_der_and_with_a_wrong_label(tmp_path: Path) -> None:
    identity(der(CLIENT), der(KEY), tmp_path)
    identity(CLIENT.encode(), pem.write("RSA PRIVATE KEY", der(KEY)).encode(), tmp_path)


@pytest.mark.parametrize(
    ("cert", "key", "option", "words"),
    [
        (PFX, None, "client_cert_path", "is a PKCS#12 container (.pfx, .p12). Split it with"),
        (CLIENT.encode(), PFX, "client_key_path", "is a PKCS#12 container"),
        (P7B, KEY.encode(), "client_key_path", "does not belong"),
        (CLIENT.encode(), P7B, "client_key_path", "PKCS#7"),
        (CLIENT.encode(), b"PuTTY-User-Key-File-2: ssh-rsa", "client_key_path", "puttygen"),
        (KEY.encode(), KEY.encode(), "client_cert_path", "holds PRIVATE KEY and no certificate"),
        (CLIENT.encode(), CLIENT.encode(), "client_key_path", "CERTIFICATE and no private key"),
        (CLIENT[:200].encode(), KEY.encode(), "client_cert_path", "a certificate that ends before"),
        (CLIENT.encode(), KEY[:200].encode(), "client_key_path", "a private key that ends before"),
        (b"", KEY.encode(), "client_cert_path", "is empty"),
        (CLIENT.encode(), ENCRYPTED.encode(), "client_key_path", "Set client_key_passphrase"),
        (CLIENT.encode(), der(ENCRYPTED), "client_key_path", "Set client_key_passphrase"),
    ],
)
def test_which_of_the_two_and_what_is_wrong(
    cert: bytes, key: bytes | None, option: str, words: str, tmp_path: Path
) -> None:
    if cert == P7B:
        cert = ca.certificate("someone", issuer="SITE-CA").encode()
    with pytest.raises(InvalidInput) as caught:
        identity(cert, key, tmp_path)
    assert words in caught.value.message
    assert option in caught.value.message
    assert caught.value.details["option"] == option


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (P7B, "PKCS#7"),
        (PFX, "PKCS#12"),
        (KEY.encode(), "holds PRIVATE KEY and no certificate"),
        (SITE_CA[:200].encode(), "ends before its -----END"),
        (der(SITE_CA)[:300], "ends too early"),
        (b"\xff\xfe", "is empty"),
        (b"nothing", "root.pem"),
    ],
)
def test_what_is_wrong_with_authorities(data: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "ca").write_bytes(data)
    with pytest.raises(InvalidInput) as caught:
        TlsSettings(ca=Pem("url_ca", path=str(tmp_path / "ca"))).context()
    assert words in caught.value.message
    assert "url_ca_path" in caught.value.message
