# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Linking: the whole proxy service, or a selection as QMC does it. And what goes wrong."""

from __future__ import annotations

import typing as t

import pytest

from support.raw_qrs import RawQrs
from support.simulator import Simulator

Json = dict[str, t.Any]


def _links(qrs: RawQrs, node: str = "Central") -> list[str]:
    return [v["prefix"] for v in qrs.proxy(node)["settings"]["virtualProxies"]]


def test_an_id_is_enough_to_link(sim: Simulator, qrs: RawQrs) -> None:
    entity = qrs.virtual_proxy("x")
    before = qrs.proxy()
    reply = qrs.link(entity)
    assert reply.status == 200
    after = reply.json()
    assert after["settings"]["virtualProxies"][1]["prefix"] == "x"
    assert after["modifiedDate"] > before["modifiedDate"]
    for shape in (before, after):
        shape["settings"]["virtualProxies"] = []
        shape["modifiedDate"] = shape["modifiedByUserName"] = ""
    assert after == before
    assert _links(qrs, "Rim") == [""]
    assert sim.entity("virtualproxyconfig", prefix="x") == entity


def test_a_write_to_a_virtual_proxy_leaves_the_proxys_date(qrs: RawQrs) -> None:
    entity = qrs.virtual_proxy("x")
    linked = qrs.link(entity).json()
    changed = {**entity, "description": "new"}
    assert qrs.send("PUT", f"/virtualproxyconfig/{entity['id']}", changed).status == 200
    assert qrs.proxy()["modifiedDate"] == linked["modifiedDate"]
    assert qrs.proxy()["settings"]["virtualProxies"][1]["description"] == "new"


def test_a_duplicate_link_is_stored_once(qrs: RawQrs) -> None:
    entity = qrs.virtual_proxy("x")
    assert qrs.link(entity).status == qrs.link(entity).status == 200
    assert _links(qrs) == ["", "x"]


def test_linking_what_does_not_exist(qrs: RawQrs) -> None:
    missing = {"id": "6a2c9d10-0000-0000-0000-000000000001"}
    assert qrs.link(missing).status == 400
    assert _links(qrs) == [""]


def test_an_empty_list_unlinks_everything(qrs: RawQrs) -> None:
    qrs.link(qrs.virtual_proxy("x"))
    proxy = qrs.proxy()
    proxy["settings"]["virtualProxies"] = []
    proxy["settings"]["keepAliveTimeoutSeconds"] = 20
    assert qrs.send("PUT", f"/proxyservice/{proxy['id']}", proxy).status == 200
    assert _links(qrs) == []


@pytest.mark.parametrize("value", ["default", "keep"])
def test_left_out_settings_are_reset(sim: Simulator, qrs: RawQrs, value: str) -> None:
    sim.switch(omitted_on_put=value)
    qrs.link(qrs.virtual_proxy("x"))
    proxy_id = sim.node()["proxy_id"]
    settings = {"allowHttp": True, "kerberosAuthentication": True, "maxHeaderLines": 50}
    sim.patch("proxyservice", proxy_id, {"settings": settings})
    proxy = qrs.proxy()
    for name in ("allowHttp", "kerberosAuthentication", "virtualProxies", "logVerbosity"):
        del proxy["settings"][name]
    assert qrs.send("PUT", f"/proxyservice/{proxy_id}", proxy).status == 200
    stored = qrs.proxy()["settings"]
    kept = value == "keep"
    assert (stored["allowHttp"], stored["kerberosAuthentication"]) == (kept, kept)
    assert stored["maxHeaderLines"] == 50
    assert stored["logVerbosity"]["logVerbositySystem"] == 4
    assert _links(qrs) == (["", "x"] if kept else [""])


@pytest.mark.parametrize(
    "change",
    [
        {"maxHeaderSizeBytes": 511},
        {"maxHeaderLines": 1001},
        {"listenPort": 0},
        {"keepAliveTimeoutSeconds": 301},
        {"allowHttp": 1},
        {"logVerbosity": {"logVerbosityAudit": 6}},
        {"virtualProxies": None},
    ],
)
def test_limits_of_the_settings(qrs: RawQrs, change: Json) -> None:
    proxy = qrs.proxy()
    proxy["settings"].update(change)
    expected = 500 if change == {"virtualProxies": None} else 400
    assert qrs.send("PUT", f"/proxyservice/{proxy['id']}", proxy).status == expected


def test_settings_and_node_are_required(sim: Simulator, qrs: RawQrs) -> None:
    proxy = qrs.proxy()
    path = f"/proxyservice/{proxy['id']}"
    for name in ("settings", "serverNodeConfiguration"):
        assert qrs.send("PUT", path, {k: v for k, v in proxy.items() if k != name}).status == 400
    other = {**proxy, "serverNodeConfiguration": {"id": sim.node("Rim")["id"]}}
    assert qrs.send("PUT", path, other).status == 400


def _select(qrs: RawQrs, *proxy_ids: str) -> str:
    items = [{"type": "ProxyService", "objectID": proxy_id} for proxy_id in proxy_ids]
    return str(qrs.create("/selection", {"items": items})["id"])


def _synthetic(date: str, added: list[str], removed: list[str], **settings: t.Any) -> Json:
    properties = [
        {
            "name": "refList_VirtualProxyConfig",
            "value": {"added": added, "removed": removed},
            "valueIsDifferent": False,
            "valueIsModified": True,
        }
    ]
    for name, value in settings.items():
        properties.append({"name": name, "value": value, "valueIsModified": True})
    child = {"name": "settings", "type": "ProxyService.Settings", "properties": properties}
    untouched = {"name": "serverNodeConfiguration", "value": None, "valueIsModified": False}
    return {
        "type": "ProxyService",
        "children": [child],
        "properties": [untouched],
        "latestModifiedDate": date,
    }


def test_linking_through_a_selection(sim: Simulator, qrs: RawQrs) -> None:
    entity = qrs.virtual_proxy("x")
    proxy_ids = [sim.node(name)["proxy_id"] for name in ("Central", "Rim")]
    selection = _select(qrs, *proxy_ids)
    path = f"/selection/{selection}/ProxyService/synthetic"
    root = qrs.get(path)
    dates = [proxy["modifiedDate"] for proxy in sim.entities("proxyservice")]
    assert root["latestModifiedDate"] == max(dates)
    (child,) = root["children"]
    assert child["name"] == "settings"
    allow_http = next(p for p in child["properties"] if p["name"] == "allowHttp")
    assert (allow_http["value"], allow_http["valueIsDifferent"]) == (False, False)
    body = _synthetic(root["latestModifiedDate"], [entity["id"]], [], allowHttp=True)
    reply = qrs.send("PUT", path, body)
    assert (reply.status, reply.body) == (204, b"")
    assert _links(qrs) == _links(qrs, "Rim") == ["", "x"]
    assert qrs.proxy("Rim")["settings"]["allowHttp"] is True
    assert qrs.send("PUT", path, body).status == 409
    later = qrs.get(path)["latestModifiedDate"]
    assert qrs.send("PUT", path, _synthetic(later, [], [entity["id"]])).status == 204
    assert _links(qrs) == [""]
    assert qrs.send("DELETE", f"/selection/{selection}").status == 204
    assert sim.entities("selection") == []
    assert qrs.send("GET", path).status == 404


def test_refused_changes_through_a_selection(sim: Simulator, qrs: RawQrs) -> None:
    entity = qrs.virtual_proxy("x")
    selection = _select(qrs, sim.node()["proxy_id"])
    path = f"/selection/{selection}/proxyservice/synthetic"
    date = qrs.get(path)["latestModifiedDate"]
    for body in (
        _synthetic("2001-01-01T00:00:00.000Z", [entity["id"]], []),
        {k: v for k, v in _synthetic(date, [entity["id"]], []).items() if k[0] != "l"},
    ):
        assert qrs.send("PUT", path, body).status == 409
    unknown = "6a2c9d10-0000-0000-0000-000000000001"
    assert qrs.send("PUT", path, _synthetic(date, [unknown], [])).status == 400
    assert qrs.send("PUT", path, _synthetic(date, [], [], maxHeaderLines=1)).status == 400
    assert qrs.send("PUT", path, _synthetic(date, [], [], nonsense=1)).status == 400
    assert _links(qrs) == [""]
    items = [{"type": "ProxyService", "objectID": unknown}]
    assert qrs.send("POST", "/selection", {"items": items}).status == 400
    assert qrs.send("POST", "/selection", {"items": [{"type": "ProxyService"}]}).status == 400


def test_selections_by_filter(sim: Simulator, qrs: RawQrs) -> None:
    for prefix in ("a1", "a2", "b1"):
        qrs.virtual_proxy(prefix)
    path = "/selection/virtualproxyconfig?filter=prefix%20sw%20'a'"
    selection = qrs.send("POST", path).json()
    assert [item["type"] for item in selection["items"]] == ["VirtualProxyConfig"] * 2
    base = f"/selection/{selection['id']}/virtualproxyconfig"
    assert [e["prefix"] for e in qrs.get(base)] == ["a1", "a2"]
    assert qrs.get(f"{base}/count") == {"value": 2}
    (one,) = qrs.get(f"{base}/full", filter="prefix eq 'a2'")
    assert one["schemaPath"] == "VirtualProxyConfig"
    synthetic = qrs.get(f"{base}/synthetic")
    prefix = next(p for p in synthetic["properties"] if p["name"] == "prefix")
    assert prefix["valueIsDifferent"] is True
    change = {"name": "description", "value": "both", "valueIsModified": True}
    body = {"properties": [change], "latestModifiedDate": synthetic["latestModifiedDate"]}
    assert qrs.send("PUT", f"{base}/synthetic", body).status == 204
    assert len(sim.entities("virtualproxyconfig", description="both")) == 2
    assert qrs.send("DELETE", base).status == 204
    assert {e["prefix"] for e in sim.entities("virtualproxyconfig")} == {"", "b1"}
    assert qrs.get(f"/selection/{selection['id']}")["items"] == selection["items"]


def test_an_http_setting_is_one_write_with_the_link(sim: Simulator, qrs: RawQrs) -> None:
    entity = qrs.virtual_proxy("x")
    proxy = qrs.proxy()
    proxy["settings"]["virtualProxies"].append({"id": entity["id"]})
    proxy["settings"]["allowHttp"] = True
    sim.clear_requests()
    assert qrs.send("PUT", f"/proxyservice/{proxy['id']}", proxy).status == 200
    assert len(sim.requests(method="PUT")) == 1
    assert qrs.proxy()["settings"]["allowHttp"] is True
