# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about cookies, pages and CSRF tokens."""

from __future__ import annotations

from ..checks import is_served
from ..engine import ANSWERED, ENDED
from ..evidence import Evidence
from .base import ERROR, WARNING, Found, Result, finding
from .network import not_qlik


@finding(
    "session_cookie_missing",
    ERROR,
    summary="The login was accepted, but the response has no session cookie.",
    remedy="Look for a web server or firewall between client and proxy that removes cookies, and "
    "check the session cookie domain.",
    field="Virtual proxies > Identification > Session cookie header name",
    option="qlik_virtual_proxy.session_cookie_header_name",
)
def session_cookie_missing(e: Evidence) -> Result:
    """Something between client and proxy removes `Set-Cookie`."""
    if e.login is None or not e.login.accepted or e.login.cookie_name or not_qlik(e):
        return None
    return Found(e.login.response.evidence() if e.login.response else {})


@finding(
    "stale_session_cookie",
    ERROR,
    summary="The proxy does not know the session cookie that it has just issued.",
    remedy="Configure the load balancer to send a client to the same proxy each time. A client "
    "whose session has ended must delete the cookie and log in again.",
    field="Virtual proxies > Advanced > Session cookie domain",
    option="qlik_virtual_proxy.session_cookie_domain",
)
def stale_session_cookie(e: Evidence) -> Result:
    """Right after the login, this means that the next request reached another proxy, which does
    not share sessions. In production, it is also the response to a cookie whose session has
    ended: old releases answer 401, current ones 500 "Restart the browser". They do so until the
    cookie is deleted, because JWT has no login page. The engine's WebSocket reports it by
    `OnSessionTimedOut`, `OnSessionClosed`, or `OnSessionLoggedOut`."""
    # The cookie alone must keep the session, in the next request and in the WebSocket.
    ended = e.talk_ended(ENDED)
    if ended is not None:
        return Found(ended.evidence())
    if e.repeated is None or (e.repeated.status in (200, 204) and not e.repeated_sets_cookie):
        return None
    return Found({**e.repeated.evidence(), "new_cookie": e.repeated_sets_cookie})


@finding(
    "session_left_open",
    WARNING,
    summary="{count} session of this run could not be ended; it ends by itself after the "
    "inactivity timeout.",
    remedy="To end the session through port 4243 of the proxy (qps_port), the probe needs host, "
    "client_cert_path, and an open port. For a test user, end_session: user works as well.",
    field="Virtual proxies > Identification > Session inactivity timeout (minutes)",
    option="qlik_jwt_probe.end_session",
)
def session_left_open(e: Evidence) -> Result:
    """Port 4243 did not answer or was not asked, and the user was not created by this run. A
    user can have five parallel sessions."""
    left = e.left_open
    return Found({"count": left.count, "cause": left.why}) if left else None


@finding(
    "page_not_served",
    ERROR,
    summary="The login works, but the page {path} was not served.",
    remedy="Correct app_id or page_path; check whether the user may see the app, and whether the "
    "services on the node run.",
    option="qlik_jwt_probe.app_id",
)
def page_not_served(e: Evidence) -> Result:
    """An error page, a login form, a redirect to another place, or no response came instead of
    the page."""
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
