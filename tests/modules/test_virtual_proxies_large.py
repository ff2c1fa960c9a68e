# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxies on large and odd sites: what it costs, and that nothing is there twice."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from modules.virtual_proxy_case import entries, entry, prefixes, served
from support.case import Case, Json
from support.simulator import Simulator

MANY = 200
JWT = {"authenticationMethod": 4}


@pytest.fixture
def case(site: Simulator) -> Case:
    return Case("qlik_virtual_proxies", site)


@pytest.mark.parametrize(
    ("crowd", "full_limit"),
    [
        (0, "none"),
        (150, 100),
        pytest.param(0, 100, marks=pytest.mark.long),
        pytest.param(150, "none", marks=pytest.mark.long),
    ],
)
def test_two_hundred(case: Case, site: Simulator, crowd: int, full_limit: str | int) -> None:
    site.seed(virtualproxyconfig=[{"prefix": f"old-{n}"} for n in range(crowd)])
    site.switch(full_limit=full_limit)
    wanted = entries(MANY, proxies=["all"], load_balancing_nodes=["all"])
    site.clear_requests()
    predicted = case.check(virtual_proxies=wanted)
    assert case.written() == Counter()
    site.clear_requests()
    result = case.done(virtual_proxies=wanted)
    assert len(case.log()) == result["requests"] <= MANY + 5 + 3
    assert case.written() == Counter({"POST virtualproxyconfig": MANY, "PUT proxyservice": 3})
    assert site.restarts() == {"Central": 1, "rim1": 1, "rim2": 1} == result["proxies_restarted"]
    assert predicted["proxies_restarted"] == result["proxies_restarted"]
    for node in ("Central", "rim1", "rim2"):
        assert served(site, node) == [item["prefix"] for item in wanted]
    site.clear_requests()
    again = case.done(virtual_proxies=wanted)
    assert again["changed"] is False
    assert len(case.log()) == again["requests"] <= 4
    assert case.written() == Counter()
    assert len(prefixes(site)) == MANY + crowd


def test_large_and_odd_site(case: Case, site: Simulator) -> None:
    odd = ["it's", 'say "hi"', "Grüße", "back\\slash", "a&b", "Upper", "with/slash"]
    seeds: list[Json] = [
        {"prefix": p, "sessionCookieHeaderName": f"X-{n}"} for n, p in enumerate(odd)
    ]
    seeds += [{"prefix": f"crowd-{n}", "link": ["rim1"]} for n in range(300)]
    site.seed(virtualproxyconfig=seeds)
    site.switch(full_limit=100)
    # The simulator would not store such prefixes again, so that they are linked only.
    wanted: list[Json] = [{"prefix": p, "proxies": ["rim2"]} for p in odd]
    wanted += [{"prefix": f"crowd-{n}", "description": "one of many"} for n in range(280, 300)]
    assert case.done(virtual_proxies=wanted)["changed"] is True
    assert served(site, "rim2") == sorted(odd)
    assert len(site.entities("virtualproxyconfig", description="one of many")) == 20
    assert case.done(virtual_proxies=wanted)["changed"] is False


@pytest.mark.long
@pytest.mark.parametrize("full_limit", ["none", 100])
def test_a_thousand(case: Case, site: Simulator, full_limit: str | int) -> None:
    seeds = [{"prefix": f"vp-{n}", "tags": ["ours"], "link": ["rim1"]} for n in range(1000)]
    site.seed(virtualproxyconfig=seeds)
    site.switch(full_limit=full_limit)
    wanted: list[Json] = [{"prefix": f"vp-{n}", "description": ""} for n in range(1000)]
    site.clear_requests()
    started = time.process_time()
    result = case.done(virtual_proxies=wanted)
    # The processor's time of a run, generously: the clock tells how busy the machine is.
    assert time.process_time() - started < 20
    assert (result["changed"], result["requests"]) == (False, len(case.log()))
    assert len(case.log()) <= 4
    site.clear_requests()
    wanted[999] |= {"description": "new", "proxies": ["rim2"]}
    wanted.append(entry("new", proxies=["rim2"]))
    case.done(virtual_proxies=wanted)
    expected = {"PUT virtualproxyconfig": 1, "POST virtualproxyconfig": 1, "PUT proxyservice": 1}
    assert case.written() == Counter(expected)
    assert served(site, "rim2") == ["new", "vp-999"]
    assert len(served(site, "rim1")) == 1000
    # What is marked and not in the list is removed only where the list is shown to be whole.
    few, prune = wanted[1:1000], {"prune": True, "prune_tag": "ours"}
    if full_limit == "none":
        site.patch(
            "virtualproxyconfig", site.entity("virtualproxyconfig", prefix="vp-0")["id"], JWT
        )
        assert case.check(virtual_proxies=few, **prune)["pruned"] == ["vp-0"]
    else:
        assert "so the list is not complete" in case.rejected(virtual_proxies=few, **prune)
