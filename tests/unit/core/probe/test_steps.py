# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps over a scripted proxy: order, stopping points, waiting, secrets."""

from __future__ import annotations

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Response
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.evidence import Evidence
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.steps import reach_only
from support.probe_evidence import NOW, settings, token
from support.probe_run import ABOUT, admin, oks, proxy, run
from support.scripted_proxy import COOKIE, CSRF, LET_IN, PAGE, REFUSED, Answer, Time, client, lost


def test_order_of_a_run_that_goes_well() -> None:
    scripted = proxy()
    port, administration = admin(Response(200))
    evidence = run(scripted, administration)
    assert scripted.log == [
        "impossible",
        "login",
        "qps/csrftoken",
        "qps/user",
        "qrs/user",
        "hub/",
        "app/engineData",
        "login",
        "login",
        "login",
    ]
    assert port.log == ["user/ACME/jdoe", "DELETE session/the-cookie"]
    assert list(oks(evidence)) == [
        "resolve", "connect", "tls", "route", "login", "session", "identity", "page", "engine",
        "negative", "logout",
    ]  # fmt: skip
    assert set(oks(evidence).values()) == {True}
    assert evidence.left_open is None


def test_an_old_release_is_proven_by_the_repository() -> None:
    scripted = proxy(login=[Response(404, "", (COOKIE,)), Response(401)], **{"qrs/about": ABOUT})
    evidence = run(scripted, admin(Response(200))[1])
    assert scripted.log[:4] == ["impossible", "login", "qrs/about", "qrs/about"]
    assert evidence.admitted
    assert evidence.login is not None
    assert not evidence.login.csrf_expected


def test_the_handshake_is_that_of_a_browser() -> None:
    scripted = proxy()
    run(scripted, admin(Response(200))[1], origin="https://portal.example.com")
    upgrade = next(r for r in scripted.requests if "/app/" in r.url)
    assert upgrade.url.endswith("/jwt/app/engineData?qlik-csrf-token=the-csrf-token")
    assert upgrade.headers["Origin"] == "https://portal.example.com"
    assert upgrade.headers["Cookie"] == "X-Qlik-Session-jwt=the-cookie"
    assert "Authorization" not in upgrade.headers


def test_only_logins_carry_the_token() -> None:
    scripted = proxy()
    run(scripted, admin(Response(200))[1], bad=[])
    assert sum("Authorization" in r.headers for r in scripted.requests) == 1


@pytest.mark.parametrize(
    ("kind", "sent", "failed"),
    [
        ("dns", False, "resolve"),
        ("refused", False, "connect"),
        ("timeout", False, "connect"),
        ("tls_untrusted", False, "tls"),
        ("reset", True, "route"),
        ("timeout", True, "route"),
    ],
)
def test_stops_where_the_way_ends(kind: str, sent: bool, failed: str) -> None:
    scripted = proxy(impossible=lost(kind, sent=sent))
    evidence = run(scripted)
    assert scripted.log == ["impossible"]
    assert [name for name, ok in oks(evidence).items() if ok is False] == [failed]
    reached = list(oks(evidence)).index(failed)
    assert list(oks(evidence).values())[:reached] == [True] * reached
    assert set(list(oks(evidence).values())[reached + 1 :]) == {None}


def test_a_refused_login_still_tries_the_bad_tokens() -> None:
    scripted = proxy(login=[REFUSED])
    evidence = run(scripted)
    assert scripted.log == ["impossible", "login", "login", "login", "login"]
    assert oks(evidence)["login"] is False
    assert oks(evidence)["negative"] is True
    assert oks(evidence)["logout"] is None


def test_what_is_not_routed_is_not_asked_further() -> None:
    scripted = proxy(login=[PAGE])
    evidence = run(scripted)
    assert scripted.log == ["impossible", "login"]
    assert oks(evidence)["route"] is False


def test_no_login_without_leave() -> None:
    scripted = proxy()
    evidence = run(scripted, rejected_beforehand="The user is unknown.")
    assert scripted.log == ["impossible"]
    assert evidence.login is None
    assert evidence.not_tried == "The user is unknown."


def test_check_mode_asks_for_a_prefix_that_cannot_exist() -> None:
    scripted = proxy()
    evidence = reach_only(Evidence(settings(), NOW, token()), client(scripted))
    assert scripted.log == ["impossible"]
    assert [name for name, ok in oks(evidence).items() if ok] == ["resolve", "connect", "tls"]


def test_waits_for_a_proxy_that_starts() -> None:
    time = Time()
    starting: list[Answer] = [lost("refused"), lost("reset", sent=True), Response(503), PAGE]
    scripted = proxy(impossible=starting, login=[PAGE, Response(503), LET_IN])
    evidence = run(scripted, admin(Response(200))[1], time=time, wait=60.0, bad=[])
    assert evidence.admitted
    assert scripted.log[:7] == ["impossible"] * 4 + ["login"] * 3
    assert evidence.waited == time.seconds == 10.0


def test_waiting_has_an_end() -> None:
    time = Time()
    evidence = run(proxy(impossible=lost("refused")), time=time, wait=5.0)
    assert time.seconds == 5.0
    assert evidence.fault is not None


def test_waits_for_a_proxy_that_does_not_know_its_new_settings() -> None:
    time = Time()
    scripted = proxy(login=[REFUSED, REFUSED, Response(503), LET_IN])
    evidence = run(scripted, admin(Response(200))[1], time=time, wait=60.0, bad=[])
    assert evidence.admitted
    assert time.seconds == 6.0


@pytest.mark.parametrize(("wait", "waited"), [(60.0, 30.0), (5.0, 5.0), (0.0, 0.0)])
def test_a_refusal_is_final_after_a_while(wait: float, waited: float) -> None:
    time = Time()
    evidence = run(proxy(login=REFUSED), time=time, wait=wait, bad=[])
    assert evidence.login is not None
    assert not evidence.login.accepted
    assert time.seconds == waited


def test_a_refusal_that_is_wanted_is_not_waited_out() -> None:
    time = Time()
    run(proxy(login=REFUSED), time=time, wait=60.0, bad=[], expects_rejection=True)
    assert time.seconds == 0


def test_does_not_wait_for_a_proven_mistake() -> None:
    time = Time()
    scripted = proxy(login=[PAGE])
    run(scripted, time=time, wait=60.0, hopeless=True)
    assert time.seconds == 0
    assert scripted.log == ["impossible", "login"]


def test_does_not_wait_without_being_asked() -> None:
    time = Time()
    run(proxy(impossible=lost("refused")), time=time)
    assert time.seconds == 0


def test_checks_are_left_out() -> None:
    scripted = proxy()
    evidence = run(scripted, admin(Response(200))[1], checks=frozenset({"identity"}))
    assert scripted.log == ["impossible", "login", "qps/user", "qrs/user"]
    assert oks(evidence)["page"] is None


def test_redirects_stay_on_the_site_and_end() -> None:
    loop = Response(302, "", (("Location", "/jwt/hub/"),))
    scripted = proxy(**{"hub/": loop})
    evidence = run(scripted, admin(Response(200))[1])
    assert scripted.log.count("hub/") == 4
    assert oks(evidence)["page"] is False
    away = Response(302, "", (("Location", "https://evil.example.com/hub/"),))
    scripted = proxy(**{"hub/": away})
    run(scripted, admin(Response(200))[1])
    assert not any("evil" in request.url for request in scripted.requests)


def test_the_clock_of_the_proxy_is_measured() -> None:
    evidence = run(proxy(), admin(Response(200))[1])
    assert evidence.skew is not None
    assert abs(evidence.skew) < 1
    nonsense = Response(204, "", (COOKIE, CSRF, ("Date", "yesterday")))
    assert run(proxy(login=[nonsense, REFUSED]), admin(Response(200))[1]).skew is None


def test_nothing_in_the_evidence_is_secret() -> None:
    evidence = run(proxy(), admin(lost("refused"))[1])
    for secret in ("the-token", "the-cookie", "the-csrf-token"):
        assert secret not in repr(evidence)
