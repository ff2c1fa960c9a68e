# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The work of the module ``qlik_virtual_proxy_info``: a site in the options' vocabulary."""

from __future__ import annotations

import datetime as dt
import typing as t

from .._connection import connect
from .._core.entity.reader import PROXY_SERVICE, VIRTUAL_PROXY, about, read, whole
from .._core.masking import redacted
from .._core.proxy_service.plan import SHAPE
from .._core.qrs.filters import equals
from .._core.site.reader import read_proxy_services, with_nodes
from .._core.virtual_proxy.convert import describe
from .._core.virtual_proxy.options import virtual_proxy_spec
from .._core.virtual_proxy.site import Site, prefix_of, read_every, served
from .._runtime import require
from .virtual_proxy_warnings import warn_of_key, warn_of_omissions

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from .._core.qrs.client import Entity, Qrs

_PROXY_SETTINGS = {
    "allow_http": "allowHttp",
    "http_port": "unencryptedListenPort",
    "https_port": "listenPort",
}


def info_spec() -> t.Dict[str, t.Any]:
    """The options beside those of the connection."""
    return {"prefix": {"type": "str"}, "judge": {"type": "bool", "default": False}}


def run_info(module: AnsibleModule) -> t.Dict[str, t.Any]:
    """Read the site and describe it; nothing is written."""
    qrs = connect(module)
    prefix = module.params["prefix"]
    site = with_nodes(qrs, _read(qrs, prefix))
    found = site.virtual_proxies if prefix is None else site.by_prefix.get(prefix, [])
    wanted = [site.whole(item["id"]) for item in found]
    for item in wanted:
        warn_of_key(module, item)
    return {
        "changed": False,
        **(_judgements(module, site, wanted) if module.params["judge"] else {}),
        "virtual_proxies": [_described(module, site, item) for item in wanted],
        "proxies": [_proxy(site, item) for item in site.proxies],
        "nodes": [
            {"id": n.id, "name": n.name, "host_name": n.host_name, "central": n.central}
            for n in site.nodes.all
        ],
        "about": about(qrs),
        "requests": qrs.requests,
    }


def _judgements(
    module: AnsibleModule, site: Site, wanted: t.Sequence[Entity]
) -> t.Dict[str, t.Any]:
    require(module, "cryptography")
    from .._core.probe.audit import judgements

    return {"judgements": judgements(site, wanted, dt.datetime.now(dt.timezone.utc))}


def _read(qrs: Qrs, prefix: t.Optional[str]) -> Site:
    """Every virtual proxy, or the one with that prefix; an empty list does not prove absence."""
    if prefix is None:
        return read_every(qrs)
    site = Site(
        read_proxy_services(qrs), virtual_proxies=read(qrs, VIRTUAL_PROXY, equals("prefix", prefix))
    )
    site.reject_gaps([prefix])
    return site


def _described(module: AnsibleModule, site: Site, entity: Entity) -> t.Dict[str, t.Any]:
    """The equivalent options, which can be passed to the module again.

    Settings that cannot be passed are omitted, so a later run does not change them: hidden values,
    and values of newer servers that the options do not support.
    """
    options = describe(entity, site.nodes, site.proxies)
    spec = virtual_proxy_spec()
    shown = {
        name: value
        for name, value in options.items()
        if redacted(value) == value and value in spec[name].get("choices", [value])
    }
    warn_of_omissions(module, options["prefix"], [name for name in options if name not in shown])
    return {**shown, "id": entity["id"]}


def _proxy(site: Site, service: Entity) -> t.Dict[str, t.Any]:
    settings = whole(PROXY_SERVICE, service, SHAPE)["settings"]
    return {
        "id": service["id"],
        "node": site.proxies.name(service["id"]),
        "host_name": service["serverNodeConfiguration"].get("hostName"),
        "prefixes": [prefix_of(item) for item in served(service)],
        **{name: settings.get(key) for name, key in _PROXY_SETTINGS.items()},
    }
