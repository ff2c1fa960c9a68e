# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The virtual proxy's JWT certificate, as far as it can be read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing as t

from ..crypto import certificates, keys, pem
from ..crypto.tokens import is_signed_for
from ..errors import InvalidInput

try:
    from cryptography import x509
except ImportError:  # the shell reports it, see _deps.py
    pass

#: Qlik marks the certificates that it issues to its own services with this extension (read from
#: public certificates of a 2019 site).
_QLIK_EXTENSION = "1.3.6.1.5.5.7.13.3"

MISSING, BARE_KEY, UNREADABLE, GOOD = "missing", "bare_key", "unreadable", "good"


@dataclasses.dataclass(frozen=True)
class CertificateView:
    """``state`` is one of ``missing bare_key unreadable good``; ``why`` explains ``unreadable``.

    The rest is set for a good one only; times are seconds since the epoch.
    """

    state: str
    why: str = ""
    fingerprint: str = ""
    not_before: float = 0.0
    not_after: float = 0.0
    size: int = 0
    signature_algorithm: str = ""
    is_qliks_own: bool = False


def view_certificate(text: str) -> CertificateView:
    """What the field "JWT certificate" holds."""
    if not text.strip():
        return CertificateView(MISSING)
    if pem.first_certificate(text) is None and keys.load_public(text) is not None:
        return CertificateView(BARE_KEY)
    try:
        certificate = certificates.parse(text)
    except InvalidInput as error:
        return CertificateView(UNREADABLE, why=error.message)
    epoch = dt.datetime.fromtimestamp(0, dt.timezone.utc)
    found = certificates.describe(certificate, now=epoch)
    if not found.is_rsa:
        return CertificateView(UNREADABLE, why="The certificate holds no RSA key.")
    return CertificateView(
        GOOD,
        fingerprint=found.fingerprint,
        not_before=found.not_before.timestamp(),
        not_after=found.not_after.timestamp(),
        size=found.size or 0,
        signature_algorithm=found.signature_algorithm,
        is_qliks_own=_is_qliks_own(certificate),
    )


def confirms(text: str, token: str) -> t.Optional[bool]:
    """Whether the certificate in ``text`` confirms the token's signature; None when there is no
    certificate to ask."""
    try:
        return is_signed_for(token, certificates.parse(text))
    except InvalidInput:
        return None


def _is_qliks_own(certificate: x509.Certificate) -> bool:
    try:
        extensions = list(certificate.extensions)
    except (ValueError, x509.DuplicateExtension):
        return False
    return any(item.oid.dotted_string == _QLIK_EXTENSION for item in extensions)
