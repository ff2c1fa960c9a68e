# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fault matrix, second part: what a gateway, a licence or an engine spoils, and slow proxies.

The verdicts are written by hand, as in the first part.
"""

from __future__ import annotations

from support.probe_bench import private_pem
from support.probe_changes import (
    allocated,
    allocations,
    busy_user,
    either_page,
    fault,
    gateway,
    no_engine,
    no_passes,
    options_of,
    server_certificate,
    stopped_engine,
)
from support.probe_scenario import Scenario

ENGINE_CASES = (
    # The way to the proxy.
    Scenario("certificate of the server not valid yet", "tls_expired", "tls_expired",
             options=server_certificate(start=3)),
    Scenario("self-signed certificate", "tls_untrusted", "tls_untrusted",
             options=server_certificate(issuer=None, authority=False)),
    Scenario("certificate of another authority", "tls_untrusted", "tls_untrusted",
             options=server_certificate(issuer="other authority")),
    Scenario("cold proxy and wrong key", "key_mismatch", "token_rejected",
             switches={"cold_start_s": 2}, slow_s=1.5, infos=("slow_start",),
             options=lambda b: {"private_key_content": private_pem("other")}),
    # The way to the repository.
    Scenario("repository shows a part", "access_granted", "access_granted",
             switches={"read_rights": "part"}, warnings=("repository_forbidden",)),
    # What a gateway takes away.
    Scenario("a cookie without a name", "session_cookie_missing", "session_cookie_missing",
             options=gateway("Set-Cookie", Set_Cookie="=nameless; Path=/")),
    Scenario("cookies of a load balancer", "access_granted", "access_granted",
             options=gateway(Set_Cookie="SERVERID=n1; Path=/")),
    Scenario("no CSRF token is needed", "access_granted", "access_granted",
             options=gateway("qlik-csrf-token"), releases=("classic",)),
    # What keeps a user who is let in from the engine.
    Scenario("no slot at all", "session_limit", "session_limit", switches={"max_sessions": 0}),
    Scenario("engine of an app is off", "engine_unavailable", "engine_unavailable",
             options=lambda b: {**no_engine(b), "app_id": None}),
    Scenario("no node, engine not asked", "access_granted", "access_granted",
             proxy={"loadBalancingServerNodes": []},
             options=options_of(checks=["session", "identity"]),
             warnings=("no_load_balancing_node",)),
    Scenario("no access pass, engine alone", "no_access_pass", "no_access_pass",
             options=lambda b: {**no_passes(b), "checks": ["engine"]}),
    # One page for a missing pass and for too many sessions.
    Scenario("pass or sessions, no pass", "no_access_pass", "no_access_pass",
             options=lambda b: {**no_passes(b), **either_page(b)}),
    Scenario("pass or sessions, five sessions elsewhere", "session_limit", "session_limit",
             options=lambda b: {**busy_user(b), **either_page(b)}),
    Scenario("pass or sessions, no pass, engine not asked", "no_access_pass", "no_access_pass",
             options=lambda b: {**no_passes(b), **either_page(b), "checks": ["page"]}),
    # From outside, nobody counts sessions.
    Scenario("pass or sessions, five elsewhere, engine not asked",
             "session_limit", "no_access_pass",
             options=lambda b: {**busy_user(b), **either_page(b), "checks": ["page"]}),
    # The repository knows whether the user has a pass.
    Scenario("pass or sessions, a pass, engine not asked", "session_limit", "no_access_pass",
             options=lambda b: {**allocated(b), **either_page(b), "checks": ["page"]}),
    Scenario("pass or sessions, a pass, but the engine refuses", "session_limit", "session_limit",
             switches={"max_sessions": 0},
             options=lambda b: {**allocated(b), **either_page(b)}),
    *(
        Scenario(f"pass or sessions, allocations: {name}", "no_access_pass", "no_access_pass",
                 options=change)
        for name, change in {
            "quarantined": allocations(None, quarantined=True),
            "excess": allocations(None, excess=True),
            "of another user": allocations(None, user={"id": "0" * 8}),
            "without a user": allocations(None, user=None),
            **{str(status): allocations(status) for status in (400, 403, 404, 500)},
        }.items()
    ),
    Scenario("pass or sessions, but the engine answers", "page_not_served", "page_not_served",
             options=either_page),
    # A handshake that fails for want of an engine.
    *(
        Scenario(f"upgrade gets {status}, no node", "no_load_balancing_node", "websocket_blocked",
                 proxy={"loadBalancingServerNodes": []},
                 options=fault("/jwt/app/.*", action="status", status=status))
        for status in (500, 502, 503, 504)
    ),
    Scenario("upgrade gets 502, engine is off", "engine_unavailable", "websocket_blocked",
             options=lambda b: {**no_engine(b),
                                **fault("/jwt/app/.*", action="status", status=502)(b)}),
    Scenario("upgrade gets 503, engine is stopped", "engine_unavailable", "websocket_blocked",
             options=lambda b: {**stopped_engine(b),
                                **fault("/jwt/app/.*", action="status", status=503)(b)}),
    Scenario("upgrade gets 502, engine runs", "websocket_blocked", "websocket_blocked",
             options=fault("/jwt/app/.*", action="status", status=502)),
    # Who it is.
)  # fmt: skip
