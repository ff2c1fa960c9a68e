# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Read, plan, apply virtual proxies; and again while another administrator is faster.

What only a run that writes needs is imported where it is used: a module's source is compiled in
every task, and most tasks find nothing to do.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..entity.reader import VIRTUAL_PROXY
from ..errors import QlikError
from ..site.nodes import NodesNeeded
from ..site.reader import with_nodes
from .convert import NODES_OPTION, NODES_PROPERTY, node_ids
from .fields import BY_OPTION
from .plan import CREATE, DELETE, Plan
from .reader import read_many, read_one, with_definitions, with_forms
from .references import DefinitionsNeeded
from .site import FormsNeeded, Site
from .site_plan import SitePlan, plan_site

if t.TYPE_CHECKING:
    from ..ports import Clock
    from ..qrs.client import Entity, Qrs
    from .desired import Job
    from .progress import Progress


class Outcome(t.NamedTuple):
    """What was there (``site``, ``plan``), and what was done if anything was to be done."""

    site: Site
    plan: SitePlan
    progress: t.Optional[Progress] = None

    def entity(self, plan: Plan) -> t.Optional[Entity]:
        """The virtual proxy in the end, or as it would be; None when there is none."""
        if plan.action == DELETE:
            return None
        written = self.progress.entities.get(plan.prefix) if self.progress else None
        return written or plan.entity or plan.present

    @property
    def restarts(self) -> t.Dict[str, int]:
        """How often each proxy service restarted, or would."""
        if self.progress and self.progress.steps:
            return self.progress.restarts
        return self.plan.restarts


def converge(
    qrs: Qrs, job: Job, clock: Clock, *, check: bool, approve: t.Callable[[Outcome], None]
) -> Outcome:
    """Bring the site to what ``job`` wants, or with ``check`` only find out what that would take.

    ``approve`` sees what is planned before anything is written, and raises what speaks against it.
    """
    site, plan = _plan(qrs, job)
    _respect_sessions(job, plan)
    first = Outcome(site, plan)
    approve(first)
    if check or not plan.changes:
        return first
    from .progress import Progress

    progress = Progress()
    try:
        _persist(qrs, job, clock, first, progress)
    except QlikError as error:
        raise _told(qrs, plan, progress, error) from None
    return Outcome(site, plan, progress)


def _persist(qrs: Qrs, job: Job, clock: Clock, first: Outcome, progress: Progress) -> None:
    """Carry the first plan out, or after a conflict or a lost answer what is left of it."""
    from ..entity.reconcile import persist
    from .apply import apply

    new = {plan.prefix for plan in first.plan.plans if plan.action == CREATE}
    wishes = tuple(w.once_created() if w.prefix in new else w for w in job.wishes)
    job = dataclasses.replace(job, wishes=wishes)

    def renew() -> t.Optional[t.Tuple[Site, SitePlan]]:
        site, plan = _plan(qrs, job)
        _refuse_rivals(job, first.plan, plan)
        progress.settle(plan)
        return (site, plan) if plan.changes else None

    persist(
        (first.site, first.plan),
        write=lambda read: apply(qrs, read[0], read[1], progress),
        renew=renew,
        record=progress,
        clock=clock,
    )


def _told(qrs: Qrs, first: SitePlan, progress: Progress, error: QlikError) -> QlikError:
    """``error``, saying what was done before; virtual proxies half made are taken away again."""
    from .prune import quoted

    plans = first.by_prefix
    half_made = [prefix for prefix in progress.half_made if plans[prefix].links]
    removed = _removed(qrs, progress, half_made)
    if removed:
        error.message += (
            f" The virtual {'proxies' if len(removed) > 1 else 'proxy'} {quoted(removed)}, created "
            f"just before, {'were' if len(removed) > 1 else 'was'} removed again: nothing of it is "
            "left."
        )
    unknown = [prefix for prefix in progress.unknown if plans[prefix].links]
    if unknown:
        error.message += (
            f" If the virtual proxy {quoted(unknown)} is there by then, no proxy service serves it "
            "yet: run again with the option proxies."
        )
    if progress.done:
        dead = len(half_made) > len(removed)
        error.message += (
            f" Before that, this run {_said(progress.done)}. Run again to finish"
            f"{', with the option proxies' if dead else ''}."
        )
    left = progress.left(first)
    if len(plans) > 1:
        error.message += f" Not done: {quoted(left)}."
    error.details.update(done=progress.done, not_done=left)
    return error


def _said(done: t.Sequence[str]) -> str:
    most = 10
    more = f"; and {len(done) - most} more" if len(done) > most else ""
    return "; ".join(done[:most]) + more


def _removed(qrs: Qrs, progress: Progress, prefixes: t.Sequence[str]) -> t.List[str]:
    """Those of ``prefixes`` that were removed again; the first refusal ends the attempt."""
    removed = []
    for prefix in prefixes:
        try:
            qrs.delete(VIRTUAL_PROXY, progress.created[prefix])
        except QlikError:
            break
        progress.taken_back(prefix)
        removed.append(prefix)
    return removed


def _plan(qrs: Qrs, job: Job) -> t.Tuple[Site, SitePlan]:
    site = _read(qrs, job)
    while True:
        try:
            return site, plan_site(site, job)
        except NodesNeeded:
            site = with_nodes(qrs, site)
        except DefinitionsNeeded:
            site = with_definitions(qrs, site, job.custom_properties)
        except FormsNeeded:
            site = with_forms(qrs, site, job.prefixes)


def _read(qrs: Qrs, job: Job) -> Site:
    if len(job.wishes) == 1 and job.prune is None:
        return read_one(qrs, job.wishes[0].prefix, job.wishes[0].cookie_name)
    return read_many(qrs, job.prefixes, prove=job.prune is not None)


def _respect_sessions(job: Job, plan: SitePlan) -> None:
    for each in plan.plans:
        if each.restarted and not job.allows_restart(each.prefix):
            raise QlikError(
                "Changing the virtual proxy '{}' ({}) restarts the proxy service on {} and ends "
                "its sessions, and allow_restart is false. Nothing was written. Run it in a "
                "maintenance window with allow_restart true.".format(
                    each.prefix, ", ".join(each.options), ", ".join(each.restarted)
                ),
                proxies_restarted=plan.restarts,
            )


def _refuse_rivals(job: Job, first: SitePlan, again: SitePlan) -> None:
    for plan in again.plans:
        if plan.prefix in first.by_prefix:
            _refuse_rival(job, first.by_prefix[plan.prefix], plan)


def _refuse_rival(job: Job, first: Plan, again: Plan) -> None:
    """Stop when somebody else changed, to another value, what is being changed here."""
    if first.present is None or again.present is None or again.action == DELETE:
        return
    for option in again.options:
        shared = option == "proxies" or job.adds(again.prefix, option)
        if shared or option not in first.options:
            continue
        if _stored(first.present, option) != _stored(again.present, option):
            from ..entity.reconcile import edited_elsewhere

            raise edited_elsewhere(option, f"the virtual proxy '{again.prefix}'", again.present)


def _stored(entity: Entity, option: str) -> t.Any:
    if option == NODES_OPTION:
        return sorted(node_ids(entity)) if NODES_PROPERTY in entity else []
    field = BY_OPTION.get(option)
    if field is None:
        return entity.get(option)
    return field.kind.read(entity.get(field.property))
