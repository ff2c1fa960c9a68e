# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sites with odd names, without a central node in sight, with a proxy that is down."""

from __future__ import annotations

import http.client
from collections import Counter

import pytest

from modules.virtual_proxy_case import JWT, entries, entry, linked, served
from support.case import Case, Json
from support.simulator import Simulator

ODD = (
    "it's",
    'say "hi"',
    "Grüße",
    "back\\slash",
    "trailing\\",
    "a&b",
    "1+1",
    "#1",
    "100%",
    "%41",
    "a b",
    "x eq 'y' or name so '",
)


@pytest.fixture
def one(site: Simulator) -> Case:
    return Case("qlik_virtual_proxy", site)


@pytest.fixture
def many(site: Simulator) -> Case:
    return Case("qlik_virtual_proxies", site)


def names(site: Simulator, kind: str) -> Counter[str]:
    """How often each name is there."""
    return Counter(item["name"] for item in site.entities(kind))


@pytest.mark.parametrize("plus", ["literal", "space"])
def test_odd_names_are_found_and_not_made_twice(
    one: Case, many: Case, site: Simulator, plus: str
) -> None:
    site.switch(plus_in_query=plus)
    definitions = [{"name": name, "objectTypes": ["VirtualProxyConfig"]} for name in ODD]
    site.seed(custompropertydefinition=definitions, tag=[{"name": name} for name in ODD[::2]])
    wanted = [
        entry(f"vp-{n}", tags=[name], description=name, custom_properties={name: [name]})
        for n, name in enumerate(ODD)
    ]
    many.done(virtual_proxies=wanted)
    assert names(site, "tag") == Counter(ODD)
    for given, name in zip(wanted, ODD, strict=True):
        stored = site.entity("virtualproxyconfig", prefix=given["prefix"])
        assert (stored["description"], stored["tags"][0]["name"]) == (name, name)
        (custom,) = stored["customProperties"]
        assert (custom["definition"]["name"], custom["value"]) == (name, name)
    assert many.done(virtual_proxies=wanted)["changed"] is False
    alone = {**JWT, "tags": [*ODD], "custom_properties": {name: name for name in ODD}}
    assert one.done(**alone)["changed"] is True
    assert one.done(**alone)["changed"] is False
    assert names(site, "tag") == Counter(ODD)
    assert names(site, "custompropertydefinition") == Counter(ODD)


@pytest.mark.parametrize("name", ODD)
def test_odd_names_of_nodes(one: Case, many: Case, site: Simulator, name: str) -> None:
    site.patch("servernodeconfiguration", site.node("rim1")["id"], {"name": name})
    wanted = {"proxies": [name], "load_balancing_nodes": [name]}
    assert one.done(**JWT, **wanted)["proxies_restarted"] == {name: 1}
    assert linked(site) == [name]
    assert many.done(virtual_proxies=[{"prefix": "jwt", **wanted}])["changed"] is False


def test_site_without_a_central_node_in_sight(one: Case, many: Case, site: Simulator) -> None:
    rims = [n for n in site.entities("servernodeconfiguration") if not n["isCentral"]]
    everyone = [
        *rims,
        {**site.entity("servernodeconfiguration", isCentral=True), "isCentral": None},
    ]
    for nodes, word in ((rims, "rights"), (everyone, "central")):
        site.clear_faults()
        answer: Json = {"action": "status", "status": 200, "body": nodes, "times": 9}
        site.fault(port="qrs", method="GET", path="/servernodeconfiguration/full", **answer)
        assert word in one.rejected(**JWT)
        assert word in many.rejected(virtual_proxies=entries(2))


def test_proxy_that_is_down_is_linked_all_the_same(one: Case, many: Case, site: Simulator) -> None:
    site.switch(restart_seconds=600)
    one.done(**JWT)
    port = site.node()["https_port"]
    with pytest.raises((OSError, http.client.HTTPException)):
        http.client.HTTPSConnection("localhost", port, timeout=5).request("GET", "/jwt/")
    assert many.done(virtual_proxies=entries(2))["proxies_restarted"] == {"Central": 1}
    assert served(site) == ["jwt", "portal-000", "portal-001"]
    assert one.done(**JWT, description="x")["changed"] is True
