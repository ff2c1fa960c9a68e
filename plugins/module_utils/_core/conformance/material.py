# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The signing key of a run, its certificates, and the tokens that questions send."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import typing as t

from ..crypto import certificates, keys, tokens

_BITS = 2048
_DAY = 86400
_LIFETIME = 600


@dataclasses.dataclass(frozen=True)
class Material:
    """One key pair for the virtual proxy. ``now`` is the time on this host."""

    now: t.Callable[[], float]

    @functools.cached_property
    def key(self) -> t.Any:
        """The private key, which exists for the run only."""
        return keys.generate(_BITS)

    @functools.cached_property
    def foreign_key(self) -> t.Any:
        """A key that the virtual proxy does not know."""
        return keys.generate(_BITS)

    @functools.cached_property
    def certificate(self) -> str:
        """The certificate of the key."""
        return self._issued(self.now(), 30)

    @functools.cached_property
    def expired_certificate(self) -> str:
        """A certificate of the same key that has expired."""
        return self._issued(self.now() - 90 * _DAY, 30)

    @functools.cached_property
    def public_key(self) -> str:
        """The bare public key."""
        return keys.public_pem(self.key.public_key())

    def token(self, claims: t.Mapping[str, t.Any], *, foreign: bool = False) -> str:
        """A token with exactly these claims."""
        key = self.foreign_key if foreign else self.key
        return tokens.mint(claims, key=key, algorithm="RS256")

    def _issued(self, moment: float, days: int) -> str:
        return certificates.to_pem(
            certificates.issue(
                self.key,
                common_name="qlikops.sense conformance check",
                valid_days=days,
                serial=certificates.random_serial(),
                now=dt.datetime.fromtimestamp(moment, dt.timezone.utc),
            )
        )


def times(now: float) -> t.Dict[str, int]:
    """The claims of time of a token that is valid."""
    return {"iat": int(now) - 30, "exp": int(now) + _LIFETIME}
