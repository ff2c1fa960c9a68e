# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about the user: unknown, inactive, access pass, parallel sessions."""

from __future__ import annotations

from ..engine import ANSWERED, LIMIT, NO_PASS
from ..evidence import Evidence, Name, User
from .base import ERROR, Found, Result, finding

#: Sessions that a user may have at the same time (Qlik's help).
_PARALLEL = 5


@finding(
    "user_unknown",
    ERROR,
    summary="The repository has no user {user}, and {why}.",
    remedy="Correct user_id and user_directory, create the user, or set allow_user_creation.",
    field="Users",
    option="qlik_user.state",
    rejects=True,
)
def user_unknown(e: Evidence) -> Result:
    """The first login of an unknown user creates the user, who may then use a license. The
    probe does not do so unless `allow_user_creation` is true, and otherwise tries no login. If
    it is true, the finding means that the login was rejected and nothing else explains it:
    sources disagree whether every release creates unknown users. Without a repository, the
    probe cannot know."""
    view = e.view
    if view is None or not view.user_read or view.user is not None or e.admitted:
        return None
    if not e.settings.allow_user_creation:
        return Found({"user": _shown(e), "why": "a login that would create it was not tried"})
    if e.rejection is None or e.routed is False:
        return None
    return Found({"user": _shown(e), "why": "the login that would create it was rejected"})


@finding(
    "user_inactive",
    ERROR,
    summary="The user {user} is inactive in Qlik Sense.",
    remedy="Activate the user.",
    field="Users > Inactive",
    option="qlik_user.inactive",
)
def user_inactive(e: Evidence) -> Result:
    """Set by an administrator, or by a directory connector. Without the repository, the text of
    the proxy's response proves it. That text is the same for a blocked user."""
    user = e.view.user if e.view else None
    if user is not None:
        return Found({"user": _shown(e)}) if user.get("inactive") else None
    said = "inactive" in e.response_kinds()
    return Found({"user": _shown(e), "answer": "inactive"}) if said else None


@finding(
    "user_blocked",
    ERROR,
    summary="The user {user} is blocked in Qlik Sense.",
    remedy="Unblock the user.",
    field="Users > Blocked",
)
def user_blocked(e: Evidence) -> Result:
    """The user is on the site's block list."""
    user = e.view.user if e.view else None
    return Found({"user": _shown(e)}) if user and user.get("blacklisted") else None


@finding(
    "no_access_pass",
    ERROR,
    summary="The login works, but the user {user} has {state}.",
    remedy="Assign the user a license, or a rule that gives one.",
    field="License management > Professional or analyzer access allocations",
)
def no_access_pass(e: Evidence) -> Result:
    """Authentication works, but the license has no access pass for the user. The hub reports this
    in its page, and the engine's WebSocket by `OnLicenseAccessDenied`. Releases since June
    2019 have one page for a missing access pass and for too many parallel sessions. What the
    engine reports then decides. Otherwise, the cause is `session_limit` if an access pass is
    allocated to the user, or if five sessions were open before the login. If none of these
    decides, `state` names both. The probe cannot prove that the user has no access pass, because
    a rule can also give one."""
    found = {"user": _shown(e), "state": "no access pass"}
    talk = e.talk_ended(NO_PASS)
    if talk is not None:
        return Found({**found, **talk.evidence()})
    kinds = e.response_kinds()
    if "no_access_pass" in kinds:
        return Found({**found, "answer": "no_access_pass"})
    if not is_doubtful(e) or session_limit(e):
        return None
    state = "no access pass, or too many parallel sessions: the page does not distinguish them"
    return Found({**found, "state": state, "answer": "no_pass_or_limit"})


@finding(
    "session_limit",
    ERROR,
    summary="The user {user} has as many parallel sessions as the license allows.",
    remedy="Let clients keep their cookie instead of logging in with each request, and end "
    "sessions that are done. A slot is free five minutes after its session has ended.",
)
def session_limit(e: Evidence) -> Result:
    """A user has five parallel sessions, and each login without a cookie opens one more. Logins
    beyond the fifth still work; the proxy rejects their WebSocket after its handshake, so this
    code needs the Python library `websockets`. Probes count as well: one that runs more than
    five times in five minutes for one user, or through as many virtual proxies, can be the one
    that is rejected. Use a separate user for probes."""
    talk = e.talk_ended(LIMIT)
    if talk is not None:
        return Found({"user": _shown(e), **talk.evidence()})
    many = (e.sessions_before or 0) >= _PARALLEL
    if not is_doubtful(e) or not (many or e.pass_allocated):
        return None
    shown = {"answer": "no_pass_or_limit", "sessions_before": e.sessions_before}
    return Found({"user": _shown(e), **shown, "pass_allocated": e.pass_allocated})


def is_doubtful(e: Evidence) -> bool:
    """Whether the page has two meanings, and the engine did not show which one applies."""
    clear = any(e.talk_ended(outcome) for outcome in (ANSWERED, LIMIT, NO_PASS))
    return "no_pass_or_limit" in e.response_kinds() and not clear


@finding(
    "wrong_user",
    ERROR,
    summary="The login is that of {found}, not of {expected}.",
    remedy="Compare user_id and user_directory with the claims and the constants (names in square "
    "brackets) from which the virtual proxy takes the user, and check its anonymous access mode.",
    field="Virtual proxies > Authentication > JWT attribute for user ID",
    option="qlik_virtual_proxy.jwt_attribute_user_id",
)
def wrong_user(e: Evidence) -> Result:
    """The login must be that of the user in `user_directory` and `user_id`. If one of the two
    is not set, the token's claim is used instead. Another user is logged in if the virtual
    proxy has a constant (a name in square brackets) instead of a claim, if `token` was created
    for another user, if another claim contains the user, or if visitors are anonymous. Case
    makes no difference. `sources` in the evidence lists which responses name the user; `virtual
    proxy` means that the repository's settings and the token prove it. The probe never ends
    other sessions of such a user: `end_session: user` has no effect then."""
    # By the session, or by what the virtual proxy takes from the token if it was not asked.
    if e.identity is not None:
        found, sources = e.identity, list(e.identity.sources)
    elif e.jwt_view is not None and e.rejection is None and all(e.user):
        found, sources = User(e.user[0] or "", e.user[1] or ""), ["virtual proxy"]
    else:
        return None
    if found.is_called(e.wanted_user):
        return None
    return Found({"found": str(found), "expected": _name(e.wanted_user), "sources": sources})


def _shown(e: Evidence) -> str:
    return _name(e.user)


def _name(name: Name) -> str:
    return f"{name[0] or '?'}\\{name[1] or '?'}"
