# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prefixes, reserved words, links, hosts: which virtual proxy answers, if any."""

from __future__ import annotations

import typing as t

import pytest

from qlik_simulator.qps import hosts, routing
from support.qps_bench import CENTRAL, RIM, Bench, in_loop


@pytest.mark.parametrize(
    ("path", "prefix", "word", "rest"),
    [
        ("/", "", "", ()),
        ("/hub", "", "hub", ()),
        ("/HUB/", "", "hub", ("",)),
        ("/jwt/qps/csrftoken", "jwt", "qps", ("csrftoken",)),
        ("/jwt/QRS/About", "jwt", "qrs", ("About",)),
        ("/jwt/sense/app/1/sheet", "jwt", "sense", ("app", "1", "sheet")),
        ("/a/b/hub/", "a/b", "hub", ("",)),
        ("/jwt/nothing", "jwt/nothing", "", ()),
        ("/jwt/", "jwt", "", ()),
        ("/%6Awt/%68ub/a%2Fb", "jwt", "hub", ("a/b",)),
    ],
)
def test_a_path_is_cut_at_its_first_reserved_word(
    path: str, prefix: str, word: str, rest: tuple[str, ...]
) -> None:
    route = routing.split(path)
    assert (route.prefix, route.word, route.rest) == (prefix, word, rest)


def test_the_path_behind_the_prefix_keeps_its_escapes() -> None:
    assert routing.split("/jwt/QRS/About/a%252Fb").path == "/qrs/About/a%252Fb"


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("Qlik.Example.com:8443", "qlik.example.com"),
        ("localhost", "localhost"),
        ("[::1]:443", "::1"),
        ("", ""),
        ("[::1", ""),
    ],
)
def test_the_host_of_a_host_header(header: str, host: str) -> None:
    assert hosts.host_of_header(header) == host


@pytest.mark.parametrize(
    ("origin", "host"),
    [("https://A.example.com:1", "a.example.com"), ("null", ""), ("a.example.com", "")],
)
def test_the_host_of_an_origin(origin: str, host: str) -> None:
    assert hosts.host_of_origin(origin) == host


@in_loop
async def test_no_prefix_is_the_default_virtual_proxy() -> None:
    async with Bench() as bench:
        answer = await bench.send("/hub/")
        assert answer.status == 302
        assert "/internal_forms_authentication/?targetId=" in answer.headers["Location"]


@in_loop
async def test_the_bare_prefix_leads_to_the_hub() -> None:
    async with Bench() as bench:
        bench.add()
        answer = await bench.send("/jwt", token=bench.token())
        assert (answer.status, answer.headers["Location"]) == (302, "/jwt/hub/")
        assert answer.cookie.startswith("X-Qlik-Session-jwt=")


@pytest.mark.parametrize("prefix", ["jwt", "JWT"])
@in_loop
async def test_the_case_of_a_prefix_does_not_matter(prefix: str) -> None:
    async with Bench() as bench:
        bench.add()
        assert (await bench.log_in(prefix)).status == 204


@pytest.mark.parametrize(
    ("rule", "links", "port", "routed"),
    [
        ("on", (CENTRAL,), CENTRAL, True),
        ("on", (CENTRAL,), RIM, False),
        ("on", (RIM,), RIM, False),
        ("on", (RIM,), CENTRAL, False),
        ("on", (CENTRAL, RIM), RIM, True),
        ("off", (RIM,), RIM, True),
        ("off", (RIM,), CENTRAL, False),
        ("off", (), RIM, False),
    ],
)
@in_loop
async def test_central_link_rule_switch(
    rule: str, links: tuple[str, ...], port: str, routed: bool
) -> None:
    async with Bench(central_link_rule=rule) as bench:
        bench.add(link=links)
        answer = await bench.send("/jwt/hub/", token=bench.token(), port=(port, "https"))
        assert answer.status == (200 if routed else 400)


@in_loop
async def test_an_unlinked_default_virtual_proxy_is_dead_too() -> None:
    async with Bench() as bench:
        bench.settings(virtualProxies=[])
        assert (await bench.send("/hub/")).status == 400


@in_loop
async def test_of_two_virtual_proxies_with_one_prefix_the_linked_one_answers() -> None:
    async with Bench() as bench:
        bench.add(link=(), sessionCookieHeaderName="X-First")
        bench.add(sessionCookieHeaderName="X-Second")
        assert (await bench.log_in()).cookie.startswith("X-Second=")


HOST_CASES: list[tuple[dict[str, t.Any], list[str], str, bool]] = [
    ({}, [], "localhost", True),
    ({}, [], "LOCALHOST:8443", True),
    ({}, [], "qlik.example.com", False),
    ({}, ["qlik.example.com"], "qlik.example.com", True),
    ({}, ["Qlik.Example.COM"], "qlik.example.com:443", True),
    ({}, ["example.com"], "qlik.example.com", True),
    ({}, ["example.com"], "badexample.com", False),
    ({}, ["qlik.example.com"], "example.com", False),
    ({"allow_list_match": "exact"}, ["example.com"], "qlik.example.com", False),
    ({"allow_list_match": "exact"}, ["qlik.example.com"], "qlik.example.com", True),
    ({"own_name_allowed": True}, ["other"], "localhost", True),
    ({"own_name_allowed": False}, ["other"], "localhost", False),
    ({"own_name_allowed": False}, ["localhost"], "localhost", True),
    ({}, ["https://qlik.example.com"], "qlik.example.com", False),
    ({}, ["qlik.example.com:443"], "qlik.example.com:443", False),
    ({}, ["*"], "qlik.example.com", False),
    ({"host_check": "off"}, [], "qlik.example.com", True),
]


@pytest.mark.parametrize(("switches", "entries", "host", "allowed"), HOST_CASES)
@in_loop
async def test_host_header(
    switches: dict[str, t.Any], entries: list[str], host: str, allowed: bool
) -> None:
    async with Bench(**switches) as bench:
        bench.add(websocketCrossOriginWhiteList=entries)
        answer = await bench.send("/jwt/hub/", token=bench.token(), headers={"Host": host})
        assert answer.status == (200 if allowed else 400)


@in_loop
async def test_each_node_has_its_own_name() -> None:
    async with Bench() as bench:
        bench.add(link=(CENTRAL, RIM))
        port = (RIM, "https")
        own = await bench.send("/jwt/hub/", token=bench.token(), port=port)
        headers = {"Host": "localhost"}
        other = await bench.send("/jwt/hub/", token=bench.token(), port=port, headers=headers)
        assert (own.status, other.status) == (200, 400)


@in_loop
async def test_an_origin_on_an_ordinary_request_is_not_judged() -> None:
    async with Bench() as bench:
        bench.add()
        headers = {"Origin": "https://evil.example.com"}
        assert (await bench.send("/jwt/hub/", token=bench.token(), headers=headers)).status == 200


@in_loop
async def test_additional_response_headers() -> None:
    async with Bench() as bench:
        bench.add(additionalResponseHeaders="X-One: 1\nnot a header\nX-Two: a:b")
        answer = await bench.send("/jwt/hub/", token=bench.token())
        assert (answer.headers["X-One"], answer.headers["X-Two"]) == ("1", "a:b")
        assert "not a header" not in answer.headers


@in_loop
async def test_a_node_that_a_reset_left_out_answers_no_more() -> None:
    async with Bench() as bench:
        bench.site.reset(bench.site.switches, [CENTRAL])
        assert (await bench.send("/hub/")).status == 302
        assert (await bench.send("/hub/", port=(RIM, "https"))).status == 503
