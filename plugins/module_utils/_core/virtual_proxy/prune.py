# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Plans the removal of virtual proxies that are no longer described."""

from __future__ import annotations

import typing as t

from ..errors import InvalidInput, SiteIncomplete
from ..text import quoted
from .fields import BY_OPTION
from .plan import Plan, plan_absent
from .site import prefix_of

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from .desired import Prune
    from .site import Site


def plan_prune(site: Site, prune: Prune, wished: t.Collection[str]) -> t.List[Plan]:
    """The plans that remove what carries the tag, is for JWT, and has no prefix of ``wished``.

    Fails if the list may be incomplete, or if more than the limit would be removed.
    """
    if not site.complete:
        raise SiteIncomplete(
            "prune: the repository lists fewer virtual proxies than it counts, so the list is not "
            "complete. Nothing was written. Remove virtual proxies by name, with state absent."
        )
    # Who may not read every node may not read every virtual proxy either.
    site.nodes.need_central()
    prefixes = [
        prefix_of(item)
        for item in site.virtual_proxies
        if prefix_of(item) not in wished and _is_marked(site, item, prune.tag)
    ]
    if len(prefixes) > prune.limit:
        raise InvalidInput(
            f"prune: this would remove {len(prefixes)} virtual proxies ({quoted(prefixes)}), and "
            f"prune_limit is {prune.limit}. Nothing was written. Raise the limit if that is meant.",
            option="prune_limit",
        )
    return [plan_absent(site, prefix) for prefix in dict.fromkeys(prefixes)]


def _is_marked(site: Site, item: Entity, tag: str) -> bool:
    method, tags = BY_OPTION["authentication_method"], BY_OPTION["tags"]
    entity = site.everyone[item["id"]]
    if any(field.property in item and field.property not in entity for field in (method, tags)):
        # Whether it has to go depends on a value of a wrong type, which this reports.
        site.whole(item["id"])
    return (
        not entity.get("defaultVirtualProxy")
        and prefix_of(entity) != ""
        and method.kind.read(entity.get(method.property)) == "jwt"
        and tag in tags.kind.read(entity.get(tags.property))
    )
