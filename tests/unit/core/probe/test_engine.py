# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the engine says after the handshake, and what the probe makes of it."""

from __future__ import annotations

import dataclasses
import json
import typing as t

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import TransportError
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Response
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe import engine
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.evidence import (
    Engine,
    Evidence,
    Talk,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.responses import (
    ResponseSummary,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.result import judge
from support.probe_evidence import healthy, settings, view
from support.probe_run import admin, oks, proxy, run
from support.scripted_engine import (
    AUTHENTICATED,
    CONNECTED,
    GREETING,
    QUESTION,
    VERSION,
    Line,
    ScriptedDialer,
    ScriptedEngine,
)
from support.scripted_proxy import client, lost

UPGRADED = ResponseSummary(101, "empty")
NOBODY: dict[str, t.Any] = {"loadBalancingServerNodes": []}


def converse(*lines: Line, timeout: float = 60.0) -> tuple[Talk, ScriptedEngine]:
    other = ScriptedEngine(list(lines))
    talk = engine.converse(other, timer=other.timer, timeout=timeout)
    assert other.closed == 1
    return talk, other


def connected(state: str) -> Line:
    return ("OnConnected", {"qSessionState": state})


def test_asks_one_harmless_question_after_the_greeting() -> None:
    talk, other = converse(*GREETING)
    assert talk == Talk("answered", ("OnAuthenticationInformation", "OnConnected"), "12.1.0")
    (question,) = other.questions
    assert question["method"] == "EngineVersion"
    assert question["params"] == []
    assert other.seconds < 0.1


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        ([CONNECTED, QUESTION, {"id": 1, "error": {"code": -32601}}], "answered"),
        ([connected("SESSION_ATTACHED"), QUESTION, VERSION], "answered"),
        ([CONNECTED, QUESTION, "no JSON", "[1]", {"id": 7}, ("OnSomething", {}), VERSION],
         "answered"),
        # Nobody greets: asked all the same, for old releases might not greet.
        ([QUESTION, VERSION], "answered"),
        ([("OnMaxParallelSessionsExceeded", {}), None], "session_limit"),
        ([("OnLicenseAccessDenied", {}), None], "no_access_pass"),
        ([AUTHENTICATED, ("OnNoEngineAvailable", {}), None], "no_engine"),
        ([("OnEngineWebsocketFailed", {})], "no_engine"),
        ([("OnNoRepositoryAvailable", {})], "no_repository"),
        ([("OnSessionTimedOut", {})], "session_ended"),
        ([CONNECTED, ("OnSessionClosed", {})], "session_ended"),
        ([("OnSessionLoggedOut", {})], "session_ended"),
        ([("OnAuthenticationInformation", {"mustAuthenticate": True})], "session_ended"),
        ([connected("SESSION_ERROR_NO_LICENSE")], "no_access_pass"),
        ([connected("SESSION_ERROR_LIMIT_EXCEEDED")], "session_limit"),
        ([connected("SESSION_ERROR_APP_ACCESS_DENIED")], "app_access_denied"),
        ([connected("SESSION_ERROR_APP_FAILURE")], "no_engine"),
        ([None], "silent"),
        ([AUTHENTICATED, None], "silent"),
        ([CONNECTED, QUESTION, None], "silent"),
        ([lost("reset", sent=True)], "silent"),
        ([lost("oversized", sent=True)], "silent"),
        ([], "silent"),
        ([CONNECTED], "silent"),
    ],
)  # fmt: skip
def test_outcome(lines: list[Line], outcome: str) -> None:
    talk, other = converse(*lines)
    assert talk.outcome == outcome
    assert other.seconds <= 60.1
    assert (talk.cause != "") is (outcome == "silent")


def test_a_refusal_is_read_before_anything_is_sent() -> None:
    """Data sent to a peer that has closed can destroy what it said last."""
    dummy, other = converse(("OnMaxParallelSessionsExceeded", {}), None)
    assert other.questions == []


def test_chatter_has_an_end() -> None:
    talk, other = converse(*[("OnChatter", {})] * 1000)
    assert talk.outcome == "silent"
    assert len(other.lines) == 950


@limits(deadline=None)
@given(st.lists(st.one_of(
    st.text(max_size=40),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "method", "params", "result", "error", "qVersion"]), inner
        ),
        max_leaves=9,
    ).map(json.dumps),
    st.just("[" * 100_000),
), max_size=8))  # fmt: skip
def test_nothing_that_is_said_breaks_it(lines: list[str]) -> None:
    talk, dummy = converse(*lines)
    assert all(len(name) <= 60 for name in talk.said)


def test_what_is_said_is_repeated_by_name_only() -> None:
    secret = {"logoutUri": "https://x?secret", "message": "secret", "qSessionState": "secret state"}
    talk, dummy = converse(
        ("OnAuthenticationInformation", secret), ("On secret", {}), ("OnConnected", secret)
    )
    assert "secret" not in repr(talk)


def talked(outcome: str, *said: str, **changes: t.Any) -> Evidence:
    return healthy(engine=Engine(UPGRADED, talk=Talk(outcome, said)), **changes)


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (talked("answered"), "access_granted"),
        (talked("session_limit", "OnMaxParallelSessionsExceeded"), "session_limit"),
        (talked("no_access_pass", "OnLicenseAccessDenied"), "no_access_pass"),
        (talked("no_engine", "OnNoEngineAvailable"), "engine_unavailable"),
        (talked("no_engine", view=None), "engine_unavailable"),
        (talked("silent"), "engine_unavailable"),
        (talked("no_engine", view=view(NOBODY)), "no_load_balancing_node"),
        (talked("silent", view=view(NOBODY)), "no_load_balancing_node"),
        (talked("answered", view=view(NOBODY)), "access_granted"),
        (talked("no_repository"), "proxy_unavailable"),
        (talked("session_ended"), "stale_session_cookie"),
        (talked("app_access_denied", settings=settings(app_id="a")), "app_access_denied"),
    ],
)
def test_verdict(evidence: Evidence, verdict: str) -> None:
    judged = judge(evidence)
    assert judged.verdict == verdict
    assert [i.code for i in judged.findings if i.level == "error"] == (
        [] if verdict == "access_granted" else [verdict]
    )
    if judged.first_error is not None:
        assert "{" not in judged.first_error.message


def test_the_step_tells_the_version_and_leaves_nothing_open() -> None:
    other = ScriptedEngine(list(GREETING))
    dialer = ScriptedDialer([other])
    evidence = run(proxy(), admin(Response(200))[1], dialer=dialer)
    assert oks(evidence)["engine"] is True
    assert next(s.note for s in evidence.steps if s.name == "engine") == "Engine 12.1.0."
    assert other.closed == 1
    assert dialer.requests[0].url.endswith("/jwt/app/engineData?qlik-csrf-token=the-csrf-token")


def test_the_second_origin_is_only_a_handshake() -> None:
    other = ScriptedEngine(list(GREETING))
    dialer = ScriptedDialer([other], [403, 101])
    evidence = run(
        proxy(), admin(Response(200))[1], dialer=dialer, origin="https://portal.example.com"
    )
    assert judge(evidence).verdict == "origin_not_allowed"
    assert [r.headers["Origin"] for r in dialer.requests] == [
        "https://portal.example.com",
        "https://qlik.example.com",
    ]
    assert (other.closed, other.questions) == (1, [])


def test_without_a_library_the_step_says_how_far_it_went() -> None:
    evidence = run(proxy(), admin(Response(200))[1])
    step = next(s for s in evidence.steps if s.name == "engine")
    assert step.ok is True
    assert step.note.startswith("Handshake only")
    assert "websockets" in step.note


def test_an_interrupt_closes_the_socket() -> None:
    other = ScriptedEngine([CONNECTED, KeyboardInterrupt()])
    with pytest.raises(KeyboardInterrupt):
        engine.converse(other, timer=other.timer, timeout=9.0)
    assert other.closed == 1


def test_a_fault_is_the_cause() -> None:
    talk, dummy = converse(TransportError("Broke off.", kind="reset", sent=True))
    assert talk.cause == "Broke off."
    assert dataclasses.replace(talk, cause="").outcome == "silent"
    assert client(proxy()).settings.engine_timeout == 60.0
