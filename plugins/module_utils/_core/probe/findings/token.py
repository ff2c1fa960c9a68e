# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about the token: form, algorithm, signature, times.

If the virtual proxy accepts the token, no rule reports what is only a guess about Qlik's own
rules, such as the tolerance of clocks.
"""

from __future__ import annotations

import typing as t

from ...crypto.tokens import ALGORITHMS
from ..evidence import Evidence
from ..times import TOLERANCE_S, faults, moment, seconds
from .base import ERROR, Found, Result, finding
from .repository import read_it_first

#: Seconds of difference that are worth a warning.
_NOTABLE_SKEW_S = 60

#: The proxy's default limit (proxy service, maxHeaderSizeBytes).
_DEFAULT_HEADER_LIMIT = 16384

#: After a comparison that found no difference. The text in a proxy's log is not documented.
_NOTHING_DIFFERS = (
    "The repository was compared, and nothing there explains it. If the virtual proxy was changed "
    "less than a minute ago, set wait. Otherwise look into the proxy's audit log (Audit_Proxy, "
    "level DEBUG) on the node that answered."
)


@finding(
    "token_malformed",
    ERROR,
    summary="The token is not a valid JSON Web Token. {why}.",
    remedy="Set the token to header.claims.signature, complete and without other characters.",
    option="qlik_jwt_probe.token",
    rejects=True,
)
def token_malformed(e: Evidence) -> Result:
    """The token contains a line break, the word Bearer, or quotation marks, is cut off, or is
    an encrypted token. A signature that is empty, is not base64url, or has a length that no RSA
    signature has is also reported here, because such a token proves nothing about the key. The
    same applies to a header with `crit`, which a proxy must reject unless it knows the
    extension."""
    fault = e.token.token.fault or e.token.form_fault
    return Found({"why": fault}) if fault and not e.admitted else None


@finding(
    "algorithm_unsupported",
    ERROR,
    summary="According to its header, the token is signed by {algorithm}; virtual proxies check "
    "RS256, RS384 and RS512 only.",
    remedy="Sign with an RSA key and one of these three algorithms.",
    option="qlik_jwt_token.algorithm",
    rejects=True,
)
def algorithm_unsupported(e: Evidence) -> Result:
    """Every release rejects HMAC (HS256), elliptic curves (ES256), and unsigned tokens."""
    algorithm = e.token.token.algorithm
    if e.token.token.fault or algorithm in ALGORITHMS:
        return None
    return Found({"algorithm": algorithm or "nothing"})


@finding(
    "key_mismatch",
    ERROR,
    summary="The token is not signed with the key whose certificate the virtual proxy trusts.",
    remedy="Paste the certificate of the signing key into the virtual proxy, or sign with the key "
    "that belongs to the certificate there.",
    field="Virtual proxies > Authentication > JWT certificate",
    option="qlik_virtual_proxy.jwt_certificate",
    rejects=True,
)
def key_mismatch(e: Evidence) -> Result:
    """The certificate in the virtual proxy belongs to another key pair than the one that signs:
    after a rotation, after pasting the wrong file, or because the token comes from another
    environment. The evidence has the SHA-256 fingerprint of the trusted public key and, if the
    private key is available, of the signing key. The finding is reported only if the token has
    the form that virtual proxies accept; otherwise see `token_malformed` and
    `algorithm_unsupported`."""
    view = e.jwt_view
    if view is None or e.token.signature_good is not False:
        return None
    if token_malformed(e) or e.token.token.algorithm not in ALGORITHMS:
        return None
    evidence = {"trusted_key": view.certificate.fingerprint if view.certificate else None}
    if e.token.key_fingerprint:
        evidence["signing_key"] = e.token.key_fingerprint
    return Found(evidence)


@finding(
    "token_time_invalid",
    ERROR,
    summary="These times of the token are not seconds since 1970: {times}.",
    remedy="Write iat, nbf, and exp as numbers of seconds, without quotation marks. In "
    "JavaScript, use Math.floor(Date.now() / 1000).",
    option="qlik_jwt_token.lifetime",
    rejects=True,
)
def token_time_invalid(e: Evidence) -> Result:
    """`iat`, `nbf`, and `exp` must be numbers of seconds since 1970-01-01. Programs often write
    milliseconds, or text such as `"1700000000"` or an ISO date. `times` names each such claim
    and what it is: `milliseconds`, `microseconds`, `nanoseconds`, `text`, `a boolean`, `null`,
    `a list`, `an object`, or `not a finite number`. While the login works, this is a warning:
    an `exp` in milliseconds, read as seconds, is thousands of years away."""
    found = [] if e.token.token.fault else faults(e.token.token, e.now)
    return Found({"times": found}) if found else None


@finding(
    "token_expired",
    ERROR,
    summary="The token expired at {expired_at}.",
    remedy="Create a new token. A JWT virtual proxy has no login page to fall back to, so the "
    "program that issues tokens must renew them in time.",
    option="qlik_jwt_token.lifetime",
    rejects=True,
)
def token_expired(e: Evidence) -> Result:
    """The time in `exp` has passed by both clocks. Users of a portal then get an error page
    until they get a new token. If their session has ended as well, they must also delete the
    old session cookie."""
    expires = seconds(e.token.token, "exp", e.now)
    if expires is None or e.admitted or expires > e.server_now or expires > e.now:
        return None
    return Found({"expired_at": moment(expires), "proxy_time": moment(e.server_now)})


@finding(
    "token_not_yet_valid",
    ERROR,
    summary="The token is not valid before {valid_from}.",
    remedy="Correct the clock of the machine that signs, and set nbf and iat half a minute back.",
    option="qlik_jwt_token.lifetime",
    rejects=True,
)
def token_not_yet_valid(e: Evidence) -> Result:
    """`nbf` or `iat` is in the future by both clocks."""
    start = _start(e)
    if start is None or e.admitted or start <= e.server_now or start <= e.now:
        return None
    return Found({"valid_from": moment(start), "proxy_time": moment(e.server_now)})


@finding(
    "clock_skew",
    ERROR,
    summary="The clocks of the proxy and of the machine where the task runs differ by {seconds} s.",
    remedy="Synchronize the clocks of the Qlik Sense nodes and of the machine that signs tokens.",
    rejects=True,
)
def clock_skew(e: Evidence) -> Result:
    """Measured by the `Date` header of the proxy's response. This is an error if the token is
    valid here and not there. Otherwise it is a warning, from a difference of one minute on.
    Qlik documents no tolerance; the probe assumes five minutes."""
    if e.skew is None or abs(e.skew) < _NOTABLE_SKEW_S:
        return None
    found = {"seconds": round(abs(e.skew)), "proxy_is": "ahead" if e.skew > 0 else "behind"}
    return Found(found, None if not e.admitted and _skew_explains(e) else "warning")


@finding(
    "token_too_large",
    ERROR,
    summary="The token is {length} characters long, and the proxy accepts headers of up to "
    "{limit} bytes.",
    remedy="Put fewer attributes into the token, or raise the limit of the proxy service.",
    field="Proxies > Advanced > Max header size (bytes)",
    option="qlik_proxy_service.max_header_size_bytes",
    rejects=True,
)
def token_too_large(e: Evidence) -> Result:
    """The token is sent in one header. Long lists of groups are the usual reason. The status of
    the response differs between releases."""
    limit = _header_limit(e)
    found = {"length": e.token.length, "limit": limit}
    return Found(found) if e.token.length > limit else None


@finding(
    "token_rejected",
    ERROR,
    summary="The virtual proxy at {place} rejected the login, and its response does not contain "
    "the reason.",
    remedy="Compare key, expiry, claim names, audience and mandatory attributes with the virtual "
    "proxy. Set host and client_cert_path, and the probe compares them itself.",
    field="Virtual proxies > Authentication",
    option="qlik_jwt_probe.host",
    rejects=True,
    last_resort=True,
)
def token_rejected(e: Evidence) -> Result:
    """Key, expiry, claim names, audience, and mandatory attributes have the same response: a
    bare 400 on current releases, a 401 on old ones. Without the repository, the probe has
    already excluded what the token itself shows.

    If the repository was compared and nothing there explains the response, the finding has
    another remedy: the virtual proxy may have been changed a moment ago, or the proxy's audit
    log names the cause. If the repository could not be read, the remedy is to fix that first.
    """
    if e.rejection is None or e.routed is False:
        return None
    found = {"place": e.settings.place, **e.rejection.evidence()}
    return Found(found, remedy=_NOTHING_DIFFERS if e.compared else read_it_first(e))


def _start(e: Evidence) -> t.Optional[float]:
    """When the token begins to be valid: the later of nbf and iat, as far as they are there."""
    times = [seconds(e.token.token, name, e.now) for name in ("nbf", "iat")]
    return max((item for item in times if item is not None), default=None)


def _skew_explains(e: Evidence) -> bool:
    """Valid by our clock, and by the proxy's not even with its likely tolerance."""
    expires, start = seconds(e.token.token, "exp", e.now), _start(e)
    gone = expires is not None and e.now < expires <= e.server_now - TOLERANCE_S
    early = start is not None and e.now >= start > e.server_now + TOLERANCE_S
    return gone or early


def _header_limit(e: Evidence) -> int:
    services = e.view.links if e.view else []
    limits = [service["settings"].get("maxHeaderSizeBytes") for service in services]
    return min((i for i in limits if isinstance(i, int) and i > 0), default=_DEFAULT_HEADER_LIMIT)
