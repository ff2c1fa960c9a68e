# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Reads a site for virtual proxies, in as few requests as the question allows.

For one virtual proxy two requests are sent: that virtual proxy, and every proxy service. For many
it is two as well, the list of virtual proxies instead. A server may cut that list, so its length
proves nothing: when something is not in there, a third request counts them. The list of nodes,
definitions of custom properties, and full forms beyond the cut are read only when the answer
depends on them.
"""

from __future__ import annotations

import functools
import typing as t

from ..entity.reader import DEFINITION, VIRTUAL_PROXY, clean, read, read_condensed, whole
from ..errors import QlikError, SiteIncomplete
from ..qrs.filters import any_of, equals, in_parts, is_id
from ..site.nodes import Services
from ..site.reader import ADMINISTRATOR, named, read_proxy_services
from .convert import FULL_SHAPE, SHAPE

if t.TYPE_CHECKING:
    from ..qrs.client import Entity, Qrs


class FormsNeeded(QlikError):
    """The answer depends on full virtual proxies, of which only the short form was read yet."""


class Site(Services):
    """Full virtual proxies and proxy services, and the rest as far as it was read.

    ``condensed`` are virtual proxies in their short form: it has every setting that users set
    except custom properties, and cannot be written back. ``complete`` says that ``virtual_proxies``
    was shown to be every one that the user may read.
    """

    def __init__(
        self,
        proxy_services: t.Sequence[Entity],
        full_nodes: t.Optional[t.Sequence[Entity]] = None,
        *,
        virtual_proxies: t.Sequence[Entity] = (),
        definitions: t.Optional[t.Sequence[Entity]] = None,
        condensed: t.Sequence[Entity] = (),
        complete: bool = False,
    ) -> None:
        super().__init__(proxy_services, full_nodes)
        self.virtual_proxies = virtual_proxies
        self.definitions = definitions
        self.condensed = condensed
        self.complete = complete

    def _read(self) -> t.Dict[str, t.Any]:
        return {
            **super()._read(),
            "virtual_proxies": self.virtual_proxies,
            "definitions": self.definitions,
            "condensed": self.condensed,
            "complete": self.complete,
        }

    @property
    def seen_nodes(self) -> t.List[Entity]:
        """The nodes that the virtual proxies refer to."""
        return [
            item
            for virtual_proxy in self.everyone.values()
            for item in virtual_proxy.get("loadBalancingServerNodes") or []
        ]

    @functools.cached_property
    def by_prefix(self) -> t.Dict[str, t.List[Entity]]:
        """Every virtual proxy in sight; two with one prefix can exist."""
        found: t.Dict[str, t.List[Entity]] = {}
        for item in self.everyone.values():
            found.setdefault(prefix_of(item), []).append(item)
        return found

    @functools.cached_property
    def everyone(self) -> t.Dict[str, Entity]:
        """Every virtual proxy in sight by its id, to look at: without values of a wrong type."""
        return {key: clean(item, SHAPE) for key, item in self._everyone.items()}

    @functools.cached_property
    def _everyone(self) -> t.Dict[str, Entity]:
        """Every virtual proxy in sight by its id, in its full form where that was read."""
        found = {item["id"]: item for service in self.proxy_services for item in served(service)}
        found.update({item["id"]: item for item in self.condensed})
        found.update({item["id"]: item for item in self.virtual_proxies})
        return found

    def twin(self, prefix: str) -> t.Optional[str]:
        """A prefix on the site that differs from ``prefix`` in case only."""
        return self._lower_case.get(prefix.lower())

    @functools.cached_property
    def _lower_case(self) -> t.Dict[str, str]:
        return {prefix_of(item).lower(): prefix_of(item) for item in self.everyone.values()}

    def virtual_proxy(self, prefix: str) -> t.Optional[Entity]:
        """The one with that prefix; None when there is none.

        Filters may be case-insensitive, so the answer is compared again. The server's description
        allows two with one prefix; which one is meant is not guessed.
        """
        found = self.by_prefix.get(prefix, [])
        if len(found) > 1:
            raise QlikError(
                f"The site has {len(found)} virtual proxies with the prefix '{prefix}' "
                f"({', '.join(str(item['id']) for item in found)}). Remove all but one in QMC, "
                "Virtual proxies: which of them is meant cannot be known."
            )
        return self.whole(found[0]["id"]) if found else None

    def whole(self, key: str) -> Entity:
        """The virtual proxy with that id as it was read, once every value was checked."""
        shape = FULL_SHAPE if key in self._full else SHAPE
        return whole(VIRTUAL_PROXY, self._everyone[key], shape)

    def unread(self, prefixes: t.Optional[t.Collection[str]] = None) -> t.List[str]:
        """The ids of virtual proxies in sight whose full form was not read.

        ``prefixes`` limits this to the virtual proxies with these prefixes.
        """
        return [
            key
            for key, item in self.everyone.items()
            if key not in self._full and (prefixes is None or prefix_of(item) in prefixes)
        ]

    def need_form(self, entity: Entity) -> None:
        """Raise ``FormsNeeded`` when only the short form of the virtual proxy was read."""
        if entity["id"] not in self._full:
            raise FormsNeeded(f"The virtual proxy '{prefix_of(entity)}' was not read in full yet.")

    @functools.cached_property
    def _full(self) -> t.FrozenSet[str]:
        return frozenset(item["id"] for item in self.virtual_proxies)

    def reject_gaps(self, prefixes: t.Optional[t.Collection[str]] = None) -> None:
        """Raise ``SiteIncomplete`` when a proxy service serves a virtual proxy that was not read.

        ``prefixes`` limits this to the virtual proxies with these prefixes, when only they were
        read.
        """
        missing = self.unread(prefixes)
        if missing:
            raise SiteIncomplete(
                f"A proxy service serves a virtual proxy with the prefix "
                f"'{prefix_of(self.everyone[missing[0]])}', but the repository does not show it: "
                "the user that the repository acts as lacks rights to read it. Use an "
                "administrator, such as INTERNAL\\sa_api."
            )


def prefix_of(entity: Entity) -> str:
    """The prefix of a virtual proxy; that of the default one is empty."""
    return entity.get("prefix") or ""


def served(service: Entity) -> t.List[Entity]:
    """The virtual proxies that a proxy service serves, condensed."""
    return service["settings"].get("virtualProxies") or []


def read_one(qrs: Qrs, prefix: str, cookie_name: t.Optional[str]) -> Site:
    """The site, as far as one virtual proxy is concerned.

    ``cookie_name`` brings in the virtual proxies that use that cookie, linked or not. An answer
    that cannot be a complete site raises ``SiteIncomplete``: it never means absence.
    """
    conditions = [equals("prefix", prefix)]
    if cookie_name:
        conditions.append(equals("sessionCookieHeaderName", cookie_name))
    virtual_proxies = read(qrs, VIRTUAL_PROXY, any_of(*conditions))
    site = Site(read_proxy_services(qrs), virtual_proxies=virtual_proxies)
    site.reject_gaps([prefix])
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
        site.reject_gaps()
        return site.having(complete=True)
    if site.by_prefix.keys() >= set(prefixes):
        return site
    return site.having(condensed=_every_condensed(qrs, total))


def read_every(qrs: Qrs) -> Site:
    """The site with every virtual proxy, however many there are."""
    site = _read_list(qrs)
    total = qrs.count(VIRTUAL_PROXY)
    if len(site.virtual_proxies) < total:
        site = site.having(condensed=_every_condensed(qrs, total))
        site = with_forms(qrs, site)
    site.reject_gaps()
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
    site = site.having(virtual_proxies=[*site.virtual_proxies, *found])
    site.reject_gaps(prefixes)
    return site


def with_definitions(qrs: Qrs, site: Site, names: t.Iterable[str]) -> Site:
    """The same site with the definitions of the custom properties of these names."""
    return site.having(definitions=named(qrs, DEFINITION, names))


def _every_condensed(qrs: Qrs, total: int) -> t.List[Entity]:
    """Every virtual proxy in its short form, where the full list has fewer than ``total``."""
    found = read_condensed(qrs, VIRTUAL_PROXY)
    # One may have been removed since they were counted.
    if len(found) >= total or len(found) >= qrs.count(VIRTUAL_PROXY):
        return found
    raise SiteIncomplete(
        f"The repository has {total} virtual proxies, but lists only {len(found)} of them, so the "
        "list is not complete. Manage them one by one, with the module qlik_virtual_proxy."
    )
