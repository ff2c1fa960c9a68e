# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Reads the proxy services and nodes of a site, and entities by their names."""

from __future__ import annotations

import typing as t

from ..entity.reader import NODE, PROXY_SERVICE, TAG, checked, read
from ..errors import SiteIncomplete
from ..qrs.filters import equals, in_parts

if t.TYPE_CHECKING:
    from ..qrs.client import Entity, Qrs
    from .nodes import S

ADMINISTRATOR = "Use an administrator, such as INTERNAL\\sa_api."


def read_proxy_services(qrs: Qrs) -> t.List[Entity]:
    """Every proxy service. A site has one at least, so none means that rights are missing."""
    services = qrs.entities(PROXY_SERVICE)
    # Without the rights to read one, its short form is returned, which has no settings.
    if services and all(item.get("settings") and item.get("id") for item in services):
        return checked(PROXY_SERVICE, services)
    raise SiteIncomplete(
        "The repository shows no proxy service, but every site has one: the user that the "
        f"repository acts as lacks rights to read it. {ADMINISTRATOR}"
    )


def with_nodes(qrs: Qrs, site: S) -> S:
    """The same site with the full list of its nodes; every proxy service's node is among them."""
    nodes = read(qrs, NODE)
    known = {item["id"] for item in nodes}
    if not all(item["serverNodeConfiguration"]["id"] in known for item in site.proxy_services):
        raise SiteIncomplete(
            "The repository does not show the node of every proxy service: the user that the "
            f"repository acts as lacks rights to read nodes. {ADMINISTRATOR}"
        )
    return site.having(full_nodes=nodes)


def read_tags(qrs: Qrs, names: t.Iterable[str]) -> t.List[Entity]:
    """The tags of these names, as far as there are any."""
    return named(qrs, TAG, names)


def named(qrs: Qrs, kind: str, names: t.Iterable[str]) -> t.List[Entity]:
    """The entities of ``kind`` with these names."""
    found: t.List[Entity] = []
    for condition in in_parts([equals("name", name) for name in names]):
        found += read(qrs, kind, condition)
    return found
