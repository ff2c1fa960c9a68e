# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The work of the module ``qlik_virtual_proxy_info``: a site in the options' vocabulary."""

from __future__ import annotations

import typing as t

from ._core.nodes import linked_ids
from ._core.qrs_filter import equals
from ._core.redact import redacted
from ._core.site import Site, read_proxy_services, with_nodes
from ._core.virtual_proxy import describe
from ._qrs_connection import connect
from ._virtual_proxy import warn_of_key

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from ._core.qrs import Entity

_PROXY_SETTINGS = {
    "allow_http": "allowHttp",
    "http_port": "unencryptedListenPort",
    "https_port": "listenPort",
}


def run_info(module: AnsibleModule) -> t.Dict[str, t.Any]:
    """Read the site and describe it; nothing is written."""
    qrs = connect(module)
    prefix = module.params["prefix"]
    found = qrs.entities("virtualproxyconfig", None if prefix is None else equals("prefix", prefix))
    site = with_nodes(qrs, Site(found, read_proxy_services(qrs)))
    wanted = [item for item in found if prefix is None or (item.get("prefix") or "") == prefix]
    # Without a prefix the default virtual proxy at least is there: describing an empty list as
    # "no virtual proxies" would hide missing rights.
    if prefix is None:
        site.refuse_gaps()
    for item in wanted:
        warn_of_key(module, item)
    described = [{**describe(item, site.nodes, site.proxies), "id": item["id"]} for item in wanted]
    return {
        "changed": False,
        "virtual_proxies": redacted(described),
        "proxies": [_proxy(site, item) for item in site.proxies],
        "nodes": [
            {"id": n.id, "name": n.name, "host_name": n.host_name, "central": n.central}
            for n in site.nodes.all
        ],
        "about": qrs.get("about"),
        "requests": qrs.requests,
    }


def _proxy(site: Site, service: Entity) -> t.Dict[str, t.Any]:
    settings = service["settings"]
    prefixes = {
        item["id"]: item.get("prefix") or "" for item in settings.get("virtualProxies") or []
    }
    return {
        "id": service["id"],
        "node": site.proxies.name(service["id"]),
        "host_name": service["serverNodeConfiguration"].get("hostName"),
        "prefixes": [prefixes[item] for item in linked_ids(service)],
        **{name: settings.get(key) for name, key in _PROXY_SETTINGS.items()},
    }
