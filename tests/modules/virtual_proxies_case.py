# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxies against the simulated repository: runs, and what they left there."""

from __future__ import annotations

import typing as t
from collections import Counter

from support import tls_server as ca
from support.module_runner import Result, connection, run_module
from support.simulator import Simulator

Json = dict[str, t.Any]


NAME = "qlik_virtual_proxies"


CERTIFICATE = ca.certificate("tokens")


def entry(prefix: str, **options: t.Any) -> Json:
    return {
        "prefix": prefix,
        "jwt_certificate": CERTIFICATE,
        "jwt_attribute_user_id": "userId",
        "jwt_attribute_user_directory": "userDirectory",
        **options,
    }


def entries(count: int, **options: t.Any) -> list[Json]:
    return [entry(f"portal-{n:03}", **options) for n in range(count)]


def run(site: Simulator, wanted: list[Json], *, check: bool = False, **options: t.Any) -> Result:
    arguments = {**connection(site), "virtual_proxies": wanted, **options}
    return run_module(NAME, arguments, check=check)


def done(site: Simulator, wanted: list[Json], **options: t.Any) -> Result:
    result = run(site, wanted, **options)
    assert not result.get("failed"), result.get("msg")
    return result


def refused(site: Simulator, wanted: list[Json], **options: t.Any) -> str:
    """The sentence of a run that must fail, and must not write anything."""
    site.clear_requests()
    before = site.state()["entities"]
    result = run(site, wanted, **options)
    assert result.get("failed"), result
    assert site.state()["entities"] == before
    assert writes(site) == Counter()
    assert "Traceback" not in str(result)
    return str(result["msg"])


def log(site: Simulator) -> list[str]:
    return [f"{item['method']} {item['path']}" for item in site.requests(port="qrs")]


def writes(site: Simulator) -> Counter[str]:
    """How often which type of entity was written how."""
    lines = [item for item in site.requests(port="qrs") if item["method"] != "GET"]
    return Counter(f"{item['method']} {item['path'].split('/')[2]}" for item in lines)


def prefixes(site: Simulator) -> list[str]:
    return sorted(item["prefix"] for item in site.entities("virtualproxyconfig") if item["prefix"])


def linked(site: Simulator, node: str = "Central") -> list[str]:
    """The prefixes that a node's proxy service serves, the default one left out."""
    names = {item["id"]: item["prefix"] for item in site.entities("virtualproxyconfig")}
    service = site.entity("proxyservice", id=site.node(node)["proxy_id"])
    served = [names[item["id"]] for item in service["settings"]["virtualProxies"]]
    return sorted(prefix for prefix in served if prefix)


def restarts(site: Simulator) -> dict[str, int]:
    names = {node["proxy_id"]: node["name"] for node in site.nodes}
    return {names[key]: n for key, n in site.state()["restarts"].items() if n}
