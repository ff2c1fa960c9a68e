# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A virtual proxy that is changed and put back, for the tests of ``restore``."""

from __future__ import annotations

from modules import virtual_proxy_case
from support.case import Case, Json
from support.simulator import Simulator

JWT: Json = {
    **virtual_proxy_case.JWT,
    "prefix": "portal",
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
    return virtual_proxy_case.stored(site, prefix)


def links(site: Simulator, prefix: str = "portal") -> list[str]:
    return virtual_proxy_case.linked(site, prefix)


def methods(site: Simulator) -> list[str]:
    return [item["method"] for item in site.requests(port="qrs") if item["method"] != "GET"]
