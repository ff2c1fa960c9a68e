# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every answer of the simulated repository against a real server's own description.

The description is not part of this project. A site gives it at ``/qrs/about/openapi/main``;
``QLIK_QRS_OPENAPI`` names the file.
"""

from __future__ import annotations

import collections
import json
import os
import typing as t
from pathlib import Path

import pytest

from support.raw_qrs import RawQrs, Reply
from support.simulator import Simulator

VARIABLE = "QLIK_QRS_OPENAPI"
# Types whose every described property is sent.
COMPLETE = (
    "About",
    "CustomPropertyDefinition",
    "CustomPropertyDefinitionCondensed",
    "CustomPropertyValue",
    "ProxyService",
    "ProxyServiceCertificate",
    "ProxyServiceCondensed",
    "ProxyServiceSettings",
    "ProxyServiceSettingsLogVerbosity",
    "Selection",
    "SelectionItem",
    "ServerNodeConfiguration",
    "ServerNodeConfigurationCondensed",
    "ServiceStatus",
    "Tag",
    "TagCondensed",
    "User",
    "UserAttribute",
    "UserCondensed",
    "VirtualProxyConfig",
    "VirtualProxyConfigCondensed",
    "VirtualProxyConfigJwtAttributeMapItem",
    "VirtualProxyConfigOidcAttributeMapItem",
    "VirtualProxyConfigSamlAttributeMapItem",
)
TYPES = (
    "virtualproxyconfig",
    "proxyservice",
    "proxyservicecertificate",
    "servernodeconfiguration",
    "user",
    "tag",
    "custompropertydefinition",
)


class _Recorder(RawQrs):
    """Remembers every answer."""

    def __init__(self, sim: Simulator):
        super().__init__(sim)
        self.seen: list[tuple[str, str, Reply]] = []

    def exact(
        self,
        method: str,
        target: str,
        data: bytes | None = None,
        headers: t.Mapping[str, str] | None = None,
    ) -> Reply:
        reply = super().exact(method, target, data, headers)
        self.seen.append((method, target.partition("?")[0], reply))
        return reply


def test_every_answer_is_as_described(sim: Simulator) -> None:
    named = os.environ.get(VARIABLE)
    if not named:
        pytest.skip(f"not checked: {VARIABLE} names no description of a server")
    file = Path(named)
    assert file.is_file(), f"{VARIABLE}: there is no file {file}"
    # Imported here, since only this check needs jsonschema.
    from support.openapi import Description

    description = Description(json.loads(file.read_text()), COMPLETE)
    recorder = _Recorder(sim)
    _drive(sim, recorder)
    checked: collections.Counter[str] = collections.Counter()
    refused = 0
    for method, path, reply in recorder.seen:
        if reply.status >= 400:
            # Errors are not described at all.
            refused += 1
            continue
        body = reply.json() if reply.body else None
        checked[f"{method} {description.check(method, path, reply.status, body)}"] += 1
    assert refused == 0
    assert len(checked) > 85, sorted(checked)


def _drive(sim: Simulator, qrs: _Recorder) -> None:
    tag = qrs.create("/tag", {"name": "blue"})
    definition = qrs.create(
        "/custompropertydefinition",
        {
            "name": "Team",
            "valueType": "Text",
            "choiceValues": ["red"],
            "objectTypes": ["VirtualProxyConfig", "User", "ProxyService"],
        },
    )
    custom = [{"value": "red", "definition": {"id": definition["id"]}}]
    owned = {"tags": [{"id": tag["id"]}], "customProperties": custom}
    entity = _virtual_proxy(sim, qrs, owned)
    user = qrs.create(
        "/user",
        {
            "userDirectory": "D",
            "userId": "u",
            "roles": ["RootAdmin"],
            "attributes": [{"attributeType": "a", "attributeValue": "b", "externalId": "c"}],
            **owned,
        },
    )
    proxy = {**qrs.proxy(), **owned}
    certificate = qrs.create(
        "/proxyservicecertificate", {"proxyService": {"id": proxy["id"]}, "x509Certificate": "x"}
    )
    assert qrs.send("PUT", f"/proxyservice/{proxy['id']}", proxy).status == 200
    assert qrs.link(entity).status == 200
    for path, value in (
        ("virtualproxyconfig", entity),
        ("user", user),
        ("tag", tag),
        ("custompropertydefinition", definition),
        ("proxyservicecertificate", certificate),
        ("servernodeconfiguration", qrs.get("/servernodeconfiguration/full")[1]),
    ):
        assert qrs.send("PUT", f"/{path}/{value['id']}", value).status == 200, path
    _read(qrs)
    _select(sim, qrs)
    _others(sim, qrs, entity)
    for path, value in (
        ("virtualproxyconfig", entity),
        ("user", user),
        ("tag", tag),
        ("custompropertydefinition", definition),
        ("proxyservicecertificate", certificate),
    ):
        assert qrs.send("DELETE", f"/{path}/{value['id']}").status == 204
    rim = sim.node("Rim")["id"]
    assert qrs.send("DELETE", f"/servernodeconfiguration/{rim}").status == 204


def _virtual_proxy(sim: Simulator, qrs: RawQrs, owned: dict[str, t.Any]) -> dict[str, t.Any]:
    rule = {"senseAttribute": "group", "isMandatory": False}
    return qrs.virtual_proxy(
        "jwt",
        authenticationMethod=4,
        loadBalancingServerNodes=[{"id": node["id"]} for node in sim.nodes],
        websocketCrossOriginWhiteList=["localhost"],
        jwtAttributeMap=[{"jwtAttribute": "g", **rule}],
        samlAttributeMap=[{"samlAttribute": "g", **rule}],
        oidcAttributeMap=[{"oidcAttribute": "g", **rule}],
        **owned,
    )


def _read(qrs: RawQrs) -> None:
    column = {"name": "i", "columnType": "Property", "definition": "id"}
    for path in (*TYPES, "servicestatus"):
        for form in ("", "/full", "/count"):
            qrs.get(f"/{path}{form}")
            qrs.get(f"/{path}{form}", privileges="true", orderby="id")
        for item in qrs.get(f"/{path}"):
            qrs.get(f"/{path}/{item['id']}", privileges="true")
        qrs.create(f"/{path}/table", {"columns": [column]})
        qrs.create(f"/{path}/previewprivileges", {})
    for path in ("virtualproxyconfig", "user", "tag", "custompropertydefinition"):
        qrs.create(f"/{path}/previewcreateprivilege", {})
        qrs.create(f"/{path}/many", [])
    qrs.get("/proxyservice/local")
    qrs.get("/servernodeconfiguration/local")


def _select(sim: Simulator, qrs: RawQrs) -> None:
    for path in TYPES:
        selection = qrs.send("POST", f"/selection/{path}").json()
        base = f"/selection/{selection['id']}/{path}"
        for form in ("", "/full", "/count"):
            qrs.get(f"{base}{form}")
        root = qrs.get(f"{base}/synthetic")
        body = {"properties": [], "latestModifiedDate": root["latestModifiedDate"]}
        assert qrs.send("PUT", f"{base}/synthetic", body).status == 204
        assert qrs.send("DELETE", f"/selection/{selection['id']}").status == 204
    for path in ("selection", "selection/full", "selection/count"):
        qrs.get(f"/{path}")
    items = [{"type": "ProxyService", "objectID": node["proxy_id"]} for node in sim.nodes]
    selection = qrs.create("/selection", {"items": items})
    assert qrs.send("PUT", f"/selection/{selection['id']}", selection).status == 200
    qrs.get(f"/selection/{selection['id']}")
    other = qrs.send("POST", "/selection/tag?filter=name%20eq%20'none'").json()
    assert qrs.send("DELETE", f"/selection/{other['id']}/tag").status == 204


def _others(sim: Simulator, qrs: RawQrs, entity: dict[str, t.Any]) -> None:
    for path in (
        "/about",
        "/about/api/default",
        "/about/api/enums",
        "/about/api/relations",
        "/about/api/description",
        "/about/openapi",
        "/about/openapi/main",
        "/license",
        "/license/accesstypeoverview",
        "/certificatedistribution/exportcertificatespath",
        f"/virtualproxyconfig/{entity['id']}/generate/samlmetadata",
        *(f"/about/api/default/{path}" for path in (*TYPES, "selection", "servicestatus")),
    ):
        qrs.get(path)
    order = {"appID": entity["id"], "loadBalancingPurpose": 0, "proxyPrefix": "jwt"}
    assert qrs.create("/loadbalancing/validnodes", order)["hosts"] == ["localhost", "rim1"]
    qrs.create("/loadbalancing/validengines", order)
    qrs.create("/certificatedistribution/exportcertificates", {"machineNames": ["localhost"]})
