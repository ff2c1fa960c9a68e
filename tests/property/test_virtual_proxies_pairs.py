# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same for whole sites: any list of pairs in one task, with some that go.

What the generated sites hold is also read and given back, which has to change nothing.
"""

from __future__ import annotations

import random
import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from property import pairs as p
from property.pair_sites import (
    OTHER,
    arrange,
    as_predicted,
    assert_stored,
    doom,
    lists,
    snapshot,
    visible,
)
from support.case import Case

if t.TYPE_CHECKING:
    from support.simulator import Simulator

FEW, MANY = 12, 400


def judge(site: Simulator, pairs: list[p.Pair], die: random.Random) -> None:
    case = Case("qlik_virtual_proxies", site)
    arrange(site, *pairs)
    before = snapshot(site)
    gone = doom(site, die)
    wanted = [pair.wanted for pair in pairs]
    wanted += [{"prefix": prefix, "state": "absent"} for prefix in gone]
    die.shuffle(wanted)
    start = {**snapshot(site), "restarts": site.restarts()}
    predicted = case.check(virtual_proxies=wanted)
    assert {**snapshot(site), "restarts": site.restarts()} == start
    site.clear_requests()
    done = case.done(virtual_proxies=wanted)
    written = [i for i in site.requests(port="qrs") if i["method"] not in ("GET", "POST")]
    assert len({item["path"] for item in written}) == len(written)
    assert_stored(site, before, *pairs)
    assert site.restarts() == done["proxies_restarted"] == predicted["proxies_restarted"]
    assert done.get("diff") == predicted.get("diff")
    by_prefix = {pair.prefix: pair for pair in pairs}
    for told, foretold in zip(done["virtual_proxies"], predicted["virtual_proxies"], strict=True):
        if told["prefix"] in by_prefix:
            assert as_predicted(by_prefix[told["prefix"]], visible_one(told), visible_one(foretold))
    stable = snapshot(site)
    site.clear_requests()
    again = case.done(virtual_proxies=wanted)
    assert again["changed"] is False
    assert again["requests"] == len(site.requests(port="qrs")) <= 4
    assert snapshot(site) == stable
    assert_given_back(site)


def visible_one(told: p.Json) -> p.Json:
    """What check mode has to predict of one entry."""
    return visible({**told, "diff": None, "proxies_restarted": None})


def assert_given_back(site: Simulator) -> None:
    """What the site is read as, given back whole, changes nothing."""
    stable = snapshot(site)
    read = Case("qlik_virtual_proxy_info", site).done()
    assert len(read["virtual_proxies"]) == len(stable["virtual proxies"])
    assert OTHER in [item["prefix"] for item in read["virtual_proxies"]]
    site.clear_requests()
    case = Case("qlik_virtual_proxies", site)
    result = case.done(virtual_proxies=read["virtual_proxies"])
    assert result["changed"] is False
    assert case.writes() == []
    assert snapshot(site) == stable


@pytest.mark.parametrize(
    "examples", [FEW, pytest.param(MANY, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_any_list(
    simulator: Simulator, record_property: t.Callable[[str, object], None], examples: int
) -> None:
    cases = 0

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(pairs=lists(), seed=st.integers(0, 2**32))
    def check(pairs: list[p.Pair], seed: int) -> None:
        nonlocal cases
        cases += 1
        judge(simulator, pairs, random.Random(seed))

    check()
    record_property("generated cases", cases)
