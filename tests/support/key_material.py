# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys, certificates and damaged files for tests, made once per process: RSA keys are slow.

Made with cryptography alone, not with the collection: an independent second hand.
"""

from __future__ import annotations

import datetime as dt
import functools
import shutil
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

NOW = dt.datetime(2026, 11, 2, 8, 30, tzinfo=dt.UTC)
PASSPHRASE = "correct horse"
OPENSSL = shutil.which("openssl")
VAULT = b"$ANSIBLE_VAULT;1.1;AES256\n" + b"6162636465666768\n" * 4


@functools.cache
def rsa_key(size: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    """One key for each size and number."""
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


@functools.cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    """A key that no virtual proxy takes."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    *,
    traditional: bool = False,
    passphrase: str | None = None,
) -> bytes:
    """PKCS#8 or PKCS#1, encrypted or not."""
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        encryption = serialization.BestAvailableEncryption(passphrase.encode())
    form = serialization.PrivateFormat
    return key.private_bytes(
        serialization.Encoding.PEM,
        form.TraditionalOpenSSL if traditional else form.PKCS8,
        encryption,
    )


def public_pem(key: rsa.RSAPrivateKey) -> bytes:
    """The bare public key."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def certificate(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    *,
    common_name: str = "test",
    start: dt.datetime = NOW,
    days: int = 365,
    issuer: tuple[rsa.RSAPrivateKey, str] | None = None,
) -> x509.Certificate:
    """A certificate as ``openssl req -x509`` makes it; ``issuer`` makes it an authority's."""
    signer, issued_by = issuer or (key, common_name)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issued_by)]))
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=days))
        .sign(signer, hashes.SHA256())
    )


def certificate_pem(item: x509.Certificate) -> bytes:
    """The certificate as text."""
    return item.public_bytes(serialization.Encoding.PEM)


def openssl(*arguments: str, data: bytes = b"") -> bytes:
    """What the openssl program writes; it is the independent oracle."""
    run = subprocess.run(
        [OPENSSL or "openssl", *arguments], input=data, capture_output=True, check=True
    )
    return run.stdout


def body_lines(text: bytes) -> list[str]:
    """The lines of a PEM text that are the secret itself."""
    return [line for line in text.decode().splitlines() if len(line) >= 16 and "-----" not in line]
