# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A virtual proxy that is changed and put back, for the tests of ``restore``."""

from __future__ import annotations

import typing as t

from modules.site_case import Case, Json, without
from support import tls_server as ca
from support.simulator import Simulator

CERTIFICATE = ca.certificate("tokens")
OWN = ("id", "createdDate", "modifiedDate", "modifiedByUserName")
JWT: Json = {
    "prefix": "portal",
    "jwt_certificate": CERTIFICATE,
    "jwt_attribute_user_id": "userId",
    "jwt_attribute_user_directory": "userDirectory",
    "proxies": ["Central", "rim1"],
    "tags": ["mine"],
}
GONE: Json = {"prefix": "portal", "state": "absent"}
RULES: list[Json] = [{"jwtAttribute": "g", "senseAttribute": "group", "isMandatory": True}]


def portal(site: Simulator) -> Case:
    """The module for one virtual proxy, with one that is there."""
    site.seed(custompropertydefinition=[{"name": "env", "objectTypes": ["VirtualProxyConfig"]}])
    case = Case("qlik_virtual_proxy", site)
    case.done(**JWT, custom_properties={"env": "prod"})
    site.patch(
        "virtualproxyconfig",
        stored(site)["id"],
        {"oidcClientSecret": "hush-hush", "oidcClientId": "client", "samlAttributeMap": [],
         "jwtAttributeMap": RULES, "unknownToUs": {"a": [1]}},
    )  # fmt: skip
    return case


def stored(site: Simulator, prefix: str = "portal") -> Json:
    return site.entity("virtualproxyconfig", prefix=prefix)


def content(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {key: content(item) for key, item in without(value, *OWN).items()}
    return [content(item) for item in value] if isinstance(value, list) else value


def links(site: Simulator, prefix: str = "portal") -> list[str]:
    own = stored(site, prefix)["id"]
    served = {
        item["id"]: [entry["id"] for entry in item["settings"]["virtualProxies"]]
        for item in site.entities("proxyservice")
    }
    return [node["name"] for node in site.nodes if own in served[node["proxy_id"]]]


def methods(site: Simulator) -> list[str]:
    return [item["method"] for item in site.requests(port="qrs") if item["method"] != "GET"]


def refused(case: Case, restore: t.Any, **options: t.Any) -> str:
    return case.refused(restore=restore, **options)
