# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode predicts, the run does exactly that, the next run does nothing, the rest is untouched.

Hundreds of generated pairs of (present virtual proxy, wanted options), over real HTTP against the
simulated repository. What is stored is compared with the table in ``pairs.py``.
"""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from ansible_collections.qlikops.sense.plugins.module_utils._modules.virtual_proxy_options import (
    virtual_proxies_spec,
    virtual_proxy_spec,
)
from property import pairs as p
from support.module_runner import connection, run_module

if t.TYPE_CHECKING:
    from support.simulator import Simulator

#: Generated pairs, and how often each option has to come in each way among them.
FEW, MANY = (140, 1), (500, 20)
_DATES = ("modifiedDate", "modifiedByUserName")
OTHER = "other"
_COUNTS: Counter[tuple[str, str]] = Counter()


def arrange(site: Simulator, *generated: p.Pair) -> None:
    """A fresh site with the pairs' virtual proxies, and another one that nobody may touch."""
    site.reset(nodes=p.NODES)
    site.seed(
        custompropertydefinition=[
            {"name": name, "choiceValues": choices, "objectTypes": ["VirtualProxyConfig"]}
            for name, choices in p.DEFINITIONS.items()
        ]
    )
    ids = {node["name"]: node["id"] for node in site.nodes}
    seeds = [{"prefix": OTHER, "sessionCookieHeaderName": "X-Other", "link": ["Central", "rim2"]}]
    for pair in generated:
        if pair.present is None:
            continue
        present = dict(pair.present)
        present["loadBalancingServerNodes"] = [
            {"id": ids[name]} for name in present["loadBalancingServerNodes"]
        ]
        seeds.append({**present, "link": pair.links})
    site.seed(virtualproxyconfig=seeds)
    for service in site.entities("proxyservice"):
        site.patch("proxyservice", service["id"], {"unknownToUs": {"keep": "me"}})
    site.clear_requests()


def snapshot(site: Simulator) -> p.Json:
    """Every entity of the site by id, and which virtual proxies each proxy service lists."""
    entities = site.state()["entities"]
    return {
        "virtual proxies": {item["id"]: item for item in entities["virtualproxyconfig"]},
        "services": {item["id"]: item for item in entities["proxyservice"]},
    }


def without(entity: p.Json, *keys: str) -> p.Json:
    return {key: value for key, value in entity.items() if key not in keys}


def comparable(name: str, stored: t.Any) -> t.Any:
    """A stored value without what the server adds, and without an order that means nothing."""
    if name == "loadBalancingServerNodes":
        return sorted(item["name"] if isinstance(item, dict) else item for item in stored)
    if name == "jwtAttributeMap":
        keys = ("jwtAttribute", "senseAttribute", "isMandatory")
        return sorted(tuple(item[key] for key in keys) for item in stored)
    if name == "tags":
        return sorted(item["name"] if isinstance(item, dict) else item for item in stored)
    if name == "customProperties":
        return sorted((p.name_of(item["definition"]), item["value"]) for item in stored)
    if name == "websocketCrossOriginWhiteList":
        return sorted(stored)
    if name == "jwtPublicKeyCertificate":
        return stored.replace("\r", "").strip()
    return stored


def assert_stored(site: Simulator, before: p.Json, *generated: p.Pair) -> None:
    """Asked for: as asked. Not asked for: equal as JSON, unknown keys included."""
    after = snapshot(site)
    by_prefix = {item["prefix"]: item for item in after["virtual proxies"].values()}
    asked = {pair.prefix: pair.expected for pair in generated}
    for prefix, expected in asked.items():
        for name, value in expected.items():
            assert comparable(name, by_prefix[prefix][name]) == comparable(name, value), name
    for key, entity in before["virtual proxies"].items():
        named = asked.get(entity["prefix"], {})
        left, right = entity, after["virtual proxies"][key]
        assert without(left, *named, *_DATES) == without(right, *named, *_DATES)
    new = {pair.prefix for pair in generated if pair.present is None}
    assert len(after["virtual proxies"]) == len(before["virtual proxies"]) + len(new)
    links = {by_prefix[pair.prefix]["id"]: pair.expected_links for pair in generated}
    for key, service in before["services"].items():
        assert_service(service, after["services"][key], links)


def assert_service(before: p.Json, after: p.Json, links: dict[str, list[str]]) -> None:
    """It serves whom it shall; everybody else's links and every setting are as they were."""
    assert without(before, "settings", *_DATES) == without(after, "settings", *_DATES)
    old, new = before["settings"], after["settings"]
    assert without(old, "virtualProxies", *_DATES) == without(new, "virtualProxies", *_DATES)
    served = [[item["id"] for item in settings["virtualProxies"]] for settings in (old, new)]
    assert set(served[0]) - set(links) == set(served[1]) - set(links)
    node = after["serverNodeConfiguration"]["name"]
    for own, nodes in links.items():
        assert served[1].count(own) == (1 if node in nodes else 0)


def visible(result: p.Json) -> p.Json:
    """What check mode has to predict: all but ids, and what only the server knows on creation."""
    shown: p.Json = {
        key: result[key]
        for key in ("changed", "diff", "links", "proxies_restarted")
        if key in result
    }
    shown["virtual_proxy"] = result["virtual_proxy"]
    return shown


def as_predicted(pair: p.Pair, done: p.Json, predicted: p.Json) -> bool:
    """Whether a run did what check mode said; only the server knows what it adds on creation."""
    told = done["virtual_proxy"]
    if pair.present is None:
        told = {key: told[key] for key in predicted["virtual_proxy"]}
    return {**done, "virtual_proxy": told} == predicted


def restarts(site: Simulator) -> dict[str, int]:
    """How often each proxy service restarted, as the simulator counted."""
    names = {node["proxy_id"]: node["name"] for node in site.nodes}
    return {names[key]: n for key, n in site.state()["restarts"].items() if n}


def judge(site: Simulator, pair: p.Pair, run: t.Callable[[bool], p.Json]) -> None:
    """Check, run, run again; ``run`` takes whether it is check mode and returns the result."""
    before = snapshot(site)
    predicted = visible(run(True))
    assert snapshot(site) == before
    assert all(item["method"] == "GET" for item in site.requests(port="qrs"))
    result = run(False)
    done = visible(result)
    assert as_predicted(pair, done, predicted)
    assert_stored(site, before, pair)
    assert restarts(site) == done["proxies_restarted"]
    site.clear_requests()
    stable = snapshot(site)
    again = run(False)
    assert again["changed"] is False
    assert again["proxies_restarted"] == {}
    assert again["virtual_proxy"] == result["virtual_proxy"]
    requests = site.requests(port="qrs")
    assert [item["method"] for item in requests] == ["GET"] * len(requests)
    assert len(requests) == again["requests"] <= 3
    assert snapshot(site) == stable


def check_pairs(simulator: Simulator, number: int) -> None:
    @settings(
        max_examples=number,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(pair=p.pairs())
    def check(pair: p.Pair) -> None:
        check_pair(simulator, pair)

    check()


def check_pair(simulator: Simulator, pair: p.Pair) -> None:
    arrange(simulator, pair)

    def run(check: bool) -> p.Json:
        result = run_module(
            "qlik_virtual_proxy", {**connection(simulator), **pair.wanted}, check=check
        )
        assert not result.get("failed"), result.get("msg")
        return result

    judge(simulator, pair, run)
    for name in [*p.LINES, "proxies"]:
        _COUNTS[name, pair.modes.get(name, p.LEFT_OUT)] += 1


@pytest.mark.parametrize(
    ("number", "least"), [FEW, pytest.param(*MANY, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_generated_pairs(
    simulator: Simulator, record_property: t.Callable[[str, object], None], number: int, least: int
) -> None:
    _COUNTS.clear()
    check_pairs(simulator, number)
    record_property("table", table())
    record_property("generated cases", sum(_COUNTS["proxies", mode] for mode in p.MODES))
    for name in [*p.LINES, "proxies"]:
        modes = [mode for mode in p.MODES if mode != p.CLEARED or name not in p.NOT_CLEARABLE]
        assert min(_COUNTS[name, mode] for mode in modes) >= least, name


def test_every_option_is_in_the_table() -> None:
    options = {*virtual_proxy_spec()} - {*p.MANNERS}
    assert options == {*p.LINES, "proxies"}
    entry = {*virtual_proxies_spec()["virtual_proxies"]["options"]}
    # An id is what qlik_virtual_proxy_info tells, and is given back.
    assert entry == options | {*p.MANNERS, "id"}


def table() -> str:
    """How often each option appeared in which way; refusals are counted by the test below."""
    lines = [f"{'option':48}" + "".join(f"{mode:>11}" for mode in p.MODES)]
    for name in [*p.LINES, "proxies"]:
        counts = [
            "refused" if mode == p.CLEARED and name in p.NOT_CLEARABLE else str(_COUNTS[name, mode])
            for mode in p.MODES
        ]
        lines.append(f"{name:48}" + "".join(f"{count:>11}" for count in counts))
    return "\n".join(lines)
