# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two faults at once: which of them is the verdict.

The pairs are written down by hand: what hides the other is named first. ``FAULTS`` says how each
is provoked on a site; two of them are put together without touching each other.
"""

from __future__ import annotations

import dataclasses
import time
import typing as t

from modules.probe_case import (
    Json,
    busy_user,
    fault,
    full_queue,
    gateway,
    no_engine,
    no_passes,
    nothing,
    options_of,
    plain_http,
    unused_port,
)
from support.probe_bench import Bench, certificate_of, good_claims, public_pem, token_of


@dataclasses.dataclass(frozen=True)
class Fault:
    """One fault. ``claims`` are changes of the token's claims, times as seconds from now;
    ``signing`` is how the token is signed."""

    family: str
    proxy: Json = dataclasses.field(default_factory=dict)
    user: Json = dataclasses.field(default_factory=dict)
    switches: Json = dataclasses.field(default_factory=dict)
    claims: Json = dataclasses.field(default_factory=dict)
    signing: Json = dataclasses.field(default_factory=dict)
    options: t.Callable[[Bench], Json] = nothing
    users: bool = True


def token_with(*faults: Fault) -> str:
    """A token with the faults of all of them."""
    now = int(time.time())
    claims: Json = {}
    signing: Json = {}
    for found in faults:
        claims.update(found.claims)
        signing.update(found.signing)
    times = {n: now + v for n, v in claims.items() if n in ("exp", "nbf", "iat")}
    return token_of(good_claims(**{**claims, **times}), **signing)


GROUP = [{"jwtAttribute": "group", "senseAttribute": "Group", "isMandatory": True}]
ELSEWHERE = {"websocketCrossOriginWhiteList": ["qlik.example.com"]}

FAULTS = {
    "dns_unresolved": Fault("network", options=options_of(url="https://no-such-host.invalid")),
    "http_not_allowed": Fault("network", options=plain_http),
    "tcp_refused": Fault("network", options=unused_port),
    "tcp_timeout": Fault("network", options=full_queue),
    "tls_hostname_mismatch": Fault(
        "network", options=options_of(url_tls_server_name="qlik.example.com")),
    "tls_untrusted": Fault(
        "network", options=lambda b: {"url_ca_path": b.site.certificates["root"]}),
    "proxy_unavailable": Fault("network", options=fault(".*", action="status", status=503)),
    "prefix_unknown": Fault("route", options=options_of(prefix="nothing")),
    "not_linked": Fault("route", proxy={"link": []}),
    "host_not_allowed": Fault("route", proxy=ELSEWHERE, switches={"own_name_allowed": False}),
    "method_not_jwt": Fault("route", proxy={"authenticationMethod": 0}),
    "token_too_large": Fault("token", claims={"groups": ["x" * 100] * 200}),
    "algorithm_unsupported": Fault("token", signing={"algorithm": "none"}),
    "key_mismatch": Fault("token", signing={"key": "other"}),
    "token_expired": Fault("token", claims={"exp": -3600, "iat": -7200}),
    "token_not_yet_valid": Fault("token", claims={"nbf": 1800}),
    "audience_mismatch": Fault("token", proxy={"jwtAudience": "qlik"}),
    "claim_case_mismatch": Fault("token", claims={"userId": None, "UserId": "probe"}),
    "user_directory_claim_missing": Fault("token", claims={"userDirectory": None}),
    "mandatory_attribute_missing": Fault("token", proxy={"jwtAttributeMap": GROUP}),
    "certificate_missing": Fault("certificate", proxy={"jwtPublicKeyCertificate": ""}),
    "certificate_bare_public_key": Fault(
        "certificate", proxy={"jwtPublicKeyCertificate": public_pem()}),
    "certificate_unreadable": Fault(
        "certificate", proxy={"jwtPublicKeyCertificate": certificate_of()[:300]}),
    "certificate_expired": Fault(
        "certificate", proxy={"jwtPublicKeyCertificate": certificate_of(days=-9)},
        switches={"cert_expiry_check": "on"}),
    "user_unknown": Fault("user", users=False),
    "user_blocked": Fault("user", user={"blacklisted": True}),
    "user_inactive": Fault("user", user={"inactive": True}),
    "no_access_pass": Fault("user", options=no_passes),
    "session_limit": Fault("user", options=busy_user),
    "stale_session_cookie": Fault("session", options=lambda b: b.forget_cookies()),
    "page_not_served": Fault(
        "session", options=fault("/jwt/sense/.*", action="status", status=500)),
    "csrf_token_missing": Fault("session", options=gateway("qlik-csrf-token")),
    "origin_not_allowed": Fault("session", options=options_of(origin="https://portal.example.com")),
    "websocket_blocked": Fault(
        "session", options=fault("/jwt/app/.*", action="status", status=426)),
    "no_load_balancing_node": Fault("session", proxy={"loadBalancingServerNodes": []}),
    "engine_unavailable": Fault("session", options=no_engine),
    "bad_token_accepted": Fault("security", switches={"accepts_bad_token": "unsigned"}),
    "anonymous_access": Fault("security", proxy={"anonymousAccessMode": 2}),
}  # fmt: skip

#: What hides, and what it hides.
PAIRS = (
    # No connection hides everything.
    ("tcp_refused", "not_linked"),
    ("tls_untrusted", "prefix_unknown"),
    ("proxy_unavailable", "method_not_jwt"),
    ("dns_unresolved", "host_not_allowed"),
    ("tls_untrusted", "key_mismatch"),
    ("tcp_timeout", "token_expired"),
    ("http_not_allowed", "audience_mismatch"),
    ("tcp_refused", "certificate_missing"),
    ("proxy_unavailable", "certificate_bare_public_key"),
    ("tls_hostname_mismatch", "user_inactive"),
    ("tcp_refused", "user_unknown"),
    ("dns_unresolved", "no_load_balancing_node"),
    ("tcp_refused", "origin_not_allowed"),
    ("tls_untrusted", "anonymous_access"),
    ("proxy_unavailable", "bad_token_accepted"),
    # The limit of headers comes before the route, the route before the token.
    ("token_too_large", "not_linked"),
    ("not_linked", "host_not_allowed"),
    ("not_linked", "key_mismatch"),
    ("prefix_unknown", "token_expired"),
    ("host_not_allowed", "audience_mismatch"),
    ("method_not_jwt", "token_expired"),
    ("not_linked", "certificate_missing"),
    ("host_not_allowed", "certificate_unreadable"),
    ("not_linked", "user_inactive"),
    ("not_linked", "user_unknown"),
    ("not_linked", "no_load_balancing_node"),
    ("host_not_allowed", "page_not_served"),
    ("not_linked", "anonymous_access"),
    ("host_not_allowed", "bad_token_accepted"),
    # Where everybody is anonymous no token is looked at.
    ("anonymous_access", "key_mismatch"),
    ("anonymous_access", "certificate_missing"),
    ("anonymous_access", "user_inactive"),
    ("anonymous_access", "websocket_blocked"),
    # How a token can be read, then who signed it, then when, then for whom, then by whom.
    ("algorithm_unsupported", "certificate_bare_public_key"),
    ("certificate_missing", "token_expired"),
    ("certificate_unreadable", "audience_mismatch"),
    ("key_mismatch", "token_expired"),
    ("key_mismatch", "certificate_expired"),
    ("token_expired", "audience_mismatch"),
    ("token_not_yet_valid", "mandatory_attribute_missing"),
    ("audience_mismatch", "claim_case_mismatch"),
    ("user_directory_claim_missing", "mandatory_attribute_missing"),
    # A refused token hides the user, the session and what comes after.
    ("key_mismatch", "user_inactive"),
    ("claim_case_mismatch", "user_blocked"),
    ("token_expired", "user_unknown"),
    ("token_expired", "no_load_balancing_node"),
    ("mandatory_attribute_missing", "origin_not_allowed"),
    ("key_mismatch", "bad_token_accepted"),
    ("certificate_missing", "user_inactive"),
    ("certificate_bare_public_key", "no_load_balancing_node"),
    ("certificate_unreadable", "bad_token_accepted"),
    # Whether proxies look at the certificate's dates is not certain.
    ("user_inactive", "certificate_expired"),
    ("user_blocked", "user_inactive"),
    ("user_inactive", "no_load_balancing_node"),
    ("user_inactive", "bad_token_accepted"),
    # A session that does not hold hides what is done with it; the licence hides the slot.
    ("stale_session_cookie", "page_not_served"),
    ("stale_session_cookie", "no_access_pass"),
    ("no_access_pass", "page_not_served"),
    ("no_access_pass", "session_limit"),
    ("no_access_pass", "bad_token_accepted"),
    ("page_not_served", "origin_not_allowed"),
    ("page_not_served", "bad_token_accepted"),
    ("csrf_token_missing", "no_load_balancing_node"),
    ("origin_not_allowed", "engine_unavailable"),
    ("websocket_blocked", "session_limit"),
    ("session_limit", "no_load_balancing_node"),
    ("session_limit", "engine_unavailable"),
    ("engine_unavailable", "bad_token_accepted"),
)
