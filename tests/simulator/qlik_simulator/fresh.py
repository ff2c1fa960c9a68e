# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A site as it is right after its installation."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from .site import NodeSpec
    from .store import EntityStore

SERVICE_ACCOUNTS = ("sa_repository", "sa_api", "sa_proxy", "sa_engine", "sa_scheduler")
ROLE_COUNT = 6
SERVICE_TYPES = 6


def populate(store: EntityStore, specs: t.Sequence[NodeSpec], release: str) -> None:
    """Creates nodes, proxy services, the default virtual proxy, service accounts and states."""
    store.release = release
    cluster = {"id": store.create("servicecluster", {"name": "ServiceCluster"})["id"]}
    roles = [
        {"id": store.create("servernoderole", {"definition": number})["id"]}
        for number in range(ROLE_COUNT)
    ]
    nodes = [
        store.create(
            "servernodeconfiguration",
            {
                "id": spec.node_id,
                "name": spec.name,
                "hostName": spec.host_name,
                "isCentral": position == 0,
                "nodePurpose": 0,
                "roles": roles if position == 0 else [],
                "serviceCluster": cluster,
                "failoverCandidate": position == 0,
            },
        )
        for position, spec in enumerate(specs)
    ]
    default = store.create(
        "virtualproxyconfig",
        {
            "description": "Central Proxy (Default)",
            "sessionCookieHeaderName": "X-Qlik-Session",
            "defaultVirtualProxy": True,
            "loadBalancingServerNodes": [{"id": nodes[0]["id"]}],
        },
    )
    for spec, node in zip(specs, nodes, strict=True):
        store.create(
            "proxyservice",
            {
                "id": spec.proxy_id,
                "settings": {"virtualProxies": [{"id": default["id"]}]},
                "serverNodeConfiguration": {"id": node["id"]},
            },
        )
        for service_type in range(SERVICE_TYPES):
            store.create(
                "servicestatus",
                {
                    "serverNodeConfiguration": {"id": node["id"]},
                    "serviceType": service_type,
                    "timestamp": store.stamp(),
                },
            )
    for account in SERVICE_ACCOUNTS:
        store.create("user", {"userDirectory": "INTERNAL", "userId": account, "name": account})
