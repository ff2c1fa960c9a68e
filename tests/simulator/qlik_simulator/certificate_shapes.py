# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates in the shape of Qlik's own, and ordinary ones for what browsers see.

Qlik's shape, as read from public certificates of a site of 2019: RSA 2048, SHA-256, ten years
and a week, SKI and AKI, neither KeyUsage nor ExtendedKeyUsage, a private extension that names
the purpose, PEM with CRLF, keys in PKCS#1. The missing KeyUsage is the point: Python 3.13
refuses such an authority unless the client clears VERIFY_X509_STRICT.
"""

from __future__ import annotations

import dataclasses
import datetime
import ipaddress
import typing as t

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_PURPOSE = x509.ObjectIdentifier("1.3.6.1.5.5.7.13.3")
_TEN_YEARS = datetime.timedelta(days=3652 + 7)
_OCTET_STRING = 4
_DIGITAL_SIGNATURE, _CERT_SIGN, _CRL_SIGN = 0, 5, 6


@dataclasses.dataclass(frozen=True)
class Pair:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: PrivateKey


def qlik_root(machine: str) -> Pair:
    """The site's own authority, ``CN=<MACHINE>-CA``."""
    key = rsa.generate_private_key(65537, 2048)
    name = _name(f"{machine.upper()}-CA")
    builder = _builder(name, name, key, key).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    return Pair(_purpose(builder, "Root").sign(key, hashes.SHA256()), key)


def qlik_server(root: Pair, host: str, names: t.Sequence[str]) -> Pair:
    """A node's service certificate, ``CN=<host>``."""
    key = rsa.generate_private_key(65537, 2048)
    builder = _builder(_name(host), root.certificate.subject, key, root.key)
    builder = _purpose(builder, "Service").add_extension(_alternative(names), critical=False)
    return Pair(builder.sign(root.key, hashes.SHA256()), key)


def qlik_client(root: Pair) -> Pair:
    """``CN=QlikClient``, the certificate that opens 4242."""
    key = rsa.generate_private_key(65537, 2048)
    builder = _builder(_name("QlikClient"), root.certificate.subject, key, root.key)
    return Pair(_purpose(builder, "Client").sign(root.key, hashes.SHA256()), key)


def ordinary_root(name: str) -> Pair:
    """An authority with all the extensions that strict clients want."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(_name(name), _name(name), key, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(_CERT_SIGN, _CRL_SIGN), critical=True)
    )
    return Pair(builder.sign(key, hashes.SHA256()), key)


def ordinary_server(root: Pair, host: str, names: t.Sequence[str], *, expired: bool) -> Pair:
    """What browsers see on 443; ``expired``: it ended yesterday."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name(host), root.certificate.subject, key, root.key, expired=expired)
    builder = (
        builder.add_extension(_alternative(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(_DIGITAL_SIGNATURE), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    return Pair(builder.sign(root.key, hashes.SHA256()), key)


def ordinary_client(root: Pair, name: str) -> Pair:
    """A client certificate that is good, but of another authority than the site's."""
    key = rsa.generate_private_key(65537, 2048)
    builder = _builder(_name(name), root.certificate.subject, key, root.key)
    builder = builder.add_extension(_key_usage(_DIGITAL_SIGNATURE), critical=True)
    return Pair(builder.sign(root.key, hashes.SHA256()), key)


def certificate_pem(certificate: x509.Certificate, *, crlf: bool) -> bytes:
    """PEM text; Qlik exports it with CRLF."""
    text = certificate.public_bytes(serialization.Encoding.PEM)
    return text.replace(b"\n", b"\r\n") if crlf else text


def key_pem(key: PrivateKey, *, crlf: bool) -> bytes:
    """``BEGIN RSA PRIVATE KEY`` (PKCS#1), unencrypted, for RSA keys."""
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return text.replace(b"\n", b"\r\n") if crlf else text


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: PrivateKey,
    issuer_key: PrivateKey,
    *,
    expired: bool = False,
) -> x509.CertificateBuilder:
    day = datetime.timedelta(days=1)
    start = datetime.datetime.now(datetime.UTC) - (30 * day if expired else day)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + (29 * day if expired else _TEN_YEARS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )


def _purpose(builder: x509.CertificateBuilder, text: str) -> x509.CertificateBuilder:
    value = bytes([_OCTET_STRING, len(text)]) + text.encode()
    return builder.add_extension(x509.UnrecognizedExtension(_PURPOSE, value), critical=False)


def _alternative(names: t.Sequence[str]) -> x509.SubjectAlternativeName:
    found: list[x509.GeneralName] = []
    for name in names:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name))
    return x509.SubjectAlternativeName(found)


def _key_usage(*bits: int) -> x509.KeyUsage:
    flags = [number in bits for number in range(9)]
    return x509.KeyUsage(*flags)
