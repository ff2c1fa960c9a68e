# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Rules about the certificate in the virtual proxy."""

from __future__ import annotations

import typing as t

from ...crypto.keys import WEAK_BELOW_BITS
from ..certificate_view import BARE_KEY, GOOD, MISSING, UNREADABLE, CertificateView
from ..evidence import Evidence
from ..settings import DAY
from .base import Found
from .network import Result
from .token import moment

#: Days before its end from which a certificate is worth a warning.
SOON_DAYS = 30

_WEAK_HASHES = ("sha1", "md5")


def certificate_missing(e: Evidence) -> Result:
    return Found({"prefix": e.settings.prefix}) if _in_state(e, MISSING) else None


def certificate_bare_public_key(e: Evidence) -> Result:
    return Found({"prefix": e.settings.prefix}) if _in_state(e, BARE_KEY) else None


def certificate_unreadable(e: Evidence) -> Result:
    found = _in_state(e, UNREADABLE)
    return Found({"prefix": e.settings.prefix, "why": found.why}) if found else None


def certificate_expired(e: Evidence) -> Result:
    """Whether proxies look at these dates is not known: with a login let in it is a warning."""
    found = _in_state(e, GOOD)
    if found is None or found.not_before <= e.server_now < found.not_after:
        return None
    return Found(
        {
            "prefix": e.settings.prefix,
            "not_before": moment(found.not_before),
            "not_after": moment(found.not_after),
        }
    )


def certificate_expires_soon(e: Evidence) -> Result:
    found = _in_state(e, GOOD)
    if found is None or not 0 < found.not_after - e.server_now < SOON_DAYS * DAY:
        return None
    days = int((found.not_after - e.server_now) // DAY)
    return Found({"prefix": e.settings.prefix, "days": days, "not_after": moment(found.not_after)})


def weak_key(e: Evidence) -> Result:
    found = _in_state(e, GOOD)
    if found is None:
        return None
    why = []
    if found.size < WEAK_BELOW_BITS:
        why.append(f"{found.size} bits")
    if any(name in found.signature_algorithm.lower() for name in _WEAK_HASHES):
        why.append(f"its certificate is signed with {found.signature_algorithm}")
    return Found({"why": " and ".join(why), "key": found.fingerprint}) if why else None


def service_key_reused(e: Evidence) -> Result:
    found = _in_state(e, GOOD)
    return Found({"key": found.fingerprint}) if found and found.is_qliks_own else None


def _in_state(e: Evidence, state: str) -> t.Optional[CertificateView]:
    """The certificate of a JWT virtual proxy, when it is in that state."""
    if e.view is None or not e.view.is_jwt or e.view.certificate is None:
        return None
    return e.view.certificate if e.view.certificate.state == state else None
