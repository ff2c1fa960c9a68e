# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""How many sessions a planned change would end, asked of each proxy itself (port 4243).

It is an addition to the prediction: whatever goes wrong, the number is unknown and nothing else.
"""

from __future__ import annotations

import typing as t

from .._connection import base_url, site_tls, xrfkey
from .._core.errors import QlikError
from .._core.qrs.proxy_admin import AdminPort
from .._core.virtual_proxy.site import prefix_of, served
from .._http.transport import RequestsTransport
from .._runtime import CLOCK

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from .._core.qrs.client import Entity
    from .._core.virtual_proxy.site import Site

#: Seconds for one answer, and for all of them.
_TIMEOUT = 5.0
_PATIENCE = 20.0

_PORT = 4243


def sessions_ending(
    module: AnsibleModule, site: Site, names: t.Collection[str]
) -> t.Dict[str, t.Optional[int]]:
    """The sessions of the proxy services with these names; None if one does not report them."""
    end = CLOCK.now() + _PATIENCE

    def left() -> float:
        return min(_TIMEOUT, end - CLOCK.now())

    return {
        site.proxies.name(service["id"]): _sessions(module, site, service, left)
        for service in site.proxies
        if site.proxies.name(service["id"]) in names
    }


def _sessions(
    module: AnsibleModule, site: Site, service: Entity, left: t.Callable[[], float]
) -> t.Optional[int]:
    host, server_name = _address(module.params, site, service)
    port = service["settings"].get("restListenPort") or _PORT
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65536:
        return None
    transport = None
    try:
        tls = site_tls(module)._replace(server_name=server_name)
        transport = RequestsTransport(tls, use_proxy=module.params["use_proxy"])
        admin = AdminPort(base_url("https", host, port, "host"), transport)
        return admin.count(map(prefix_of, served(service)), letters=xrfkey, left=left)
    except QlikError:
        return None
    finally:
        if transport is not None:
            transport.close()


def _address(
    params: t.Mapping[str, t.Any], site: Site, service: Entity
) -> t.Tuple[str, t.Optional[str]]:
    """The host of a proxy service, and the name in its certificate where that is another one.

    The central node may be known here by another name than in the site, which is how the
    repository is reached. The others are known by their own host names alone.
    """
    node = service["serverNodeConfiguration"]
    name = str(node.get("hostName") or "")
    central = {item["id"] for item in site.full_nodes or [] if item.get("isCentral")}
    alone = len(site.proxy_services) == 1
    if alone or name.lower() == params["host"].lower() or node["id"] in central:
        return params["host"], params["tls_server_name"]
    return name, None
