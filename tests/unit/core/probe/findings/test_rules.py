# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every rule over evidence: what proves a code, what comes close and does not."""

from __future__ import annotations

import dataclasses
import math
import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto.tokens import Token
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe import certificate_view
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.evidence import (
    Engine,
    Evidence,
    Fault,
    LeftOpen,
    Login,
    RepositoryFault,
    TokenView,
    Trial,
    User,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.responses import (
    ResponseSummary,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.result import judge
from support.probe_evidence import (
    ADMITTED,
    BARE_400,
    CERTIFICATE,
    NOT_ROUTED_PAGE,
    NOW,
    PAGE_401,
    entity,
    healthy,
    refused,
    service,
    settings,
    token,
    unreachable,
    view,
)

UNENCRYPTED = settings(url="http://qlik.example.com", origin="http://qlik.example.com")
HTTP = dataclasses.replace(UNENCRYPTED, allow_insecure_transport=True)
PORTAL = settings(origin="https://portal.example.com")
ADMITTED_WITHOUT_CSRF = dataclasses.replace(ADMITTED, csrf=False)
FORBIDDEN = Engine(ResponseSummary(403, "empty"))
GROUP = {"jwtAttribute": "group", "senseAttribute": "Group", "isMandatory": True}
TWO = entity()
MULTI = (service("Central"), service("Rim", TWO))
ANONYMOUS = User("NONE", "anon_1")


#: Values of a time that are not a number.
WRONG_TIMES: tuple[t.Any, ...] = (
    "1800000000",
    "2027-01-15T08:00:00Z",
    "",
    True,
    False,
    [NOW],
    {},
    math.nan,
    math.inf,
)


def cert(**changes: object) -> certificate_view.CertificateView:
    return dataclasses.replace(CERTIFICATE, **changes)  # type: ignore[arg-type]


def null_exp() -> TokenView:
    good = token()
    claims = {**good.token.claims, "exp": None}
    return dataclasses.replace(good, token=dataclasses.replace(good.token, claims=claims))


PROVEN: list[tuple[str, Evidence]] = [
    ("dns_unresolved", unreachable("dns")),
    ("tcp_refused", unreachable("refused")),
    ("tcp_refused", unreachable("proxy")),
    ("tcp_refused", unreachable("refused", settings=HTTP, view=None)),
    ("http_not_allowed", unreachable("refused", settings=HTTP)),
    ("tcp_timeout", unreachable("timeout")),
    ("tls_untrusted", unreachable("tls_untrusted")),
    ("tls_hostname_mismatch", unreachable("tls_hostname")),
    ("tls_expired", unreachable("tls_expired")),
    ("tls_purpose", unreachable("tls_purpose")),
    ("tls_weak", unreachable("tls_weak")),
    ("not_qlik", unreachable("tls")),
    ("not_qlik", unreachable("tls_client")),
    (
        "not_qlik",
        refused(
            ResponseSummary(404, "error_page", "x"),
            baseline=ResponseSummary(404, "error_page", "x"),
        ),
    ),
    (
        "not_qlik",
        refused(
            ResponseSummary(200, "page", "Shop"), baseline=ResponseSummary(200, "page", "Shop")
        ),
    ),
    ("not_qlik", refused(ResponseSummary(403, "text"), baseline=ResponseSummary(403, "text"))),
    # It says yes to everything, also to a prefix that cannot exist.
    (
        "not_qlik",
        healthy(
            login=Login(True, ResponseSummary(200, "json"), "qps/csrftoken"),
            baseline=ResponseSummary(200, "json"),
            trials=(Trial("unsigned", True, 200),),
            view=None,
        ),
    ),
    ("proxy_unavailable", unreachable("reset", sent=True)),
    ("proxy_unavailable", unreachable("timeout", sent=True)),
    (
        "proxy_unavailable",
        refused(ResponseSummary(503, "empty"), baseline=ResponseSummary(503, "empty")),
    ),
    ("prefix_unknown", refused(NOT_ROUTED_PAGE, view=view(candidates=()))),
    ("not_linked", refused(NOT_ROUTED_PAGE, view=view(proxy_services=(service(),)))),
    (
        "not_linked",
        refused(
            NOT_ROUTED_PAGE,
            settings=settings(url="https://central.local"),
            view=view(proxy_services=MULTI, central_proxy_id="ps-Central"),
        ),
    ),
    (
        "not_linked_to_central",
        refused(NOT_ROUTED_PAGE, view=view(proxy_services=MULTI, central_proxy_id="ps-Central")),
    ),
    ("host_not_allowed", refused(NOT_ROUTED_PAGE, settings=settings(url="https://other"))),
    (
        "host_not_allowed",
        refused(NOT_ROUTED_PAGE, settings=settings(url="https://sub.qlik.example.com")),
    ),
    (
        "host_not_allowed",
        refused(
            ResponseSummary(403, "error_page"),
            tokenless=ResponseSummary(403, "error_page"),
            view=None,
        ),
    ),
    (
        "method_not_jwt",
        refused(ResponseSummary(302, "login_redirect"), view=view({"authenticationMethod": 0})),
    ),
    ("method_not_jwt", refused(ResponseSummary(302, "login_redirect"), view=None)),
    ("not_routed", refused(NOT_ROUTED_PAGE, view=None)),
    ("not_routed", refused(BARE_400, baseline=BARE_400, view=None)),
    ("anonymous_access", refused(view=view({"anonymousAccessMode": 2}))),
    ("token_malformed", refused(token=dataclasses.replace(token(), token=Token({}, {}, "No.")))),
    ("algorithm_unsupported", refused(token=token({"alg": "HS256"}))),
    ("algorithm_unsupported", refused(token=token({"typ": "JWT"}))),
    ("key_mismatch", refused(token=dataclasses.replace(token(), signature_good=False))),
    *(
        ("token_time_invalid", refused(token=token(**{name: value})))
        for name in ("iat", "nbf", "exp")
        for value in (*WRONG_TIMES, 1e3 * NOW, 1e6 * NOW, 1e9 * NOW, int(1e3 * NOW) + 1)
    ),
    ("token_expired", refused(token=token(exp=-1))),
    ("token_expired", refused(token=token(exp=0))),
    ("token_expired", refused(token=token(exp=NOW - 0.5))),
    ("token_expired", refused(token=token(exp=NOW - 1))),
    ("token_not_yet_valid", refused(token=token(nbf=NOW + 900))),
    ("clock_skew", refused(skew=7200.0)),
    ("clock_skew", refused(skew=-7200.0)),
    *(
        ("claim_name_invalid", refused(view=view({attribute: name})))
        for attribute in ("jwtAttributeUserId", "jwtAttributeUserDirectory")
        for name in (
            "exp",
            "aud",
            "userId ",
            " userDirectory",
            "[",
            "]",
            "[]",
            "[ ]",
            "[JWT",
            "JWT]",
        )
    ),
    ("claim_name_invalid", refused(view=view({"jwtAttributeUserId": "userDirectory"}))),
    ("claim_case_mismatch", refused(token=token(userId=None, UserID="jdoe"))),
    ("user_id_claim_missing", refused(token=token(userId=None))),
    ("user_id_claim_missing", refused(token=token(userId=["a", "b"]))),
    ("user_id_claim_missing", refused(view=view({"jwtAttributeUserId": ""}))),
    ("user_directory_claim_missing", refused(token=token(userDirectory=""))),
    ("audience_mismatch", refused(view=view({"jwtAudience": "qlik"}))),
    ("audience_mismatch", refused(view=view({"jwtAudience": "qlik"}), token=token(aud=["Qlik"]))),
    ("mandatory_attribute_missing", refused(view=view({"jwtAttributeMap": [GROUP]}))),
    ("token_too_large", refused(token=dataclasses.replace(token(), length=20_000))),
    ("token_rejected", refused(view=None)),
    ("token_rejected", refused(PAGE_401)),
    ("certificate_missing", refused(view=view(certificate=cert(state="missing")))),
    ("certificate_unreadable", refused(view=view(certificate=cert(state="unreadable", why="x")))),
    ("certificate_bare_public_key", refused(view=view(certificate=cert(state="bare_key")))),
    ("certificate_expired", refused(view=view(certificate=cert(not_after=NOW - 1)))),
    ("certificate_expired", refused(view=view(certificate=cert(not_before=NOW + 9)))),
    ("user_unknown", refused(login=None, view=view(user=None))),
    (
        "user_unknown",
        refused(view=view(user=None), settings=settings(allow_user_creation=True)),
    ),
    (
        "user_inactive",
        refused(ResponseSummary(403, "inactive"), view=view(user={"inactive": True})),
    ),
    ("user_inactive", refused(ResponseSummary(403, "inactive"), view=None)),
    ("user_inactive", healthy(page=ResponseSummary(403, "inactive"), view=None)),
    (
        "user_blocked",
        refused(ResponseSummary(403, "inactive"), view=view(user={"blacklisted": True})),
    ),
    ("no_access_pass", healthy(page=ResponseSummary(200, "no_access_pass"))),
    ("wrong_user", healthy(identity=User("ACME", "other", sources=("proxy",)))),
    ("session_cookie_missing", healthy(login=dataclasses.replace(ADMITTED, cookie_name=None))),
    ("stale_session_cookie", healthy(repeated=ResponseSummary(500, "error_page"))),
    ("stale_session_cookie", healthy(repeated_sets_cookie=True)),
    ("csrf_token_missing", healthy(login=ADMITTED_WITHOUT_CSRF, engine=FORBIDDEN)),
    ("origin_not_allowed", healthy(settings=PORTAL, engine=FORBIDDEN)),
    (
        "origin_not_allowed",
        healthy(
            settings=PORTAL,
            view=None,
            engine=Engine(ResponseSummary(403, "empty"), ResponseSummary(101, "empty")),
        ),
    ),
    # That the node's own name is always admitted, or a name below one that is, is not certain.
    (
        "origin_not_allowed",
        healthy(settings=settings(origin="https://sub.qlik.example.com"), engine=FORBIDDEN),
    ),
    ("websocket_blocked", healthy(engine=FORBIDDEN)),
    ("websocket_blocked", healthy(engine=Engine(fault=Fault("reset", "Gone.", True)))),
    ("websocket_blocked", healthy(engine=Engine(ResponseSummary(200, "page")))),
    ("no_load_balancing_node", healthy(view=view({"loadBalancingServerNodes": []}))),
    ("page_not_served", healthy(page=ResponseSummary(200, "login_form"))),
    ("page_not_served", healthy(page=ResponseSummary(302, "login_redirect"))),
    ("page_not_served", healthy(page=ResponseSummary(200, "json"))),
    ("page_not_served", healthy(page=None, page_fault=Fault("timeout", "Late.", True))),
    ("bad_token_accepted", healthy(trials=(Trial("unsigned", True, 204),))),
    (
        "bad_token_accepted",
        healthy(token=dataclasses.replace(token(), signature_good=False)),
    ),
    ("bad_token_accepted", healthy(token=token(exp=NOW - 3600))),
]

WARNED: list[tuple[str, Evidence]] = [
    ("repository_unreachable", healthy(view=None, repository_fault=RepositoryFault("x", False))),
    ("repository_forbidden", healthy(view=None, repository_fault=RepositoryFault("x", True))),
    ("duplicate_prefix", healthy(view=view(candidates=(entity(), entity(id="b"))))),
    (
        "session_cookie_conflict",
        healthy(
            view=view(
                proxy_services=(
                    service(
                        "Central",
                        entity(),
                        {"id": "o", "sessionCookieHeaderName": "x-qlik-session-JWT"},
                    ),
                )
            )
        ),
    ),
    ("redirect_uri_ignored", healthy(view=view({"authenticationModuleRedirectUri": "https://x"}))),
    ("clock_skew", healthy(skew=90.0)),
    ("certificate_expires_soon", healthy(view=view(certificate=cert(not_after=NOW + 9)))),
    ("weak_key", healthy(view=view(certificate=cert(size=1024)))),
    ("weak_key", healthy(view=view(certificate=cert(signature_algorithm="sha1WithRSA")))),
    ("service_key_reused", healthy(view=view(certificate=cert(is_qliks_own=True)))),
    ("session_left_open", healthy(left_open=LeftOpen(1, "Closed."))),
    ("anonymous_access", healthy(view=view({"anonymousAccessMode": 1}))),
    ("anonymous_access", healthy(view=None, trials=(Trial("none", True, 204, ANONYMOUS),))),
    (
        "allow_list_wildcard",
        healthy(view=view({"websocketCrossOriginWhiteList": ["qlik.example.com", "*"]})),
    ),
    (
        "allow_list_entry_invalid",
        healthy(view=view({"websocketCrossOriginWhiteList": ["qlik.example.com", "https://a"]})),
    ),
    ("long_lived_token", healthy(token=token(exp=None))),
    ("long_lived_token", healthy(token=token(exp=NOW + 1e7))),
    # The last second of the calendar, and what no calendar has.
    ("long_lived_token", healthy(token=token(exp=253402300799))),
    ("long_lived_token", healthy(token=token(exp=1e14))),
    *(
        ("token_time_invalid", healthy(token=token(exp=value)))
        for value in (*WRONG_TIMES, 1e3 * NOW)
    ),
    ("token_time_invalid", healthy(token=null_exp())),
    ("insecure_transport", healthy(settings=HTTP)),
    ("not_linked", healthy(view=view(proxy_services=(service(),)))),
]

INFORMED: list[tuple[str, Evidence]] = [
    ("claim_unmapped", healthy(token=token(group="a"))),
    (
        "slow_start",
        healthy(login=Login(True, ResponseSummary(204, "empty", seconds=17.0), "p", "c", True)),
    ),
    ("slow_start", healthy(waited=12.0)),
    (
        "insecure_transport",
        healthy(view=view(proxy_services=(service("Central", entity(), allowHttp=True),))),
    ),
]

#: Close to a fault, and none.
INNOCENT: list[Evidence] = [
    healthy(),
    healthy(view=None),
    healthy(login=dataclasses.replace(ADMITTED, csrf=False)),
    healthy(login=Login(True, ResponseSummary(200, "json"), "qrs/about", "X-Qlik-Session-jwt")),
    healthy(view=view({"jwtAudience": "qlik"}), token=token(aud=["other", "qlik"])),
    healthy(view=view({"jwtAudience": "qlik"})),
    healthy(token=token(exp=NOW - 100)),
    healthy(skew=20.0),
    healthy(identity=User("acme", "JDoe")),
    healthy(identity=None),
    healthy(user=(None, None), identity=User("ACME", "whoever")),
    healthy(view=view(user=None), settings=settings(allow_user_creation=True)),
    healthy(view=view({"jwtAttributeUserDirectory": "[ACME]"}), token=token(userDirectory=None)),
    healthy(settings=PORTAL),
    healthy(trials=(Trial("unsigned", False, 400), Trial("none", False, 401))),
    healthy(
        view=view({"websocketCrossOriginWhiteList": ["10.1.2.3"]}),
        settings=settings(url="https://10.1.2.3", origin="https://10.1.2.3"),
    ),
    healthy(page=ResponseSummary(200, "json"), settings=settings(page_path="api/x")),
]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("iat", int(NOW * 1e3), "iat (milliseconds)"),
        ("nbf", int(NOW * 1e6), "nbf (microseconds)"),
        ("exp", int(NOW * 1e9), "exp (nanoseconds)"),
        ("exp", int((NOW + 10 * 365 * 86400) * 1e3), "exp (milliseconds)"),
        ("exp", "1800000000", "exp (text)"),
        ("exp", True, "exp (a boolean)"),
        ("iat", [1], "iat (a list)"),
    ],
)
def test_the_unit_of_a_time_is_named(name: str, value: t.Any, shown: str) -> None:
    finding = judge(refused(token=token(**{name: value}))).first_error
    assert finding is not None
    assert finding.evidence == {"times": [shown]}
    assert shown in finding.summary
    codes = {item.code for item in judge(refused(token=token(**{name: value}))).findings}
    assert not codes & {"token_expired", "token_not_yet_valid", "long_lived_token", "clock_skew"}


@pytest.mark.parametrize("seen", [BARE_400, PAGE_401, NOT_ROUTED_PAGE], ids=str)
def test_what_was_done_already_is_not_advised(seen: ResponseSummary) -> None:
    outside = judge(refused(seen, view=None)).first_error
    assert outside is not None
    assert outside.code in ("token_rejected", "not_routed")
    assert "Set host and client_cert_path" in outside.remedy
    assert outside.option == "qlik_jwt_probe.host"

    compared = judge(refused(seen)).first_error
    assert compared is not None
    assert compared.code == outside.code
    assert "The repository was compared" in compared.remedy
    assert "client_cert_path" not in compared.remedy
    assert compared.option is None

    fault = RepositoryFault("Forbidden.", True)
    unread = judge(refused(seen, view=None, repository_fault=fault)).first_error
    assert unread is not None
    assert unread.code == outside.code
    assert "client_cert_path" not in unread.remedy


def _ids(rows: list[tuple[str, Evidence]]) -> list[str]:
    return [f"{code}-{number}" for number, (code, dummy) in enumerate(rows)]


@pytest.mark.parametrize(("code", "evidence"), PROVEN, ids=_ids(PROVEN))
def test_verdict(code: str, evidence: Evidence) -> None:
    judged = judge(evidence)
    assert judged.verdict == code
    finding = judged.first_error
    assert finding is not None
    assert finding.message.startswith(f"{code}: ")
    assert "{" not in finding.summary + finding.remedy


@pytest.mark.parametrize(("code", "evidence"), WARNED, ids=_ids(WARNED))
def test_warning_beside_a_login_that_works(code: str, evidence: Evidence) -> None:
    judged = judge(evidence)
    assert judged.verdict == "access_granted"
    assert [item.code for item in judged.findings if item.level == "warning"] == [code]


@pytest.mark.parametrize(("code", "evidence"), INFORMED, ids=_ids(INFORMED))
def test_information(code: str, evidence: Evidence) -> None:
    judged = judge(evidence)
    assert judged.verdict == "access_granted"
    assert [(item.code, item.level) for item in judged.findings] == [(code, "info")]


@pytest.mark.parametrize("evidence", INNOCENT)
def test_no_false_alarm(evidence: Evidence) -> None:
    judged = judge(evidence)
    assert judged.verdict == "access_granted"
    levels = {item.level for item in judged.findings}
    codes = {item.code for item in judged.findings}
    assert "error" not in levels
    assert codes <= {"token_expired", "insecure_transport"}


def test_a_visitor_let_in_is_no_bad_token_accepted() -> None:
    trials = (Trial("none", True, 204, ANONYMOUS), Trial("unsigned", True, 204, ANONYMOUS))
    codes = [item.code for item in judge(healthy(view=None, trials=trials)).findings]
    assert codes == ["anonymous_access"]
