# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Rules about the user whom the token names."""

from __future__ import annotations

from ..engine import ANSWERED, LIMIT, NO_PASS
from ..evidence import Evidence, Name, User
from .base import Found
from .network import Result

#: Sessions that a user may have at the same time (Qlik's help).
_PARALLEL = 5


def user_unknown(e: Evidence) -> Result:
    """Where a login would create the user without leave to do so, or was refused all the same.

    Sources disagree whether a first login creates its user.
    """
    view = e.view
    if view is None or not view.user_read or view.user is not None or e.admitted:
        return None
    if not e.settings.allow_user_creation:
        return Found({"user": _shown(e), "why": "a login that would create it was not tried"})
    if e.refusal is None or e.routed is False:
        return None
    return Found({"user": _shown(e), "why": "the login that would create it was refused"})


def user_blocked(e: Evidence) -> Result:
    user = e.view.user if e.view else None
    return Found({"user": _shown(e)}) if user and user.get("blacklisted") else None


def user_inactive(e: Evidence) -> Result:
    """By the repository, or by the proxy's own words; a blocked user gets the same words."""
    user = e.view.user if e.view else None
    if user is not None:
        return Found({"user": _shown(e)}) if user.get("inactive") else None
    said = "inactive" in e.seen_kinds()
    return Found({"user": _shown(e), "answer": "inactive"}) if said else None


def no_access_pass(e: Evidence) -> Result:
    """By the hub's or the app's page, or by the engine.

    One page means a missing pass or too many sessions. The engine tells which, else an access pass
    that is allocated to the user, or the number of sessions that were open before. If none of them
    does, the finding says both.
    """
    found = {"user": _shown(e), "state": "no access pass"}
    talk = e.talk_ended(NO_PASS)
    if talk is not None:
        return Found({**found, **talk.evidence()})
    kinds = e.seen_kinds()
    if "no_access_pass" in kinds:
        return Found({**found, "answer": "no_access_pass"})
    if not is_doubtful(e) or session_limit(e):
        return None
    state = "no access pass, or too many parallel sessions: the page does not tell which"
    return Found({**found, "state": state, "answer": "no_pass_or_limit"})


def session_limit(e: Evidence) -> Result:
    talk = e.talk_ended(LIMIT)
    if talk is not None:
        return Found({"user": _shown(e), **talk.evidence()})
    many = (e.sessions_before or 0) >= _PARALLEL
    if not is_doubtful(e) or not (many or e.pass_allocated):
        return None
    shown = {"answer": "no_pass_or_limit", "sessions_before": e.sessions_before}
    return Found({"user": _shown(e), **shown, "pass_allocated": e.pass_allocated})


def is_doubtful(e: Evidence) -> bool:
    """Whether the page with two meanings came, and the engine does not tell which one holds."""
    told = any(e.talk_ended(outcome) for outcome in (ANSWERED, LIMIT, NO_PASS))
    return "no_pass_or_limit" in e.seen_kinds() and not told


def wrong_user(e: Evidence) -> Result:
    """By the session, or by what the virtual proxy takes from the token, where nobody asked."""
    if e.identity is not None:
        found, sources = e.identity, list(e.identity.sources)
    elif e.view is not None and e.view.is_jwt and e.refusal is None and all(e.user):
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
