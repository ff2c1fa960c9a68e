# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Rules about what a security reviewer would raise."""

from __future__ import annotations

import typing as t

from ...crypto.tokens import ALGORITHMS
from ...virtual_proxy.allow_list import why_useless
from ..evidence import Evidence
from ..sending import INSECURE, withheld
from ..settings import DAY, host_of
from ..times import seconds
from .base import Found
from .network import Result, not_qlik
from .token import TOLERANCE_S

#: A token that lives longer than this is worth a warning: none can be revoked alone.
LONG_S = 7 * DAY

_HTTP = "url begins with http://"


def bad_token_accepted(e: Evidence) -> Result:
    """By the negative control, or because the token under test itself is a bad one."""
    if not_qlik(e):
        return None
    kinds = [trial.kind for trial in e.trials if trial.let_in and _is_no_visitor(e, trial.user)]
    kinds = [kind for kind in kinds if kind != "none"]
    for kind in _own_faults(e):
        if kind not in kinds:
            kinds.append(kind)
    return Found({"kinds": kinds}) if kinds else None


def anonymous_access(e: Evidence) -> Result:
    """Where everybody is anonymous the token is not even looked at: no login by JWT there."""
    view = e.view
    if view is not None and view.virtual_proxy is not None:
        mode = view.anonymous_mode
        found = Found({"prefix": e.settings.prefix, "mode": mode}, _error_if(mode == "always"))
        return None if mode == "none" else found
    let_in = any(trial.kind == "none" and trial.let_in for trial in e.trials)
    return Found({"prefix": e.settings.prefix}) if let_in else None


def allow_list_wildcard(e: Evidence) -> Result:
    entries = [entry for entry in _allow_list(e) if "*" in entry]
    return Found({"entries": entries}) if entries else None


def allow_list_entry_invalid(e: Evidence) -> Result:
    """An address that the URL itself holds is a host name as clients write it."""
    used = {e.settings.host, host_of(e.settings.origin)}
    entries = [
        entry
        for entry in _allow_list(e)
        if "*" not in entry and why_useless(entry) and entry.strip().lower() not in used
    ]
    return Found({"entries": entries}) if entries else None


def long_lived_token(e: Evidence) -> Result:
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


def insecure_transport(e: Evidence) -> Result:
    """An error where the token was withheld for it."""
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
