# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Generated pairs on a simulated site: how they get there, and what must be stored afterwards."""

from __future__ import annotations

import random
import typing as t

from hypothesis import strategies as st

from property import pairs as p
from support.case import DATES, without

if t.TYPE_CHECKING:
    from support.simulator import Simulator

OTHER = "other"
DOOMED = "doomed"


@st.composite
def lists(draw: t.Any) -> list[p.Pair]:
    """Up to six pairs, under prefixes of their own."""
    drawn = draw(st.lists(p.pairs(), min_size=2, max_size=6))
    return [pair.renamed(f"jwt-{n}") for n, pair in enumerate(drawn)]


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


def doom(site: Simulator, die: random.Random) -> list[str]:
    """Virtual proxies that nobody wishes for any more, and what removes them by name."""
    prefixes = [f"{DOOMED}-{n}" for n in range(die.randint(0, 3))]
    for prefix in prefixes:
        links = die.sample(p.NODES, die.randint(0, 3))
        site.seed(virtualproxyconfig=[{"prefix": prefix, "link": links}])
    return prefixes


def snapshot(site: Simulator) -> p.Json:
    """Every entity of the site by id, and which virtual proxies each proxy service lists."""
    entities = site.state()["entities"]
    return {
        "virtual proxies": {item["id"]: item for item in entities["virtualproxyconfig"]},
        "services": {item["id"]: item for item in entities["proxyservice"]},
    }


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
        assert without(left, *named, *DATES) == without(right, *named, *DATES)
    new = {pair.prefix for pair in generated if pair.present is None}
    assert len(after["virtual proxies"]) == len(before["virtual proxies"]) + len(new)
    links = {by_prefix[pair.prefix]["id"]: pair.expected_links for pair in generated}
    for key, service in before["services"].items():
        assert_service(service, after["services"][key], links)


def assert_service(before: p.Json, after: p.Json, links: dict[str, list[str]]) -> None:
    """It serves whom it shall; everybody else's links and every setting are as they were."""
    assert without(before, "settings", *DATES) == without(after, "settings", *DATES)
    old, new = before["settings"], after["settings"]
    assert without(old, "virtualProxies", *DATES) == without(new, "virtualProxies", *DATES)
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
