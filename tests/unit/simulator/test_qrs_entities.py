# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users, tags, custom properties, nodes, and several entities at once."""

from __future__ import annotations

import typing as t

from support.raw_qrs import RawQrs
from support.simulator import Simulator

PATH = "/virtualproxyconfig"


def test_many_is_all_or_nothing(qrs: RawQrs) -> None:
    two = [{"prefix": p, "sessionCookieHeaderName": p} for p in ("a", "b")]
    assert [e["prefix"] for e in t.cast(t.Any, qrs.create(f"{PATH}/many", two))] == ["a", "b"]
    three = [{"prefix": p, "sessionCookieHeaderName": p} for p in ("c", "a")]
    assert qrs.send("POST", f"{PATH}/many", three).status == 400
    assert qrs.get(f"{PATH}/count") == {"value": 3}
    users = [{"userDirectory": "D", "userId": name} for name in ("u", "v")]
    assert len(qrs.create("/user/many", users)) == 2
    assert len(qrs.create("/tag/many", [{"name": "t"}])) == 1


def test_users_tags_and_custom_properties(sim: Simulator, qrs: RawQrs) -> None:
    user = qrs.create("/user", {"userDirectory": "D", "userId": "u", "roles": ["ContentAdmin"]})
    assert (user["inactive"], user["blacklisted"], user["removedExternally"]) == (False,) * 3
    assert qrs.send("POST", "/user", {"userDirectory": "d", "userId": "U"}).status == 400
    user["inactive"] = True
    assert qrs.send("PUT", f"/user/{user['id']}", user).json()["inactive"] is True
    tag = qrs.create("/tag", {"name": "blue"})
    definition = qrs.create(
        "/custompropertydefinition",
        {
            "name": "Team",
            "valueType": "Text",
            "choiceValues": ["red"],
            "objectTypes": ["VirtualProxyConfig"],
        },
    )
    reference = {"definition": {"id": definition["id"]}}
    entity = qrs.virtual_proxy(
        "x", tags=[{"id": tag["id"]}], customProperties=[{"value": "red", **reference}]
    )
    assert entity["customProperties"][0]["definition"]["name"] == "Team"
    wrong = [{"value": "green", **reference}]
    reply = qrs.send("PUT", f"{PATH}/{entity['id']}", {**entity, "customProperties": wrong})
    assert reply.status == 400
    proxy = {**qrs.proxy(), "customProperties": [{"value": "red", **reference}]}
    assert qrs.send("PUT", f"/proxyservice/{proxy['id']}", proxy).status == 400
    for path, identity in (("tag", tag), ("custompropertydefinition", definition), ("user", user)):
        reply = qrs.send("DELETE", f"/{path}/{identity['id']}")
        assert (reply.status, reply.body) == (204, b"")
    stored = sim.entity("virtualproxyconfig", prefix="x")
    assert (stored["tags"], stored["customProperties"]) == ([], [])
    assert stored["modifiedDate"] == entity["modifiedDate"]


def test_nodes(sim: Simulator, qrs: RawQrs) -> None:
    central, rim = qrs.get("/servernodeconfiguration/full")
    assert qrs.send("DELETE", f"/servernodeconfiguration/{central['id']}").status == 400
    renamed = {**rim, "name": "Renamed"}
    assert qrs.send("PUT", f"/servernodeconfiguration/{rim['id']}", renamed).status == 200
    assert qrs.proxy("Rim")["serverNodeConfiguration"]["name"] == "Renamed"
    entity = qrs.virtual_proxy("x", loadBalancingServerNodes=[{"id": rim["id"]}])
    assert qrs.send("DELETE", f"/servernodeconfiguration/{rim['id']}").status == 204
    assert qrs.get("/proxyservice/count") == {"value": 1}
    assert qrs.get(f"{PATH}/{entity['id']}")["loadBalancingServerNodes"] == []
