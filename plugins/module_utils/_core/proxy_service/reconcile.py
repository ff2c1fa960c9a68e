# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Read, plan, apply the settings of proxy services; and again while somebody else is faster.

This is the one place of the collection that writes settings of proxy services.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..entity.fields import described
from ..entity.reader import PROXY_SERVICE, update
from ..entity.reconcile import Journal, edited_elsewhere, persist, say_done
from ..errors import QlikError
from ..site.model import Services
from ..site.nodes import NodesNeeded
from ..site.reader import read_proxy_services, with_nodes
from .fields import BY_OPTION, FIELDS
from .plan import SHAPE, ServicesPlan, lost_options, plan_services

if t.TYPE_CHECKING:
    from ..entity.fields import Options
    from ..ports import Clock
    from ..qrs.client import Entity, Qrs
    from .plan import ServicePlan


@dataclasses.dataclass(frozen=True)
class ServicesWish:
    """What the user wants of some proxy services; ``options`` holds only what was given."""

    proxies: t.Sequence[str]
    options: Options
    allow_restart: bool = True


@dataclasses.dataclass(frozen=True)
class ServicesOutcome:
    """What was there (``plan``) and what was done: nothing in check mode."""

    plan: ServicesPlan
    journal: Journal
    written: t.Dict[str, Entity]

    @property
    def before(self) -> t.List[Options]:
        """The settings of every chosen proxy service as they were."""
        return [service.shown(service.before) for service in self.plan.services]

    @property
    def restarts(self) -> t.Dict[str, int]:
        """How often each proxy service restarted, or would."""
        return self.journal.restarts if self.journal.done else self.plan.restarts

    def after(self, service: ServicePlan) -> Options:
        """The settings of a proxy service in the end, or as they would be."""
        entity = self.written.get(service.id)
        return described(entity["settings"], FIELDS) if entity else service.after


def converge_services(
    qrs: Qrs,
    wish: ServicesWish,
    clock: Clock,
    *,
    check: bool,
    approve: t.Callable[[ServicesOutcome], None],
) -> ServicesOutcome:
    """Bring the proxy services to ``wish``, or with ``check`` only find out what that takes.

    ``approve`` sees what is planned before anything is written, and raises to prevent that.
    """
    outcome = ServicesOutcome(_plan(qrs, wish), Journal(), {})
    _respect_sessions(wish, outcome.plan)
    if outcome.plan.to_write:
        approve(outcome)
    if outcome.plan.to_write and not check:
        try:
            _persist(qrs, wish, clock, outcome)
        except QlikError as error:
            error.result["before"] = outcome.before
            raise say_done(error, outcome.journal.done) from None
    return outcome


def _plan(qrs: Qrs, wish: ServicesWish) -> ServicesPlan:
    site = Services(read_proxy_services(qrs))
    try:
        return plan_services(site, wish.proxies, wish.options)
    except NodesNeeded:
        return plan_services(with_nodes(qrs, site), wish.proxies, wish.options)


def _respect_sessions(wish: ServicesWish, plan: ServicesPlan) -> None:
    if plan.to_write and not wish.allow_restart:
        options = {name: None for service in plan.to_write for name in service.options}
        raise QlikError(
            "Changing {} restarts the proxy service on {} and ends its sessions, and allow_restart "
            "is false. Nothing was written. Run it in a maintenance window with allow_restart "
            "true.".format(", ".join(options), ", ".join(sorted(plan.restarts))),
            proxies_restarted=plan.restarts,
        )


def _persist(qrs: Qrs, wish: ServicesWish, clock: Clock, outcome: ServicesOutcome) -> None:
    journal = outcome.journal

    def renew() -> t.Optional[ServicesPlan]:
        plan = _plan(qrs, wish)
        _refuse_rival(outcome.plan, plan)
        for service in outcome.plan.to_write:
            now = plan.find(service.id)
            if service.id not in outcome.written and now is not None and now.entity is None:
                outcome.written[service.id] = now.present
                restarted = (service.name,) if service.id in journal.lost else ()
                journal.note(f"found {_called(service)} changed as wanted", *restarted)
        return plan if plan.to_write else None

    persist(
        outcome.plan,
        write=lambda plan: _write(qrs, plan, outcome),
        renew=renew,
        record=journal,
        clock=clock,
    )


def _write(qrs: Qrs, plan: ServicesPlan, outcome: ServicesOutcome) -> None:
    for service in plan.to_write:
        outcome.journal.writing = service.id
        answer = update(qrs, PROXY_SERVICE, t.cast("Entity", service.entity), SHAPE)
        outcome.written[service.id] = answer
        outcome.journal.note(f"changed {_called(service)}", service.name)
        lost = lost_options(service, answer)
        if lost:
            raise QlikError(
                f"The repository took the change of {_called(service)}, but its answer does not "
                f"carry {', '.join(lost)} as it was sent. Compare with QMC, Proxies; somebody else "
                "may have written it at the same moment.",
                options=lost,
            )


def _called(service: ServicePlan) -> str:
    return f"the proxy service on {service.name}"


def _refuse_rival(first: ServicesPlan, again: ServicesPlan) -> None:
    """Stop when somebody else changed, to another value, what is being changed here."""
    for service in again.to_write:
        known = first.find(service.id)
        for option in service.options if known else ():
            field = BY_OPTION[option]
            values = [
                field.kind.read(plan.present["settings"].get(field.property))
                for plan in (t.cast("ServicePlan", known), service)
            ]
            if option in t.cast("ServicePlan", known).options and values[0] != values[1]:
                raise edited_elsewhere(option, _called(service), service.present)
