# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fault matrix: variants of the faults in ``support/probe_faults.py``, and what is no fault.

The verdicts are written by hand, as in that table.
"""

from __future__ import annotations

from support.probe_bench import certificate_of, good_claims, private_pem, public_pem, token_of
from support.probe_changes import (
    address,
    allowed_http,
    fault,
    in_milliseconds,
    options_of,
    rim,
    signed_by,
    unencrypted,
)
from support.probe_faults import ELSEWHERE, GROUP
from support.probe_scenario import Scenario

CASES = (
    Scenario("healthy", "access_granted", "access_granted"),
    Scenario("healthy hub", "access_granted", "access_granted", options=options_of(app_id=None)),
    Scenario("claims are sub and a constant", "access_granted", "token_rejected",
             proxy={"jwtAttributeUserId": "sub", "jwtAttributeUserDirectory": "[ACME]"}),
    # What sources tell differently, or what releases do differently, is no fault.
    *(
        Scenario(f"healthy, {name} {value}", "access_granted", "access_granted",
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
    Scenario("not verified", "access_granted", "access_granted",
             options=options_of(url_tls_server_name="qlik.example.com", url_validate_certs=False),
             warnings=("insecure_transport",)),
    Scenario("plain text on a TLS port", "not_qlik", "not_qlik",
             options=lambda b: {"url": b.site.control_url.replace("http:", "https:")}),
    Scenario("some web server", "not_qlik", "not_qlik",
             options=lambda b: {"url": b.site.control_url, "allow_insecure_transport": True,
                                "trusted_hosts": ["127.0.0.1"]}),
    Scenario("connection dropped", "proxy_unavailable", "proxy_unavailable",
             options=fault(".*", action="reset_before")),
    Scenario("hangs", "proxy_unavailable", "proxy_unavailable",
             options=lambda b: {**fault(".*", action="hang", seconds=3)(b), "timeout": 1}),
    Scenario("plain HTTP is on", "access_granted", "access_granted", options=allowed_http,
             warnings=("insecure_transport",)),
    Scenario("plain HTTP is off and not allowed here", "insecure_transport", "insecure_transport",
             options=unencrypted),
    # The way to the virtual proxy.
    Scenario("a host that is not the site's", "host_not_allowed", "not_routed", options=address),
    Scenario("a host that is not the site's, host check off", "host_not_allowed", "access_granted",
             proxy={"websocketCrossOriginWhiteList": ["*", "localhost"]},
             options=lambda b: {**address(b), "origin": "https://localhost"},
             switches={"host_check": "off"}, warnings=("allow_list_wildcard",)),
    Scenario("a host that is trusted", "access_granted", "access_granted",
             options=lambda b: {**address(b), "trusted_hosts": ["127.0.0.1"],
                                "origin": "https://localhost"},
             switches={"host_check": "off"}),
    Scenario("a trusted host that the proxy rejects", "host_not_allowed", "not_routed",
             options=lambda b: {**address(b), "trusted_hosts": ["127.0.0.1"]}),
    Scenario("linked to another node only", "not_linked", "not_routed",
             proxy={"link": ["rim1"]}, nodes=("Central", "rim1")),
    Scenario("not linked to the node that answers", "not_linked", "not_routed",
             proxy={"link": ["Central"]}, nodes=("Central", "rim1"), options=rim),
    Scenario("not linked to central, not minded", "access_granted", "access_granted",
             proxy={"link": ["rim1"], "websocketCrossOriginWhiteList": ["127.0.0.1"]},
             nodes=("Central", "rim1"), switches={"central_link_rule": "off"},
             options=lambda b: {
                 "url": rim(b)["url"].replace("localhost", "127.0.0.1"),
                 "qps_port": b.site.node("rim1")["admin_port"]},
             warnings=("not_linked_to_central",)),
    Scenario("host not listed, 403", "host_not_allowed", "host_not_allowed",
             proxy=ELSEWHERE,
             switches={"own_name_allowed": False, "host_refusal": 403}),
    Scenario("host listed with its scheme", "host_not_allowed", "not_routed",
             proxy={"websocketCrossOriginWhiteList": ["https://localhost"]},
             switches={"own_name_allowed": False}, warnings=("allow_list_entry_invalid",)),
    Scenario("hosts listed as one text", "host_not_allowed", "not_routed",
             proxy={"websocketCrossOriginWhiteList": ["localhost, qlik.example.com"]},
             switches={"own_name_allowed": False}, warnings=("allow_list_entry_invalid",)),
    Scenario("own name is enough", "access_granted", "access_granted",
             proxy={"websocketCrossOriginWhiteList": []}),
    # The token.
    Scenario("a token with a line break", "token_malformed", "token_malformed",
             options=lambda b: {"token": token_of(good_claims())[:50] + "\n" + "x.y"}),
    Scenario("a token with an umlaut", "token_malformed", "token_malformed",
             options=options_of(token="ü.ü.ü")),
    Scenario("wrong key, token given", "key_mismatch", "token_rejected",
             options=lambda b: {"token": token_of(good_claims(), "other")}),
    Scenario("wrong key of another size", "key_mismatch", "token_rejected",
             options=lambda b: {"private_key_content": private_pem("weak", 1024)}),
    Scenario("signature is empty", "token_malformed", "token_malformed",
             options=signed_by(lambda signature: "")),
    Scenario("signature is not base64url", "token_malformed", "token_malformed",
             options=signed_by(lambda signature: "+/" + signature[2:])),
    Scenario("signature has padding", "token_malformed", "token_malformed",
             options=signed_by(lambda signature: "A" * 340 + "==")),
    # From outside, it may be the signature of a key of an odd size.
    Scenario("signature is cut off", "token_malformed", "token_rejected",
             options=signed_by(lambda signature: signature[:-10])),
    Scenario("most of the signature is cut off", "token_malformed", "token_malformed",
             options=signed_by(lambda signature: signature[:10])),
    Scenario("signature is too long", "token_malformed", "token_rejected",
             options=signed_by(lambda signature: signature + "AAAA")),
    Scenario("signature was altered", "key_mismatch", "token_rejected",
             options=signed_by(lambda signature: signature[:-20] + "A" * 20)),
    Scenario("header with crit", "token_malformed", "token_malformed",
             options=lambda b: {"token": token_of(good_claims(), headers={"crit": ["x"], "x": 1})}),
    *(
        Scenario(f"{name} is {value!r}", "token_time_invalid", "token_time_invalid",
                 options=options_of(token=token_of(good_claims(**{name: value}))))
        for name in ("iat", "nbf", "exp")
        for value in ("1900000000", "2030-01-01T00:00:00Z", True)
    ),
    Scenario("iat in milliseconds", "token_time_invalid", "token_time_invalid",
             options=in_milliseconds("iat")),
    # In seconds, that is far away.
    Scenario("exp in milliseconds", "access_granted", "access_granted",
             options=in_milliseconds("exp"), warnings=("token_time_invalid",)),
    Scenario("site's clock behind", "clock_skew", "clock_skew", switches={"clock_offset_s": -7200}),
    Scenario("site's clock a little behind", "access_granted", "access_granted",
             switches={"clock_offset_s": -120}, warnings=("clock_skew",)),
    *(
        Scenario(f"claim names {user_id!r} and {directory!r}", "claim_name_invalid", outside,
                 proxy={"jwtAttributeUserId": user_id, "jwtAttributeUserDirectory": directory})
        for user_id, directory, outside in (
            ("userId ", "userDirectory", "token_rejected"),
            ("userId", "[", "token_rejected"),
            ("userId", "[]", "token_rejected"),
            ("userId", "userId", "wrong_user"),
        )
    ),
    Scenario("wrong case", "claim_case_mismatch", "token_rejected",
             options=options_of(user_id_claim="UserId")),
    Scenario("wrong case of the directory", "claim_case_mismatch", "token_rejected",
             options=options_of(user_directory_claim="userdirectory")),
    Scenario("no directory", "user_directory_claim_missing", "token_rejected",
             options=options_of(user_directory_claim="domain")),
    Scenario("no audience, not minded", "access_granted", "access_granted",
             proxy={"jwtAudience": "qlik"}, switches={"missing_aud": "accept"}),
    Scenario("other audience", "audience_mismatch", "token_rejected", proxy={"jwtAudience": "qlik"},
             options=options_of(audience="Qlik")),
    Scenario("right audience", "access_granted", "access_granted", proxy={"jwtAudience": "qlik"},
             options=options_of(audience="qlik")),
    Scenario("mandatory attribute in other case", "claim_case_mismatch", "token_rejected",
             proxy={"jwtAttributeMap": GROUP},
             options=options_of(attributes={"Group": ["a"]})),
    # The certificate.
    Scenario("bare public key, taken", "access_granted", "access_granted",
             proxy={"jwtPublicKeyCertificate": public_pem()}, switches={"bare_public_key": "works"},
             warnings=("certificate_bare_public_key",)),
    Scenario("expired certificate, not minded", "access_granted", "access_granted",
             proxy={"jwtPublicKeyCertificate": certificate_of(days=-9)},
             warnings=("certificate_expired",)),
    # The user.
    Scenario("unknown user may be made", "access_granted", "access_granted", users=False,
             options=options_of(allow_user_creation=True)),
    Scenario("inactive, later", "user_inactive", "user_inactive", user={"inactive": True},
             switches={"inactive_user": "app_403"}),
    # The session.
    Scenario("page of a listed site", "access_granted", "access_granted",
             proxy={"websocketCrossOriginWhiteList": ["localhost", "portal.example.com"]},
             options=options_of(origin="https://portal.example.com")),
    Scenario("a page that hangs", "page_not_served", "page_not_served",
             options=lambda b: {
                 **fault("/jwt/sense/.*", action="hang", seconds=3)(b), "timeout": 1}),
    # What a security reviewer would raise.
    Scenario("foreign key is let in", "bad_token_accepted", "bad_token_accepted",
             switches={"accepts_bad_token": "foreign"}),
    Scenario("expired is let in", "bad_token_accepted", "bad_token_accepted",
             switches={"accepts_bad_token": "expired"}),
    Scenario("the tested token is the bad one", "bad_token_accepted", "bad_token_accepted",
             switches={"accepts_bad_token": "foreign"},
             options=lambda b: {"private_key_content": private_pem("other")},
             warnings=("key_mismatch",)),
    Scenario("visitors allowed", "access_granted", "access_granted",
             proxy={"anonymousAccessMode": 1}, warnings=("anonymous_access",)),
)  # fmt: skip
