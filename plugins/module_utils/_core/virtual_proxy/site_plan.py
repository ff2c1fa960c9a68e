# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The plan for a site: its virtual proxies, and one write for each proxy service."""

from __future__ import annotations

import functools
import typing as t

from ..entity.reconcile import DELETE, UPDATE, Change
from ..errors import InvalidInput
from .plan import Plan, plan_absent, plan_present

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


class SitePlan:
    """What is to be done on a site.

    ``plans`` come in the order in which they were wished for, those that prune at the end.
    ``first`` are prefixes whose virtual proxy goes before the others are written, since one of
    them takes its cookie name. ``written`` are the plans that create or change, in their order.
    """

    def __init__(
        self,
        site: Site,
        job: Job,
        plans: t.Sequence[Plan],
        *,
        links: t.Sequence[ServiceLinks] = (),
        first: t.Collection[str] = (),
        pruned: t.Sequence[str] = (),
        written: t.Sequence[Plan] = (),
    ) -> None:
        self.site = site
        self.job = job
        self.plans = plans
        self.links = links
        self.first = first
        self.pruned = pruned
        self.written = written

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
        return SitePlan(site, job, plans)
    from .cookie_names import in_turn

    first, written = in_turn(site, plans)
    links = _links(site, [plan for plan in plans if plan.prefix not in first])
    return SitePlan(
        site,
        job,
        plans,
        links=links,
        first=first,
        pruned=[plan.prefix for plan in pruned],
        written=written,
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

    Deleting a virtual proxy restarts the proxy services that serve it. If a proxy service is
    written anyway, or would restart several times, that one write unlinks them first.
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
