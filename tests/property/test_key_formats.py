# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Encodings, containers, labels, damage, options, mixed: the right value or one true sentence."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import tempfile
import typing as t
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from cryptography.x509.oid import NameOID
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import (
    certificates,
    keys,
    pem,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._core.keypair import (
    source as key_source,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy import (
    types as virtual_proxy_values,
)
from ansible_collections.qlikops.sense.plugins.module_utils._http.tls import Pem, TlsSettings
from support import key_material as km

KEY = km.rsa_key()
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
#: An authority's, because the ssl module shows no others.
CERTIFICATE = (
    x509.CertificateBuilder()
    .subject_name(NAME)
    .issuer_name(NAME)
    .public_key(KEY.public_key())
    .serial_number(4711)
    .not_valid_before(km.NOW)
    .not_valid_after(km.NOW + dt.timedelta(days=9))
    .add_extension(x509.BasicConstraints(True, None), critical=True)
    .sign(KEY, hashes.SHA256())
)
SECRETS = [
    line
    for traditional in (False, True)
    for line in km.body_lines(km.key_pem(KEY, traditional=traditional))
]


def binary(text: bytes) -> bytes:
    return base64.b64decode("".join(text.decode().splitlines()[1:-1]))


#: What people have, in binary: whether it holds the key, and whether the certificate.
CONTENTS: dict[str, tuple[bytes, bool, bool]] = {
    "PRIVATE KEY": (binary(km.key_pem(KEY)), True, False),
    "RSA PRIVATE KEY": (binary(km.key_pem(KEY, traditional=True)), True, False),
    "ENCRYPTED PRIVATE KEY": (binary(km.key_pem(KEY, passphrase=km.PASSPHRASE)), True, False),
    "CERTIFICATE": (CERTIFICATE.public_bytes(serialization.Encoding.DER), False, True),
    "PUBLIC KEY": (binary(km.public_pem(KEY)), False, False),
    "PKCS7": (
        pkcs7.serialize_certificates([CERTIFICATE], serialization.Encoding.DER),
        False,
        False,
    ),
    "PKCS12": (
        pkcs12.serialize_key_and_certificates(
            b"x", KEY, CERTIFICATE, None, serialization.BestAvailableEncryption(b"correct horse")
        ),
        False,
        False,
    ),
    "CERTIFICATE REQUEST": (
        x509.CertificateSigningRequestBuilder()
        .subject_name(NAME)
        .sign(KEY, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER),
        False,
        False,
    ),
}
LABELS = ["right", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "CERTIFICATE", "DATA"]
SHAPES: dict[str, t.Callable[[str], str]] = {
    "clean": str,
    "indented": lambda text: "".join("\t " + line for line in text.splitlines(True)),
    "one line": lambda text: text.replace("\n", " "),
    "escaped": lambda text: text.replace("\n", "\\n"),
    "quoted": lambda text: "".join("> " + line for line in text.splitlines(True)),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "JSON": lambda text: json.dumps([text]),
}
AROUND = ["", "# Größe\n", "Bag Attributes\n    friendlyName: Ключ\n", "\n\n"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
DAMAGE = ["none", "none", "cut", "line lost", "line twice", "character more"]
FORMS = ["PEM", "PEM", "PEM", "DER", "base64"]


def damaged(text: str, how: str, at: int) -> str:
    lines = text.splitlines(True)
    line = 1 + at % (len(lines) - 3)
    if how == "cut":
        return "".join(lines[:line])
    if how == "line lost":
        return "".join([*lines[:line], *lines[line + 1 :]])
    if how == "line twice":
        return "".join([*lines[: line + 1], *lines[line:]])
    if how == "character more":
        return "".join([*lines[:line], "Q" + lines[line], *lines[line + 1 :]])
    return text


class Mixed(t.NamedTuple):
    what: str
    label: str
    shape: str
    around: str
    encoding: str
    damage: str
    at: int
    form: str

    @property
    def data(self) -> bytes:
        content = CONTENTS[self.what][0]
        if self.form == "DER":
            return content
        if self.form == "base64":
            return base64.encodebytes(content)
        label = self.what if self.label == "right" else self.label
        text = damaged(pem.write(label, content), self.damage, self.at)
        return (self.around + SHAPES[self.shape](text)).encode(self.encoding)

    @property
    def is_intact(self) -> bool:
        return self.form != "PEM" or self.damage == "none"


MIXED = st.builds(
    Mixed,
    st.sampled_from(sorted(CONTENTS)),
    st.sampled_from(LABELS),
    st.sampled_from(sorted(SHAPES)),
    st.sampled_from(AROUND),
    st.sampled_from(ENCODINGS),
    st.sampled_from(DAMAGE),
    st.integers(0, 99),
    st.sampled_from(FORMS),
)
#: Words that claim damage.
CLAIMS = re.compile(r"damaged|incomplete|too early|ends before|is empty|missing|not base64|changed")


def key_of(mixed: Mixed) -> rsa.RSAPrivateKey:
    return keys.load(mixed.data, passphrase=km.PASSPHRASE, name="file x").key


def certificate_of(mixed: Mixed) -> x509.Certificate:
    return certificates.read(mixed.data, name="file x")


def from_pem(mixed: Mixed) -> key_source.Material:
    return key_source.from_pem(mixed.data, passphrase=km.PASSPHRASE, name="file x")


def from_pkcs12(mixed: Mixed) -> key_source.Material:
    return key_source.from_pkcs12(mixed.data, passphrase=km.PASSPHRASE, name="file x")


def authority(mixed: Mixed, name: str = "ca") -> x509.Certificate:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "x")
        path.write_bytes(mixed.data)
        (loaded,) = (
            TlsSettings(ca=Pem(name, path=str(path))).context().get_ca_certs(binary_form=True)
        )
    return x509.load_der_x509_certificate(loaded)


def client(mixed: Mixed, *, is_key: bool) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "x")
        path.write_bytes(mixed.data)
        other = km.certificate_pem(CERTIFICATE) if is_key else km.key_pem(KEY)
        TlsSettings(
            client_cert=Pem("client_cert", content=other.decode())
            if is_key
            else Pem("client_cert", path=str(path)),
            client_key=Pem("client_key", path=str(path))
            if is_key
            else Pem("client_key", content=other.decode()),
            client_key_passphrase=km.PASSPHRASE,
        ).context()


def client_key(mixed: Mixed) -> None:
    client(mixed, is_key=True)


def client_certificate(mixed: Mixed) -> None:
    client(mixed, is_key=False)


def jwt_certificate(mixed: Mixed) -> x509.Certificate:
    kind = virtual_proxy_values.Certificate()
    text = mixed.data.decode("utf-8", "replace")
    fault = kind.fault(text)
    if fault or not text.strip():
        raise InvalidInput(f"file x {fault}")
    written = kind.write(text, None)
    assert kind.same(text, written)
    return x509.load_pem_x509_certificate(written.encode())


def is_read(reader: str, mixed: Mixed) -> bool:
    """Whether this option has to read what is intact."""
    dummy, has_key, has_certificate = CONTENTS[mixed.what]
    return {
        "key_of": has_key,
        "client_key": has_key,
        "certificate_of": has_certificate,
        "client_certificate": has_certificate,
        "authority": has_certificate,
        "jwt_certificate": has_certificate
        and (mixed.form == "base64" or (mixed.form == "PEM" and "16" not in mixed.encoding)),
        "from_pem": has_key or has_certificate or mixed.what == "PUBLIC KEY",
        "from_pkcs12": mixed.what == "PKCS12",
    }[reader]


def is_right(value: t.Any) -> bool:
    if isinstance(value, rsa.RSAPrivateKey):
        return value.private_numbers() == KEY.private_numbers()
    if isinstance(value, x509.Certificate):
        return value == CERTIFICATE
    if isinstance(value, key_source.Material):
        public = KEY.public_key().public_numbers()
        return bool(value.public_key.public_numbers() == public)
    return value is None


def holds(reader: t.Callable[[Mixed], t.Any], mixed: Mixed) -> None:
    try:
        value = reader(mixed)
    except InvalidInput as error:
        message = error.message
        assert re.fullmatch(r"[^\n]+\.", message), message
        assert not any(line in message for line in SECRETS)
        if mixed.is_intact:
            assert not is_read(reader.__name__, mixed), message
            is_text = mixed.form != "PEM" or "16" not in mixed.encoding
            if reader is not jwt_certificate or is_text:
                assert not CLAIMS.search(message), message
        return
    assert is_right(value)


@settings(max_examples=300, deadline=None)
@given(MIXED, st.sampled_from([key_of, certificate_of, from_pem, from_pkcs12, jwt_certificate]))
@example(Mixed("CERTIFICATE", "right", "clean", "", "utf-8", "character more", 0, "PEM"), key_of)
def test_files_and_texts(mixed: Mixed, reader: t.Callable[[Mixed], t.Any]) -> None:
    holds(reader, mixed)


@settings(max_examples=150, deadline=None)
@given(MIXED, st.sampled_from([authority, client_key, client_certificate]))
@example(Mixed("CERTIFICATE", "right", "clean", "", "utf-8", "line twice", 8, "PEM"), authority)
def test_options_of_tls(mixed: Mixed, reader: t.Callable[[Mixed], t.Any]) -> None:
    holds(reader, mixed)
