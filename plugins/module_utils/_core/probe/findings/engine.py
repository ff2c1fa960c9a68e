# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about the engine and its WebSocket."""

from __future__ import annotations

from ..engine import ANSWERED, APP_DENIED, NO_ENGINE, SILENT
from ..evidence import Evidence
from ..hosts import LENIENT, NO, admission
from ..responses import NO_WAY_IN
from ..settings import ENGINE, host_of
from .base import ERROR, Found, Result, finding

_ALLOW_LIST = "Virtual proxies > Advanced > Host allow list"


@finding(
    "csrf_token_missing",
    ERROR,
    summary="The proxy issued no CSRF token, and rejects the WebSocket without one.",
    remedy="Let web servers between client and proxy pass the header qlik-csrf-token.",
)
def csrf_token_missing(e: Evidence) -> Result:
    """Since November 2024, the engine's WebSocket requires the token that `/qps/csrftoken`
    issues. Earlier releases have no such token, which is not an error."""
    login = e.login
    if login is None or not login.accepted or login.csrf or not login.csrf_expected:
        return None
    if not _upgrade_forbidden(e) or _origin_is_proven(e):
        return None
    return Found(login.response.evidence() if login.response else {})


@finding(
    "origin_not_allowed",
    ERROR,
    summary="Pages of {origin} may not open a WebSocket to the engine.",
    remedy="Add the host name of the page to the host allow list: the name alone, without scheme, "
    "port or path.",
    field=_ALLOW_LIST,
    option="qlik_virtual_proxy.host_allow_list",
)
def origin_not_allowed(e: Evidence) -> Result:
    """The host allow list must also contain the host of the page that opens the WebSocket. If
    Qlik Sense is embedded in a portal, that is the portal's host."""
    # Proven by the allow list, or by the same handshake with the proxy's own name as Origin.
    if ENGINE not in e.settings.checks or (e.engine is not None and not _upgrade_forbidden(e)):
        return None
    if not _origin_is_proven(e):
        return None
    found = {"origin": e.settings.origin}
    if e.view is not None:
        return Found({**found, "host_allow_list": e.view.items("websocketCrossOriginWhiteList")})
    return Found(found)


@finding(
    "websocket_blocked",
    ERROR,
    summary="The WebSocket to the engine was rejected.",
    remedy="Let load balancers, web servers and firewalls between client and proxy pass "
    "WebSockets; the proxy's own log names other causes.",
    field=_ALLOW_LIST,
    option="qlik_virtual_proxy.host_allow_list",
)
def websocket_blocked(e: Evidence) -> Result:
    """A gateway that does not support WebSockets, or a check of the proxy that its response
    does not name. If the status is 500 or higher, and the repository shows that a load balancing
    node or a running engine is missing, that is the cause: `no_load_balancing_node` or
    `engine_unavailable`."""
    # Every rejected handshake without another proven cause.
    engine = e.engine
    if engine is None or engine.upgraded:
        return None
    if engine.fault is not None:
        return Found({"cause": engine.fault.message})
    if csrf_token_missing(e) or origin_not_allowed(e) or engine.response is None:
        return None
    if engine.response.kind in ("inactive", *NO_WAY_IN):
        return None
    if _engine_is_missing(e) and (no_load_balancing_node(e) or e.engines_run is False):
        return None
    return Found({"origin": e.settings.origin, **engine.response.evidence()})


@finding(
    "no_load_balancing_node",
    ERROR,
    summary="The virtual proxy '{prefix}' has no load balancing node, so no app can be opened.",
    remedy="Add the nodes whose engines should serve it.",
    field="Virtual proxies > Load balancing > Load balancing nodes",
    option="qlik_virtual_proxy.load_balancing_nodes",
    audit=True,
)
def no_load_balancing_node(e: Evidence) -> Result:
    """A new virtual proxy has no nodes. Login and hub work, and apps do not open. This is a
    warning if the engine is not among the checks."""
    # Proven by the repository. A warning if the engine was not checked, or if it answers.
    view = e.jwt_view
    if view is None or view.items("loadBalancingServerNodes"):
        return None
    harmless = ENGINE not in e.settings.checks or e.talk_ended(ANSWERED) is not None
    return Found({"prefix": e.settings.prefix}, "warning" if harmless else None)


@finding(
    "engine_unavailable",
    ERROR,
    summary="No engine answers behind the WebSocket.",
    remedy="Check whether the virtual proxy has load balancing nodes, and whether the Qlik Sense "
    "Engine Service runs on them.",
    field="Virtual proxies > Load balancing > Load balancing nodes",
    option="qlik_virtual_proxy.load_balancing_nodes",
)
def engine_unavailable(e: Evidence) -> Result:
    """If the handshake failed with a status of 500 or higher, the repository shows that no
    engine runs on a load balancing node. Otherwise the WebSocket was opened: the engine service
    is stopped on every load balancing node, or the proxy cannot reach it. The proxy reports
    that after the WebSocket's handshake (`said` in the evidence names its notification), or
    sends nothing. Without the repository, a virtual proxy that has no load balancing node looks
    the same; with the repository, that is `no_load_balancing_node`. This finding requires the
    Python library `websockets`. If it is missing, the result of the step `engine` is that of
    the handshake, and its note says so."""
    if no_load_balancing_node(e) is not None:
        return None
    summary = e.engine.response if e.engine else None
    if summary is not None and _engine_is_missing(e) and e.engines_run is False:
        return Found(
            {**summary.evidence(), "repository": "no engine runs on a load balancing node"}
        )
    talk = e.talk_ended(NO_ENGINE) or e.talk_ended(SILENT)
    return Found(talk.evidence()) if talk else None


@finding(
    "app_access_denied",
    ERROR,
    summary="The engine does not open the app {app_id} for this user.",
    remedy="Correct app_id, or give the user access to the app: publish it to a stream that the "
    "user may read.",
    field="Apps",
    option="qlik_jwt_probe.app_id",
)
def app_access_denied(e: Evidence) -> Result:
    """The engine sends an error instead of a session: the app does not exist, or is not in a
    stream that the user can read. Some releases report that only when an app is opened. The
    probe does not open apps, because that would load them."""
    talk = e.talk_ended(APP_DENIED)
    return Found({"app_id": e.settings.app_id, **talk.evidence()}) if talk else None


def _engine_is_missing(e: Evidence) -> bool:
    """Whether the handshake failed as it does when the proxy finds no engine."""
    summary = e.engine.response if e.engine else None
    return summary is not None and summary.status >= 500


def _upgrade_forbidden(e: Evidence) -> bool:
    summary = e.engine.response if e.engine else None
    return summary is not None and summary.status == 403 and summary.kind not in ("inactive",)


def _origin_is_proven(e: Evidence) -> bool:
    if e.engine is not None and e.engine.own_origin is not None:
        return e.engine.own_origin.status == 101
    if e.known_view is None:
        return False
    host = host_of(e.settings.origin)
    # The host of the URL has a finding of its own: it is rejected before any WebSocket.
    known_elsewhere = host == e.settings.host and e.engine is None
    admitted = admission(e.known_view, host)
    doubtful = admitted == LENIENT and _all_else_is_right(e)
    return not known_elsewhere and (admitted == NO or doubtful)


def _all_else_is_right(e: Evidence) -> bool:
    """Whether a rejected handshake had the cookie and the token that it needs, if it needs one."""
    login = e.login
    has_token = login is not None and (login.csrf or not login.csrf_expected)
    return _upgrade_forbidden(e) and has_token
