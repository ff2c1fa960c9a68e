# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters over the wire: grammar, escaping, errors, dotted paths."""

from __future__ import annotations

import urllib.parse

import pytest

from support.raw_qrs import RawQrs, with_query
from support.simulator import Simulator

GOOD = [
    ("prefix eq 'jwt'", {"jwt"}),
    ("PREFIX EQ 'jwt'", {"jwt"}),
    ("prefix ne 'jwt'", {"", "other", "q1'25", "a\\b"}),
    ("prefix sw 'ot'", {"other"}),
    ("prefix ew 'er'", {"other"}),
    ("prefix so 'the'", {"other"}),
    ("prefix gt 'k'", {"other", "q1'25"}),
    ("prefix eq 'q1\\'25'", {"q1'25"}),
    ("prefix eq 'a\\\\b'", {"a\\b"}),
    ("prefix eq 'jwt' or prefix eq 'other'", {"jwt", "other"}),
    ("prefix eq 'jwt' and authenticationMethod eq 4", {"jwt"}),
    ("prefix eq 'other' and authenticationMethod eq 4", set()),
    ("prefix eq 'x' and prefix eq 'y' or prefix eq 'jwt'", {"jwt"}),
    ("prefix eq 'x' and (prefix eq 'y' or prefix eq 'jwt')", set()),
    ("not prefix eq 'jwt' and authenticationMethod eq 4", set()),
    ("not (prefix sw '')", set()),
    ("defaultVirtualProxy eq true", {""}),
    ("sessionInactivityTimeout ge 31", {"other"}),
    ("sessionInactivityTimeout lt 31 and prefix ne ''", {"jwt", "q1'25", "a\\b"}),
    ("modifiedDate gt '2001-01-01T00:00:00.000Z' and prefix eq 'jwt'", {"jwt"}),
    ("modifiedDate le '2001-01-01T00:00:00.000Z'", set()),
    ("tags.name eq 'blue'", {"jwt"}),
    ("loadBalancingServerNodes.hostName eq 'localhost'", {"", "other"}),
    ("loadBalancingServerNodes.isCentral eq true", {"", "other"}),
    ("websocketCrossOriginWhiteList eq 'a.example.com'", {"jwt"}),
    ("jwtAttributeMap.senseAttribute eq 'group'", {"jwt"}),
    ("jwtAttributeMap.isMandatory eq true", set()),
]
CANNOT_PARSE = [
    "prefix",
    "prefix eq",
    "prefix eq jwt",
    'prefix eq "jwt"',
    "prefix = 'jwt'",
    "prefix eq 'q1''25'",
    "prefix eq 'a\\b'",
    "prefix eq 'jwt",
    "prefix eq 'jwt' prefix eq 'x'",
    "prefix eq 'jwt' and",
    "(prefix eq 'jwt'",
    "nosuchproperty eq 'x'",
    "tags.nosuch eq 'x'",
    "prefix.name eq 'x'",
    "tags eq 'x'",
    "id eq '6a2c9d10-0000-0000-0000-000000000001'",
    "prefix eq 6a2c9d10-0000-0000-0000-000000000001",
    "defaultVirtualProxy eq 'true'",
    "defaultVirtualProxy gt true",
    "sessionInactivityTimeout eq '30'",
    "sessionInactivityTimeout so 3",
    "modifiedDate gt 'yesterday'",
]


@pytest.fixture
def site(sim: Simulator) -> Simulator:
    sim.seed(
        virtualproxyconfig=[
            {
                "prefix": "jwt",
                "authenticationMethod": 4,
                "tags": ["blue"],
                "websocketCrossOriginWhiteList": ["b.example.com", "a.example.com"],
                "jwtAttributeMap": [
                    {"jwtAttribute": "g", "senseAttribute": "group", "isMandatory": False}
                ],
            },
            {
                "prefix": "other",
                "sessionInactivityTimeout": 60,
                "loadBalancingServerNodes": ["Central"],
            },
            {"prefix": "q1'25"},
            {"prefix": "a\\b"},
        ]
    )
    return sim


@pytest.mark.parametrize(("text", "prefixes"), GOOD)
def test_filters(site: Simulator, qrs: RawQrs, text: str, prefixes: set[str]) -> None:
    found = qrs.get("/virtualproxyconfig/full", filter=text)
    assert {entity["prefix"] for entity in found} == prefixes
    assert qrs.get("/virtualproxyconfig/count", filter=text) == {"value": len(prefixes)}
    condensed = qrs.get("/virtualproxyconfig", Filter=text)
    assert [e["id"] for e in condensed] == [e["id"] for e in found]


@pytest.mark.parametrize("text", CANNOT_PARSE)
def test_what_cannot_be_parsed(qrs: RawQrs, text: str) -> None:
    reply = qrs.send("GET", with_query("/virtualproxyconfig/full", filter=text))
    assert (reply.status, reply.text) == (400, f"Cannot parse the expression: {text}")
    assert reply.headers["Content-Type"].startswith("text/plain")


def test_an_empty_group(qrs: RawQrs) -> None:
    reply = qrs.send("GET", with_query("/tag", filter="()"))
    assert (reply.status, reply.text) == (400, "Invalid expression")


def test_a_raw_ampersand(site: Simulator, qrs: RawQrs) -> None:
    reply = qrs.send("GET", "/virtualproxyconfig?filter=prefix%20eq%20'a&b'")
    assert (reply.status, reply.text) == (400, "Missing parameter value(s)")
    site.seed(tag=[{"name": "a&b"}])
    found = qrs.get("/tag", filter="name eq 'a&b'")
    assert [tag["name"] for tag in found] == ["a&b"]


def test_guids_stand_without_quotes(site: Simulator, qrs: RawQrs) -> None:
    entity = site.entity("virtualproxyconfig", prefix="jwt")
    assert qrs.link(entity, "Rim").status == 200
    for text in (entity["id"], entity["id"].upper()):
        (found,) = qrs.get("/virtualproxyconfig", filter=f"id eq {text}")
        assert found["prefix"] == "jwt"
        (proxy,) = qrs.get("/proxyservice/full", filter=f"settings.virtualProxies.id eq {text}")
        assert proxy["serverNodeConfiguration"]["name"] == "Rim"
    (proxy,) = qrs.get("/proxyservice/full", filter="serverNodeConfiguration.hostName eq 'rim1'")
    assert proxy["id"] == site.node("Rim")["proxy_id"]
    node = site.node("Rim")["id"]
    (same,) = qrs.get("/proxyservice/full", filter=f"serverNodeConfiguration.id eq {node}")
    assert same["id"] == proxy["id"]
    (central,) = qrs.get("/servernodeconfiguration", filter="isCentral eq true")
    assert central["name"] == "Central"


@pytest.mark.parametrize(("case", "number"), [("insensitive", 1), ("sensitive", 0)])
@pytest.mark.parametrize("text", ["prefix eq 'JWT'", "prefix so 'WT'", "prefix sw 'J'"])
def test_case_of_values(site: Simulator, qrs: RawQrs, case: str, number: int, text: str) -> None:
    site.switch(filter_case=case)
    assert len(qrs.get("/virtualproxyconfig", filter=text)) == number
    assert len(qrs.get("/virtualproxyconfig", filter=text.lower())) == 1


@pytest.mark.parametrize("value", ["literal", "space"])
def test_plus_in_a_query(sim: Simulator, qrs: RawQrs, value: str) -> None:
    sim.seed(tag=[{"name": "a b"}, {"name": "a+b"}])
    sim.switch(plus_in_query=value)
    (found,) = qrs.get("/tag", filter="name eq 'a+b'")
    assert found["name"] == "a+b"
    sent_with_plus = urllib.parse.urlencode({"filter": "name eq 'a b'"})
    reply = qrs.send("GET", f"/tag?{sent_with_plus}")
    if value == "literal":
        assert reply.text == "Cannot parse the expression: name+eq+'a+b'"
    else:
        assert [tag["name"] for tag in reply.json()] == ["a b"]


def test_order(sim: Simulator, qrs: RawQrs) -> None:
    sim.seed(tag=[{"name": name} for name in ("b", "C", "a")])
    assert [tag["name"] for tag in qrs.get("/tag", orderby="name")] == ["a", "b", "C"]
    assert [tag["name"] for tag in qrs.get("/tag", orderby="NAME desc")] == ["C", "b", "a"]
    assert qrs.send("GET", "/tag?orderby=nosuch").status == 400
