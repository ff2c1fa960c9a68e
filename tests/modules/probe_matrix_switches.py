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

from modules.probe_case import Case, Json, address, options_of, times, twin
from support.probe_bench import private_pem

GROUP = [{"jwtAttribute": "group", "senseAttribute": "Group", "isMandatory": True}]

#: Refused by the token's own fault or by what it is compared with.
REFUSED = (
    Case("wrong key", "key_mismatch", "token_rejected",
         options=lambda b: {"private_key_content": private_pem("other")}),
    Case("expired", "token_expired", "token_expired", options=times(exp=-3600, iat=-7200)),
    Case("no token at all", "token_malformed", "token_malformed",
         options=options_of(token="not.a.token")),
    Case("no user id", "user_id_claim_missing", "token_rejected",
         options=options_of(user_id_claim="u")),
    Case("no audience", "audience_mismatch", "token_rejected", proxy={"jwtAudience": "qlik"}),
    Case("mandatory attribute", "mandatory_attribute_missing", "token_rejected",
         proxy={"jwtAttributeMap": GROUP}),
    Case("no certificate", "certificate_missing", "token_rejected",
         proxy={"jwtPublicKeyCertificate": ""}),
)  # fmt: skip

#: Refused because of the way, whatever the token.
UNROUTED = (
    Case("unknown prefix", "prefix_unknown", "not_routed", options=options_of(prefix="nothing")),
    Case("not linked", "not_linked", "not_routed", proxy={"link": []}),
    Case("prefix twice", "access_granted", "access_granted", options=twin,
         warnings=("duplicate_prefix",)),
)  # fmt: skip

ELSEWHERE: Json = {"websocketCrossOriginWhiteList": ["qlik.example.com"]}


def trusted_address(bench: t.Any) -> Json:
    """The same, named in ``trusted_hosts``: addresses match the list as a whole."""
    return {**address(bench), "trusted_hosts": ["127.0.0.1"]}


def switched(cases: t.Iterable[Case], release: str, **switches: t.Any) -> t.Iterator[Case]:
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
    *switched(REFUSED, "current", bad_token_status=401),
    *switched(REFUSED, "current", bad_token_body="page"),
    *switched(REFUSED[:3], "current", bad_token_status=401, bad_token_body="page"),
    *switched(REFUSED, "classic", bad_token_status=400),
    *switched(REFUSED, "classic", bad_token_body="empty"),
    *switched(REFUSED[:3], "classic", bad_token_status=400, bad_token_body="empty"),
    *switched((*REFUSED[:2], *UNROUTED), "current", no_credentials=302),
    *switched((*REFUSED[:2], *UNROUTED), "classic", no_credentials=400),
    *switched(UNROUTED, "current", host_refusal=403),
    *switched(UNROUTED, "classic", host_check="off"),
    # Who may reach the proxy by which name.
    Case("host not listed, 403, no credentials 302", "host_not_allowed", "host_not_allowed",
         proxy=ELSEWHERE,
         switches={"own_name_allowed": False, "host_refusal": 403, "no_credentials": 302}),
    Case("host not listed, 403, no credentials 400", "host_not_allowed", "host_not_allowed",
         proxy=ELSEWHERE,
         switches={"own_name_allowed": False, "host_refusal": 403, "no_credentials": 400}),
    # Only WebSockets are checked there; from outside nothing tells the origin from a gateway.
    Case("host not listed, host check off", "origin_not_allowed", "websocket_blocked",
         proxy=ELSEWHERE, switches={"own_name_allowed": False, "host_check": "off"}),
    Case("end of the name is listed", "access_granted", "access_granted",
         proxy={"websocketCrossOriginWhiteList": ["0.0.1"]}, options=trusted_address,
         switches={"own_name_allowed": False}),
    Case("end of the name is listed, exact", "host_not_allowed", "not_routed",
         proxy={"websocketCrossOriginWhiteList": ["0.0.1"]}, options=trusted_address,
         switches={"own_name_allowed": False, "allow_list_match": "exact"}),
    Case("end of the address is listed, not trusted", "host_not_allowed", "access_granted",
         proxy={"websocketCrossOriginWhiteList": ["0.0.1"]}, options=address,
         switches={"own_name_allowed": False}),
    # Tolerance of clocks.
    Case("expired a moment ago", "access_granted", "access_granted",
         options=times(exp=-100, iat=-7200)),
    Case("expired a moment ago, no tolerance", "token_expired", "token_expired",
         options=times(exp=-100, iat=-7200), switches={"clock_skew_s": 0}),
    Case("valid in a moment", "access_granted", "access_granted", options=times(nbf=100)),
    Case("valid in a moment, no tolerance", "token_not_yet_valid", "token_not_yet_valid",
         options=times(nbf=100), switches={"clock_skew_s": 0}),
    # Users.
    Case("blocked, later", "user_blocked", "user_inactive", user={"blacklisted": True},
         switches={"inactive_user": "app_403"}),
    Case("unknown user is refused", "user_unknown", "token_rejected", users=False,
         options=options_of(allow_user_creation=True), switches={"unknown_user": "refuse"}),
    Case("unknown user is refused, without leave", "user_unknown", "token_rejected", users=False,
         switches={"unknown_user": "refuse"}),
    # Cookies.
    Case("cookie is not known again, 401", "stale_session_cookie", "stale_session_cookie",
         options=lambda b: b.forget_cookies(), switches={"unknown_cookie": 401}),
    Case("cookie is not known again, 500", "stale_session_cookie", "stale_session_cookie",
         options=lambda b: b.forget_cookies(), switches={"unknown_cookie": 500}),
    # Tokens on a WebSocket.
    Case("page of another site, bearer refused", "origin_not_allowed", "origin_not_allowed",
         options=options_of(origin="https://portal.example.com"), switches={"ws_bearer": 403}),
)  # fmt: skip
