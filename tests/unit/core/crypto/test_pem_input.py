# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys and certificates in every form in which people have them, and what else they have."""

from __future__ import annotations

import base64
import contextlib
import json
import typing as t

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from cryptography.x509.oid import NameOID

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import (
    certificates,
    containers,
    der,
    keys,
    pem,
    pem_input,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._core.keypair import (
    source as key_source,
)
from support import key_material as km

KEY = km.rsa_key()
CERTIFICATE = km.certificate(KEY)
CERTIFICATE_TEXT = km.certificate_pem(CERTIFICATE).decode()
CERTIFICATE_DER = CERTIFICATE.public_bytes(serialization.Encoding.DER)
PKCS8 = km.key_pem(KEY).decode()
PKCS1 = km.key_pem(KEY, traditional=True).decode()
ENCRYPTED = km.key_pem(KEY, passphrase=km.PASSPHRASE).decode()
OLD_ENCRYPTED = km.key_pem(KEY, traditional=True, passphrase=km.PASSPHRASE).decode()
SEC1 = km.key_pem(km.ec_key(), traditional=True).decode()

PFX = pkcs12.serialize_key_and_certificates(
    b"x", KEY, CERTIFICATE, None, serialization.NoEncryption()
)
P7B = pkcs7.serialize_certificates([CERTIFICATE], serialization.Encoding.DER)
REQUEST = (
    x509.CertificateSigningRequestBuilder()
    .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")]))
    .sign(KEY, hashes.SHA256())
)
CRL = (
    x509.CertificateRevocationListBuilder()
    .issuer_name(CERTIFICATE.subject)
    .last_update(km.NOW)
    .next_update(km.NOW)
    .sign(KEY, hashes.SHA256())
)
OPENSSH = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
)
SSH_PUBLIC = KEY.public_key().public_bytes(
    serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
)
JWK = json.dumps({"kty": "RSA", "n": "AQAB", "e": "AQAB", "d": "AQAB"}).encode()
TRUSTED = CERTIFICATE_DER + bytes.fromhex("300c300a06082b06010505070301")


def binary(text: str) -> bytes:
    return pem.decoded("".join(text.splitlines()[1:-1]))[0]


def relabeled(text: str, label: str) -> str:
    return pem.write(label, binary(text))


PUBLIC = km.public_pem(KEY).decode()
#: What mail, tickets, YAML, and editors make of text.
SHAPES: dict[str, t.Callable[[str], bytes]] = {
    "clean": lambda text: text.encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "old Mac": lambda text: text.replace("\n", "\r").encode(),
    "indented": lambda text: "".join("    " + line for line in text.splitlines(True)).encode(),
    "one line": lambda text: text.replace("\n", " ").encode(),
    "escaped": lambda text: text.replace("\n", "\\n").encode(),
    "escaped CRLF": lambda text: text.replace("\n", "\\r\\n").encode(),
    "JSON": lambda text: json.dumps({"pem": text}).encode(),
    "continued lines": lambda text: text.replace("\n", "\\\n").encode(),
    "quoted": lambda text: "".join("> " + line for line in text.splitlines(True)).encode(),
    "quoted twice": lambda text: "".join(">> " + line for line in text.splitlines(True)).encode(),
    "BOM": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without mark": lambda text: ("\n" + text).encode("utf-16-le"),
    "UTF-16 BE without mark": lambda text: ("Bag Attributes\n" + text).encode("utf-16-be"),
    "UTF-16 after UTF-8": lambda text: b"# a comment\n" * 20 + text.encode("utf-16-le"),
    "comment in Latin-1": lambda text: "# Schlüssel\n".encode("latin-1") + text.encode(),
    "comment in UTF-8": lambda text: ("# Ключ ü\n" + text).encode(),
    "folded comment": lambda text: ("# key " + text.replace("\n", " ")).encode(),
    "comment within": lambda text: text.replace("\n", "\n# x\n", 3).encode(),
    "zero width": lambda text: text.replace("A", "A\u200b").encode(),
    "no padding": lambda text: (
        text.replace("=", "").encode() if "Proc" not in text else text.encode()
    ),
    "no last newline": lambda text: text.rstrip().encode(),
    "joined": lambda text: (PUBLIC.rstrip() + text).encode(),
}
#: Each key in the right and in wrong labels.
KEYS = {
    "PKCS#8": PKCS8,
    "PKCS#1": PKCS1,
    "encrypted": ENCRYPTED,
    "old encrypted": OLD_ENCRYPTED,
    "PKCS#8 as PKCS#1": relabeled(PKCS8, "RSA PRIVATE KEY"),
    "PKCS#1 as PKCS#8": relabeled(PKCS1, "PRIVATE KEY"),
    "PKCS#8 as EC": relabeled(PKCS8, "EC PRIVATE KEY"),
    "PKCS#1 as encrypted": relabeled(PKCS1, "ENCRYPTED PRIVATE KEY"),
    "encrypted as PKCS#8": relabeled(ENCRYPTED, "PRIVATE KEY"),
    "encrypted as PKCS#1": relabeled(ENCRYPTED, "RSA PRIVATE KEY"),
    "old encrypted as PKCS#8": OLD_ENCRYPTED.replace("RSA PRIVATE", "PRIVATE"),
    "old encrypted as EC": OLD_ENCRYPTED.replace("RSA PRIVATE", "EC PRIVATE"),
    "PKCS#8 as certificate": relabeled(PKCS8, "CERTIFICATE"),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", KEYS)
def test_every_key_in_every_shape(name: str, shape: str) -> None:
    loaded = keys.load(SHAPES[shape](KEYS[name]), passphrase=km.PASSPHRASE)
    assert loaded.key.private_numbers() == KEY.private_numbers()
    assert loaded.encrypted is ("encrypted" in name and name != "PKCS#1 as encrypted")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("label", ["CERTIFICATE", "X509 CERTIFICATE", "PRIVATE KEY", "DATA"])
def test_every_certificate_in_every_shape(label: str, shape: str) -> None:
    data = SHAPES[shape](relabeled(CERTIFICATE_TEXT, label))
    assert certificates.read(data, name="x") == CERTIFICATE
    assert pem_input.why_not_a_certificate(data) is None


@pytest.mark.parametrize("text", [PKCS8, PKCS1, ENCRYPTED])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_keys_in_der_and_in_bare_base64(text: str, end: bytes) -> None:
    for data in (binary(text) + end, base64.b64encode(binary(text)) + end):
        loaded = keys.load(data, passphrase=km.PASSPHRASE)
        assert loaded.key.private_numbers() == KEY.private_numbers()


@pytest.mark.parametrize("data", [CERTIFICATE_DER, base64.encodebytes(CERTIFICATE_DER)])
def test_certificates_in_der_and_in_bare_base64(data: bytes) -> None:
    assert certificates.read(data, name="x") == CERTIFICATE
    material = key_source.from_pem(data, passphrase=None, name="source x")
    assert material.certificate == CERTIFICATE


def test_a_commented_out_block_is_not_read() -> None:
    other = km.key_pem(km.rsa_key(number=1)).decode()
    text = "".join("# " + line for line in other.splitlines(True)) + PKCS8
    assert keys.load(text).key.private_numbers() == KEY.private_numbers()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (PFX, "PKCS#12 container (.pfx, .p12)"),
        (base64.b64encode(PFX), "PKCS#12 container"),
        (pem.write("PKCS12", PFX).encode(), "PKCS#12 container"),
        (P7B, "openssl pkcs7 -print_certs"),
        (pem.write("PKCS7", P7B).encode(), "openssl pkcs7 -print_certs"),
        (pem.write("CERTIFICATE", P7B).encode(), "openssl pkcs7 -print_certs"),
        (base64.b64encode(P7B), "PKCS#7"),
        (b"\x30\x80" + bytes.fromhex("06092a864886f70d010702a080"), "PKCS#7"),
        (JWK, "JSON Web Key"),
        (b'{"keys": [' + JWK + b"]}", "JSON Web Key"),
        (b"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\n", "puttygen FILE"),
        (b"PuTTY-User-Key-File-3: ssh-rsa\r\n", "puttygen FILE"),
        (OPENSSH, "ssh-keygen -p -m PEM"),
        (SSH_PUBLIC + b" me@here", "SSH public key"),
        (b"---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n", "SSH public key"),
        (REQUEST.public_bytes(serialization.Encoding.PEM), "certificate request"),
        (REQUEST.public_bytes(serialization.Encoding.DER), "certificate request"),
        (CRL.public_bytes(serialization.Encoding.PEM), "revocation list"),
        (CRL.public_bytes(serialization.Encoding.DER), "revocation list"),
        (b"<RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue>", "FromXmlString"),
        (b'<?xml version="1.0"?>\n<RSAKeyValue>', "FromXmlString"),
        (b"\xfe\xed\xfe\xed\x00\x00\x00\x02", "keytool -importkeystore"),
        (b"\xce\xce\xce\xce\x00\x00\x00\x02", "keytool -importkeystore"),
        (b"\x1e\xf1\xb5\xb0\x00\x00", "openssl rsa -inform PVK"),
        (b"PK\x03\x04\x14\x00", "ZIP archive"),
        (b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n=AB12\n", "OpenPGP"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"eyJhbGciOiJSUzI1NiJ9.eyJ1IjoxfQ.c2ln", "token (JWT)"),
        (b"/etc/qlik/client.pem", "path of a file"),
        (b"C:\\certs\\client key.pem", "path of a file"),
        (b"client.pem\n", "path of a file"),
        (TRUSTED, "TRUSTED format"),
        (pem.write("TRUSTED CERTIFICATE", TRUSTED).encode(), "openssl x509"),
        (km.VAULT, "ansible-vault"),
        (b"", "empty"),
        (b"\xff\xfe", "empty"),
        (CERTIFICATE_DER[:500], "ends too early: it states"),
    ],
)
def test_what_it_is_instead(data: bytes, words: str) -> None:
    for read in (
        lambda: keys.load(data, name="file x"),
        lambda: certificates.read(data, name="file x"),
        lambda: key_source.from_pem(data, passphrase=None, name="file x"),
    ):
        with pytest.raises(InvalidInput) as caught:
            read()
        message = caught.value.message
        assert "file x" in message
        assert message.endswith(".")
        if not (words.startswith("ssh-keygen") and "cannot be read" in message):
            assert words in message
        assert "damaged" not in message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (P7B, "PKCS#7"),
        (JWK, "JSON Web Key"),
        (OPENSSH, "ssh-keygen"),
        (CERTIFICATE_DER, "a CERTIFICATE in DER, not PKCS#12. Set source: pem"),
        (PKCS8.encode(), "PEM text, not PKCS#12. Set source: pem"),
        (REQUEST.public_bytes(serialization.Encoding.DER), "certificate request"),
        (b"\xfe\xed\xfe\xed", "keytool"),
    ],
)
def test_what_is_not_pkcs12(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        key_source.from_pkcs12(data, passphrase=None, name="file x")
    assert words in caught.value.message


@pytest.mark.parametrize("data", [base64.b64encode(PFX), pem.write("PKCS12", PFX).encode()])
def test_pkcs12_as_text(data: bytes) -> None:
    assert key_source.from_pkcs12(data, passphrase=None, name="x").matches is True


@pytest.mark.skipif(km.OPENSSL is None, reason="no openssl program")
def test_a_pfx_names_the_source_that_reads_it_and_small_keys_are_not_damaged() -> None:
    with pytest.raises(InvalidInput, match="Set source: pkcs12"):
        key_source.from_pem(PFX, passphrase=None, name="x")
    with pytest.raises(InvalidInput, match=r"qlikops\.sense\.qlik_keypair"):
        keys.load(PFX)
    small = km.openssl("genrsa", "512")
    with contextlib.suppress(ValueError):
        # Older releases of cryptography accept it.
        serialization.load_pem_private_key(small, None)
        return
    with pytest.raises(keys.UnusableKey, match="512 bits") as caught:
        keys.load(small)
    assert caught.value.reason == "unsupported"


@pytest.mark.skipif(km.OPENSSL is None, reason="no openssl program")
@pytest.mark.parametrize("curve", ["prime256v1", "brainpoolP256r1", "secp112r1"])
def test_other_keys_are_not_damaged(curve: str) -> None:
    text = km.openssl("ecparam", "-name", curve, "-genkey")
    with pytest.raises(keys.UnusableKey, match="not an RSA key"):
        keys.load(text)


def test_damage_is_proven() -> None:
    data = bytearray(binary(PKCS1))
    data[40] ^= 1
    with pytest.raises(keys.UnusableKey, match="numbers do not belong together"):
        keys.load(bytes(data))


def test_kinds() -> None:
    known = {
        "certificate": CERTIFICATE_DER,
        "trusted_certificate": TRUSTED,
        "request": REQUEST.public_bytes(serialization.Encoding.DER),
        "crl": CRL.public_bytes(serialization.Encoding.DER),
        "public_key": binary(PUBLIC),
        "pkcs1": binary(PKCS1),
        "pkcs8": binary(PKCS8),
        "encrypted_pkcs8": binary(ENCRYPTED),
        "sec1": binary(SEC1),
        "pkcs7": P7B,
        "pkcs12": PFX,
        "rsa_public_key": KEY.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.PKCS1
        ),
    }
    for name, data in known.items():
        assert der.kind(data) == name
        assert der.kind(data[:-1]) is None
        assert name in pem_input.LABELS
    for data in (
        b"",
        b"0",
        b"\x30",
        b"\x30\x00",
        b"\x30\x03\x02\x01\x03",
        b"\x30\x84\xff\xff\xff\xff",
    ):
        assert der.kind(data) is None


def test_nothing_else_is_named() -> None:
    for text in ("hello", "[1, 2]", "{", "{}", "\ufffd" * 9, "0" * 90):
        assert containers.of_content(text) is None
