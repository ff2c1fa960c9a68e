# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Rules about the token, alone and compared with the virtual proxy.

A token that a virtual proxy lets in is right, whatever these rules think of it: what is only a
guess about Qlik's own rules (tolerance of clocks, a missing audience) is not said then.
"""

from __future__ import annotations

import datetime as dt
import typing as t

from ...crypto.claim_names import REGISTERED_CLAIMS, is_constant, is_twice, name_fault
from ...crypto.tokens import ALGORITHMS
from ..evidence import Evidence
from ..repository import claim_value
from ..times import faults, seconds
from ..view import View
from .base import Found
from .network import Result, read_it_first

#: Seconds by which clocks may differ without harm. Qlik documents no tolerance; five minutes is
#: what libraries for such tokens commonly allow.
TOLERANCE_S = 300

#: Seconds of difference that are worth a warning.
_NOTABLE_SKEW_S = 60

#: The proxy's own limit when nobody changed it (proxy service, maxHeaderSizeBytes).
_DEFAULT_HEADER_LIMIT = 16384

#: After a comparison that found no difference; how a proxy's log puts a refusal is not known.
_NOTHING_DIFFERS = (
    "The repository was compared, and nothing there explains it. If the virtual proxy was changed "
    "less than a minute ago, give wait. Else look into the proxy's audit log (Audit_Proxy, level "
    "DEBUG) on the node that answered."
)

_ID, _DIRECTORY = "jwtAttributeUserId", "jwtAttributeUserDirectory"


def token_malformed(e: Evidence) -> Result:
    fault = e.token.token.fault or e.token.form_fault
    return Found({"why": fault}) if fault and not e.admitted else None


def algorithm_unsupported(e: Evidence) -> Result:
    algorithm = e.token.token.algorithm
    if e.token.token.fault or algorithm in ALGORITHMS:
        return None
    return Found({"algorithm": algorithm or "nothing"})


def key_mismatch(e: Evidence) -> Result:
    view = _jwt_view(e)
    if view is None or e.token.signature_good is not False:
        return None
    if token_malformed(e) or e.token.token.algorithm not in ALGORITHMS:
        return None
    evidence = {"trusted_key": view.certificate.fingerprint if view.certificate else None}
    if e.token.key_fingerprint:
        evidence["signing_key"] = e.token.key_fingerprint
    return Found(evidence)


def token_time_invalid(e: Evidence) -> Result:
    """A date in another unit, or none at all: what a proxy reads there is not what was meant."""
    found = [] if e.token.token.fault else faults(e.token.token, e.now)
    return Found({"times": found}) if found else None


def token_expired(e: Evidence) -> Result:
    expires = seconds(e.token.token, "exp", e.now)
    if expires is None or e.admitted or expires > e.server_now or expires > e.now:
        return None
    return Found({"expired_at": moment(expires), "proxy_time": moment(e.server_now)})


def token_not_yet_valid(e: Evidence) -> Result:
    start = _start(e)
    if start is None or e.admitted or start <= e.server_now or start <= e.now:
        return None
    return Found({"valid_from": moment(start), "proxy_time": moment(e.server_now)})


def clock_skew(e: Evidence) -> Result:
    """An error where it alone makes the token invalid, else a warning."""
    if e.skew is None or abs(e.skew) < _NOTABLE_SKEW_S:
        return None
    found = {"seconds": round(abs(e.skew)), "proxy_is": "ahead" if e.skew > 0 else "behind"}
    return Found(found, None if not e.admitted and _skew_explains(e) else "warning")


def claim_name_invalid(e: Evidence) -> Result:
    """The virtual proxy's own settings, whatever the token has."""
    why = _name_fault(e.view) if e.view is not None and e.view.is_jwt else None
    return Found({"why": why}) if why else None


def claim_case_mismatch(e: Evidence) -> Result:
    view = _jwt_view(e)
    if view is None or e.admitted:
        return None
    for expected in _needed(view):
        other = _other_case(e, expected)
        if other is not None and not claim_value(e.token.claims, expected):
            return Found({"expected": expected, "found": other})
    return None


def user_id_claim_missing(e: Evidence) -> Result:
    return _claim_missing(e, _ID)


def user_directory_claim_missing(e: Evidence) -> Result:
    return _claim_missing(e, _DIRECTORY)


def audience_mismatch(e: Evidence) -> Result:
    view = _jwt_view(e)
    expected = view.text("jwtAudience") if view else ""
    if not expected or e.admitted or e.token.token.fault:
        return None
    audience = e.token.claims.get("aud")
    given = audience if isinstance(audience, list) else [audience] if audience else []
    if expected in given:
        return None
    shown = ", ".join(map(str, given)) if given else "no audience"
    return Found({"expected": expected, "found": shown})


def mandatory_attribute_missing(e: Evidence) -> Result:
    view = _jwt_view(e)
    if view is None or e.admitted or e.token.token.fault:
        return None
    missing = [
        name
        for name in _mandatory(view)
        if not _has_value(e, name) and _other_case(e, name) is None
    ]
    return Found({"missing": missing}) if missing else None


def claim_unmapped(e: Evidence) -> Result:
    view = _jwt_view(e)
    if view is None:
        return None
    mapped = {item.get("jwtAttribute") for item in view.items("jwtAttributeMap")}
    used = {*mapped, *REGISTERED_CLAIMS, view.text(_ID), view.text(_DIRECTORY)}
    rest = sorted(name for name in e.token.claims if name not in used)
    return Found({"claims": rest}) if rest else None


def token_too_large(e: Evidence) -> Result:
    limit = _header_limit(e)
    found = {"length": e.token.length, "limit": limit}
    return Found(found) if e.token.length > limit else None


def token_rejected(e: Evidence) -> Result:
    if e.refusal is None or e.routed is False:
        return None
    found = {"place": e.settings.place, **e.refusal.evidence()}
    return Found(found, remedy=_NOTHING_DIFFERS if e.compared else read_it_first(e))


def moment(time: float) -> str:
    """Seconds since the epoch as a UTC time; what lies beyond the calendar is said so."""
    try:
        found = dt.datetime.fromtimestamp(time, dt.timezone.utc)
    except (OverflowError, ValueError, OSError):
        return "a time beyond the calendar"
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")


def _jwt_view(e: Evidence) -> t.Optional[View]:
    return e.view if e.view is not None and e.view.is_jwt else None


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


def _needed(view: View) -> t.List[str]:
    names = [view.text(_ID), view.text(_DIRECTORY), *_mandatory(view)]
    return [name for name in names if name and not is_constant(name)]


def _name_fault(view: View) -> t.Optional[str]:
    user_id, directory = view.text(_ID), view.text(_DIRECTORY)
    for name, label in ((user_id, "user ID"), (directory, "user directory")):
        fault = name_fault(name) if name else None
        if fault:
            return f"JWT attribute for {label} {fault}"
    if is_twice(user_id, directory):
        return f"Both JWT attributes are {user_id!r}, and a token has one value per claim."
    return None


def _mandatory(view: View) -> t.List[str]:
    items = view.items("jwtAttributeMap")
    return [str(i.get("jwtAttribute") or "") for i in items if i.get("isMandatory")]


def _claim_missing(e: Evidence, attribute: str) -> Result:
    view = _jwt_view(e)
    if view is None or e.admitted or e.token.token.fault:
        return None
    expected = view.text(attribute)
    if expected and name_fault(expected):
        return None
    if expected and (claim_value(e.token.claims, expected) or _other_case(e, expected) is not None):
        return None
    return Found({"expected": expected, "claims": sorted(map(str, e.token.claims))})


def _other_case(e: Evidence, name: str) -> t.Optional[str]:
    """A claim that differs from ``name`` in case only."""
    return next((c for c in e.token.claims if c != name and c.casefold() == name.casefold()), None)


def _has_value(e: Evidence, name: str) -> bool:
    value = e.token.claims.get(name)
    if is_constant(name):
        return True
    return any(i not in (None, "") for i in (value if isinstance(value, list) else [value]))


def _header_limit(e: Evidence) -> int:
    services = e.view.links if e.view else []
    limits = [service["settings"].get("maxHeaderSizeBytes") for service in services]
    return min((i for i in limits if isinstance(i, int) and i > 0), default=_DEFAULT_HEADER_LIMIT)
