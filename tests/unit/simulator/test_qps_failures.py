# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What clients meet when something is wrong, by release: a row for every known case."""

from __future__ import annotations

import typing as t

import pytest

from qlik_simulator.qps import pages
from support.qps_bench import CENTRAL, RIM, Answer, Bench, in_loop, signing_key

NOW = 1_700_000_000


def _foreign(bench: Bench) -> str:
    return bench.token(key=signing_key("wrong"))


BAD_TOKENS: dict[str, t.Callable[[Bench], str]] = {
    "expired": lambda bench: bench.token(exp=int(bench.site.now()) - 3600),
    "wrong key": _foreign,
    "not a JWT": lambda bench: "nonsense",
    "claim name in another case": lambda bench: bench.token(without=["userId"], userid="anna"),
    "mandatory attribute missing": lambda bench: bench.token(without=["group"]),
    "wrong audience": lambda bench: bench.token(aud="other", group="a"),
}
MAPPED: dict[str, t.Any] = {
    "jwtAudience": "qlik",
    "jwtAttributeMap": [{"jwtAttribute": "group", "senseAttribute": "Group", "isMandatory": True}],
}


def _is_400_page(answer: Answer) -> bool:
    return (
        answer.status == 400
        and answer.reason == pages.HEADER_INCORRECT
        and answer.text.startswith("<!doctype html>")
        and 80_000 < len(answer.text) < 96_000
        and f"<title>{pages.HEADER_INCORRECT}</title>" in answer.text
    )


@in_loop
async def test_the_token_that_the_bad_ones_are_varied_from_is_good() -> None:
    async with Bench() as bench:
        bench.add(**MAPPED)
        answer = await bench.log_in(aud="qlik", group="a")
        assert (answer.status, len(bench.memory.sessions.live())) == (204, 1)


@pytest.mark.parametrize("case", BAD_TOKENS)
@pytest.mark.parametrize(("release", "status"), [("current", 400), ("classic", 401)])
@in_loop
async def test_bad_token(case: str, release: str, status: int) -> None:
    async with Bench(release) as bench:
        bench.add(**(MAPPED if "attribute" in case or "audience" in case else {}))
        answer = await bench.send("/jwt/qps/csrftoken", token=BAD_TOKENS[case](bench))
        assert (answer.status, answer.set_cookie) == (status, None)
        assert bool(answer.text) == (release == "classic")
        assert bench.memory.sessions.live() == []


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize("body", ["empty", "page"])
@in_loop
async def test_bad_token_switches(status: int, body: str) -> None:
    async with Bench(bad_token_status=status, bad_token_body=body) as bench:
        bench.add()
        answer = await bench.send("/jwt/qrs/about", token=_foreign(bench))
        assert answer.status == status
        assert answer.text.startswith("<!doctype html>") == (body == "page")


@pytest.mark.parametrize("release", ["current", "classic"])
@in_loop
async def test_no_token_and_no_cookie(release: str) -> None:
    async with Bench(release) as bench:
        bench.add(authenticationModuleRedirectUri="https://login.example.com/")
        answer = await bench.send("/jwt/hub/")
        assert (answer.status, answer.headers.get("Location")) == (401, None)


@pytest.mark.parametrize("status", [401, 302, 400])
@in_loop
async def test_no_credentials_switch(status: int) -> None:
    async with Bench(no_credentials=status) as bench:
        bench.add()
        answer = await bench.send("/jwt/hub/")
        assert answer.status == status
        assert ("Location" in answer.headers) == (status == 302)


@pytest.mark.parametrize(("release", "status"), [("current", 500), ("classic", 401)])
@in_loop
async def test_unknown_cookie(release: str, status: int) -> None:
    async with Bench(release) as bench:
        bench.add()
        answer = await bench.send("/jwt/hub/", cookie="X-Qlik-Session-jwt=gone")
        assert answer.status == status
        assert (pages.UNKNOWN_SESSION in answer.text) == (status == 500)


@pytest.mark.parametrize("status", [401, 500])
@in_loop
async def test_unknown_cookie_switch(status: int) -> None:
    async with Bench(unknown_cookie=status) as bench:
        bench.add()
        answer = await bench.send("/jwt/hub/", cookie="X-Qlik-Session-jwt=gone")
        assert answer.status == status


@pytest.mark.parametrize("release", ["current", "classic"])
@in_loop
async def test_what_is_not_routed_gets_the_same_page(release: str) -> None:
    async with Bench(release) as bench:
        bench.add("unlinked", link=())
        bench.add("rim-only", link=(RIM,))
        bench.add("jwt")
        token = bench.token()
        answers = [
            await bench.send("/nosuch/qps/csrftoken", token=token),
            await bench.send("/unlinked/qps/csrftoken", token=token),
            await bench.send("/rim-only/qps/csrftoken", token=token, port=(RIM, "https")),
            await bench.send("/jwt/qps/csrftoken", token=token, headers={"Host": "other"}),
        ]
        assert all(_is_400_page(answer) for answer in answers)
        assert len({answer.text for answer in answers}) == 1
        assert bench.memory.sessions.live() == []


@pytest.mark.parametrize("status", [400, 403])
@in_loop
async def test_host_refusal_switch(status: int) -> None:
    async with Bench(host_refusal=status) as bench:
        bench.add()
        answer = await bench.send("/jwt/hub/", headers={"Host": "other.example.com"})
        assert answer.status == status
        assert _is_400_page(answer) == (status == 400)


@in_loop
async def test_header_limits() -> None:
    async with Bench() as bench:
        bench.add()
        bench.settings(maxHeaderSizeBytes=2000, maxHeaderLines=20)
        assert (await bench.log_in()).status == 204
        large = await bench.log_in(group="x" * 1500)
        lines = {f"X-Filler-{number}": "x" for number in range(20)}
        many = await bench.send("/jwt/hub/", headers=lines)
        assert [(answer.status, answer.text) for answer in (large, many)] == [(400, "")] * 2
        bench.settings(maxHeaderSizeBytes=131_072)
        assert (await bench.log_in(group="x" * 90_000)).status == 204


@in_loop
async def test_a_bad_token_beside_an_unknown_cookie_is_a_bad_token() -> None:
    async with Bench() as bench:
        bench.add()
        cookie = "X-Qlik-Session-jwt=gone"
        bad = await bench.send("/jwt/hub/", token="nonsense", cookie=cookie)
        good = await bench.send("/jwt/hub/", token=bench.token(), cookie=cookie)
        assert (bad.status, good.status) == (400, 200)
        assert good.cookie.startswith("X-Qlik-Session-jwt=")


@pytest.mark.parametrize("name", [CENTRAL, RIM])
@in_loop
async def test_plain_http_answers_like_tls(name: str) -> None:
    async with Bench() as bench:
        bench.add(link=(CENTRAL, RIM))
        answer = await bench.send("/jwt/hub/", token=bench.token(), port=(name, "http"))
        assert answer.status == 200
