# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What reads show: full and condensed forms, counts, local, tables, rights."""

from __future__ import annotations

import pytest

from support.raw_qrs import RawQrs
from support.simulator import Simulator

ONLY_FULL = {
    "createdDate",
    "modifiedDate",
    "modifiedByUserName",
    "schemaPath",
    "customProperties",
}


def test_the_condensed_virtual_proxy_lacks_dates_and_custom_properties(qrs: RawQrs) -> None:
    (full,), (condensed,) = qrs.get("/virtualproxyconfig/full"), qrs.get("/virtualproxyconfig")
    assert set(full) - set(condensed) == ONLY_FULL
    assert condensed.items() <= full.items()
    assert qrs.get(f"/virtualproxyconfig/{full['id'].upper()}") == full
    (nested, *dummy) = qrs.proxy()["settings"]["virtualProxies"]
    assert nested == condensed


def test_the_condensed_node_does_not_know_the_central_one(qrs: RawQrs) -> None:
    condensed = qrs.get("/servernodeconfiguration")
    shown = {"id", "privileges", "name", "hostName", "temporaryfilepath", "roles", "serviceCluster"}
    assert all(set(node) == shown for node in condensed)
    full = qrs.get("/servernodeconfiguration/full")
    assert [node["isCentral"] for node in full] == [True, False]
    assert qrs.get("/virtualproxyconfig")[0]["loadBalancingServerNodes"] == condensed[:1]
    assert qrs.proxy()["serverNodeConfiguration"] == condensed[0]


def test_the_proxy_list_is_almost_empty(qrs: RawQrs) -> None:
    assert [set(item) for item in qrs.get("/proxyservice")] == [{"id", "privileges"}] * 2


def test_a_fresh_proxy_service(qrs: RawQrs) -> None:
    settings = qrs.proxy("Rim")["settings"]
    assert (settings["listenPort"], settings["unencryptedListenPort"]) == (443, 80)
    assert (settings["restListenPort"], settings["authenticationListenPort"]) == (4243, 4244)
    assert (settings["allowHttp"], settings["kerberosAuthentication"]) == (False, False)
    assert settings["maxHeaderSizeBytes"] == 16384
    assert settings["performanceLoggingInterval"] == 5
    assert settings["logVerbosity"]["logVerbosityAudit"] == 4
    assert [v["defaultVirtualProxy"] for v in settings["virtualProxies"]] == [True]


def test_local_is_that_of_the_node_which_is_asked(sim: Simulator, qrs: RawQrs) -> None:
    assert qrs.get("/proxyservice/local")["id"] == sim.node()["proxy_id"]
    assert qrs.get("/servernodeconfiguration/local")["isCentral"] is True


def test_privileges_are_null_unless_asked_for(qrs: RawQrs) -> None:
    assert qrs.get("/tag", privileges="true") == []
    for path in ("/virtualproxyconfig", "/virtualproxyconfig/full", "/user/full"):
        assert all(item["privileges"] is None for item in qrs.get(path))
        assert all("update" in item["privileges"] for item in qrs.get(path, privileges="true"))


@pytest.mark.parametrize(("limit", "number"), [("none", 105), (100, 100)])
def test_full_limit(sim: Simulator, qrs: RawQrs, limit: object, number: int) -> None:
    sim.seed(tag=[{"name": f"t{position:03}"} for position in range(105)])
    sim.switch(full_limit=limit)
    assert len(qrs.get("/tag/full", skip="0", take="500")) == number
    assert len(qrs.get("/tag/full", filter="name eq 't104'")) == 1
    assert qrs.get("/tag/count") == {"value": 105}


@pytest.mark.parametrize(
    ("rights", "numbers"), [("all", (3, 2)), ("part", (2, 1)), ("none", (0, 0))]
)
def test_read_rights(sim: Simulator, qrs: RawQrs, rights: str, numbers: tuple[int, int]) -> None:
    second, third = qrs.virtual_proxy("second"), qrs.virtual_proxy("third")
    sim.switch(read_rights=rights)
    for path, number in zip(("virtualproxyconfig", "proxyservice"), numbers, strict=True):
        assert len(qrs.get(f"/{path}/full")) == len(qrs.get(f"/{path}")) == number
        assert qrs.get(f"/{path}/count") == {"value": number}
    seen = [qrs.send("GET", f"/virtualproxyconfig/{e['id']}").status for e in (second, third)]
    assert seen == [200 if numbers[0] > 1 else 404, 200 if numbers[0] > 2 else 404]


def test_unknown_ids(qrs: RawQrs) -> None:
    for path in ("virtualproxyconfig", "proxyservice", "user", "selection"):
        reply = qrs.send("GET", f"/{path}/6a2c9d10-0000-0000-0000-000000000001")
        assert reply.status == 404
    assert qrs.send("GET", "/virtualproxyconfig/not-an-id").status == 404


def test_table(sim: Simulator, qrs: RawQrs) -> None:
    sim.seed(tag=[{"name": f"t{position}"} for position in range(5)])
    table = {
        "type": "Tag",
        "columns": [
            {"name": "n", "columnType": "Property", "definition": "name"},
            {"name": "p", "columnType": "Privileges", "definition": "privileges"},
        ],
    }
    path = "/tag/table?skip=1&take=2&sortColumn=n&orderAscending=false&privileges=true"
    reply = qrs.send("POST", path, table)
    assert reply.status == 201
    answer = reply.json()
    assert answer["columnNames"] == ["n", "p"]
    assert [row[0] for row in answer["rows"]] == ["t3", "t2"]
    assert "update" in answer["rows"][0][1]
    nested = {"columns": [{"name": "h", "definition": "serverNodeConfiguration.hostName"}]}
    rows = qrs.create("/proxyservice/table", nested)["rows"]
    assert rows == [["localhost"], ["rim1"]]
    assert qrs.send("POST", "/tag/table", {"columns": "all"}).status == 400


def test_about_default_enums_openapi(sim: Simulator, qrs: RawQrs) -> None:
    default = qrs.get("/about/api/default/VirtualProxyConfig")
    assert default["sessionInactivityTimeout"] == 30
    assert default["sameSiteAttributeHttps"] == 2
    assert qrs.send("GET", "/about/api/default/nonsense").status == 404
    enums = qrs.get("/about/api/enums")
    assert "4: JWT" in enums["AuthenticationMethodEnum"]["values"]
    assert qrs.get("/about/openapi") == ["main"]
    document = qrs.get("/about/openapi/main")
    assert "jwtAudience" in document["definitions"]["VirtualProxyConfig"]["properties"]
    assert "post" not in document["paths"].get("/proxyservice", {})
    assert "GET /proxyservice/local" in qrs.get("/about/api/description")
    sim.reset(release="classic")
    old = qrs.get("/about/api/default/virtualproxyconfig")
    assert set(default) - set(old) == {
        "enableEngineSaturationCheck",
        "enableEngineHealthCheckData",
        "loadBalancingAlgorithm",
    }


def test_license_service_status_and_export(sim: Simulator, qrs: RawQrs) -> None:
    sim.seed(license={"total": 7})
    assert qrs.get("/license/accesstypeoverview")["professionalAccess"]["available"] == 7
    assert "key" not in qrs.get("/license")
    states = qrs.get("/servicestatus/full", filter="serviceType eq 1")
    assert [s["serviceState"] for s in states] == [2, 2]
    body = {"machineNames": ["localhost"], "exportFormat": "Pem", "includeSecretsKey": True}
    reply = qrs.send("POST", "/certificatedistribution/exportCertificates", body)
    assert (reply.status, reply.json().rpartition("\\")[2]) == (201, "Exported Certificates")
    assert qrs.get("/certificatedistribution/exportcertificatespath") == reply.json()
    assert qrs.send("POST", "/certificatedistribution/exportcertificates", {}).status == 400


def test_load_balancing(sim: Simulator, qrs: RawQrs) -> None:
    (entity,) = sim.seed(
        virtualproxyconfig=[
            {"prefix": "jwt", "loadBalancingServerNodes": ["Rim"], "link": ["Central"]}
        ]
    )["virtualproxyconfig"]
    app = "6a2c9d10-0000-0000-0000-000000000001"
    order = {"appID": app, "loadBalancingPurpose": 2, "proxyPrefix": "jwt"}
    answer = qrs.create("/loadbalancing/validnodes", order)
    assert (answer["loadBalancingResultCode"], answer["hosts"]) == (0, ["rim1"])
    rim = {**order, "proxyID": sim.node("Rim")["proxy_id"]}
    assert qrs.create("/loadbalancing/validengines", rim)["loadBalancingResultCode"] == 3
    unknown = {**order, "proxyID": entity["id"]}
    assert qrs.create("/loadbalancing/validnodes", unknown)["loadBalancingResultCode"] == 2
    nothing = {**order, "appID": "00000000-0000-0000-0000-000000000000"}
    assert qrs.create("/loadbalancing/validnodes", nothing)["loadBalancingResultCode"] == 1


def test_saml_metadata_needs_a_link(qrs: RawQrs) -> None:
    entity = qrs.virtual_proxy("saml")
    path = f"/virtualproxyconfig/{entity['id']}/generate/samlmetadata"
    assert qrs.send("GET", path).status == 404
    assert qrs.link(entity).status == 200
    assert set(qrs.get(path)) == {"value"}
