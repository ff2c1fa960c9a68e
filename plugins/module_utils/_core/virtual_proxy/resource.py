# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Virtual proxies as a resource of the engine.

What only a run that writes needs is imported where it is used.
"""

from __future__ import annotations

import functools
import typing as t

from ..entity.reader import VIRTUAL_PROXY
from ..entity.reconcile import CREATE, DELETE, Outcome, Resource
from ..errors import QlikError
from ..site.nodes import NodesNeeded
from ..site.reader import with_nodes
from .convert import NODES_OPTION, NODES_PROPERTY, node_ids
from .fields import BY_OPTION
from .plan import Plan
from .references import DefinitionsNeeded
from .site import FormsNeeded, read_many, read_one, with_definitions, with_forms
from .site_plan import SitePlan, plan_site

if t.TYPE_CHECKING:
    from ..entity.retry import Journal, Step
    from ..qrs.client import Entity, Qrs
    from .apply import VirtualProxyJournal
    from .desired import Job
    from .site import Site


class VirtualProxies(Resource[SitePlan]):
    """The virtual proxies that a ``Job`` speaks of, with their links and tags."""

    fields = BY_OPTION

    def __init__(self, qrs: Qrs, job: Job) -> None:
        self.qrs = qrs
        self.job = job

    def plan(self) -> SitePlan:
        """Read as much of the site as the answer depends on."""
        qrs, job = self.qrs, self.job
        site = self._read()
        while True:
            try:
                return plan_site(site, job)
            except NodesNeeded:
                site = with_nodes(qrs, site)
            except DefinitionsNeeded:
                site = with_definitions(qrs, site, job.custom_properties)
            except FormsNeeded:
                site = with_forms(qrs, site, job.prefixes)

    def _read(self) -> Site:
        job = self.job
        if len(job.wishes) == 1 and job.prune is None:
            return read_one(self.qrs, job.wishes[0].prefix, job.wishes[0].cookie_name)
        return read_many(self.qrs, job.prefixes, prove=job.prune is not None)

    def writer(self) -> t.Callable[[SitePlan, Journal], None]:
        """See ``apply``."""
        from .apply import apply

        return t.cast("t.Callable[[SitePlan, Journal], None]", functools.partial(apply, self.qrs))

    def journal(self) -> VirtualProxyJournal:
        """A journal that also knows what was created."""
        from .apply import VirtualProxyJournal

        return VirtualProxyJournal()

    def allows_restart(self, key: str) -> bool:
        """Whether proxy services may restart for the virtual proxy with that prefix."""
        return self.job.allows_restart(key)

    def later(self, plan: SitePlan) -> VirtualProxies:
        """What ``plan`` creates is there by then, and has to be linked."""
        new = {each.prefix for each in plan.plans if each.action == CREATE}
        wishes = tuple(w.once_created() if w.prefix in new else w for w in self.job.wishes)
        return VirtualProxies(self.qrs, self.job._replace(wishes=wishes))

    def is_open(self, plan: SitePlan, step: Step) -> bool:
        """Links and tags are written beside the virtual proxies."""
        from .apply import LINK, TAG

        if step.action == LINK:
            return any(change.service_id == step.key for change in plan.links)
        if step.action == TAG:
            return True
        return step.key in plan.by_prefix and plan.by_prefix[step.key].action == step.action

    def same(self, option: str, one: Entity, other: Entity) -> bool:
        """Nodes and the prefix are in no table."""
        if option == NODES_OPTION:
            nodes = [set(node_ids(item)) for item in (one, other) if NODES_PROPERTY in item]
            return len(nodes) < 2 or nodes[0] == nodes[1]
        if option not in self.fields:
            return bool(one.get(option) == other.get(option))
        return super().same(option, one, other)

    def explain(self, error: QlikError, outcome: Outcome[SitePlan]) -> None:
        """Virtual proxies that were created and that no proxy service serves are removed again."""
        from ..entity.retry import say_done
        from ..text import quoted

        journal = t.cast("VirtualProxyJournal", outcome.journal)
        plans = outcome.plan.by_prefix
        half_made = [prefix for prefix in journal.half_made if plans[prefix].links]
        removed = self._removed(journal, half_made)
        if removed:
            error.message += (
                f" The virtual {'proxies' if len(removed) > 1 else 'proxy'} {quoted(removed)}, "
                f"created just before, {'were' if len(removed) > 1 else 'was'} removed again: "
                "nothing of it is left."
            )
        unknown = [prefix for prefix in journal.unknown if plans[prefix].links]
        if unknown:
            error.message += (
                f" If the virtual proxy {quoted(unknown)} is there by then, no proxy service "
                "serves it yet: run again with the option proxies."
            )
        dead = len(half_made) > len(removed)
        say_done(error, journal.done, ", with the option proxies" if dead else "")
        left = journal.left(outcome.plan)
        if len(plans) > 1:
            error.message += f" Not done: {quoted(left)}."
        error.details["not_done"] = left

    def _removed(self, journal: VirtualProxyJournal, prefixes: t.Sequence[str]) -> t.List[str]:
        """Those of ``prefixes`` that were removed again, up to the first failure."""
        removed = []
        for prefix in prefixes:
            try:
                self.qrs.delete(VIRTUAL_PROXY, journal.created[prefix])
            except QlikError:
                break
            journal.taken_back(prefix)
            removed.append(prefix)
        return removed


def entity_of(outcome: Outcome[SitePlan], plan: Plan) -> t.Optional[Entity]:
    """The virtual proxy in the end, or as it would be; None when there is none."""
    if plan.action == DELETE:
        return None
    return outcome.written(plan.prefix) or plan.entity or plan.present
