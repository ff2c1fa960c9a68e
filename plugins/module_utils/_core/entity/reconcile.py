# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The engine: read, plan, check ``allow_restart``, approve, write.

A resource declares what it reads and plans, and what carries a plan out. The engine does the rest:
sessions that may not end, conflicts with other writers, lost answers, what was done before an
error. What only a run that writes needs is imported by it alone: a module's source is compiled in
every task, and most tasks find nothing to do.
"""

from __future__ import annotations

import typing as t

from ..errors import QlikError
from ..text import few

if t.TYPE_CHECKING:
    from ..ports import Clock
    from ..qrs.client import Entity
    from .fields import Field
    from .retry import Journal, Step


#: What is done to an entity.
CREATE, UPDATE, DELETE = "create", "update", "delete"


class Change(t.NamedTuple):
    """What a plan changes of one entity, which messages call ``name``.

    ``present`` is the entity as it was read, None when it is to be created. ``restarted`` names the
    proxy services that its writes restart. The run stops if another user changes one of the ``own``
    options in the meantime.
    """

    key: str
    name: str
    present: t.Optional[Entity]
    options: t.Sequence[str]
    own: t.Sequence[str]
    restarted: t.Sequence[str] = ()


class Plan(t.Protocol):
    """What a resource plans for everything that one task wants."""

    @property
    def changes(self) -> t.Sequence[Change]:
        """The entities that have to be written."""

    @property
    def seen(self) -> t.Mapping[str, Entity]:
        """Every entity that the task is about and that is there, by key."""

    @property
    def restarts(self) -> t.Dict[str, int]:
        """How often each proxy service restarts, by name."""


P = t.TypeVar("P", bound=Plan)
P_co = t.TypeVar("P_co", bound=Plan, covariant=True)


class Outcome(t.Generic[P_co]):
    """What was there (``plan``), and what was done; ``journal`` is None when nothing was."""

    def __init__(self, plan: P_co, journal: t.Optional[Journal] = None) -> None:
        self.plan = plan
        self.journal = journal

    def written(self, key: str) -> t.Optional[Entity]:
        """The entity as it was last seen by this run, None when it wrote nothing."""
        return self.journal.entities.get(key) if self.journal else None

    @property
    def restarts(self) -> t.Dict[str, int]:
        """How often each proxy service restarted, or would."""
        return self.journal.restarts if self.journal else self.plan.restarts


class Resource(t.Generic[P]):
    """What the engine has to know of one kind of entity."""

    #: The options that stand for one property each.
    fields: t.Mapping[str, Field]

    def plan(self) -> P:
        """Read what is there, and plan."""
        raise NotImplementedError

    def writer(self) -> t.Callable[[P, Journal], None]:
        """What carries a plan out, and notes each write in the journal."""
        raise NotImplementedError

    def journal(self) -> Journal:
        """A journal for one run."""
        from .retry import Journal

        return Journal()

    def allows_restart(self, key: str) -> bool:
        """Whether proxy services may restart for that entity."""
        return True

    def later(self, plan: P) -> Resource[P]:
        """The resource for another attempt, after ``plan`` was carried out in part."""
        return self

    def is_open(self, plan: P, step: Step) -> bool:
        """Whether what ``step`` wrote is still to be written."""
        return any(change.key == step.key for change in plan.changes)

    def same(self, option: str, one: Entity, other: Entity) -> bool:
        """Whether both entities have the same value for the option."""
        field = self.fields[option]
        read = field.kind.read
        return field.kind.same(read(one.get(field.property)), read(other.get(field.property)))

    def explain(self, error: QlikError, outcome: Outcome[P]) -> None:
        """Have ``error`` say what was done before it."""
        from .retry import say_done

        say_done(error, t.cast("Journal", outcome.journal).done)


def reconcile(
    resource: Resource[P],
    clock: Clock,
    *,
    check: bool,
    approve: t.Callable[[Outcome[P]], None],
) -> Outcome[P]:
    """Bring the site to what ``resource`` wants, or with ``check`` only find out what that takes.

    ``approve`` sees what is planned before anything is written, and raises to prevent that.
    """
    outcome = Outcome(resource.plan())
    _respect_sessions(resource, outcome.plan)
    approve(outcome)
    if check or not outcome.plan.changes:
        return outcome
    from .retry import carry_out

    outcome = Outcome(outcome.plan, resource.journal())
    try:
        carry_out(resource, outcome, clock)
    except QlikError as error:
        resource.explain(error, outcome)
        raise
    return outcome


def _respect_sessions(resource: Resource[P], plan: P) -> None:
    barred = [c for c in plan.changes if c.restarted and not resource.allows_restart(c.key)]
    if not barred:
        return
    restarted = sorted({name for change in barred for name in change.restarted})
    raise QlikError(
        "Changing {} restarts the proxy service on {} and ends its sessions, and allow_restart is "
        "false. Nothing was written. Run it in a maintenance window with allow_restart "
        "true.".format(
            few(f"{change.name} ({few(change.options)})" for change in barred),
            ", ".join(restarted),
        ),
        proxies_restarted=plan.restarts,
    )
