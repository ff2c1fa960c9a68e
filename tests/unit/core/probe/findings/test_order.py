# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two faults at once: the verdict is the one that hides the other."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.evidence import (
    Engine,
    Evidence,
    RepositoryFault,
    Trial,
    User,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.responses import (
    ResponseSummary,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.result import judge, outcome
from support.probe_evidence import (
    BARE_400,
    CERTIFICATE,
    NOT_ROUTED_PAGE,
    NOW,
    entity,
    healthy,
    refused,
    service,
    settings,
    token,
    unreachable,
    view,
)

WRONG_KEY = dataclasses.replace(token(), signature_good=False)
EXPIRED_CERTIFICATE = dataclasses.replace(CERTIFICATE, not_after=NOW - 1)
UNLINKED = view(proxy_services=(service(),))

#: First the code that has to win, then the other one, then evidence of both.
PAIRS: list[tuple[str, str, Evidence]] = [
    ("tcp_refused", "not_linked", unreachable("refused", view=UNLINKED)),
    ("tls_untrusted", "key_mismatch", unreachable("tls_untrusted", token=WRONG_KEY)),
    ("dns_unresolved", "token_expired", unreachable("dns", token=token(exp=NOW - 9))),
    (
        "proxy_unavailable",
        "user_inactive",
        unreachable("reset", sent=True, view=view(user={"inactive": True})),
    ),
    (
        "not_linked",
        "key_mismatch",
        refused(NOT_ROUTED_PAGE, view=UNLINKED, token=WRONG_KEY),
    ),
    (
        "not_linked",
        "host_not_allowed",
        refused(NOT_ROUTED_PAGE, view=UNLINKED, settings=settings(url="https://other")),
    ),
    (
        "host_not_allowed",
        "token_expired",
        refused(NOT_ROUTED_PAGE, settings=settings(url="https://x"), token=token(exp=NOW - 9)),
    ),
    (
        "prefix_unknown",
        "token_expired",
        refused(NOT_ROUTED_PAGE, view=view(candidates=()), token=token(exp=NOW - 9)),
    ),
    (
        "method_not_jwt",
        "token_expired",
        refused(view=view({"authenticationMethod": 0}), token=token(exp=NOW - 9)),
    ),
    (
        "certificate_missing",
        "token_expired",
        refused(
            view=view(certificate=dataclasses.replace(CERTIFICATE, state="missing")),
            token=token(exp=NOW - 9),
        ),
    ),
    ("key_mismatch", "token_expired", refused(token=dataclasses.replace(
        token(exp=NOW - 9), signature_good=False))),
    (
        "key_mismatch",
        "user_unknown",
        refused(login=None, token=WRONG_KEY, view=view(user=None)),
    ),
    ("token_expired", "audience_mismatch", refused(
        token=token(exp=NOW - 9), view=view({"jwtAudience": "qlik"}))),
    ("audience_mismatch", "claim_case_mismatch", refused(
        token=token(userId=None, UserId="x"), view=view({"jwtAudience": "qlik"}))),
    (
        "claim_case_mismatch",
        "user_directory_claim_missing",
        refused(token=token(userId=None, UserId="x", userDirectory=None)),
    ),
    (
        "user_inactive",
        "certificate_expired",
        refused(view=view(user={"inactive": True}, certificate=EXPIRED_CERTIFICATE)),
    ),
    ("user_unknown", "certificate_expired", refused(
        login=None, view=view(user=None, certificate=EXPIRED_CERTIFICATE))),
    (
        "wrong_user",
        "page_not_served",
        healthy(identity=User("A", "other"), page=ResponseSummary(500, "error_page")),
    ),
    (
        "page_not_served",
        "websocket_blocked",
        healthy(
            page=ResponseSummary(500, "error_page"), engine=Engine(ResponseSummary(426, "empty"))
        ),
    ),
    (
        "websocket_blocked",
        "no_load_balancing_node",
        healthy(
            engine=Engine(ResponseSummary(426, "empty")),
            view=view({"loadBalancingServerNodes": []}),
        ),
    ),
    (
        "page_not_served",
        "bad_token_accepted",
        healthy(page=ResponseSummary(500, "error_page"), trials=(Trial("foreign", True, 204),)),
    ),
    ("key_mismatch", "bad_token_accepted", refused(
        token=WRONG_KEY, trials=(Trial("unsigned", True, 204),))),
    ("not_linked", "no_load_balancing_node", refused(
        NOT_ROUTED_PAGE,
        view=view({"loadBalancingServerNodes": []}, proxy_services=(service(),)))),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "evidence"), PAIRS)
def test_the_verdict_is_what_hides_the_other(first: str, second: str, evidence: Evidence) -> None:
    judged = judge(evidence)
    codes = [item.code for item in judged.findings]
    assert judged.verdict == first
    assert codes.index(first) < codes.index(second)


def test_the_last_resort_is_silent_where_a_cause_is_proven() -> None:
    codes = [i.code for i in judge(refused(BARE_400, token=WRONG_KEY)).findings]
    assert codes == ["key_mismatch"]
    codes = [i.code for i in judge(refused(NOT_ROUTED_PAGE, view=UNLINKED)).findings]
    assert codes == ["not_linked"]


def test_a_repository_that_cannot_be_read_explains_no_refusal() -> None:
    fault = RepositoryFault("No.", forbidden=False)
    judged = judge(refused(BARE_400, view=None, repository_fault=fault))
    assert judged.verdict == "token_rejected"
    assert [i.code for i in judged.findings] == ["token_rejected", "repository_unreachable"]


def test_nothing_is_claimed_about_a_login_that_was_not_tried() -> None:
    untried = healthy(login=None, repeated=None, identity=None, page=None, engine=None)
    assert judge(untried).verdict == "not_tried"


DENIED: list[tuple[str, Evidence, bool]] = [
    ("granted", healthy(), False),
    ("refused", refused(BARE_400, view=None), True),
    ("not routed", refused(NOT_ROUTED_PAGE, view=None), True),
    ("proven", refused(BARE_400, token=WRONG_KEY), True),
    ("no connection", unreachable("refused"), False),
    ("not tried, user unknown", refused(login=None, view=view(user=None)), False),
    ("check mode, proven", refused(login=None, token=WRONG_KEY), True),
    ("check mode, nothing found", refused(login=None), True),
    (
        "another token gets in",
        refused(BARE_400, token=WRONG_KEY, trials=(Trial("unsigned", True, 204),)),
        False,
    ),
]


@pytest.mark.parametrize(("name", "evidence", "ok"), DENIED, ids=[row[0] for row in DENIED])
def test_expecting_a_refusal(name: str, evidence: Evidence, ok: bool) -> None:
    judged = outcome(judge(evidence), evidence, expect="denied", fail_on="error")
    assert judged.ok is ok
    assert (judged.failure is None) is ok


FAIL_ON = [
    (refused(BARE_400), "error", True),
    (refused(BARE_400), "never", False),
    (healthy(token=token(exp=None)), "error", False),
    (healthy(token=token(exp=None)), "warning", True),
    (healthy(token=token(group="x")), "warning", False),
]


@pytest.mark.parametrize(("evidence", "fail_on", "fails"), FAIL_ON)
def test_what_fails_the_task(evidence: Evidence, fail_on: str, fails: bool) -> None:
    judged = outcome(judge(evidence), evidence, expect="allowed", fail_on=fail_on)
    assert (judged.failure is not None) is fails
    assert judged.ok is evidence.admitted


def test_the_message_tells_what_else_was_found() -> None:
    evidence = refused(token=WRONG_KEY, view=view({"authenticationModuleRedirectUri": "https://x"}))
    failure = outcome(judge(evidence), evidence, expect="allowed", fail_on="error").failure
    assert failure is not None
    assert failure.startswith("key_mismatch: The token is not signed with the key")
    assert " Evidence: trusted_key: AA:BB." in failure
    assert " Remedy: " in failure
    assert " QMC: Virtual proxies > Authentication > JWT certificate." in failure
    assert failure.endswith("Also found: redirect_uri_ignored.")


def test_two_nodes_and_one_prefix() -> None:
    found = entity()
    services = (service("Central"), service("Rim", found))
    evidence = refused(
        NOT_ROUTED_PAGE, view=view(proxy_services=services, central_proxy_id="ps-Central")
    )
    assert judge(evidence).verdict == "not_linked_to_central"
    default = dataclasses.replace(evidence, settings=settings(prefix=""))
    # The rule about the central node is for prefixes; here the proxy that was asked has no link.
    assert judge(default).verdict == "not_linked"
