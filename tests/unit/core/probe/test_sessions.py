# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every session that a run opens ends, however the run ends."""

from __future__ import annotations

import json

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Response
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.evidence import LeftOpen
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.sessions import (
    Administration,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.proxy_admin import AdminPort
from support.probe_run import admin, oks, proxy, run
from support.scripted_proxy import CSRF, LET_IN, REFUSED, Answer, Scripted, lost, tools

#: Which sessions the user has before the first login.
ASKED_BEFORE = "user/ACME/jdoe"


def test_each_bad_token_let_in_is_ended_as_well() -> None:
    second = Response(204, "", (("Set-Cookie", "X-Qlik-Session-jwt=second"), CSRF))
    scripted = proxy(login=[LET_IN, second, REFUSED])
    port = Scripted({f"session/{name}": [Response(200)] for name in ("the-cookie", "second")})
    letters = tools().letters
    evidence = run(scripted, Administration([AdminPort("https://n:4243", port)], "jwt", letters))
    assert sorted(port.log) == [
        "DELETE session/second",
        "DELETE session/the-cookie",
        ASKED_BEFORE,
    ]
    assert [(trial.kind, trial.let_in) for trial in evidence.trials] == [
        ("unsigned", True),
        ("foreign", False),
        ("expired", False),
    ]
    assert oks(evidence)["negative"] is False


@pytest.mark.parametrize("broken", ["qps/csrftoken", "qps/user", "hub/", "app/engineData"])
def test_ends_the_session_when_it_fails_half_way(broken: str) -> None:
    port, administration = admin(Response(200))
    evidence = run(proxy(**{broken: lost("reset", sent=True)}), administration)
    assert port.log == [ASKED_BEFORE, "DELETE session/the-cookie"]
    assert evidence.left_open is None


def test_ends_the_session_when_the_user_interrupts() -> None:
    port, administration = admin(Response(200))
    with pytest.raises(KeyboardInterrupt):
        run(proxy(**{"hub/": KeyboardInterrupt()}), administration)
    assert port.log == [ASKED_BEFORE, "DELETE session/the-cookie"]


def test_auto_leaves_the_session_of_somebody_who_may_be_at_work() -> None:
    scripted = proxy()
    evidence = run(scripted)
    assert evidence.left_open is not None
    assert evidence.left_open.count == 1
    assert not any(line.startswith("DELETE") for line in scripted.log)


def test_auto_logs_out_a_user_whom_this_run_made() -> None:
    scripted = proxy()
    evidence = run(scripted, admin(lost("refused"))[1], user_is_new=True)
    assert scripted.log[-1] == "DELETE qps/user"
    assert evidence.user_created
    # The scripted proxy answers a DELETE as it answers a GET: with 200.
    assert evidence.left_open is None


def test_user_ends_through_the_proxy_and_own_does_not() -> None:
    scripted = proxy()
    run(scripted, end_session="user")
    assert scripted.log[-1] == "DELETE qps/user"
    scripted = proxy()
    evidence = run(scripted, admin(Response(404))[1], end_session="own")
    assert not any(line.startswith("DELETE") for line in scripted.log)
    assert evidence.left_open == LeftOpen(1, "https://node:4243 answered 404.")


def test_never_ends_nothing_and_complains_about_nothing() -> None:
    port, administration = admin(Response(200))
    evidence = run(proxy(), administration, end_session="never")
    assert port.log == []
    assert evidence.left_open is None


def test_a_login_whose_answer_is_lost_may_have_opened_a_session() -> None:
    evidence = run(proxy(login=[lost("timeout", sent=True)]))
    assert evidence.left_open is not None
    assert "cookie is unknown" in evidence.left_open.why


def test_port_4243_tells_the_user_where_the_proxy_does_not() -> None:
    body = b'{"UserDirectory": "ACME", "UserId": "jdoe", "UserName": "Jane"}'
    port, administration = admin(Response(200, "", (), body))
    evidence = run(proxy(**{"qps/user": Response(404)}), administration)
    assert port.log == [ASKED_BEFORE, "session/the-cookie", "DELETE session/the-cookie"]
    assert evidence.identity is not None
    assert (str(evidence.identity), evidence.identity.sources) == (
        "ACME\\jdoe",
        ("administration port",),
    )
    assert oks(evidence)["identity"] is True


def test_nobody_is_named_and_nothing_is_claimed() -> None:
    evidence = run(proxy(**{"qps/user": Response(404)}))
    assert evidence.identity is None
    assert oks(evidence)["identity"] is None


def sessions(*ids: str) -> Response:
    """A list of sessions as port 4243 gives it."""
    return Response(200, "", (), json.dumps([{"SessionId": found} for found in ids]).encode())


@pytest.mark.parametrize(
    ("login", "after", "ended", "left"),
    [
        # Lost, and one session is new: it is ours.
        ([lost("timeout", sent=True)], ["theirs", "new"], ["new"], 0),
        ([lost("reset", sent=True)], ["theirs"], [], 0),
        # More is new than was lost: somebody logged in meanwhile, and nobody can tell who is who.
        ([lost("timeout", sent=True)], ["theirs", "new", "newer"], [], 1),
        # Let in without a cookie that could be kept.
        ([Response(204, "", (CSRF, ("Set-Cookie", "=nameless")))], ["theirs", "new"], ["new"], 0),
        # A bad token whose answer is lost.
        ([LET_IN, lost("reset", sent=True)], ["theirs", "new", "the-cookie"],
         ["the-cookie", "new"], 0),
        # Interrupted while the answer was on its way.
        ([KeyboardInterrupt()], ["theirs", "new"], ["new"], None),
        # Never sent: nothing can be open.
        ([lost("refused")], ["theirs", "new"], [], 0),
    ],
)  # fmt: skip
def test_what_a_lost_login_opened_is_found_and_ended(
    login: list[Answer], after: list[str], ended: list[str], left: int | None
) -> None:
    paths = [f"session/{name}" for name in ("theirs", "new", "newer", "the-cookie")]
    port = Scripted({path: [Response(200)] for path in paths})
    port.answers[ASKED_BEFORE] = [sessions("theirs"), sessions(*after)]
    letters = tools().letters
    administration = Administration([AdminPort("https://n:4243", port)], "jwt", letters)
    if left is None:
        with pytest.raises(KeyboardInterrupt):
            run(proxy(login=login), administration)
    else:
        evidence = run(proxy(login=login), administration)
        assert (evidence.left_open.count if evidence.left_open else 0) == left
    assert [line for line in port.log if line.startswith("DELETE")] == [
        f"DELETE session/{name}" for name in ended
    ]


def test_a_port_that_could_not_be_reached_is_asked_once() -> None:
    port, administration = admin(Response(200))
    port.answers[ASKED_BEFORE] = [lost("timeout")]
    evidence = run(proxy(), administration)
    assert port.log == [ASKED_BEFORE]
    assert evidence.left_open == LeftOpen(1, "It failed.")


@pytest.mark.parametrize("body", [b"", b"{}", b"[1, null]", b"\xff", b"[" * 100_000, b'[{"a": 1}]'])
def test_nonsense_from_port_4243_breaks_nothing(body: bytes) -> None:
    port, administration = admin(Response(200))
    port.answers[ASKED_BEFORE] = [Response(200, "", (), body)]
    evidence = run(proxy(), administration)
    assert evidence.admitted
    assert evidence.left_open is None
