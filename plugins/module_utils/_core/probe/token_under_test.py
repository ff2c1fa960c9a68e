# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The token under test, and similar tokens that are not valid."""

from __future__ import annotations

import dataclasses
import typing as t

from ..crypto import keys, tokens
from .certificate_view import confirms
from .evidence import Name, TokenView
from .login import BadToken
from .view import View

if t.TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

#: Lifetime in seconds of a token for the negative control. Only its fault may get it rejected.
_LIFETIME_S = 600


@dataclasses.dataclass(frozen=True)
class TokenUnderTest:
    """The token, with the private key when that is at hand.

    ``names`` are the claims for user directory and user id, if the virtual proxy's are unknown.
    ``user`` is the user that the options name (directory, id).
    """

    token: str = dataclasses.field(repr=False)
    names: Name
    key: t.Optional[rsa.RSAPrivateKey] = dataclasses.field(default=None, repr=False)
    user: Name = (None, None)

    def view(self, repository: t.Optional[View]) -> TokenView:
        """The token as evidence, its signature compared with the virtual proxy's certificate."""
        text = repository.text("jwtPublicKeyCertificate") if repository else ""
        certificate = repository.certificate if repository else None
        fingerprint = None
        if self.key is not None:
            fingerprint = keys.fingerprint(keys.public_der(self.key.public_key()))
        return TokenView(
            token=tokens.read(self.token),
            length=len(self.token.strip()),
            signature_good=confirms(text, self.token) if text else None,
            form_fault=tokens.form_fault(self.token, certificate.size if certificate else None),
            key_fingerprint=fingerprint,
        )


def bad_tokens(
    under_test: TokenUnderTest,
    repository: t.Optional[View],
    *,
    now: int,
    foreign_key: t.Callable[[], rsa.RSAPrivateKey],
) -> t.List[BadToken]:
    """Tokens that the proxy must reject: one without signature, one signed with a key made for
    this run, one that expired a day ago (which needs the right key), and none at all.

    They name the same user, so none of them can create another one. The last is left out if the
    repository's settings show whether anonymous access is allowed. Without a readable token, the
    list is empty.
    """
    read = tokens.read(under_test.token)
    if read.fault is not None:
        return []
    timeless = {k: v for k, v in read.claims.items() if k not in tokens.TIME_CLAIMS}
    fresh = {**timeless, "iat": now - tokens.BACKDATED_S, "exp": now + _LIFETIME_S}
    algorithm = read.algorithm if read.algorithm in tokens.ALGORITHMS else tokens.ALGORITHMS[0]
    signed_by = str(algorithm)
    found = [
        BadToken("unsigned", lambda: tokens.unsigned(fresh)),
        BadToken("foreign", lambda: tokens.mint(fresh, key=foreign_key(), algorithm=signed_by)),
    ]
    key = under_test.key
    if key is not None:
        old = tokens.expired(read.claims, now=now)
        found.append(BadToken("expired", lambda: tokens.mint(old, key=key, algorithm=signed_by)))
    if repository is None or repository.virtual_proxy is None:
        found.append(BadToken("none", lambda: None))
    return found
