# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxy against the simulated repository: runs, and what they left there."""

from __future__ import annotations

import typing as t

from support import tls_server as ca
from support.module_runner import Result, connection, run_module
from support.simulator import Simulator

Json = dict[str, t.Any]


NAME = "qlik_virtual_proxy"


CERTIFICATE = ca.certificate("tokens")


JWT: Json = {
    "prefix": "jwt",
    "jwt_certificate": CERTIFICATE,
    "jwt_attribute_user_id": "userId",
    "jwt_attribute_user_directory": "userDirectory",
}


def run(site: Simulator, *, check: bool = False, **options: t.Any) -> Result:
    return run_module(NAME, {**connection(site), **options}, check=check)


def done(site: Simulator, **options: t.Any) -> Result:
    result = run(site, **options)
    assert not result.get("failed"), result.get("msg")
    return result


def refused(site: Simulator, **options: t.Any) -> str:
    """The sentence of a run that must fail, and must not write anything."""
    site.clear_requests()
    before = site.state()["entities"]
    result = run(site, **options)
    assert result.get("failed"), result
    assert site.state()["entities"] == before
    assert writes(site) == []
    assert "Traceback" not in str(result)
    return str(result["msg"])


def log(site: Simulator) -> list[str]:
    return [f"{item['method']} {item['path']}" for item in site.requests(port="qrs")]


def writes(site: Simulator) -> list[str]:
    return [line for line in log(site) if not line.startswith("GET")]


def stored(site: Simulator, prefix: str = "jwt") -> Json:
    return site.entity("virtualproxyconfig", prefix=prefix)


def linked(site: Simulator, prefix: str = "jwt") -> list[str]:
    own = stored(site, prefix)["id"]
    return sorted(
        service["serverNodeConfiguration"]["name"]
        for service in site.entities("proxyservice")
        if own in [item["id"] for item in service["settings"]["virtualProxies"]]
    )
