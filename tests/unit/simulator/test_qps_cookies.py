# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The session cookie: name, attributes by scheme, and what a second one of its name does."""

from __future__ import annotations

import typing as t

import pytest

from support.qps_bench import CENTRAL, Answer, Bench, in_loop

HTTPS, HTTP = (CENTRAL, "https"), (CENTRAL, "http")


async def _log_in(bench: Bench, port: tuple[str, str] = HTTPS, prefix: str = "jwt") -> Answer:
    return await bench.send(f"/{prefix}/qps/csrftoken", token=bench.token(), port=port)


def _attributes(answer: Answer) -> set[str]:
    return {part.strip() for part in (answer.set_cookie or "").split(";")[1:]}


@pytest.mark.parametrize(
    ("port", "changes", "attributes"),
    [
        (HTTPS, {}, {"Path=/", "HttpOnly", "Secure", "SameSite=Lax"}),
        (HTTP, {}, {"Path=/", "HttpOnly"}),
        (HTTPS, {"hasSecureAttributeHttps": False}, {"Path=/", "HttpOnly", "SameSite=Lax"}),
        (HTTPS, {"sameSiteAttributeHttps": 0}, {"Path=/", "HttpOnly", "Secure"}),
        (HTTPS, {"sameSiteAttributeHttps": 1}, {"Path=/", "HttpOnly", "Secure", "SameSite=None"}),
        (HTTP, {"sameSiteAttributeHttp": 3}, {"Path=/", "HttpOnly", "SameSite=Strict"}),
        (HTTP, {"hasSecureAttributeHttp": True}, {"Path=/", "HttpOnly", "Secure"}),
        (
            HTTP,
            {"sessionCookieDomain": "example.com"},
            {"Path=/", "HttpOnly", "Domain=example.com"},
        ),
    ],
)
@in_loop
async def test_attributes(
    port: tuple[str, str], changes: dict[str, t.Any], attributes: set[str]
) -> None:
    async with Bench() as bench:
        bench.add(**changes)
        assert _attributes(await _log_in(bench, port)) == attributes


@pytest.mark.parametrize(("port", "suffix"), [(HTTPS, ""), (HTTP, "-HTTP")])
@in_loop
async def test_the_name_tells_the_scheme(port: tuple[str, str], suffix: str) -> None:
    async with Bench() as bench:
        bench.add(sessionCookieHeaderName="X-Mine")
        answer = await _log_in(bench, port)
        assert answer.cookie == f"X-Mine{suffix}={answer.session_id}"
        (session,) = bench.memory.sessions.live()
        assert session.id == answer.session_id


@in_loop
async def test_the_cookie_of_one_scheme_is_none_on_the_other() -> None:
    async with Bench() as bench:
        bench.add()
        secure = (await _log_in(bench)).cookie
        assert (await bench.send("/jwt/hub/", cookie=secure, port=HTTPS)).status == 200
        assert (await bench.send("/jwt/hub/", cookie=secure, port=HTTP)).status == 401


@in_loop
async def test_a_live_cookie_is_all_that_is_needed_and_is_not_set_again() -> None:
    async with Bench() as bench:
        bench.add()
        first = await _log_in(bench)
        again = await bench.send("/jwt/qps/csrftoken", cookie=first.cookie)
        assert (again.status, again.set_cookie) == (204, None)
        assert again.headers["qlik-csrf-token"] == first.headers["qlik-csrf-token"]
        assert len(bench.memory.sessions.live()) == 1


@pytest.mark.parametrize("token", ["nonsense", "someone else's"])
@in_loop
async def test_a_live_cookie_wins_over_a_token(token: str) -> None:
    async with Bench() as bench:
        bench.add()
        cookie = (await _log_in(bench)).cookie
        if token != "nonsense":
            token = bench.token(userId="kim")
        answer = await bench.send("/jwt/qps/user", token=token, cookie=cookie)
        assert '"userId": "anna"' in answer.text


@in_loop
async def test_a_bearer_on_every_call_opens_a_session_each_time() -> None:
    async with Bench() as bench:
        bench.add()
        answers = [await _log_in(bench) for dummy in range(3)]
        assert len({answer.session_id for answer in answers}) == 3
        assert len(bench.memory.sessions.live()) == 3


@in_loop
async def test_two_virtual_proxies_with_one_cookie_name_disturb_each_other() -> None:
    async with Bench() as bench:
        bench.add("one", sessionCookieHeaderName="X-Same")
        bench.add("two", sessionCookieHeaderName="X-Same")
        cookie = (await _log_in(bench, prefix="one")).cookie
        stolen = await bench.send("/two/hub/", cookie=cookie)
        replaced = await bench.send("/two/hub/", cookie=cookie, token=bench.token())
        assert stolen.status == 500
        assert replaced.cookie.startswith("X-Same=")
        assert replaced.cookie != cookie
        assert (await bench.send("/one/hub/", cookie=replaced.cookie)).status == 500


@in_loop
async def test_a_refused_login_sets_no_cookie() -> None:
    async with Bench() as bench:
        bench.add()
        assert (await bench.send("/jwt/hub/", token="nonsense")).set_cookie is None
