# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What is read of a site, in as few requests as the question allows.

For one virtual proxy it is two: that virtual proxy, and every proxy service. For many it is two as
well, the list of virtual proxies instead. A server may cut that list, so its length proves nothing:
when something is not in there, a third request counts them. The list of nodes, definitions of
custom properties, and full forms beyond the cut are read only when the answer depends on them.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..entity.reader import DEFINITION, VIRTUAL_PROXY, read, read_condensed
from ..errors import SiteIncomplete
from ..qrs.filters import any_of, equals, in_parts, is_id
from ..site.reader import ADMINISTRATOR, named, read_proxy_services
from .site import Site, prefix_of

if t.TYPE_CHECKING:
    from ..qrs.client import Entity, Qrs


def read_one(qrs: Qrs, prefix: str, cookie_name: t.Optional[str]) -> Site:
    """The site, as far as one virtual proxy is concerned.

    ``cookie_name`` brings in the virtual proxies that use that cookie, linked or not. An answer
    that cannot be a whole site raises ``SiteIncomplete``: it is never taken for absence.
    """
    conditions = [equals("prefix", prefix)]
    if cookie_name:
        conditions.append(equals("sessionCookieHeaderName", cookie_name))
    virtual_proxies = read(qrs, VIRTUAL_PROXY, any_of(*conditions))
    site = Site(read_proxy_services(qrs), virtual_proxies=virtual_proxies)
    site.refuse_gaps([prefix])
    return site


def read_many(qrs: Qrs, prefixes: t.Collection[str], *, prove: bool = False) -> Site:
    """The site, as far as the virtual proxies with these prefixes are concerned.

    With ``prove``, the site is marked as complete when the list was shown to be. Without, that is
    looked at only when a prefix is not in the list.
    """
    site = _read_list(qrs)
    listed = len(site.virtual_proxies)
    if not prove and not site.unread(prefixes) and site.by_prefix.keys() >= set(prefixes):
        return site
    total = qrs.count(VIRTUAL_PROXY)
    if listed >= total:
        # What a proxy service serves and a whole list lacks may not be read.
        site.refuse_gaps()
        return dataclasses.replace(site, complete=True)
    if site.by_prefix.keys() >= set(prefixes):
        return site
    return dataclasses.replace(site, condensed=_every_condensed(qrs, total))


def read_every(qrs: Qrs) -> Site:
    """The site with every virtual proxy, however many there are."""
    site = _read_list(qrs)
    total = qrs.count(VIRTUAL_PROXY)
    if len(site.virtual_proxies) < total:
        site = dataclasses.replace(site, condensed=_every_condensed(qrs, total))
        site = with_forms(qrs, site)
    site.refuse_gaps()
    return site


def _read_list(qrs: Qrs) -> Site:
    """The list of virtual proxies as the server gives it, whole or cut, and every proxy service."""
    listed = read(qrs, VIRTUAL_PROXY)
    site = Site(read_proxy_services(qrs), virtual_proxies=listed)
    if any(item.get("defaultVirtualProxy") or not prefix_of(item) for item in listed):
        return site
    raise SiteIncomplete(
        "The repository does not show the default virtual proxy, but every site has one: the user "
        f"that the repository acts as lacks rights to read it. {ADMINISTRATOR}"
    )


def with_forms(qrs: Qrs, site: Site, prefixes: t.Optional[t.Collection[str]] = None) -> Site:
    """The same site with the full form of the virtual proxies with these prefixes, or of all."""
    found: t.List[Entity] = []
    missing = site.unread(prefixes)
    while missing:
        # A cut answer brings some of them; the rest is asked for again.
        for condition in in_parts([is_id(key) for key in missing]):
            found += read(qrs, VIRTUAL_PROXY, condition)
        arrived = {item["id"] for item in found}
        left = [key for key in missing if key not in arrived]
        if len(left) == len(missing):
            break
        missing = left
    site = dataclasses.replace(site, virtual_proxies=[*site.virtual_proxies, *found])
    site.refuse_gaps(prefixes)
    return site


def with_definitions(qrs: Qrs, site: Site, names: t.Iterable[str]) -> Site:
    """The same site with the definitions of the custom properties of these names."""
    return dataclasses.replace(site, definitions=named(qrs, DEFINITION, names))


def _every_condensed(qrs: Qrs, total: int) -> t.List[Entity]:
    """Every virtual proxy in its short form, where the full list has fewer than ``total``."""
    found = read_condensed(qrs, VIRTUAL_PROXY)
    # Somebody may have removed one since they were counted.
    if len(found) >= total or len(found) >= qrs.count(VIRTUAL_PROXY):
        return found
    raise SiteIncomplete(
        f"The repository has {total} virtual proxies and lists {len(found)} of them, so whether "
        "another one exists cannot be told from its list. Manage them one by one, with the module "
        "qlik_virtual_proxy."
    )
