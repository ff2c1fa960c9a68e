# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host allow list: which names in Host and Origin a virtual proxy accepts."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..site import Node, Site
from ..store import Entity


def host_of_header(value: str) -> str:
    """The host in a Host header: without port and brackets, in lower case; "" when unusable."""
    return _host_of_url("//" + value)


def host_of_origin(value: str) -> str:
    """The host in an Origin header; "" when it has none (``null``, a bare name)."""
    return _host_of_url(value)


def is_allowed(site: Site, node: Node, virtual_proxy: Entity, host: str) -> bool:
    """Whether ``host`` is the node's own name or on the virtual proxy's list.

    Entries are host names. One with a scheme, a port or a path matches nothing.
    """
    if not host:
        return False
    if site.switches.own_name_allowed and host == node.host_name.lower():
        return True
    suffixes = site.switches.allow_list_match == "suffix"
    entries = virtual_proxy.get("websocketCrossOriginWhiteList") or []
    return any(_matches(host, entry.strip().lower(), suffixes) for entry in entries)


def _matches(host: str, entry: str, suffixes: bool) -> bool:
    if not entry:
        return False
    return host == entry or (suffixes and host.endswith("." + entry.lstrip(".")))


def _host_of_url(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
