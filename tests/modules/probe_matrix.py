# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fault matrix: what is broken, and the verdict with and without the repository.

The verdicts are written down by hand from what Qlik's proxies are known to do; none is taken from
the collection.
"""

from __future__ import annotations

import dataclasses
import time
import typing as t

from support.probe_bench import (
    PREFIX,
    Bench,
    certificate_of,
    good_claims,
    private_pem,
    public_pem,
    token_of,
)

Json = dict[str, t.Any]
BOTH = ("current", "classic")


def _nothing(bench: Bench) -> Json:
    """No further change, no further option."""
    return {}


@dataclasses.dataclass(frozen=True)
class Case:
    """One broken site or probe. ``options`` is called when the site stands, may change it, and
    gives the probe's options; ``warnings`` are the warnings expected with the repository."""

    name: str
    proven: str
    outside: str
    proxy: Json = dataclasses.field(default_factory=dict)
    user: Json = dataclasses.field(default_factory=dict)
    switches: Json = dataclasses.field(default_factory=dict)
    options: t.Callable[[Bench], Json] = _nothing
    warnings: tuple[str, ...] = ()
    users: bool = True
    nodes: tuple[str, ...] = ("Central",)
    releases: tuple[str, ...] = BOTH


def _token(**seconds: int) -> t.Callable[[Bench], Json]:
    """A token whose times lie that many seconds from the moment of the run."""

    def make(bench: Bench) -> Json:
        now = int(time.time())
        times = {name: now + offset for name, offset in seconds.items()}
        return {"token": token_of(good_claims(**times))}

    return make


def _with(**options: t.Any) -> t.Callable[[Bench], Json]:
    return lambda bench: options


def _rim(bench: Bench) -> Json:
    return {"url": bench.site.node("rim1")["url"]}


def _twin(bench: Bench) -> Json:
    bench.site.seed(
        virtualproxyconfig=[{"prefix": PREFIX, "sessionCookieHeaderName": "X-Twin", "link": []}]
    )
    return {}


def _same_cookie(bench: Bench) -> Json:
    seed = {"prefix": "other", "sessionCookieHeaderName": "x-qlik-session-JWT", "link": ["Central"]}
    bench.site.seed(virtualproxyconfig=[seed])
    return {}


def _fault(path: str, **order: t.Any) -> t.Callable[[Bench], Json]:
    def order_it(bench: Bench) -> Json:
        bench.site.fault(port="https", method="GET", path=path, times=9, **order)
        return {}

    return order_it


def _plain_http(bench: Bench) -> Json:
    return {"url": f"http://localhost:{bench.site.node()['http_port']}"}


def _allowed_http(bench: Bench) -> Json:
    service = bench.site.entities("proxyservice")[0]
    settings = {**service["settings"], "allowHttp": True}
    bench.site.patch("proxyservice", service["id"], {"settings": settings})
    return _plain_http(bench)


def _service_key(bench: Bench) -> Json:
    certificates = bench.site.certificates
    virtual_proxy = bench.site.entity("virtualproxyconfig", prefix=PREFIX)
    with open(certificates["server_cert"]) as file:
        bench.site.patch(
            "virtualproxyconfig", virtual_proxy["id"], {"jwtPublicKeyCertificate": file.read()}
        )
    return {"private_key_path": certificates["server_key"], "private_key_content": None}


def _unused_port(bench: Bench) -> Json:
    return {"url": "https://localhost:1"}


CASES = (
    Case("healthy", "access_granted", "access_granted"),
    Case("healthy hub", "access_granted", "access_granted", options=_with(app_id=None)),
    Case("claims are sub and a constant", "access_granted", "token_rejected",
         proxy={"jwtAttributeUserId": "sub", "jwtAttributeUserDirectory": "[ACME]"}),
    # What sources tell differently, or what releases do differently, is no fault.
    *(
        Case(f"healthy, {name} {value}", "access_granted", "access_granted",
             switches={name: value}, releases=("current",))
        for name, value in (
            ("csrftoken_status", 200),
            ("csrf", "absent"),
            ("no_credentials", 302),
            ("no_credentials", 400),
            ("unknown_cookie", 401),
            ("host_check", "off"),
            ("allow_list_match", "exact"),
            ("own_name_allowed", False),
            ("ws_bearer", 403),
            ("clock_skew_s", 0),
            ("filter_case", "sensitive"),
            ("xrfkey_status", 400),
        )
    ),
    # The way to the proxy.
    Case("port closed", "tcp_refused", "tcp_refused", options=_unused_port),
    Case("unknown authority", "tls_untrusted", "tls_untrusted",
         options=lambda b: {"url_ca_path": b.site.certificates["root"]}),
    Case("other name", "tls_hostname_mismatch", "tls_hostname_mismatch",
         options=_with(url_tls_server_name="qlik.example.com")),
    Case("not verified", "access_granted", "access_granted",
         options=_with(url_tls_server_name="qlik.example.com", url_validate_certs=False)),
    Case("no such name", "dns_unresolved", "dns_unresolved",
         options=_with(url="https://no-such-host.invalid")),
    Case("the repository's port", "not_qlik", "not_qlik",
         options=lambda b: {"url": b.site.qrs_url, "url_ca_path": b.site.certificates["root"]}),
    Case("plain text on a TLS port", "not_qlik", "not_qlik",
         options=lambda b: {"url": b.site.control_url.replace("http:", "https:")}),
    Case("some web server", "not_qlik", "not_qlik",
         options=lambda b: {"url": b.site.control_url}),
    Case("gateway says 503", "proxy_unavailable", "proxy_unavailable",
         options=_fault(".*", action="status", status=503)),
    Case("connection dropped", "proxy_unavailable", "proxy_unavailable",
         options=_fault(".*", action="reset_before")),
    Case("hangs", "proxy_unavailable", "proxy_unavailable",
         options=lambda b: {**_fault(".*", action="hang", seconds=3)(b), "timeout": 1}),
    Case("plain HTTP is off", "http_not_allowed", "tcp_refused", options=_plain_http),
    Case("plain HTTP is on", "access_granted", "access_granted", options=_allowed_http,
         warnings=("insecure_transport",)),
    # The way to the virtual proxy.
    Case("unknown prefix", "prefix_unknown", "not_routed", options=_with(prefix="nothing")),
    Case("not linked", "not_linked", "not_routed", proxy={"link": []}),
    Case("linked to another node only", "not_linked", "not_routed",
         proxy={"link": ["rim1"]}, nodes=("Central", "rim1")),
    Case("not linked to central", "not_linked_to_central", "not_routed",
         proxy={"link": ["rim1"], "websocketCrossOriginWhiteList": ["localhost"]},
         nodes=("Central", "rim1", "rim2"),
         options=lambda b: {**_rim(b), "url": _rim(b)["url"].replace("localhost", "127.0.0.1")}),
    Case("not linked to the node that answers", "not_linked", "not_routed",
         proxy={"link": ["Central"]}, nodes=("Central", "rim1"), options=_rim),
    Case("not linked to central, not minded", "access_granted", "access_granted",
         proxy={"link": ["rim1"], "websocketCrossOriginWhiteList": ["127.0.0.1"]},
         nodes=("Central", "rim1"), switches={"central_link_rule": "off"},
         options=lambda b: {
             "url": _rim(b)["url"].replace("localhost", "127.0.0.1"),
             "qps_port": b.site.node("rim1")["admin_port"]},
         warnings=("not_linked_to_central",)),
    Case("host not listed", "host_not_allowed", "not_routed",
         proxy={"websocketCrossOriginWhiteList": ["qlik.example.com"]},
         switches={"own_name_allowed": False}),
    Case("host not listed, 403", "host_not_allowed", "host_not_allowed",
         proxy={"websocketCrossOriginWhiteList": ["qlik.example.com"]},
         switches={"own_name_allowed": False, "host_refusal": 403}),
    Case("host listed with its scheme", "host_not_allowed", "not_routed",
         proxy={"websocketCrossOriginWhiteList": ["https://localhost"]},
         switches={"own_name_allowed": False}, warnings=("allow_list_entry_invalid",)),
    Case("own name is enough", "access_granted", "access_granted",
         proxy={"websocketCrossOriginWhiteList": []}),
    Case("ticket", "method_not_jwt", "method_not_jwt", proxy={"authenticationMethod": 0}),
    Case("prefix twice", "access_granted", "access_granted", options=_twin,
         warnings=("duplicate_prefix",)),
    Case("cookie name twice", "access_granted", "access_granted", options=_same_cookie,
         warnings=("session_cookie_conflict",)),
    Case("redirect URI", "access_granted", "access_granted",
         proxy={"authenticationModuleRedirectUri": "https://portal.example.com/login"},
         warnings=("redirect_uri_ignored",)),
    # The token.
    Case("no token at all", "token_malformed", "token_malformed",
         options=_with(token="not.a.token")),
    Case("a token with a line break", "token_malformed", "token_malformed",
         options=lambda b: {"token": token_of(good_claims())[:50] + "\n" + "x.y"}),
    Case("a token with an umlaut", "token_malformed", "token_malformed",
         options=_with(token="ü.ü.ü")),
    Case("unsigned", "algorithm_unsupported", "algorithm_unsupported",
         options=lambda b: {"token": token_of(good_claims(), algorithm="none")}),
    Case("wrong key", "key_mismatch", "token_rejected",
         options=lambda b: {"private_key_content": private_pem("other")}),
    Case("wrong key, token given", "key_mismatch", "token_rejected",
         options=lambda b: {"token": token_of(good_claims(), "other")}),
    Case("expired", "token_expired", "token_expired",
         options=_token(exp=-3600, iat=-7200)),
    Case("not yet valid", "token_not_yet_valid", "token_not_yet_valid",
         options=_token(nbf=1800)),
    Case("site's clock ahead", "clock_skew", "clock_skew", switches={"clock_offset_s": 7200}),
    Case("site's clock behind", "clock_skew", "clock_skew", switches={"clock_offset_s": -7200}),
    Case("site's clock a little behind", "access_granted", "access_granted",
         switches={"clock_offset_s": -120}, warnings=("clock_skew",)),
    Case("wrong case", "claim_case_mismatch", "token_rejected",
         options=_with(user_id_claim="UserId")),
    Case("wrong case of the directory", "claim_case_mismatch", "token_rejected",
         options=_with(user_directory_claim="userdirectory")),
    Case("no user id", "user_id_claim_missing", "token_rejected", options=_with(user_id_claim="u")),
    Case("no directory", "user_directory_claim_missing", "token_rejected",
         options=_with(user_directory_claim="domain")),
    Case("no audience", "audience_mismatch", "token_rejected", proxy={"jwtAudience": "qlik"}),
    Case("no audience, not minded", "access_granted", "access_granted",
         proxy={"jwtAudience": "qlik"}, switches={"missing_aud": "accept"}),
    Case("other audience", "audience_mismatch", "token_rejected", proxy={"jwtAudience": "qlik"},
         options=_with(audience="Qlik")),
    Case("right audience", "access_granted", "access_granted", proxy={"jwtAudience": "qlik"},
         options=_with(audience="qlik")),
    Case("mandatory attribute", "mandatory_attribute_missing", "token_rejected",
         proxy={"jwtAttributeMap": [
             {"jwtAttribute": "group", "senseAttribute": "Group", "isMandatory": True}]}),
    Case("mandatory attribute in other case", "claim_case_mismatch", "token_rejected",
         proxy={"jwtAttributeMap": [
             {"jwtAttribute": "group", "senseAttribute": "Group", "isMandatory": True}]},
         options=_with(attributes={"Group": ["a"]})),
    Case("far too large", "token_too_large", "token_too_large",
         options=_with(attributes={"groups": ["x" * 100] * 200})),
    Case("lives for years", "access_granted", "access_granted",
         options=_with(lifetime=300_000_000), warnings=("long_lived_token",)),
    # The certificate.
    Case("no certificate", "certificate_missing", "token_rejected",
         proxy={"jwtPublicKeyCertificate": ""}),
    Case("bare public key", "certificate_bare_public_key", "token_rejected",
         proxy={"jwtPublicKeyCertificate": public_pem()}),
    Case("bare public key, taken", "access_granted", "access_granted",
         proxy={"jwtPublicKeyCertificate": public_pem()}, switches={"bare_public_key": "works"},
         warnings=("certificate_bare_public_key",)),
    Case("damaged certificate", "certificate_unreadable", "token_rejected",
         proxy={"jwtPublicKeyCertificate": certificate_of()[:300]}),
    Case("expired certificate", "certificate_expired", "token_rejected",
         proxy={"jwtPublicKeyCertificate": certificate_of(days=-9)},
         switches={"cert_expiry_check": "on"}),
    Case("expired certificate, not minded", "access_granted", "access_granted",
         proxy={"jwtPublicKeyCertificate": certificate_of(days=-9)},
         warnings=("certificate_expired",)),
    Case("certificate ends soon", "access_granted", "access_granted",
         proxy={"jwtPublicKeyCertificate": certificate_of(days=9)},
         warnings=("certificate_expires_soon",)),
    Case("weak key", "access_granted", "access_granted",
         proxy={"jwtPublicKeyCertificate": certificate_of("weak", 1024)},
         options=lambda b: {"private_key_content": private_pem("weak", 1024)},
         warnings=("weak_key",)),
    Case("service key", "access_granted", "access_granted", options=_service_key,
         warnings=("service_key_reused",)),
    *(
        Case(f"wrong key, {name} {value}", "key_mismatch", "token_rejected",
             switches={name: value}, releases=("current",),
             options=lambda b: {"private_key_content": private_pem("other")})
        for name, value in (("bad_token_body", "page"), ("bad_token_status", 401))
    ),
    # The user.
    Case("unknown user", "user_unknown", "access_granted", users=False),
    Case("unknown user may be made", "access_granted", "access_granted", users=False,
         options=_with(allow_user_creation=True)),
    Case("inactive", "user_inactive", "user_inactive", user={"inactive": True}),
    Case("inactive, later", "user_inactive", "user_inactive", user={"inactive": True},
         switches={"inactive_user": "app_403"}),
    Case("blocked", "user_blocked", "user_inactive", user={"blacklisted": True}),
    # The session.
    Case("page of another site", "origin_not_allowed", "origin_not_allowed",
         options=_with(origin="https://portal.example.com")),
    Case("page of a listed site", "access_granted", "access_granted",
         proxy={"websocketCrossOriginWhiteList": ["localhost", "portal.example.com"]},
         options=_with(origin="https://portal.example.com")),
    Case("no WebSockets", "websocket_blocked", "websocket_blocked",
         options=_fault("/jwt/app/.*", action="status", status=426)),
    Case("no page", "page_not_served", "page_not_served",
         options=_fault("/jwt/sense/.*", action="status", status=500)),
    Case("a page that hangs", "page_not_served", "page_not_served",
         options=lambda b: {
             **_fault("/jwt/sense/.*", action="hang", seconds=3)(b), "timeout": 1}),
    Case("no node", "no_load_balancing_node", "access_granted",
         proxy={"loadBalancingServerNodes": []}),
    Case("cookie is not known again", "stale_session_cookie", "stale_session_cookie",
         options=lambda b: b.forget_cookies()),
    # What a security reviewer would raise.
    Case("unsigned is let in", "bad_token_accepted", "bad_token_accepted",
         switches={"accepts_bad_token": "unsigned"}),
    Case("foreign key is let in", "bad_token_accepted", "bad_token_accepted",
         switches={"accepts_bad_token": "foreign"}),
    Case("expired is let in", "bad_token_accepted", "bad_token_accepted",
         switches={"accepts_bad_token": "expired"}),
    Case("the tested token is the bad one", "bad_token_accepted", "bad_token_accepted",
         switches={"accepts_bad_token": "foreign"},
         options=lambda b: {"private_key_content": private_pem("other")},
         warnings=("key_mismatch",)),
    Case("visitors allowed", "access_granted", "access_granted", proxy={"anonymousAccessMode": 1},
         warnings=("anonymous_access",)),
    Case("only visitors", "anonymous_access", "wrong_user", proxy={"anonymousAccessMode": 2}),
    Case("allow list", "access_granted", "access_granted",
         proxy={"websocketCrossOriginWhiteList": ["localhost", "*.example.com", "10.0.0.7"]},
         warnings=("allow_list_wildcard", "allow_list_entry_invalid")),
)  # fmt: skip
