# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about the JWT certificate of the virtual proxy."""

from __future__ import annotations

import typing as t

from ...crypto.keys import WEAK_BELOW_BITS
from ..certificate_view import BARE_KEY, GOOD, MISSING, UNREADABLE, CertificateView
from ..evidence import Evidence
from ..settings import DAY
from ..times import moment
from .base import ERROR, WARNING, Found, Result, finding

#: Days before its end from which a certificate is worth a warning.
SOON_DAYS = 30

_WEAK_HASHES = ("sha1", "md5")

_FIELD = "Virtual proxies > Authentication > JWT certificate"
_OPTION = "qlik_virtual_proxy.jwt_certificate"


@finding(
    "certificate_missing",
    ERROR,
    summary="The virtual proxy '{prefix}' has no JWT certificate, so it cannot verify any token.",
    remedy="Put the certificate of the signing key there; qlik_keypair creates both.",
    field=_FIELD,
    option=_OPTION,
    rejects=True,
    audit=True,
)
def certificate_missing(e: Evidence) -> Result:
    """The field is empty or was cleared."""
    return Found({"prefix": e.settings.prefix}) if in_state(e, MISSING) else None


@finding(
    "certificate_unreadable",
    ERROR,
    summary="The JWT certificate of the virtual proxy '{prefix}' cannot be used. {why}.",
    remedy="Put the whole text there, from BEGIN CERTIFICATE to END CERTIFICATE.",
    field=_FIELD,
    option=_OPTION,
    rejects=True,
    audit=True,
)
def certificate_unreadable(e: Evidence) -> Result:
    """The text was cut off when it was copied, is not a certificate, or is a certificate
    without an RSA key. The repository may store it anyway, and every token is rejected later."""
    found = in_state(e, UNREADABLE)
    return Found({"prefix": e.settings.prefix, "why": found.why}) if found else None


@finding(
    "certificate_bare_public_key",
    ERROR,
    summary="The virtual proxy '{prefix}' has a bare public key instead of a certificate.",
    remedy="Put a certificate of that key there; qlik_keypair issues one for an existing key.",
    field=_FIELD,
    option=_OPTION,
    rejects=True,
    audit=True,
)
def certificate_bare_public_key(e: Evidence) -> Result:
    """The field requires an X.509 certificate. In the recipes that say "public key", the file
    of that name is a certificate. If a release accepts a bare key, this is a warning."""
    return Found({"prefix": e.settings.prefix}) if in_state(e, BARE_KEY) else None


@finding(
    "certificate_expired",
    ERROR,
    summary="The JWT certificate of the virtual proxy '{prefix}' is valid from {not_before} to "
    "{not_after}, and not now.",
    remedy="Issue a new certificate for the same key: tokens stay valid. qlik_keypair does so "
    "with renew_before_days.",
    field=_FIELD,
    option="qlik_keypair.renew_before_days",
    rejects=True,
    audit=True,
)
def certificate_expired(e: Evidence) -> Result:
    """It is not known whether proxies check these dates. So this finding comes after every
    certain cause, and is a warning while the login works."""
    found = in_state(e, GOOD)
    if found is None or found.not_before <= e.server_now < found.not_after:
        return None
    return Found(
        {
            "prefix": e.settings.prefix,
            "not_before": moment(found.not_before),
            "not_after": moment(found.not_after),
        }
    )


@finding(
    "certificate_expires_soon",
    WARNING,
    summary="The JWT certificate of the virtual proxy '{prefix}' expires in {days} days.",
    remedy="Issue a new certificate for the same key: tokens stay valid. qlik_keypair does so "
    "with renew_before_days.",
    field=_FIELD,
    option="qlik_keypair.renew_before_days",
    audit=True,
)
def certificate_expires_soon(e: Evidence) -> Result:
    """Less than 30 days are left."""
    found = in_state(e, GOOD)
    if found is None or not 0 < found.not_after - e.server_now < SOON_DAYS * DAY:
        return None
    days = int((found.not_after - e.server_now) // DAY)
    return Found({"prefix": e.settings.prefix, "days": days, "not_after": moment(found.not_after)})


@finding(
    "weak_key",
    WARNING,
    summary="The signing key is weak: {why}.",
    remedy="Create a new key of 3072 bits and replace the certificate.",
    field=_FIELD,
    option="qlik_keypair.size",
    audit=True,
)
def weak_key(e: Evidence) -> Result:
    """The RSA key has fewer than 2048 bits, as in a recipe of 2017, or the certificate is
    signed with SHA-1 or MD5."""
    found = in_state(e, GOOD)
    if found is None:
        return None
    why = []
    if found.size < WEAK_BELOW_BITS:
        why.append(f"{found.size} bits")
    if any(name in found.signature_algorithm.lower() for name in _WEAK_HASHES):
        why.append(f"its certificate is signed with {found.signature_algorithm}")
    return Found({"why": " and ".join(why), "key": found.fingerprint}) if why else None


def in_state(e: Evidence, state: str) -> t.Optional[CertificateView]:
    """The certificate of a JWT virtual proxy, when it is in that state."""
    found = e.jwt_view.certificate if e.jwt_view else None
    return found if found is not None and found.state == state else None
