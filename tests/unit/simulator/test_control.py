# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API: state, seed, patch, reset, and the request log."""

from __future__ import annotations

import hashlib
import http.client
import json

import pytest

from qlik_simulator.request_log import body_of
from support.controlled_process import ProcessError
from support.raw_qrs import ADMIN, RawQrs
from support.simulator import Simulator


def test_state_shows_everything(sim: Simulator) -> None:
    state = sim.state()
    assert set(state) == {
        "entities",
        "sessions",
        "restarts",
        "switches",
        "release",
        "accesses",
    }
    assert len(state["entities"]["proxyservice"]) == 2
    assert {u["userId"] for u in state["entities"]["user"]} >= {"sa_api", "sa_repository"}
    assert state["sessions"] == []
    assert state["accesses"] == {"total": 1000, "holders": []}


def test_seed_checks_nothing_and_takes_names(sim: Simulator) -> None:
    created = sim.seed(
        virtualproxyconfig=[
            {
                "prefix": "Not Valid",
                "sessionCookieHeaderName": "X-Qlik-Session",
                "loadBalancingServerNodes": ["Rim", {"id": sim.node()["id"]}],
                "tags": ["new tag"],
                "jwtAttributeMap": [{"jwtAttribute": "a"}],
                "modifiedDate": "2001-01-01T00:00:00.000Z",
                "extra": 1,
                "link": ["Rim"],
            },
            {"prefix": "everywhere", "link": "all"},
        ],
        user=[{"userDirectory": "D", "userId": "u", "inactive": True}],
    )
    first = created["virtualproxyconfig"][0]
    assert first == sim.entity("virtualproxyconfig", prefix="Not Valid")
    assert [n["name"] for n in first["loadBalancingServerNodes"]] == ["Rim", "Central"]
    assert first["tags"][0]["name"] == "new tag"
    assert first["jwtAttributeMap"][0]["senseAttribute"] == ""
    assert (first["modifiedDate"], first["extra"]) == ("2001-01-01T00:00:00.000Z", 1)
    links = {
        p["serverNodeConfiguration"]["name"]: [v["prefix"] for v in p["settings"]["virtualProxies"]]
        for p in sim.entities("proxyservice")
    }
    assert links == {"Central": ["", "everywhere"], "Rim": ["", "Not Valid", "everywhere"]}
    assert created["user"][0]["inactive"] is True


@pytest.mark.parametrize(
    "order",
    [
        {"servernodeconfiguration": [{}]},
        {"virtualproxyconfig": [{"prefix": "x", "link": ["Nowhere"]}]},
        {"virtualproxyconfig": [{"prefix": "x", "loadBalancingServerNodes": ["Nowhere"]}]},
    ],
)
def test_a_wrong_seed_is_refused(sim: Simulator, order: dict[str, object]) -> None:
    with pytest.raises(ProcessError, match="400"):
        sim.seed(**order)


def test_patch_merges_and_keeps_dates(sim: Simulator) -> None:
    proxy_id = sim.node()["proxy_id"]
    before = sim.entity("proxyservice", id=proxy_id)
    after = sim.patch("proxyservice", proxy_id, {"settings": {"maxHeaderLines": 50}})
    assert after["settings"].pop("maxHeaderLines") == 50
    assert before["settings"].pop("maxHeaderLines") == 100
    assert after == before
    date = {"modifiedDate": "2030-01-01T00:00:00.000Z"}
    assert sim.patch("proxyservice", proxy_id, date)["modifiedDate"] == date["modifiedDate"]
    with pytest.raises(ProcessError, match="404"):
        sim.patch("proxyservice", "nonsense", {})


def test_delete(sim: Simulator, qrs: RawQrs) -> None:
    entity = qrs.virtual_proxy("x")
    qrs.link(entity)
    sim.delete("virtualproxyconfig", entity["id"])
    assert sim.entities("virtualproxyconfig", prefix="x") == []
    assert len(qrs.proxy()["settings"]["virtualProxies"]) == 1
    with pytest.raises(ProcessError, match="404"):
        sim.delete("virtualproxyconfig", entity["id"])


def test_reset_forgets_everything(sim: Simulator, qrs: RawQrs) -> None:
    qrs.link(qrs.virtual_proxy("x"))
    sim.seed(license={"total": 1})
    sim.fault(path="about", action="status", status=503)
    sim.switch(csrf="absent")
    sim.reset(release="classic", switches={"full_limit": 100})
    state = sim.state()
    assert len(state["entities"]["virtualproxyconfig"]) == 1
    assert set(state["restarts"].values()) == {0}
    assert state["accesses"]["total"] == 1000
    assert state["release"] == "classic"
    assert (state["switches"]["full_limit"], state["switches"]["csrf"]) == (100, "absent")
    assert sim.requests() == []
    assert qrs.send("GET", "/about").status == 200
    with pytest.raises(ProcessError, match="unknown switch"):
        sim.reset(switches={"nonsense": 1})
    for nodes in ([], ["Rim"], ["Central", "Unknown"]):
        with pytest.raises(ProcessError, match="400"):
            sim.reset(nodes=nodes)


def test_a_refused_switch_changes_nothing(sim: Simulator) -> None:
    with pytest.raises(ProcessError, match="choose from"):
        sim.switch(full_limit=100, csrf="maybe")
    assert sim.state()["switches"]["full_limit"] == "none"


def test_the_log_tells_who_asked_what(sim: Simulator, qrs: RawQrs) -> None:
    qrs.create("/tag", {"name": "t"})
    qrs.send("GET", "/tag?filter=name%20eq%20't'")
    first, second = sim.requests()
    assert (first["n"], second["n"]) == (1, 2)
    assert (first["port"], first["node"], first["method"]) == ("qrs", "Central", "POST")
    assert (first["path"], first["status"], first["body"]) == ("/qrs/tag", 201, {"name": "t"})
    assert second["query"].startswith("filter=name%20eq%20't'&Xrfkey=")
    assert second["headers"]["X-Qlik-User"] == ADMIN
    assert sim.requests(method="GET") == [second]
    sim.clear_requests()
    assert sim.requests() == []


def test_the_log_keeps_no_secret(sim: Simulator, qrs: RawQrs) -> None:
    secret = "s3cr3t-value"
    key = "-----BEGIN PRIVATE KEY-----\ns3cr3t-value\n-----END PRIVATE KEY-----"
    qrs.send(
        "POST",
        f"/certificatedistribution/exportcertificates?qlik-csrf-token={secret}",
        {"machineNames": ["m"], "certificatePassword": secret, "jwtPublicKeyCertificate": key},
        headers={
            "Authorization": f"Bearer {secret}",
            "Cookie": f"a={secret}",
            "qlik-csrf-token": secret,
        },
    )
    sim.patch("proxyservice", sim.node()["proxy_id"], {"settings": {"allowHttp": True}})
    connection = http.client.HTTPConnection("localhost", sim.node()["http_port"], timeout=10)
    connection.request("GET", f"/?qlikTicket={secret}", headers={"Cookie": secret})
    connection.getresponse().read()
    connection.close()
    log = sim.requests()
    assert len(log) == 2
    assert secret not in json.dumps(log)
    digest = hashlib.sha256(f"Bearer {secret}".encode()).hexdigest()
    assert log[0]["headers"]["Authorization"] == digest
    assert log[0]["body"]["machineNames"] == ["m"]


def test_bodies_that_are_no_json_are_not_kept() -> None:
    assert body_of("text/plain", b"{}") is None
    assert body_of("application/json", b"{") is None
    assert body_of("application/json", b'{"a": [1, null]}') == {"a": [1, None]}
