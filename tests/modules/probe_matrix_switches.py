# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fault matrix, third part: what sources tell differently changes no verdict.

Each fault runs with the value of the switch that the release does not have by itself. Where a
switch makes a fault harmless, or another one, the row says so.
"""

from __future__ import annotations

import dataclasses
import typing as t

from support.probe_changes import Json, address, options_of
from support.probe_faults import ELSEWHERE, FAULTS
from support.probe_scenario import Scenario

#: Rejected by the token's own fault or by what it is compared with.
REJECTED = tuple(
    FAULTS[code]
    for code in (
        "key_mismatch",
        "token_expired",
        "token_malformed",
        "user_id_claim_missing",
        "audience_mismatch",
        "mandatory_attribute_missing",
        "certificate_missing",
    )
)

#: Rejected before the token is looked at, or not at all.
UNROUTED = tuple(FAULTS[code] for code in ("prefix_unknown", "not_linked", "duplicate_prefix"))


def trusted_address(bench: t.Any) -> Json:
    """The same, named in ``trusted_hosts``: addresses match the list as a whole."""
    return {**address(bench), "trusted_hosts": ["127.0.0.1"]}


def switched(cases: t.Iterable[Scenario], release: str, **switches: t.Any) -> t.Iterator[Scenario]:
    """The same cases with these switches, in one release."""
    said = ", ".join(f"{name} {value}" for name, value in switches.items())
    for case in cases:
        yield dataclasses.replace(
            case,
            name=f"{case.name}, {said}",
            switches={**case.switches, **switches},
            releases=(release,),
        )


SWITCH_CASES = (
    *switched(REJECTED, "current", bad_token_status=401),
    *switched(REJECTED, "current", bad_token_body="page"),
    *switched(REJECTED[:3], "current", bad_token_status=401, bad_token_body="page"),
    *switched(REJECTED, "classic", bad_token_status=400),
    *switched(REJECTED, "classic", bad_token_body="empty"),
    *switched(REJECTED[:3], "classic", bad_token_status=400, bad_token_body="empty"),
    *switched((*REJECTED[:2], *UNROUTED), "current", no_credentials=302),
    *switched((*REJECTED[:2], *UNROUTED), "classic", no_credentials=400),
    *switched(UNROUTED, "current", host_refusal=403),
    *switched(UNROUTED, "classic", host_check="off"),
    # Who may reach the proxy by which name.
    Scenario("host not listed, 403, no credentials 302", "host_not_allowed", "host_not_allowed",
             proxy=ELSEWHERE,
             switches={"own_name_allowed": False, "host_refusal": 403, "no_credentials": 302}),
    Scenario("host not listed, 403, no credentials 400", "host_not_allowed", "host_not_allowed",
             proxy=ELSEWHERE,
             switches={"own_name_allowed": False, "host_refusal": 403, "no_credentials": 400}),
    # Only WebSockets are checked there; from outside nothing tells the origin from a gateway.
    Scenario("host not listed, host check off", "origin_not_allowed", "websocket_blocked",
             proxy=ELSEWHERE, switches={"own_name_allowed": False, "host_check": "off"}),
    Scenario("end of the name is listed", "access_granted", "access_granted",
             proxy={"websocketCrossOriginWhiteList": ["0.0.1"]}, options=trusted_address,
             switches={"own_name_allowed": False}),
    Scenario("end of the name is listed, exact", "host_not_allowed", "not_routed",
             proxy={"websocketCrossOriginWhiteList": ["0.0.1"]}, options=trusted_address,
             switches={"own_name_allowed": False, "allow_list_match": "exact"}),
    Scenario("end of the address is listed, not trusted", "host_not_allowed", "access_granted",
             proxy={"websocketCrossOriginWhiteList": ["0.0.1"]}, options=address,
             switches={"own_name_allowed": False}),
    # Tolerance of clocks.
    Scenario("expired a moment ago", "access_granted", "access_granted",
             claims={"exp": -100, "iat": -7200}),
    Scenario("expired a moment ago, no tolerance", "token_expired", "token_expired",
             claims={"exp": -100, "iat": -7200}, switches={"clock_skew_s": 0}),
    Scenario("valid in a moment", "access_granted", "access_granted", claims={"nbf": 100}),
    Scenario("valid in a moment, no tolerance", "token_not_yet_valid", "token_not_yet_valid",
             claims={"nbf": 100}, switches={"clock_skew_s": 0}),
    # Users.
    Scenario("blocked, later", "user_blocked", "user_inactive", user={"blacklisted": True},
             switches={"inactive_user": "app_403"}),
    Scenario("unknown user is refused", "user_unknown", "token_rejected", users=False,
             options=options_of(allow_user_creation=True), switches={"unknown_user": "reject"}),
    Scenario("unknown user is refused, without leave", "user_unknown", "token_rejected",
             users=False, switches={"unknown_user": "reject"}),
    # Cookies.
    Scenario("cookie is not known again, 401", "stale_session_cookie", "stale_session_cookie",
             options=lambda b: b.forget_cookies(), switches={"unknown_cookie": 401}),
    Scenario("cookie is not known again, 500", "stale_session_cookie", "stale_session_cookie",
             options=lambda b: b.forget_cookies(), switches={"unknown_cookie": 500}),
    # Tokens on a WebSocket.
    Scenario("page of another site, bearer refused", "origin_not_allowed", "origin_not_allowed",
             options=options_of(origin="https://portal.example.com"), switches={"ws_bearer": 403}),
)  # fmt: skip
