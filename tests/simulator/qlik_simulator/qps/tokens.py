# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a bearer token is good: its form, algorithm, signature, dates and audience."""

from __future__ import annotations

import typing as t
import warnings

import jwt

from ..site import Site
from ..store import Entity
from ..switches import Switches
from .certificate import verification_key

ALGORITHMS = ("RS256", "RS384", "RS512")
Claims = dict[str, t.Any]


class BadToken(Exception):
    """The token opens no session. The text is for logs of tests: clients are not told."""


def read_claims(token: str, site: Site, virtual_proxy: Entity) -> Claims:
    """The claims of a token this virtual proxy accepts; raises BadToken for any other."""
    switches, now = site.switches, site.now()
    claims = _verified(token, virtual_proxy, switches, now)
    _check_dates(claims, switches, now)
    _check_audience(claims, virtual_proxy.get("jwtAudience") or "", switches)
    return claims


def _verified(token: str, virtual_proxy: Entity, switches: Switches, now: float) -> Claims:
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if "crit" in header:
            # RFC 7515 4.1.11: whoever does not understand what it lists has to refuse the token.
            raise BadToken("crit is not understood")
        if algorithm == "none" and switches.accepts_bad_token == "unsigned":
            return _decode(token, None, ())
        if algorithm not in ALGORITHMS:
            raise BadToken("the algorithm is not one of RS256, RS384, RS512")
        key = verification_key(virtual_proxy["jwtPublicKeyCertificate"] or "", switches, now)
        if key is None:
            raise BadToken("the virtual proxy's certificate cannot be used")
        return _decode(token, None if switches.accepts_bad_token == "foreign" else key, ALGORITHMS)
    except (jwt.PyJWTError, ValueError) as error:
        raise BadToken(type(error).__name__) from error


def _decode(token: str, key: t.Any, algorithms: t.Sequence[str]) -> Claims:
    """Reads the payload; ``key`` None leaves the signature unchecked. Dates come later.

    The library's date checks use the machine's clock, not the site's.
    """
    checks = ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
    options: t.Any = {f"verify_{name}": False for name in checks}
    options["verify_signature"] = key is not None
    with warnings.catch_warnings():
        # Short keys occur in the wild (1024 bits in a recipe of 2017) and are accepted.
        warnings.simplefilter("ignore")
        return jwt.decode(token, key or "", algorithms=list(algorithms), options=options)


def _check_dates(claims: Claims, switches: Switches, now: float) -> None:
    skew = float(switches.clock_skew_s)
    expires = _number(claims, "exp")
    ignored = switches.accepts_bad_token == "expired"
    if expires is not None and now > expires + skew and not ignored:
        raise BadToken("exp has passed")
    for name in ("nbf", "iat"):
        moment = _number(claims, name)
        if moment is not None and now < moment - skew:
            raise BadToken(f"{name} lies in the future")


def _number(claims: Claims, name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadToken(f"{name} is not a number")
    return float(value)


def _check_audience(claims: Claims, expected: str, switches: Switches) -> None:
    if not expected:
        return
    audience = claims.get("aud")
    if audience is None:
        if switches.missing_aud == "reject":
            raise BadToken("aud is missing")
        return
    audiences = audience if isinstance(audience, list) else [audience]
    if expected not in audiences:
        raise BadToken("aud is another one")
