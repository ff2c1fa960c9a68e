# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual proxies for JWT: their options, and what the simulated site stores of them."""

from __future__ import annotations

import dataclasses
import typing as t

from support import tls_server as ca
from support.case import Case, Json
from support.module_runner import Result
from support.simulator import Simulator

CERTIFICATE = ca.certificate("tokens")
JWT: Json = {
    "prefix": "jwt",
    "jwt_certificate": CERTIFICATE,
    "jwt_attribute_user_id": "userId",
    "jwt_attribute_user_directory": "userDirectory",
}
#: The modules that manage virtual proxies.
MODULES = ("qlik_virtual_proxy", "qlik_virtual_proxies")


@dataclasses.dataclass(frozen=True)
class OneOfMany(Case):
    """``qlik_virtual_proxies`` with the options of ``qlik_virtual_proxy``, and other entries."""

    others: tuple[Json, ...] = ()

    def run(self, *, check: bool = False, **options: t.Any) -> Result:
        return super().run(check=check, virtual_proxies=[options, *self.others])


def case_of(module: str, site: Simulator, *others: Json) -> Case:
    """Either module, for tests that apply to both."""
    if module == "qlik_virtual_proxy":
        return Case(module, site)
    return OneOfMany(module, site, others=others)


def entry(prefix: str, **options: t.Any) -> Json:
    return {**JWT, "prefix": prefix, **options}


def entries(count: int, **options: t.Any) -> list[Json]:
    return [entry(f"portal-{n:03}", **options) for n in range(count)]


def stored(site: Simulator, prefix: str = "jwt") -> Json:
    return site.entity("virtualproxyconfig", prefix=prefix)


def prefixes(site: Simulator) -> list[str]:
    return sorted(item["prefix"] for item in site.entities("virtualproxyconfig") if item["prefix"])


def linked(site: Simulator, prefix: str = "jwt") -> list[str]:
    """The nodes whose proxy service serves the virtual proxy."""
    own = stored(site, prefix)["id"]
    return sorted(
        service["serverNodeConfiguration"]["name"]
        for service in site.entities("proxyservice")
        if own in [item["id"] for item in service["settings"]["virtualProxies"]]
    )


def served(site: Simulator, node: str = "Central") -> list[str]:
    """The prefixes that a node's proxy service serves, each as often as it is listed.

    The default virtual proxy is left out.
    """
    names = {item["id"]: item["prefix"] for item in site.entities("virtualproxyconfig")}
    service = site.entity("proxyservice", id=site.node(node)["proxy_id"])
    prefixes = [names[item["id"]] for item in service["settings"]["virtualProxies"]]
    return sorted(prefix for prefix in prefixes if prefix)
