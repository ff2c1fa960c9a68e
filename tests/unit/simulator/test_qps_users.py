# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users at login and after it: created, refused, without a pass; other ways to log in; pages."""

from __future__ import annotations

import typing as t

import pytest

from qlik_simulator.qps import pages
from support.qps_bench import XRFKEY, Bench, in_loop

APP_PAGE = "/jwt/sense/app/11111111-2222-3333-4444-555555555555"
TICKET, HEADER_STATIC, HEADER_DYNAMIC, SAML, OIDC = 0, 1, 2, 3, 5


def _block(bench: Bench, flag: str) -> None:
    user = bench.site.create_user("EXAMPLE", "anna")
    bench.change("user", user["id"], **{flag: True})


@pytest.mark.parametrize(("value", "created"), [("create", True), ("reject", False)])
@in_loop
async def test_unknown_user_switch(value: str, created: bool) -> None:
    async with Bench(unknown_user=value) as bench:
        bench.add()
        answer = await bench.log_in()
        assert answer.status == (204 if created else 400)
        assert (bench.site.find_user("example", "ANNA") is not None) == created


@in_loop
async def test_a_known_user_is_not_created_again() -> None:
    async with Bench(unknown_user="reject") as bench:
        bench.add()
        bench.site.create_user("Example", "Anna")
        count = bench.site.store.count("user")
        assert (await bench.log_in()).status == 204
        assert bench.site.store.count("user") == count


@pytest.mark.parametrize("flag", ["inactive", "blacklisted"])
@pytest.mark.parametrize(("value", "login"), [("login_403", 403), ("app_403", 204)])
@in_loop
async def test_inactive_user_switch(flag: str, value: str, login: int) -> None:
    async with Bench(inactive_user=value) as bench:
        bench.add()
        _block(bench, flag)
        answer = await bench.log_in()
        assert answer.status == login
        if login == 403:
            assert pages.ACCOUNT_INACTIVE in answer.text
            assert bench.memory.sessions.live() == []
            return
        page = await bench.send(APP_PAGE, cookie=answer.cookie)
        assert page.status == 403
        assert pages.ACCOUNT_INACTIVE in page.text
        assert (await bench.send("/jwt/hub/", cookie=answer.cookie)).status == 200


@pytest.mark.parametrize("path", ["/jwt/hub/", "/jwt/hub", APP_PAGE, APP_PAGE + "/sheet/1"])
@pytest.mark.parametrize("passes", [0, 1])
@in_loop
async def test_pages_with_and_without_an_access_pass(path: str, passes: int) -> None:
    async with Bench() as bench:
        bench.add()
        bench.site.license.total = passes
        answer = await bench.send(path, token=bench.token())
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/html")
        assert (pages.NO_ACCESS_PASS in answer.text) == (passes == 0)


@in_loop
async def test_csrftoken_and_repository_need_no_pass() -> None:
    async with Bench() as bench:
        bench.add()
        bench.site.license.total = 0
        login = await bench.log_in()
        assert login.status == 204
        assert (await bench.send("/jwt/qrs/about", cookie=login.cookie)).status == 200
        assert bench.site.license.holders == []


@in_loop
async def test_the_shell_of_an_unknown_app_is_served_all_the_same() -> None:
    async with Bench() as bench:
        bench.add()
        answer = await bench.send("/jwt/sense/app/nothing", token=bench.token())
        assert answer.status == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/jwt/qmc/", 200),
        ("/jwt/client/", 200),
        ("/jwt/sense/overview", 200),
        ("/jwt/resources/nothing.js", 404),
        ("/jwt/extensions/x", 404),
        ("/jwt/content/x", 404),
        ("/jwt/api/x", 404),
        ("/jwt/internal_forms_authentication/", 404),
    ],
)
@in_loop
async def test_other_pages(path: str, status: int) -> None:
    async with Bench() as bench:
        bench.add()
        assert (await bench.send(path, token=bench.token())).status == status


@in_loop
async def test_the_repository_is_asked_in_the_name_of_the_user() -> None:
    async with Bench() as bench:
        mapping = [{"jwtAttribute": "g", "senseAttribute": "Group", "isMandatory": False}]
        bench.add(jwtAttributeMap=mapping)
        answer = await bench.send(
            f"/jwt/QRS/about?xrfkey={XRFKEY}",
            token=bench.token(g=["a", "b"]),
            headers={"X-Qlik-User": "UserDirectory=INTERNAL; UserId=sa_api"},
        )
        (call,) = bench.calls
        assert (answer.status, call.path, call.prefix) == (200, "/qrs/about", "jwt")
        assert (call.user_directory, call.user_id) == ("EXAMPLE", "anna")
        assert call.attributes == {"Group": ["a", "b"]}
        assert answer.cookie


@in_loop
async def test_the_repository_is_not_asked_before_login() -> None:
    async with Bench() as bench:
        bench.add()
        assert (await bench.send("/jwt/qrs/about")).status == 401
        assert bench.calls == []


@pytest.mark.parametrize(
    ("mode", "token", "user"),
    [
        (1, None, None),
        (1, "good", "anna"),
        (1, "bad", "refused"),
        (2, None, None),
        (2, "good", None),
        (2, "bad", None),
    ],
)
@in_loop
async def test_anonymous_access(mode: int, token: str | None, user: str | None) -> None:
    async with Bench() as bench:
        bench.add(anonymousAccessMode=mode)
        count = bench.site.store.count("user")
        sent = {"good": bench.token(), "bad": "nonsense", None: None}[token]
        answer = await bench.send("/jwt/hub/", token=sent)
        sessions = bench.memory.sessions.live()
        if user == "refused":
            assert (answer.status, sessions) == (400, [])
            return
        assert answer.status == 200
        (session,) = sessions
        if user is None:
            assert session.user_directory == "NONE"
            assert session.user_id.startswith("anon_")
            assert bench.site.store.count("user") == count
        else:
            assert session.user_id == user


@pytest.mark.parametrize("method", [TICKET, HEADER_STATIC, HEADER_DYNAMIC, SAML, OIDC])
@in_loop
async def test_other_methods_do_not_read_tokens_and_redirect(method: int) -> None:
    async with Bench() as bench:
        bench.add(authenticationMethod=method)
        answer = await bench.send("/jwt/hub/", token=bench.token())
        assert answer.status == 302
        form = answer.headers["Location"]
        assert form.startswith("/jwt/internal_forms_authentication/?targetId=")
        assert answer.headers["Connection"] == "close"
        page = await bench.send(form)
        assert page.status == 200
        assert "<form" in page.text


@in_loop
async def test_windows_devices_are_asked_for_ntlm() -> None:
    async with Bench() as bench:
        bench.add(authenticationMethod=TICKET)
        headers = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0)"}
        answer = await bench.send("/jwt/hub/", headers=headers)
        page = answer.headers["Location"]
        assert page.startswith("/jwt/internal_windows_authentication/?targetId=")
        asked = await bench.send(page)
        assert (asked.status, asked.headers["WWW-Authenticate"]) == (401, "NTLM")


@pytest.mark.parametrize(("method", "used"), [(TICKET, True), (4, False)])
@in_loop
async def test_the_authentication_module_is_for_tickets_only(method: int, used: bool) -> None:
    async with Bench() as bench:
        module = "https://login.example.com/start"
        bench.add(authenticationMethod=method, authenticationModuleRedirectUri=module)
        answer = await bench.send("/jwt/hub/")
        assert answer.status == (302 if used else 401)
        if used:
            assert answer.headers["Location"].startswith(f"{module}?proxyRestUri=https%3A%2F%2F")


@pytest.mark.parametrize(
    ("changes", "value", "user"),
    [
        (
            {"authenticationMethod": HEADER_STATIC, "headerAuthenticationStaticUserDirectory": "D"},
            "kim",
            ("D", "kim"),
        ),
        ({"authenticationMethod": HEADER_DYNAMIC}, "D\\kim", ("D", "kim")),
        ({"authenticationMethod": HEADER_DYNAMIC}, "kim", None),
    ],
)
@in_loop
async def test_header_authentication(
    changes: dict[str, t.Any], value: str, user: tuple[str, str] | None
) -> None:
    async with Bench() as bench:
        bench.add(headerAuthenticationHeaderName="X-Who", **changes)
        answer = await bench.send("/jwt/hub/", headers={"X-Who": value})
        assert answer.status == (200 if user else 302)
        found = [(s.user_directory, s.user_id) for s in bench.memory.sessions.live()]
        assert found == ([user] if user else [])


@pytest.mark.parametrize(("value", "status"), [(500, 500), (401, 302)])
@in_loop
async def test_an_unknown_cookie_where_browsers_log_in(value: int, status: int) -> None:
    async with Bench(unknown_cookie=value) as bench:
        bench.add(authenticationMethod=TICKET)
        answer = await bench.send("/jwt/hub/", cookie="X-Qlik-Session-jwt=gone")
        assert answer.status == status
