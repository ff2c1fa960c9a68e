# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The plan for a site: its virtual proxies in their order, and one write for each proxy service.

No two virtual proxies may have the same session cookie name at any time, because each would end the
other's sessions. So a virtual proxy that gets the name of another one is written after that one.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ..entity.reconcile import CREATE, DELETE, UPDATE, Change
from ..errors import InvalidInput
from .fields import BY_OPTION
from .plan import Plan, plan_absent, plan_present
from .site import prefix_of

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from .desired import Job, Wish
    from .site import Site


class ServiceLinks(t.NamedTuple):
    """What changes in the list of one proxy service, by prefix. It is written once."""

    service_id: str
    name: str
    link: t.Tuple[str, ...]
    unlink: t.Tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class SitePlan:
    """What is to be done on a site.

    ``plans`` come in the order in which they were wished for, those that prune at the end.
    ``first`` are prefixes whose virtual proxy goes before the others are written, since one of
    them takes its cookie name. ``written`` are the plans that create or change, in their order.
    """

    site: Site
    job: Job
    plans: t.Tuple[Plan, ...]
    links: t.Tuple[ServiceLinks, ...] = ()
    first: t.FrozenSet[str] = frozenset()
    pruned: t.Tuple[str, ...] = ()
    written: t.Tuple[Plan, ...] = ()

    @functools.cached_property
    def changes(self) -> t.List[Change]:
        """The virtual proxies that change. Others may add to a list that is only added to."""
        return [
            Change(
                plan.prefix,
                f"the virtual proxy '{plan.prefix}'",
                plan.present,
                plan.options,
                () if plan.action == DELETE else self.job.own(plan.prefix, plan.options),
                plan.restarted,
            )
            for plan in self.plans
            if plan.changes
        ]

    @property
    def seen(self) -> t.Dict[str, Entity]:
        """The virtual proxies of the plans that are there, by prefix."""
        return {plan.prefix: plan.present for plan in self.plans if plan.present is not None}

    @functools.cached_property
    def by_prefix(self) -> t.Dict[str, Plan]:
        """The plans by their prefix."""
        return {plan.prefix: plan for plan in self.plans}

    def unlinked_before(self, plan: Plan) -> t.FrozenSet[str]:
        """The proxy services that no longer serve a virtual proxy when it is deleted."""
        return frozenset(i.service_id for i in self.links if plan.prefix in i.unlink)

    def noticed(self, plan: Plan) -> t.List[str]:
        """The names of the proxy services that restart when the virtual proxy itself is written."""
        if plan.action not in (UPDATE, DELETE):
            return []
        blind = self.unlinked_before(plan) if plan.action == DELETE else ()
        return [name for key, name in plan.serving.items() if key not in blind]

    @property
    def restarts(self) -> t.Dict[str, int]:
        """How often each proxy service restarts, by name: once for every write that it notices."""
        counts: t.Dict[str, int] = {}
        names = [name for plan in self.plans for name in self.noticed(plan)]
        for name in names + [change.name for change in self.links]:
            counts[name] = counts.get(name, 0) + 1
        return counts


def plan_site(site: Site, job: Job) -> SitePlan:
    """The plan for everything that one task wants of ``site``.

    Raises ``NodesNeeded``, ``DefinitionsNeeded`` or ``FormsNeeded`` when the answer depends on what
    was not read yet, and ``InvalidInput`` for what cannot be.
    """
    plans = [_plan(site, wish, job.user, alone=len(job.wishes) == 1) for wish in job.wishes]
    pruned: t.List[Plan] = []
    if job.prune:
        from .prune import plan_prune

        pruned = plan_prune(site, job.prune, job.prefixes)
    plans += pruned
    if not any(plan.changes for plan in plans):
        return SitePlan(site, job, tuple(plans))

    first, written = in_turn(site, plans)
    links = _links(site, [plan for plan in plans if plan.prefix not in first])
    return SitePlan(
        site, job, tuple(plans), links, first, tuple(plan.prefix for plan in pruned), written
    )


def _plan(site: Site, wish: Wish, user: str, *, alone: bool) -> Plan:
    present = site.virtual_proxy(wish.prefix)
    depends = wish.snapshot is not None or "custom_properties" in wish.options
    if present and depends and not wish.absent:
        site.need_form(present)
    try:
        plan = _wanted(site, wish, user)
    except InvalidInput as error:
        if not alone:
            error.message = f"virtual proxy '{wish.prefix}': {error.message}"
        raise
    if present and plan.changes:
        site.need_form(present)
    return plan


def _wanted(site: Site, wish: Wish, user: str) -> Plan:
    if wish.snapshot is not None:
        from .restore import plan_restored

        return plan_restored(site, wish.snapshot, user)
    return plan_absent(site, wish.prefix) if wish.absent else plan_present(site, wish)


def _links(site: Site, plans: t.Sequence[Plan]) -> t.Tuple[ServiceLinks, ...]:
    """One write for each proxy service that changes.

    A virtual proxy that is deleted restarts whoever serves it, so where a proxy service is written
    anyway, or would restart several times, it loses them in that one write instead.
    """
    link: t.Dict[str, t.List[str]] = {}
    unlink: t.Dict[str, t.List[str]] = {}
    doomed: t.Dict[str, t.List[str]] = {}
    for plan in plans:
        for change in plan.links:
            (link if change.link else unlink).setdefault(change.service_id, []).append(plan.prefix)
        if plan.action == DELETE:
            for key in plan.serving:
                doomed.setdefault(key, []).append(plan.prefix)
    for key, prefixes in doomed.items():
        if key in link or key in unlink or len(prefixes) > 1:
            unlink.setdefault(key, []).extend(prefixes)
    return tuple(
        ServiceLinks(
            service["id"],
            site.proxies.name(service["id"]),
            tuple(link.get(service["id"], ())),
            tuple(unlink.get(service["id"], ())),
        )
        for service in site.proxies
        if service["id"] in link or service["id"] in unlink
    )


_FIELD = BY_OPTION["session_cookie_header_name"]


def in_turn(site: Site, plans: t.Sequence[Plan]) -> t.Tuple[t.FrozenSet[str], t.Tuple[Plan, ...]]:
    """The prefixes of those that have to be deleted first, and what is written, in its order.

    Refuses a cookie name that stays with another virtual proxy.
    """
    gone = {plan.present["id"] for plan in plans if plan.present and plan.action == DELETE}
    leaving = {plan.prefix for plan in plans if _gets_another(plan)}
    users: t.Dict[str, t.List[Entity]] = {}
    for item in site.everyone.values():
        users.setdefault(_name(item), []).append(item)
    first = set()
    waits: t.Dict[str, t.Dict[str, Entity]] = {}
    for plan in plans:
        if plan.action not in (CREATE, UPDATE) or _FIELD.option not in plan.options:
            continue
        entity = t.cast("Entity", plan.entity)
        for other in users.setdefault(_name(entity), []):
            prefix = prefix_of(other)
            if other.get("id") in gone:
                first.add(prefix)
            elif prefix in leaving and "id" in other and prefix != plan.prefix:
                waits.setdefault(plan.prefix, {})[prefix] = other
            elif prefix != plan.prefix:
                raise _used(plan, other, alone=len(plans) == 1)
        users[_name(entity)].append(_as_planned(plan))
    return frozenset(first), _ordered(plans, waits)


def _ordered(
    plans: t.Sequence[Plan], waits: t.Mapping[str, t.Mapping[str, Entity]]
) -> t.Tuple[Plan, ...]:
    """Those that create or change, each after those whose name it takes."""
    left = [plan for plan in plans if plan.action in (CREATE, UPDATE)]
    written: t.List[Plan] = []
    while left:
        open_ones = {plan.prefix for plan in left}
        ready = [plan for plan in left if open_ones.isdisjoint(waits.get(plan.prefix, ()))]
        if not ready:
            # They exchange their names, and neither can be first.
            plan = next(plan for plan in left if plan.prefix in waits)
            raise _used(plan, next(iter(waits[plan.prefix].values())), alone=False)
        written += ready
        left = [plan for plan in left if plan not in ready]
    return tuple(written)


def _gets_another(plan: Plan) -> bool:
    both = plan.action == UPDATE and plan.present and plan.entity
    return bool(both) and _name(plan.present or {}) != _name(plan.entity or {})


def _as_planned(plan: Plan) -> Entity:
    """The virtual proxy with the name that it gets, not with one that it has and leaves."""
    return {key: value for key, value in (plan.entity or {}).items() if key != "id"}


def _name(entity: Entity) -> str:
    return (entity.get(_FIELD.property) or "").lower()


def _used(plan: Plan, other: Entity, *, alone: bool) -> InvalidInput:
    fault = (
        "session_cookie_header_name: '{}' is already used by the virtual proxy with the prefix "
        "'{}' ({}). Each virtual proxy needs a name of its own, for example "
        "'X-Qlik-Session-{}'.".format(
            (plan.entity or {})[_FIELD.property],
            prefix_of(other),
            other.get("description") or "",
            plan.prefix,
        )
    )
    return InvalidInput(
        fault if alone else f"virtual proxy '{plan.prefix}': {fault}", option=_FIELD.option
    )
