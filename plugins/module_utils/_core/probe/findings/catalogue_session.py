# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about what a client does with its session."""

from __future__ import annotations

from .entry import ERROR, WARNING, Entry

_ALLOW_LIST = "Virtual proxies > Advanced > Host allow list"

ENTRIES = (
    Entry(
        "session_cookie_missing",
        ERROR,
        "The login was let in, but no session cookie came with the answer.",
        "Look for a web server or firewall between client and proxy that removes cookies, and at "
        "the session cookie domain.",
        "Virtual proxies > Identification > Session cookie header name",
        "qlik_virtual_proxy.session_cookie_header_name",
    ),
    Entry(
        "stale_session_cookie",
        ERROR,
        "The proxy does not know the session cookie that it has just given out.",
        "Let the load balancer lead a client to the same proxy each time. A client that meets this "
        "later, with a session that has ended, has to drop the cookie and log in again.",
        "Virtual proxies > Advanced > Session cookie domain",
        "qlik_virtual_proxy.session_cookie_domain",
    ),
    Entry(
        "session_left_open",
        WARNING,
        "{count} session of this run could not be ended; it ends by itself after the inactivity "
        "timeout.",
        "To end the session through port 4243 of the proxy (qps_port), the probe needs host, "
        "client_cert_path, and an open port. For a test user, end_session: user works as well.",
        "Virtual proxies > Identification > Session inactivity timeout (minutes)",
        "qlik_jwt_probe.end_session",
    ),
    Entry(
        "csrf_token_missing",
        ERROR,
        "The proxy gave out no CSRF token, and refuses the WebSocket without one.",
        "Let web servers between client and proxy pass the header qlik-csrf-token.",
    ),
    Entry(
        "origin_not_allowed",
        ERROR,
        "Pages of {origin} may not open a WebSocket to the engine.",
        "Add the host name of the page to the host allow list: the name alone, without scheme, "
        "port or path.",
        _ALLOW_LIST,
        "qlik_virtual_proxy.host_allow_list",
    ),
    Entry(
        "websocket_blocked",
        ERROR,
        "The WebSocket to the engine was refused.",
        "Let load balancers, web servers and firewalls between client and proxy pass WebSockets; "
        "the proxy's own log names other causes.",
        _ALLOW_LIST,
        "qlik_virtual_proxy.host_allow_list",
    ),
    Entry(
        "no_load_balancing_node",
        ERROR,
        "The virtual proxy '{prefix}' has no load balancing node, so no app can be opened.",
        "Add the nodes whose engines shall serve it.",
        "Virtual proxies > Load balancing > Load balancing nodes",
        "qlik_virtual_proxy.load_balancing_nodes",
    ),
    Entry(
        "engine_unavailable",
        ERROR,
        "No engine answers behind the WebSocket.",
        "Look whether the virtual proxy has load balancing nodes, and whether the Qlik Sense "
        "Engine Service runs on them.",
        "Virtual proxies > Load balancing > Load balancing nodes",
        "qlik_virtual_proxy.load_balancing_nodes",
    ),
    Entry(
        "app_access_denied",
        ERROR,
        "The engine does not open the app {app_id} for this user.",
        "Correct app_id, or give the user access to the app: publish it to a stream that the user "
        "may read.",
        "Apps",
        "qlik_jwt_probe.app_id",
    ),
    Entry(
        "page_not_served",
        ERROR,
        "The login works, but the page {path} was not served.",
        "Correct app_id or page_path; look whether the user may see the app, and whether the "
        "services on the node run.",
        option="qlik_jwt_probe.app_id",
    ),
)
