# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""A site as it was read, before anything about its virtual proxies is decided."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ..entity.reader import VIRTUAL_PROXY, clean, whole
from ..errors import QlikError, SiteIncomplete
from ..site.model import Services
from .convert import FULL_SHAPE, SHAPE

if t.TYPE_CHECKING:
    from ..qrs.client import Entity


class FormsNeeded(QlikError):
    """The answer depends on full virtual proxies, of which only the short form was read yet."""


@dataclasses.dataclass(frozen=True)
class Site(Services):
    """Full virtual proxies and proxy services, and the rest as far as it was read.

    ``condensed`` are virtual proxies in their short form: it tells every setting that users give
    but custom properties, and cannot be written back. ``complete`` says that ``virtual_proxies``
    was shown to be every one that the user may read.
    """

    virtual_proxies: t.Sequence[Entity] = ()
    definitions: t.Optional[t.Sequence[Entity]] = None
    condensed: t.Sequence[Entity] = ()
    complete: bool = False

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

        Filters may be case-insensitive, so the answer is compared again. Two with one prefix can
        exist, for nothing in the server's description forbids it: which is meant is not guessed.
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
        shape = FULL_SHAPE if key in self._read else SHAPE
        return whole(VIRTUAL_PROXY, self._everyone[key], shape)

    def unread(self, prefixes: t.Optional[t.Collection[str]] = None) -> t.List[str]:
        """The ids of virtual proxies in sight whose full form was not read.

        ``prefixes`` limits this to the virtual proxies with these prefixes.
        """
        return [
            key
            for key, item in self.everyone.items()
            if key not in self._read and (prefixes is None or prefix_of(item) in prefixes)
        ]

    def need_form(self, entity: Entity) -> None:
        """Raise ``FormsNeeded`` when only the short form of the virtual proxy was read."""
        if entity["id"] not in self._read:
            raise FormsNeeded(f"The virtual proxy '{prefix_of(entity)}' was not read in full yet.")

    @functools.cached_property
    def _read(self) -> t.FrozenSet[str]:
        return frozenset(item["id"] for item in self.virtual_proxies)

    def refuse_gaps(self, prefixes: t.Optional[t.Collection[str]] = None) -> None:
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
