# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Change a generated site, and put back what was there: it is the site that it was.

Ids of what was deleted, dates and the editor's name are the only difference; check mode says the
same, and a second time there is nothing to do.
"""

from __future__ import annotations

import json
import random
import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from property import pairs as p
from property.pair_sites import arrange, doom, lists, snapshot
from support.case import Case, content

if t.TYPE_CHECKING:
    from support.simulator import Simulator

FEW, MANY = 6, 700


def stored(site: Simulator) -> p.Json:
    """The virtual proxies by prefix with their content and links, and all else of the services."""
    found = snapshot(site)
    entities = found["virtual proxies"]
    names = {key: entity["prefix"] for key, entity in entities.items()}
    services = {
        key: sorted(names[item["id"]] for item in service["settings"]["virtualProxies"])
        for key, service in found["services"].items()
    }
    settings_of = {
        key: content({**service, "settings": {**service["settings"], "virtualProxies": None}})
        for key, service in found["services"].items()
    }
    virtual_proxies = {
        entity["prefix"]: {
            **content(entity),
            **{name: references(entity[name]) for name in ("tags", "loadBalancingServerNodes")},
        }
        for entity in entities.values()
    }
    return {"virtual proxies": virtual_proxies, "links": services, "services": settings_of}


def references(items: list[p.Json]) -> list[str]:
    return sorted(item["id"] for item in items)


def forget_unknown(state: p.Json, prefixes: t.Collection[str]) -> p.Json:
    """The state without what a server does not store of a new virtual proxy."""
    found = {
        prefix: {
            key: value
            for key, value in entity.items()
            if key != "unknownToUs" or prefix not in prefixes
        }
        for prefix, entity in state["virtual proxies"].items()
    }
    return {**state, "virtual proxies": found}


def put_back(case: Case, restore: t.Any, was: p.Json) -> None:
    """Restore in check mode, in earnest, and once more."""
    site = case.site
    changed = stored(site)
    there = set(changed["virtual proxies"])
    anew = set(was["virtual proxies"]) - there
    before_restarts = site.restarts()
    site.clear_requests()
    predicted = case.check(restore=restore)
    assert stored(site) == changed
    assert all(item["method"] == "GET" for item in site.requests(port="qrs"))
    site.clear_requests()
    done = case.done(restore=restore)
    assert forget_unknown(stored(site), anew) == forget_unknown(was, anew)
    for key in ("changed", "diff", "proxies_restarted"):
        assert done.get(key) == predicted.get(key), key
    more = {
        node: count - before_restarts.get(node, 0)
        for node, count in site.restarts().items()
        if count != before_restarts.get(node, 0)
    }
    assert more == done["proxies_restarted"]
    written = [i["path"] for i in site.requests(port="qrs") if i["method"] in ("PUT", "DELETE")]
    assert len(set(written)) == len(written)
    site.clear_requests()
    again = case.done(restore=restore)
    assert (again["changed"], again["proxies_restarted"]) == (False, {})
    assert all(item["method"] == "GET" for item in site.requests(port="qrs"))


def survive(value: t.Any) -> t.Any:
    """What is left of a value that was kept as JSON."""
    return json.loads(json.dumps(value))


def meddle(site: Simulator, die: random.Random) -> None:
    """What somebody else may do between a change and its undoing, without touching what it was."""
    for entity in site.entities("virtualproxyconfig"):
        if entity["prefix"].startswith("jwt") and die.random() < 0.3:
            change: p.Json = {
                "samlEntityId": "x",
                "modifiedByUserName": "ACME\\someone",
                "samlAttributeMap": [
                    {"samlAttribute": "a", "senseAttribute": "b", "isMandatory": True}
                ],
            }
            if "unknownToUs" in entity:
                change["unknownToUs"] = {"other": 1}
            site.patch("virtualproxyconfig", entity["id"], change)


@pytest.mark.parametrize(
    "examples", [FEW, pytest.param(MANY, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_a_whole_site(simulator: Simulator, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(pairs=lists(), seed=st.integers(0, 2**32))
    def check(pairs: list[p.Pair], seed: int) -> None:
        case, die = Case("qlik_virtual_proxies", simulator), random.Random(seed)
        site = case.site
        arrange(site, *pairs)
        gone = [*doom(site, die), *(pair.prefix for pair in pairs if die.random() < 0.2)]
        wanted = [pair.wanted for pair in pairs if pair.prefix not in gone]
        wanted += [{"prefix": prefix, "state": "absent"} for prefix in gone]
        was = stored(site)
        before = case.done(virtual_proxies=wanted)["before"]
        meddle(site, die)
        # Only what was changed is in there: the rest stays as somebody else made it.
        told = {item["prefix"] for item in before}
        now = stored(site)["virtual proxies"]
        was["virtual proxies"].update({k: v for k, v in now.items() if k not in told})
        put_back(case, survive(before), was)

    check()


@pytest.mark.parametrize(
    "examples", [FEW, pytest.param(MANY, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_one(simulator: Simulator, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(pair=p.pairs(), absent=st.booleans())
    def check(pair: p.Pair, absent: bool) -> None:
        case = Case("qlik_virtual_proxy", simulator)
        arrange(simulator, pair)
        was = stored(simulator)
        gone = {"prefix": pair.prefix, "state": "absent"}
        before = case.done(**(gone if absent else pair.wanted))["before"]
        put_back(case, survive(before), was)

    check()
