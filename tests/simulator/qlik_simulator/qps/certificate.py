# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The key in a virtual proxy's JWT certificate field, as far as the proxy can read it."""

from __future__ import annotations

import re

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from ..switches import Switches

_BLOCK = "-----BEGIN {0}-----.+?-----END {0}-----"
_CERTIFICATE = re.compile(_BLOCK.format("CERTIFICATE"), re.DOTALL)
_PUBLIC_KEY = re.compile(_BLOCK.format("PUBLIC KEY"), re.DOTALL)


def verification_key(pem: str, switches: Switches, now: float) -> RSAPublicKey | None:
    """The RSA key that signatures are checked with; None when the field holds no usable one.

    The first CERTIFICATE block counts, text around it does not. A bare PUBLIC KEY block is of
    use only with ``bare_public_key`` = works.
    """
    certificate = _CERTIFICATE.search(pem)
    if certificate is not None:
        return _key_of_certificate(certificate.group(), switches, now)
    public_key = _PUBLIC_KEY.search(pem)
    if public_key is not None and switches.bare_public_key == "works":
        return _bare_key(public_key.group())
    return None


def _key_of_certificate(pem: str, switches: Switches, now: float) -> RSAPublicKey | None:
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        key = certificate.public_key()
    except (ValueError, TypeError):
        return None
    if switches.cert_expiry_check == "on" and not _is_in_force(certificate, now):
        return None
    return key if isinstance(key, RSAPublicKey) else None


def _is_in_force(certificate: x509.Certificate, now: float) -> bool:
    start = certificate.not_valid_before_utc.timestamp()
    return start <= now <= certificate.not_valid_after_utc.timestamp()


def _bare_key(pem: str) -> RSAPublicKey | None:
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, TypeError):
        return None
    return key if isinstance(key, RSAPublicKey) else None
