# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Plans the return to a snapshot."""

from __future__ import annotations

import typing as t

from ..entity.fields import is_same
from ..entity.reconcile import CREATE, UPDATE
from ..errors import InvalidInput
from ..masking import HIDDEN_KEY, MARKS, newly_masked
from . import convert as vp
from .content import OWN, filled, same_content
from .fields import BY_PROPERTY
from .plan import NONE, Plan, link_changes, names_after, plan_absent, serving
from .references import PROPERTIES_PROPERTY, TAGS_PROPERTY, defined
from .snapshot import is_secret_property
from .validate import check_free_prefix

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from .site import Site
    from .snapshot import Snapshot


def plan_restored(site: Site, snapshot: Snapshot, user: str) -> Plan:
    """The plan that restores a virtual proxy to ``snapshot``, or removes it if it did not exist.

    ``user`` is the one in whose name it is written.
    Raises ``NodesNeeded`` or ``DefinitionsNeeded`` if the plan depends on data that was not read
    yet, and ``InvalidInput`` for what is gone and cannot be made here.
    """
    services = _services(site, snapshot)
    if snapshot.entity is None:
        return plan_absent(site, snapshot.prefix)
    present = site.virtual_proxy(snapshot.prefix)
    if present is None:
        check_free_prefix(site, snapshot.prefix)
    written = _written(snapshot.entity, present)
    not_kept = _not_kept(written, present, user)
    written = {name: value for name, value in written.items() if name not in not_kept}
    if vp.NODES_PROPERTY in written:
        _reject_lost_nodes(site, snapshot)
    entity = defined({**(present or {}), **written}, site.definitions)
    # Where a proxy service came to the site since, the default virtual proxy is linked to it.
    only = not (present or {}).get("defaultVirtualProxy")
    links = link_changes(site, present, services, only=only)
    before = _described(site, present, written) if present else {}
    after = _described(site, entity, written)
    after["proxies"] = names_after(site, before.get("proxies", []), links)
    names = [_option(name) for name in written] + (["proxies"] if links or not present else [])
    return Plan(
        snapshot.prefix,
        CREATE if present is None else UPDATE if written else NONE,
        present=present,
        entity=entity if written else None,
        links=links,
        before=before,
        after=after,
        options=tuple(names),
        serving=serving(site, present) if present else {},
        not_kept=not_kept,
    )


def _services(site: Site, snapshot: Snapshot) -> t.Set[str]:
    """The ids of the proxy services that must serve it; they also identify the site."""
    here = {service["id"].lower(): service["id"] for service in site.proxy_services}
    if snapshot.site.isdisjoint(here):
        raise InvalidInput(
            f"restore: the 'before' of the virtual proxy '{snapshot.prefix}' is of another site: "
            "none of its proxy services is here. Nothing was written. Check host.",
            option="restore",
        )
    gone = next((key for key in snapshot.proxies if key not in here), None)
    if gone is not None:
        raise InvalidInput(
            f"restore: the proxy service {gone}, which served the virtual proxy "
            f"'{snapshot.prefix}', is no longer on this site. Nothing was written. Take it out of "
            "proxies in that 'before'.",
            option="restore",
        )
    return {here[key] for key in snapshot.proxies}


def _written(was: Entity, present: t.Optional[Entity]) -> Entity:
    """The properties that have to be written, with the values to write."""
    there = present or {}
    found = {}
    for name, value in was.items():
        if name in OWN or value == HIDDEN_KEY:
            continue
        wanted = _wanted(name, value, there.get(name))
        # For a new one, the server sets empty values itself, and rejects null for a list. It no
        # longer has a property that is missing from its answers.
        written = wanted is not None if present is None else name in there
        if written and (present is None or _differs(name, wanted, there[name])):
            _reject_masked(was, name, wanted, there.get(name))
            found[name] = wanted
    return found


def _not_kept(
    written: t.Iterable[str], present: t.Optional[Entity], user: str
) -> t.Tuple[str, ...]:
    """The properties that this user wrote, and that the server has set back since.

    Nothing else differs, and another user did not write the virtual proxy later. A change by its
    options leaves these properties as they are. Writing them again would needlessly restart the
    proxy services in each run.
    """
    names = tuple(written)
    others = [name for name in names if name in BY_PROPERTY or name == vp.NODES_PROPERTY]
    last = str((present or {}).get("modifiedByUserName") or "")
    return names if user and last.lower() == user.lower() and not others else ()


def _reject_masked(was: Entity, name: str, wanted: t.Any, present: t.Any) -> None:
    masked = newly_masked(wanted, present)
    if masked:
        raise InvalidInput(
            f"restore: {name} in the 'before' of the virtual proxy '{was.get('prefix') or ''}' "
            f"contains {masked.mark}, which {MARKS[masked.mark]} writes in place of a secret. "
            "Nothing was written. Correct the text, or set the virtual proxy by its options.",
            option="restore",
        )


def _wanted(name: str, value: t.Any, present: t.Any) -> t.Any:
    if name == vp.NODES_PROPERTY:
        known = {item["id"]: item for item in present or []}
        return [known.get(item["id"], {"id": item["id"]}) for item in value or []]
    if name == PROPERTIES_PROPERTY:
        # Those that a name calls a secret are not in what was kept.
        secret = [item for item in present or [] if is_secret_property(item)]
        return _by_kind(name, value, present) + secret
    if name == TAGS_PROPERTY:
        return _by_kind(name, value, present)
    if value is None and isinstance(present, list):
        return []
    return filled(name, value, present)


def _by_kind(name: str, value: t.Any, present: t.Any) -> t.List[t.Any]:
    """References by name: the entity may have been deleted and re-created."""
    kind = BY_PROPERTY[name].kind
    return list(kind.write(kind.read(value), present))


def _differs(name: str, wanted: t.Any, present: t.Any) -> bool:
    if name == vp.NODES_PROPERTY:
        return {item["id"] for item in wanted} != {item["id"] for item in present or []}
    field = BY_PROPERTY.get(name)
    if field is not None:
        return not is_same(field, field.kind.read(wanted), field.kind.read(present))
    return not same_content(name, wanted, present)


def _reject_lost_nodes(site: Site, snapshot: Snapshot) -> None:
    for item in (snapshot.entity or {}).get(vp.NODES_PROPERTY) or []:
        try:
            site.nodes.select(vp.NODES_OPTION, [item["id"]])
        except InvalidInput:
            raise InvalidInput(
                f"restore: the node '{item.get('name') or item['id']}', which balanced the load of "
                f"the virtual proxy '{snapshot.prefix}', is no longer on this site. Nothing was "
                "written. Take it out of entity.loadBalancingServerNodes in that 'before'.",
                option="restore",
            ) from None


def _described(site: Site, entity: Entity, written: t.Iterable[str]) -> vp.Options:
    """The entity as options, and what no option stands for by its property."""
    others = {name: entity.get(name) for name in written if _option(name) == name}
    return {**others, **vp.describe(entity, site.nodes, site.proxies)}


def _option(name: str) -> str:
    """What a property is called: as its option, where there is one."""
    if name == vp.NODES_PROPERTY:
        return vp.NODES_OPTION
    return BY_PROPERTY[name].option if name in BY_PROPERTY else name
