# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxies on large and odd sites: what it costs, and that nothing is there twice."""

from __future__ import annotations

from collections import Counter

import pytest

from modules.virtual_proxies_case import (
    Json,
    done,
    entries,
    linked,
    log,
    prefixes,
    restarts,
    run,
    writes,
)
from support.simulator import Simulator

MANY = 200


@pytest.mark.parametrize(
    ("crowd", "full_limit"),
    [
        (0, "none"),
        (150, 100),
        pytest.param(0, 100, marks=pytest.mark.long),
        pytest.param(150, "none", marks=pytest.mark.long),
    ],
)
def test_two_hundred(site: Simulator, crowd: int, full_limit: str | int) -> None:
    site.seed(virtualproxyconfig=[{"prefix": f"old-{n}"} for n in range(crowd)])
    site.switch(full_limit=full_limit)
    wanted = entries(MANY, proxies=["all"], load_balancing_nodes=["all"])
    site.clear_requests()
    predicted = run(site, wanted, check=True)
    assert writes(site) == Counter()
    site.clear_requests()
    result = done(site, wanted)
    assert len(log(site)) == result["requests"] <= MANY + 5 + 3
    assert writes(site) == Counter({"POST virtualproxyconfig": MANY, "PUT proxyservice": 3})
    assert restarts(site) == {"Central": 1, "rim1": 1, "rim2": 1} == result["proxies_restarted"]
    assert predicted["proxies_restarted"] == result["proxies_restarted"]
    for node in ("Central", "rim1", "rim2"):
        assert linked(site, node) == [item["prefix"] for item in wanted]
    site.clear_requests()
    again = done(site, wanted)
    assert again["changed"] is False
    assert len(log(site)) == again["requests"] <= 4
    assert writes(site) == Counter()
    assert len(prefixes(site)) == MANY + crowd


def test_large_and_odd_site(site: Simulator) -> None:
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
    assert done(site, wanted)["changed"] is True
    assert linked(site, "rim2") == sorted(odd)
    assert len(site.entities("virtualproxyconfig", description="one of many")) == 20
    assert done(site, wanted)["changed"] is False
