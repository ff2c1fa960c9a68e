# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How each finding is provoked on a simulated site, by its code.

The matrix of faults, the pairs of faults, and the tests of playbooks use this table. The verdicts
are written by hand from what Qlik's proxies are known to do, not taken from the collection.
"""

from __future__ import annotations

import typing as t

from cryptography.x509.oid import ExtendedKeyUsageOID

from support.probe_bench import certificate_of, private_pem, public_pem
from support.probe_changes import (
    allowed_http,
    busy_user,
    fault,
    full_queue,
    gateway,
    in_milliseconds,
    no_engine,
    no_passes,
    options_of,
    other_user,
    plain_http,
    rim,
    same_cookie,
    server_certificate,
    service_key,
    twin,
    unused_port,
)
from support.probe_scenario import Scenario

GROUP = [{"jwtAttribute": "group", "senseAttribute": "Group", "isMandatory": True}]
ELSEWHERE = {"websocketCrossOriginWhiteList": ["qlik.example.com"]}


def error(code: str, outside: str | None = None, **fault: t.Any) -> Scenario:
    """A fault that is the verdict. ``outside`` is the verdict without the repository, if other."""
    return Scenario(code, code, outside or code, **fault)


def warning(code: str, **fault: t.Any) -> Scenario:
    """A fault that keeps no login out."""
    return Scenario(code, "access_granted", "access_granted", warnings=(code,), **fault)


def info(code: str, **fault: t.Any) -> Scenario:
    """A fact that is reported as information."""
    return Scenario(code, "access_granted", "access_granted", infos=(code,), **fault)


_FAULTS = (
    # The way to the proxy.
    error("insecure_transport",
          options=lambda b: {**allowed_http(b), "allow_insecure_transport": False}),
    error("dns_unresolved", options=options_of(url="https://no-such-host.invalid"),
          evidence={"host": "no-such-host.invalid", "port": 443}),
    error("http_not_allowed", "tcp_refused", options=plain_http, evidence={"allow_http": False}),
    error("tcp_refused", options=unused_port, evidence={"host": "localhost", "port": 1}),
    error("tcp_timeout", options=full_queue),
    error("tls_hostname_mismatch", options=options_of(url_tls_server_name="qlik.example.com")),
    error("tls_expired", options=server_certificate(days=-1)),
    error("tls_purpose", options=server_certificate(purposes=[ExtendedKeyUsageOID.CLIENT_AUTH])),
    error("tls_weak", options=server_certificate("weak")),
    error("tls_untrusted", options=lambda b: {"url_ca_path": b.site.certificates["root"]}),
    error("proxy_unavailable", options=fault(".*", action="status", status=503),
          evidence={"status": 503}),
    error("not_qlik",
          options=lambda b: {"url": b.site.qrs_url, "url_ca_path": b.site.certificates["root"]},
          evidence={"status": 403}),
    # The way to the virtual proxy.
    error("token_too_large", claims={"groups": ["x" * 100] * 200}, evidence={"limit": 16384}),
    error("prefix_unknown", "not_routed", options=options_of(prefix="nothing"),
          evidence={"prefix": "nothing", "known_prefixes": ["(default)", "jwt"]}),
    error("not_linked", "not_routed", proxy={"link": []}, evidence={"linked_to": []}),
    error("not_linked_to_central", "not_routed",
          proxy={"link": ["rim1"], "websocketCrossOriginWhiteList": ["localhost"]},
          nodes=("Central", "rim1", "rim2"),
          options=lambda b: {"url": rim(b)["url"].replace("localhost", "127.0.0.1")},
          evidence={"linked_to": ["rim1"]}),
    error("host_not_allowed", "not_routed", proxy=ELSEWHERE, switches={"own_name_allowed": False},
          evidence={"host": "localhost", "host_allow_list": ["qlik.example.com"]}),
    warning("duplicate_prefix", options=twin, evidence={"count": 2}),
    error("method_not_jwt", proxy={"authenticationMethod": 0},
          evidence={"authentication_method": "ticket"}),
    error("anonymous_access", "wrong_user", proxy={"anonymousAccessMode": 2},
          evidence={"mode": "always"}),
    error("not_routed", proxy={"link": []}, switches={"read_rights": "none"},
          warnings=("repository_forbidden",)),
    # The token.
    error("token_malformed", options=options_of(token="not.a.token")),
    error("algorithm_unsupported", signing={"algorithm": "none"}, evidence={"algorithm": "none"}),
    error("key_mismatch", "token_rejected", key="other"),
    error("token_time_invalid", options=in_milliseconds("nbf"),
          evidence={"times": ["nbf (milliseconds)"]}),
    error("token_expired", claims={"exp": -3600, "iat": -7200}),
    error("token_not_yet_valid", claims={"nbf": 1800}),
    error("clock_skew", switches={"clock_offset_s": 7200}, evidence={"proxy_is": "ahead"}),
    error("audience_mismatch", "token_rejected", proxy={"jwtAudience": "qlik"},
          evidence={"expected": "qlik", "found": "no audience"}),
    error("claim_name_invalid", "wrong_user", proxy={"jwtAttributeUserId": "exp"}),
    error("claim_case_mismatch", "token_rejected", claims={"userId": None, "UserId": "probe"},
          evidence={"expected": "userId", "found": "UserId"}),
    error("user_id_claim_missing", "token_rejected", options=options_of(user_id_claim="u"),
          evidence={"expected": "userId"}),
    error("user_directory_claim_missing", "token_rejected", claims={"userDirectory": None},
          evidence={"expected": "userDirectory"}),
    error("mandatory_attribute_missing", "token_rejected", proxy={"jwtAttributeMap": GROUP},
          evidence={"missing": ["group"]}),
    error("token_rejected", key="other", switches={"read_rights": "none"},
          warnings=("repository_forbidden",)),
    # The certificate.
    error("certificate_missing", "token_rejected", proxy={"jwtPublicKeyCertificate": ""}),
    error("certificate_bare_public_key", "token_rejected",
          proxy={"jwtPublicKeyCertificate": public_pem()}),
    error("certificate_unreadable", "token_rejected",
          proxy={"jwtPublicKeyCertificate": certificate_of()[:300]}),
    error("certificate_expired", "token_rejected",
          proxy={"jwtPublicKeyCertificate": certificate_of(days=-9)},
          switches={"cert_expiry_check": "on"}),
    warning("certificate_expires_soon",
            proxy={"jwtPublicKeyCertificate": certificate_of(days=9)}, evidence={"days": 9}),
    warning("weak_key", proxy={"jwtPublicKeyCertificate": certificate_of("weak", 1024)},
            options=lambda b: {"private_key_content": private_pem("weak", 1024)},
            evidence={"why": "1024 bits"}),
    warning("service_key_reused", options=service_key),
    # The user.
    error("user_unknown", "access_granted", users=False, evidence={"user": "ACME\\probe"}),
    error("user_blocked", "user_inactive", user={"blacklisted": True},
          evidence={"user": "ACME\\probe"}),
    error("user_inactive", user={"inactive": True}, evidence={"user": "ACME\\probe"}),
    error("wrong_user", proxy={"jwtAttributeUserId": "[other]"},
          options=lambda b: {**other_user(b), "user_id_claim": "userId"},
          infos=("claim_unmapped",), evidence={"found": "ACME\\other", "expected": "ACME\\probe"}),
    # The session.
    error("session_cookie_missing", options=gateway("Set-Cookie")),
    error("stale_session_cookie", options=lambda b: b.forget_cookies()),
    error("no_access_pass", options=no_passes, evidence={"said": ["OnLicenseAccessDenied"]}),
    error("page_not_served", options=fault("/jwt/sense/.*", action="status", status=500),
          evidence={"status": 500}),
    error("csrf_token_missing", options=gateway("qlik-csrf-token"), releases=("current",)),
    error("origin_not_allowed", options=options_of(origin="https://portal.example.com"),
          evidence={"origin": "https://portal.example.com", "host_allow_list": ["localhost"]}),
    error("websocket_blocked", options=fault("/jwt/app/.*", action="status", status=426),
          evidence={"status": 426}),
    error("session_limit", options=busy_user, evidence={"said": ["OnMaxParallelSessionsExceeded"]}),
    error("no_load_balancing_node", "engine_unavailable", proxy={"loadBalancingServerNodes": []}),
    error("engine_unavailable", options=no_engine, evidence={"said": ["OnNoEngineAvailable"]}),
    # What a login does not show.
    error("bad_token_accepted", switches={"accepts_bad_token": "unsigned"},
          evidence={"kinds": ["unsigned"]}),
    warning("repository_unreachable",
            options=fault(".*", port="qrs", action="html", status=200, times=99)),
    warning("repository_forbidden", switches={"read_rights": "none"}),
    warning("session_cookie_conflict", options=same_cookie, evidence={"other_prefixes": ["other"]}),
    warning("redirect_uri_ignored",
            proxy={"authenticationModuleRedirectUri": "https://portal.example.com/login"},
            evidence={"authentication_module_redirect_uri": "https://portal.example.com/login"}),
    warning("allow_list_wildcard",
            proxy={"websocketCrossOriginWhiteList": ["localhost", "*.example.com"]},
            evidence={"entries": ["*.example.com"]}),
    warning("allow_list_entry_invalid",
            proxy={"websocketCrossOriginWhiteList": ["localhost", "10.0.0.7"]},
            evidence={"entries": ["10.0.0.7"]}),
    warning("long_lived_token", options=options_of(lifetime=300_000_000)),
    info("claim_unmapped", options=options_of(attributes={"group": ["a"]}),
         evidence={"claims": ["group"]}),
    info("slow_start", switches={"cold_start_s": 2}, slow_s=1.5),
)  # fmt: skip

FAULTS = {scenario.name: scenario for scenario in _FAULTS}

#: Codes without an entry, and why.
NOT_PROVOKED = {
    "app_access_denied": "the simulated engine denies access to no app before it is opened",
    "session_left_open": "every run without the repository reports it; the rows expect it there",
}
