# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The diff of a virtual proxy.

The diff shows a certificate's subject, fingerprint, and expiry date instead of base64.
"""

from __future__ import annotations

import datetime as dt
import typing as t

from .._core.crypto import certificates
from .._core.crypto.pem import PUBLIC_KEY_LABELS, split
from .._core.errors import InvalidInput
from .._core.masking import HIDDEN_KEY, holds_key

if t.TYPE_CHECKING:
    from .._core.virtual_proxy.plan import Plan

_CERTIFICATE = "jwt_certificate"


def reject_unusable_certificate(plan: Plan, whose: str = "") -> None:
    """Reject a new certificate that cannot verify tokens, before anything is written.

    ``whose`` follows the words for the certificate in the message.
    """
    text = plan.after.get(_CERTIFICATE) if _CERTIFICATE in plan.options else None
    if not text:
        return
    name = "certificate in jwt_certificate" + whose
    description = certificates.describe(
        certificates.parse(text, name=name), now=dt.datetime.now(dt.timezone.utc)
    )
    if not description.is_rsa:
        raise InvalidInput(
            f"The {name} holds no RSA key, and tokens are signed with RS256, RS384 or RS512. Use "
            "the certificate of an RSA key.",
            option=_CERTIFICATE,
        )


def rendered(plan: Plan) -> t.Dict[str, t.Any]:
    """The diff: only what changes, before and after."""
    header = f"virtual proxy '{plan.prefix}'"
    return {
        "before_header": header,
        "after_header": header,
        "before": _shown(plan.before, plan.options),
        "after": _shown(plan.after, plan.options),
    }


def _shown(options: t.Mapping[str, t.Any], changed: t.Sequence[str]) -> t.Dict[str, t.Any]:
    shown = {name: options[name] for name in changed if name in options}
    if shown.get(_CERTIFICATE):
        shown[_CERTIFICATE] = _certificate(shown[_CERTIFICATE])
    return shown


def _certificate(text: str) -> str:
    try:
        certificate = certificates.parse(text)
    except InvalidInput:
        if holds_key(text):
            return HIDDEN_KEY
        labels = {block.label for block in split(text)}
        if labels & set(PUBLIC_KEY_LABELS):
            return "a bare public key instead of a certificate"
        return "text that is not a certificate"
    # The days left depend on the day; what is shown here must not.
    description = certificates.describe(certificate, now=certificate.not_valid_after_utc)
    return (
        f"{description.subject}, SHA-256 {description.certificate_fingerprint}, "
        f"until {description.not_after:%Y-%m-%d}"
    )
