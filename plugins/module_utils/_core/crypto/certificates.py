# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""X.509 certificates: read, describe, issue a self-signed one for a virtual proxy."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing as t

from ..errors import InvalidInput
from ..text import control_character
from . import der, keys, pem, pem_input

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID
except ImportError:  # the shell reports it, see _deps.py
    pass

#: X.520 ub-common-name, counted in bytes as the cryptography library does.
COMMON_NAME_LIMIT = 64

#: How far ``not_before`` lies in the past: the clock of a Windows node may be behind ours.
_BACKDATED = dt.timedelta(hours=1)


@dataclasses.dataclass(frozen=True)
class Description:
    """What there is to say about a certificate; times are UTC.

    ``fingerprint`` is the SHA-256 of its public key (SubjectPublicKeyInfo), the same for every
    certificate of one key; ``certificate_fingerprint`` that of the certificate itself.
    ``thumbprint`` is the SHA-1 by which Windows names a certificate: it proves nothing.
    ``days_left`` is rounded down and negative once it has expired. ``size`` is None, and
    ``is_rsa`` false, when the key is of another kind.
    """

    subject: str
    issuer: str
    common_name: t.Optional[str]
    not_before: dt.datetime
    not_after: dt.datetime
    days_left: int
    valid_days: int
    fingerprint: str
    certificate_fingerprint: str
    thumbprint: str
    serial_number: int
    signature_algorithm: str
    is_rsa: bool
    size: t.Optional[int]
    is_self_signed: bool


def read(content: t.Union[str, bytes], *, name: str) -> x509.Certificate:
    """The first certificate of what a user gives; see ``parse``."""
    block = pem_input.first_certificate(content)
    if block is None:
        why = pem_input.why_not_a_certificate(content) or "This holds no certificate."
        raise InvalidInput(f"The {name} cannot be read. {why}")
    return parse_der(block.der, name=name)


def parse(text: str, *, name: str = "certificate") -> x509.Certificate:
    """The first certificate of a site's text; raises ``InvalidInput``.

    ``name`` begins the sentence.
    """
    block = pem.first_certificate(text)
    if block is None:
        why = pem.why_not_a_certificate(text) or "This holds no certificate."
        raise InvalidInput(f"The {name} cannot be read. {why}")
    return parse_der(block.der, name=name)


def parse_der(content: bytes, *, name: str = "certificate") -> x509.Certificate:
    """The certificate in DER; raises ``InvalidInput``."""
    try:
        certificate = x509.load_der_x509_certificate(content)
        # The library reads these only when asked: ask now, so that nothing fails later.
        for part in ("subject", "issuer", "not_valid_before_utc", "not_valid_after_utc"):
            getattr(certificate, part)
        certificate.public_key()
    except UnsupportedAlgorithm:
        raise InvalidInput(
            f"The {name} holds a key of a kind that the cryptography library does not support. "
            "Use one with an RSA key."
        ) from None
    # LookupError: cryptography 43 on odd names
    except (ValueError, TypeError, LookupError, x509.InvalidVersion):
        if der.kind(content) is None:
            raise InvalidInput(
                f"The {name} is complete as text, but its content was changed or is not a "
                "certificate; export it again."
            ) from None
        raise InvalidInput(
            f"The {name} has the form of a certificate, but the cryptography library does not "
            "accept a value in it, such as a date or a name; export it again or have it reissued."
        ) from None
    return certificate


def describe(certificate: x509.Certificate, *, now: dt.datetime) -> Description:
    """Everything that users and rules ask of a certificate; ``now`` is an aware time."""
    public_key = certificate.public_key()
    lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    return Description(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        common_name=common_name(certificate),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        days_left=(certificate.not_valid_after_utc - now).days,
        valid_days=lifetime.days,
        fingerprint=keys.fingerprint(keys.public_der(public_key)),
        certificate_fingerprint=keys.fingerprint(to_der(certificate)),
        # Windows names certificates so; nothing is proven by it.
        thumbprint=certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303
        serial_number=certificate.serial_number,
        signature_algorithm=_signature_algorithm(certificate),
        is_rsa=isinstance(public_key, rsa.RSAPublicKey),
        size=public_key.key_size if isinstance(public_key, rsa.RSAPublicKey) else None,
        is_self_signed=is_self_signed(certificate),
    )


def issue(
    key: rsa.RSAPrivateKey, *, common_name: str, valid_days: int, serial: int, now: dt.datetime
) -> x509.Certificate:
    """A self-signed certificate for ``key``, valid from an hour before ``now``.

    The virtual proxy reads the public key from it and verifies no chain. Its extensions allow
    nothing else: CA:FALSE, so that it is not an authority in a trust store; key usage
    digitalSignature alone (RFC 5280 4.2.1.3); no host name and no extended usage, because no
    server presents it. It is signed with sha256WithRSAEncryption, like Qlik's own certificates.
    """
    name = _name(common_name)
    not_before = now.replace(microsecond=0) - _BACKDATED
    try:
        not_after = now.replace(microsecond=0) + dt.timedelta(days=valid_days)
    except OverflowError:
        raise InvalidInput(f"A certificate cannot be valid for {valid_days} days.") from None
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )


def iso(moment: dt.datetime) -> str:
    """A UTC time as ``2026-11-30T08:15:00Z``."""
    return moment.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_of_seconds(seconds: t.Optional[float]) -> t.Optional[str]:
    """Seconds since the epoch as ``iso`` writes a time; None for none, or one no calendar has."""
    if seconds is None:
        return None
    try:
        return iso(dt.datetime.fromtimestamp(seconds, dt.timezone.utc))
    except (OverflowError, ValueError, OSError):
        return None


def random_serial() -> int:
    """A serial number of 159 random bits, from the operating system's randomness."""
    return x509.random_serial_number()


def to_der(certificate: x509.Certificate) -> bytes:
    """The certificate in DER."""
    return certificate.public_bytes(serialization.Encoding.DER)


def to_pem(certificate: x509.Certificate) -> str:
    """The certificate in PEM, lines of 64 characters ending in ``\\n``."""
    return pem.write("CERTIFICATE", to_der(certificate))


def common_name(certificate: x509.Certificate) -> t.Optional[str]:
    """The subject's common name; None when it has none."""
    for attribute in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME):
        if isinstance(attribute.value, str):
            return attribute.value
    return None


def is_self_signed(certificate: x509.Certificate) -> bool:
    """Whether the certificate is signed with the key that it holds."""
    if certificate.subject != certificate.issuer:
        return False
    try:
        certificate.verify_directly_issued_by(certificate)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _name(common_name: str) -> x509.Name:
    length = len(common_name.encode("utf-8", "replace"))
    if not common_name.strip() or length > COMMON_NAME_LIMIT:
        raise InvalidInput(
            f"A common name has 1 to {COMMON_NAME_LIMIT} bytes of UTF-8; this one has {length}."
        )
    fault = control_character(common_name)
    if fault is not None:
        raise InvalidInput(f"The common name {fault}")
    try:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    except ValueError:
        raise InvalidInput("The common name cannot be written into a certificate.") from None


def _signature_algorithm(certificate: x509.Certificate) -> str:
    """OpenSSL's name of it (``sha256WithRSAEncryption``), else its object identifier."""
    identifier = certificate.signature_algorithm_oid
    name = getattr(identifier, "_name", None)
    return name if name and name != "Unknown OID" else identifier.dotted_string
