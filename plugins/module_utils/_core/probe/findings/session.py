# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Rules about what a client does with its session."""

from __future__ import annotations

from ..checks import is_served
from ..engine import ANSWERED, APP_DENIED, ENDED, NO_ENGINE, SILENT
from ..evidence import Evidence
from ..hosts import LENIENT, NO, admission
from ..responses import NO_WAY_IN
from ..settings import ENGINE, host_of
from .base import Found
from .network import Result, not_qlik


def session_cookie_missing(e: Evidence) -> Result:
    if e.login is None or not e.login.accepted or e.login.cookie_name or not_qlik(e):
        return None
    return Found(e.login.seen.evidence() if e.login.seen else {})


def stale_session_cookie(e: Evidence) -> Result:
    """The cookie alone, sent back at once, has to carry the session, and the WebSocket's too."""
    ended = e.talk_ended(ENDED)
    if ended is not None:
        return Found(ended.evidence())
    if e.repeated is None or (e.repeated.status in (200, 204) and not e.repeated_sets_cookie):
        return None
    return Found({**e.repeated.evidence(), "new_cookie": e.repeated_sets_cookie})


def session_left_open(e: Evidence) -> Result:
    left = e.left_open
    return Found({"count": left.count, "cause": left.why}) if left else None


def csrf_token_missing(e: Evidence) -> Result:
    """Older releases have no such token, so it is missed only where the engine wants it."""
    login = e.login
    if login is None or not login.accepted or login.csrf or not login.csrf_expected:
        return None
    if not _upgrade_forbidden(e) or _origin_is_proven(e):
        return None
    return Found(login.seen.evidence() if login.seen else {})


def origin_not_allowed(e: Evidence) -> Result:
    """Proven by the allow list, or by the same handshake with the proxy's own name as Origin."""
    if ENGINE not in e.settings.checks or (e.engine is not None and not _upgrade_forbidden(e)):
        return None
    if not _origin_is_proven(e):
        return None
    found = {"origin": e.settings.origin}
    if e.view is not None:
        return Found({**found, "host_allow_list": e.view.items("websocketCrossOriginWhiteList")})
    return Found(found)


def websocket_blocked(e: Evidence) -> Result:
    """Whatever refuses the handshake and is not proven to be something else."""
    engine = e.engine
    if engine is None or engine.upgraded:
        return None
    if engine.fault is not None:
        return Found({"cause": engine.fault.message})
    if csrf_token_missing(e) or origin_not_allowed(e) or engine.seen is None:
        return None
    if engine.seen.kind in ("inactive", *NO_WAY_IN):
        return None
    if _engine_is_missing(e) and (no_load_balancing_node(e) or e.engines_run is False):
        return None
    return Found({"origin": e.settings.origin, **engine.seen.evidence()})


def no_load_balancing_node(e: Evidence) -> Result:
    """Proven by the repository. A warning where nobody asked the engine, or where it answers."""
    view = e.view
    if view is None or not view.is_jwt or view.items("loadBalancingServerNodes"):
        return None
    harmless = ENGINE not in e.settings.checks or e.talk_ended(ANSWERED) is not None
    return Found({"prefix": e.settings.prefix}, "warning" if harmless else None)


def engine_unavailable(e: Evidence) -> Result:
    """Said by the proxy after the handshake, or to be concluded from its silence; or a handshake
    that failed, where the repository shows that no engine runs."""
    if no_load_balancing_node(e) is not None:
        return None
    seen = e.engine.seen if e.engine else None
    if seen is not None and _engine_is_missing(e) and e.engines_run is False:
        return Found({**seen.evidence(), "repository": "no engine runs on a load balancing node"})
    talk = e.talk_ended(NO_ENGINE) or e.talk_ended(SILENT)
    return Found(talk.evidence()) if talk else None


def app_access_denied(e: Evidence) -> Result:
    talk = e.talk_ended(APP_DENIED)
    return Found({"app_id": e.settings.app_id, **talk.evidence()}) if talk else None


def page_not_served(e: Evidence) -> Result:
    path = {"path": f"/{e.settings.prefix}/{e.settings.page}".replace("//", "/")}
    if e.page_fault is not None:
        return Found({**path, "cause": e.page_fault.message})
    if e.page is None or e.page.kind in ("inactive", "no_access_pass"):
        return None
    if e.page.kind == "no_pass_or_limit" and e.talk_ended(ANSWERED) is None:
        return None
    if is_served(e.page, e.settings.page_path is not None):
        return None
    return Found({**path, **e.page.evidence()})


def _engine_is_missing(e: Evidence) -> bool:
    """Whether the handshake failed as it does when the proxy finds no engine."""
    seen = e.engine.seen if e.engine else None
    return seen is not None and seen.status >= 500


def _upgrade_forbidden(e: Evidence) -> bool:
    seen = e.engine.seen if e.engine else None
    return seen is not None and seen.status == 403 and seen.kind not in ("inactive",)


def _origin_is_proven(e: Evidence) -> bool:
    if e.engine is not None and e.engine.own_origin is not None:
        return e.engine.own_origin.status == 101
    if e.view is None or e.view.virtual_proxy is None:
        return False
    host = host_of(e.settings.origin)
    # The host of the URL has a finding of its own: it is refused long before a WebSocket.
    known_elsewhere = host == e.settings.host and e.engine is None
    admitted = admission(e.view, host)
    doubtful = admitted == LENIENT and _all_else_is_right(e)
    return not known_elsewhere and (admitted == NO or doubtful)


def _all_else_is_right(e: Evidence) -> bool:
    """Whether a refused handshake had the cookie and the token that it needs, if it needs one."""
    login = e.login
    has_token = login is not None and (login.csrf or not login.csrf_expected)
    return _upgrade_forbidden(e) and has_token
