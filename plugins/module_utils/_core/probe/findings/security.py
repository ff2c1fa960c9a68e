# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings of a security review."""

from __future__ import annotations

import typing as t

from ...crypto.tokens import ALGORITHMS
from ...virtual_proxy.allow_list import why_useless
from ..certificate_view import GOOD
from ..evidence import Evidence
from ..sending import INSECURE, withheld
from ..settings import DAY, host_of
from ..times import TOLERANCE_S, seconds
from .base import ERROR, WARNING, Found, Result, finding
from .certificate import in_state
from .network import not_qlik

#: A token that lives longer than this is worth a warning: none can be revoked alone.
LONG_S = 7 * DAY

_HTTP = "url begins with http://"

_ALLOW_LIST = "Virtual proxies > Advanced > Host allow list"


@finding(
    "bad_token_accepted",
    ERROR,
    summary="The virtual proxy accepts a token that it must reject: {kinds}.",
    remedy="Take the virtual proxy out of service, and find out what is in front of it or "
    "replaces its validation of tokens.",
    field="Virtual proxies > Authentication",
    option="qlik_virtual_proxy.state",
)
def bad_token_accepted(e: Evidence) -> Result:
    """The probe tries a token without signature, one signed with a key created for the run, and
    one that expired a day ago. Or the token under test itself is one of these. It is unlikely
    that Qlik Sense itself accepts them."""
    if not_qlik(e):
        return None
    kinds = [trial.kind for trial in e.trials if trial.let_in and _is_no_visitor(e, trial.user)]
    kinds = [kind for kind in kinds if kind != "none"]
    for kind in _own_faults(e):
        if kind not in kinds:
            kinds.append(kind)
    return Found({"kinds": kinds}) if kinds else None


@finding(
    "anonymous_access",
    WARNING,
    summary="The virtual proxy '{prefix}' lets visitors in without a token.",
    remedy="Set the anonymous access mode to no anonymous user.",
    field="Virtual proxies > Authentication > Anonymous access mode",
    option="qlik_virtual_proxy.anonymous_access_mode",
    audit=True,
)
def anonymous_access(e: Evidence) -> Result:
    """With `always`, the token is not read and no JWT login is possible, which is an error.
    With `allow`, it is a warning."""
    view = e.known_view
    if view is not None:
        mode = view.anonymous_mode
        found = Found({"prefix": e.settings.prefix, "mode": mode}, _error_if(mode == "always"))
        return None if mode == "none" else found
    let_in = any(trial.kind == "none" and trial.let_in for trial in e.trials)
    return Found({"prefix": e.settings.prefix}) if let_in else None


@finding(
    "allow_list_wildcard",
    WARNING,
    summary="The host allow list holds a wildcard: {entries}.",
    remedy="List the host names that clients use.",
    field=_ALLOW_LIST,
    option="qlik_virtual_proxy.host_allow_list",
    audit=True,
)
def allow_list_wildcard(e: Evidence) -> Result:
    """It is not documented whether a wildcard matches anything."""
    entries = [entry for entry in _allow_list(e) if "*" in entry]
    return Found({"entries": entries}) if entries else None


@finding(
    "allow_list_entry_invalid",
    WARNING,
    summary="The host allow list holds entries that do not do what they seem to: {entries}.",
    remedy="Enter host names alone, as clients write them, without scheme, port or path; "
    "addresses of clients have no meaning there.",
    field=_ALLOW_LIST,
    option="qlik_virtual_proxy.host_allow_list",
    audit=True,
)
def allow_list_entry_invalid(e: Evidence) -> Result:
    """An entry with scheme, port, or path matches nothing. Neither does a list that was stored
    as one entry, such as `a.example.com, b.example.com`. An IP address allows requests whose
    URL contains that address."""
    # An address that is in the URL is a host name as clients write it.
    used = {e.settings.host, host_of(e.settings.origin)}
    entries = [
        entry
        for entry in _allow_list(e)
        if "*" not in entry and why_useless(entry) and entry.strip().lower() not in used
    ]
    return Found({"entries": entries}) if entries else None


@finding(
    "service_key_reused",
    WARNING,
    summary="Tokens are signed with the key of a certificate that Qlik Sense issued to its own "
    "services: anyone who has that key can act as any service and any user.",
    remedy="Create a key for tokens only, and replace this certificate with the one of that key.",
    field="Virtual proxies > Authentication > JWT certificate",
    option="qlik_keypair.source",
    audit=True,
)
def service_key_reused(e: Evidence) -> Result:
    """Qlik's quick start signs with `server_key.pem`, and older guides sign with the exported
    client certificate. Qlik's own article recommends other keys for production."""
    found = in_state(e, GOOD)
    return Found({"key": found.fingerprint}) if found and found.is_qliks_own else None


@finding(
    "long_lived_token",
    WARNING,
    summary="The token is valid for {lifetime}, and one token cannot be revoked.",
    remedy="Create tokens that are valid for minutes or hours, and renew them.",
    option="qlik_jwt_token.lifetime",
)
def long_lived_token(e: Evidence) -> Result:
    """The token is valid for more than a week, or has no `exp`. Only replacing the certificate
    ends such a token, and all others with it."""
    token = e.token.token
    if token.fault:
        return None
    if "exp" not in token.claims:
        return Found({"lifetime": "ever (it has no exp)"})
    expires, starts = (seconds(token, name, e.now) for name in ("exp", "iat"))
    if expires is None:
        return None
    lifetime = expires - (e.now if starts is None else starts)
    if lifetime <= LONG_S:
        return None
    days = "more days than a calendar has" if lifetime > 1e11 else f"{int(lifetime // DAY)} days"
    return Found({"lifetime": days})


@finding(
    "insecure_transport",
    WARNING,
    summary="Others can read the token and the session cookie on the way: {why}.",
    remedy="Use https:// and verify the certificate, and disable plain HTTP on the proxy service. "
    "To send the token over plain HTTP anyway, set allow_insecure_transport.",
    field="Proxies > Ports > Allow HTTP",
    audit=True,
)
def insecure_transport(e: Evidence) -> Result:
    """`url` begins with http://. Unless `allow_insecure_transport` is true, this is an error,
    and nothing is sent to the proxy: no token, no cookie, and no WebSocket. It is a warning if
    plain HTTP is allowed, or if `url_validate_certs` is false: any server on the way can then
    answer instead of the proxy. If only the proxy service accepts plain HTTP beside HTTPS, the
    level is info."""
    if withheld(e) == INSECURE:
        return Found({"why": f"{_HTTP}, and allow_insecure_transport is false"}, "error")
    if not e.settings.secure:
        return Found({"why": _HTTP})
    if not e.settings.verifies:
        return Found({"why": "url_validate_certs is false, so any server can pose as the proxy"})
    open_on = [s for s in (e.view.links if e.view else []) if s["settings"].get("allowHttp")]
    if not open_on:
        return None
    return Found({"why": "the proxy service also takes plain HTTP"}, "info")


def _own_faults(e: Evidence) -> t.Iterator[str]:
    """What is wrong with the token under test, beyond every tolerance, though it was let in."""
    if not e.admitted or not _is_no_visitor(e, e.identity):
        return
    if e.view is not None and e.view.anonymous_mode == "always":
        return
    token = e.token.token
    if not token.fault and token.algorithm not in ALGORITHMS:
        yield "unsigned"
    elif e.token.signature_good is False:
        yield "foreign"
    expires = seconds(token, "exp", e.now)
    if expires is not None and expires + TOLERANCE_S < min(e.server_now, e.now):
        yield "expired"


def _is_no_visitor(e: Evidence, user: t.Any) -> bool:
    """Whether the one let in is the user of the token, and no anonymous visitor."""
    return user is None or bool(user.is_called(e.user))


def _allow_list(e: Evidence) -> t.List[str]:
    return [str(i) for i in (e.view.items("websocketCrossOriginWhiteList") if e.view else [])]


def _error_if(condition: bool) -> t.Optional[str]:
    return "error" if condition else None
