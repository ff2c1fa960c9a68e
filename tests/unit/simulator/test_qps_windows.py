# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows logins and header authentication on the way to the repository, and the CSRF header."""

from __future__ import annotations

import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from requests_ntlm import HttpNtlmAuth

from support.raw_qrs import KEY
from support.simulator import Simulator

Get = t.Callable[..., requests.Response]
LOGIN = "/internal_windows_authentication/"


@pytest.fixture
def get(sim: Simulator) -> t.Iterator[Get]:
    """Asks the central proxy below a path, as a Windows device unless told otherwise."""
    sim.seed(
        user=[{"userDirectory": "CORP", "userId": "kim", "roles": ["RootAdmin"]}],
        windowsaccounts=[
            {"directory": "CORP", "user_id": "kim", "password": "secret"},
            {"directory": "", "user_id": "lee@corp.example.com", "password": "other secret"},
        ],
    )
    with requests.Session() as session:
        session.trust_env = False
        session.verify = sim.proxy_ca

        def ask(path: str, user: str = "", password: str = "", **more: t.Any) -> requests.Response:
            headers = {"User-Agent": "Windows", "X-Qlik-Xrfkey": KEY, **more.pop("headers", {})}
            auth = HttpNtlmAuth(user, password) if user else None
            url = sim.node()["url"] + path
            method = more.pop("method", "GET")
            return session.request(
                method, url, params={"Xrfkey": KEY}, headers=headers, auth=auth, timeout=20, **more
            )

        yield ask


def test_a_login_leads_back_with_a_ticket(sim: Simulator, get: Get) -> None:
    answer = get("/qrs/about", "CORP\\kim", "secret")
    assert answer.status_code == 200
    assert answer.json()["schemaPath"] == "About"
    steps = [(urlsplit(item.url).path, item.status_code) for item in answer.history]
    assert steps == [("/qrs/about", 302), (LOGIN, 302)]
    back = answer.history[1].headers["Location"]
    assert parse_qs(urlsplit(back).query)["qlikTicket"]
    assert [item["user_id"] for item in sim.state()["sessions"]] == ["kim"]
    # From then on the cookie is enough, and a ticket is good once.
    assert get("/qrs/virtualproxyconfig/full").json()[0]["defaultVirtualProxy"] is True
    assert len(sim.state()["sessions"]) == 1


def test_a_name_with_its_domain_behind(sim: Simulator, get: Get) -> None:
    assert get("/qrs/about", "lee@corp.example.com", "other secret").status_code == 200
    assert [item["user_id"] for item in sim.state()["sessions"]] == ["lee@corp.example.com"]


@pytest.mark.parametrize(
    ("user", "password"),
    [("CORP\\kim", "wrong"), ("CORP\\nobody", "secret"), ("OTHER\\kim", "secret")],
)
def test_nobody_else_gets_in(sim: Simulator, get: Get, user: str, password: str) -> None:
    answer = get("/qrs/about", user, password)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "NTLM"
    assert sim.state()["sessions"] == []


@pytest.mark.parametrize("rubbish", ["NTLM", "NTLM x", "NTLM AAAA", "Basic a2ltOnNlY3JldA=="])
def test_rubbish_is_answered_with_the_question(get: Get, rubbish: str) -> None:
    answer = get(LOGIN, headers={"Authorization": rubbish})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "NTLM")


def test_without_a_target_it_leads_to_the_hub(sim: Simulator, get: Get) -> None:
    answer = get(LOGIN, "CORP\\kim", "secret", allow_redirects=False)
    assert urlsplit(answer.headers["Location"]).path == "/hub/"


def test_another_device_is_led_to_the_form(get: Get) -> None:
    answer = get("/qrs/about", headers={"User-Agent": "else"}, allow_redirects=False)
    assert "/internal_forms_authentication/" in answer.headers["Location"]


def test_the_log_shows_no_step_of_a_login(sim: Simulator, get: Get) -> None:
    get("/qrs/about", "CORP\\kim", "secret")
    shown = [item["headers"]["Authorization"] for item in sim.requests(path=LOGIN)[1:]]
    assert len(shown) == 2
    assert not any("NTLM" in value for value in shown)
    assert "secret" not in str(sim.state())


@pytest.mark.parametrize(
    ("method", "directory", "value", "user"),
    [
        (2, "", "CORP\\kim", "kim"),
        (2, "", "kim", None),
        (1, "CORP", "kim", "kim"),
        (1, "", "kim", None),
    ],
)
def test_a_header_names_the_user(
    sim: Simulator, get: Get, method: int, directory: str, value: str, user: str | None
) -> None:
    sim.seed(
        virtualproxyconfig=[
            {
                "prefix": "portal",
                "authenticationMethod": method,
                "headerAuthenticationHeaderName": "X-User",
                "headerAuthenticationStaticUserDirectory": directory,
                "link": "all",
            }
        ]
    )
    answer = get("/portal/qrs/about", headers={"X-User": value}, allow_redirects=False)
    assert answer.status_code == (200 if user else 302)
    assert [item["user_id"] for item in sim.state()["sessions"]] == ([user] if user else [])
    if user:
        entities = get("/portal/qrs/virtualproxyconfig/full", headers={"X-User": value}).json()
        assert "portal" in [item["prefix"] for item in entities]
        assert len(sim.state()["sessions"]) == 1


@pytest.mark.parametrize(
    ("wanted", "read", "write"), [("off", 200, 201), ("writes", 200, 403), ("all", 403, 403)]
)
def test_who_has_to_bring_the_csrf_token(
    sim: Simulator, get: Get, wanted: str, read: int, write: int
) -> None:
    sim.switch(qrs_csrf=wanted)
    # The request that opens the session has no cookie, and so no token either.
    assert get("/qrs/about", "CORP\\kim", "secret").status_code == 200
    tag = {"method": "POST", "json": {"name": "one"}}
    assert get("/qrs/about").status_code == read
    assert get("/qrs/tag", **tag).status_code == write
    brought = {"qlik-csrf-token": get("/qps/csrftoken").headers["qlik-csrf-token"]}
    assert get("/qrs/about", headers=brought).status_code == 200
    assert get("/qrs/tag", **{**tag, "json": {"name": "two"}}, headers=brought).status_code == 201
    assert get("/qrs/about", headers={"qlik-csrf-token": "x"}).status_code == read
