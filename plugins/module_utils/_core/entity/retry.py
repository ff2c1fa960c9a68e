# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Carries a plan out, and plans again after a conflict (409) or a lost answer. Keeps the journal.

The repository locks optimistically: a write with an older ``modifiedDate`` than the stored one is
answered with 409 (Qlik developer help, Updating an entity and handling PUT request conflict
responses). The answer to that is to read and plan again, as long as a difference remains. The
journal keeps what was written, over every attempt at the same task.
"""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from ..errors import (
    AnswerError,
    Conflict,
    EditedElsewhere,
    NotFound,
    QlikError,
    SiteIncomplete,
    TransportError,
)

if t.TYPE_CHECKING:
    from ..errors import QlikError
    from ..ports import Clock
    from ..qrs.client import Entity
    from .reconcile import Outcome, P, Resource

#: Seconds of pauses for other writers before one write. What a slow repository takes to answer does
#: not count: each conflict means that another writer was served, and there may be twenty of them.
_PATIENCE = 30.0
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0


def carry_out(resource: Resource[P], outcome: Outcome[P], clock: Clock) -> None:
    """Carry the plan of ``outcome`` out, or after a conflict or a lost answer what is left of it.

    Raises what speaks against another attempt.
    """
    journal = t.cast("Journal", outcome.journal)
    write, plan = resource.writer(), outcome.plan
    resource = resource.later(plan)
    done, paused, pause = -1, 0.0, _FIRST_PAUSE
    while True:
        unclear = None
        try:
            write(plan, journal)
            return
        except (TransportError, AnswerError) as error:
            if len(journal.done) > done:
                done, paused, pause = len(journal.done), 0.0, _FIRST_PAUSE
            if isinstance(error, Conflict) or _is_gone(error):
                if paused >= _PATIENCE:
                    raise
            else:
                # After a lost answer it is unknown whether the write was done: read it, once.
                if not _is_unclear(error):
                    raise
                journal.lose(error)
                unclear = error
        length = pause * (0.5 + clock.chance())
        clock.sleep(length)
        paused += length
        pause = min(pause * 2, _LONGEST_PAUSE)
        try:
            plan = resource.plan()
        except (TransportError, AnswerError, SiteIncomplete) as error:
            raise _unsettled(unclear, error) if unclear else error from None
        _reject_rivals(resource, outcome.plan, plan)
        journal.settle(resource, plan)
        if not plan.changes:
            return


def _reject_rivals(resource: Resource[P], first: P, again: P) -> None:
    """Stop if another user changed an option of this run to another value."""
    known = {change.key: change for change in first.changes}
    for change in again.changes:
        earlier = known.get(change.key)
        if earlier is None or earlier.present is None or change.present is None:
            continue
        for option in change.own:
            if option in earlier.options and not resource.same(
                option, earlier.present, change.present
            ):
                raise _edited_elsewhere(option, change.name, change.present)


def _is_unclear(error: QlikError) -> bool:
    if isinstance(error, AnswerError):
        return error.status >= 500 or error.status < 300
    return isinstance(error, TransportError)


def _is_gone(error: QlikError) -> bool:
    """Whether another user deleted what was to be deleted."""
    return isinstance(error, NotFound) and error.details.get("method") == "DELETE"


def _unsettled(lost: QlikError, error: QlikError) -> QlikError:
    """``lost`` is that of a write; ``error`` kept it from being read whether it was done."""
    if not isinstance(lost, TransportError):
        lost.message += (
            " Whether {method} {path} was carried out is not known: run again, the next run reads "
            "before it writes.".format(**lost.details)
        )
    lost.message += f" Reading it failed as well: {error.message}"
    return lost


def _edited_elsewhere(option: str, name: str, entity: Entity) -> EditedElsewhere:
    """The error if another user changed ``option`` to another value in the meantime."""
    return EditedElsewhere(
        "{} of {} was changed by {} at {}, while this run was about to change it too. Nothing was "
        "overwritten: agree on a value, then run again.".format(
            option,
            name,
            entity.get("modifiedByUserName") or "another user",
            entity.get("modifiedDate") or "the same moment",
        ),
        option=option,
    )


#: Steps that a message lists. It gives only the number of the others.
_LISTED = 10


@dataclasses.dataclass(frozen=True)
class Step:
    """One write: what is done to which entity, in words, and which proxy services restart for it.

    ``creates`` marks what is not sent again after its answer was lost: that could create two.
    ``linked`` are the prefixes that a proxy service serves thereafter.
    """

    action: str
    key: str
    text: str
    restarted: t.Sequence[str] = ()
    linked: t.Sequence[str] = ()
    creates: bool = False

    @property
    def target(self) -> t.Tuple[str, str]:
        """Identifies a write."""
        return self.action, self.key


@dataclasses.dataclass
class Journal:
    """``entities`` are those that the task is about, by key, as last seen.

    ``writing`` is the write under way, ``lost`` those whose answer was lost, with the error.
    """

    entities: t.Dict[str, Entity] = dataclasses.field(default_factory=dict)
    steps: t.List[Step] = dataclasses.field(default_factory=list)
    writing: t.Optional[Step] = None
    lost: t.Dict[t.Tuple[str, str], QlikError] = dataclasses.field(default_factory=dict)

    @property
    def done(self) -> t.List[str]:
        """What was written, in words."""
        return [step.text for step in self.steps]

    @property
    def restarts(self) -> t.Dict[str, int]:
        """How often each proxy service restarted, by name."""
        counts: t.Dict[str, int] = {}
        for name in (name for each in self.steps for name in each.restarted):
            counts[name] = counts.get(name, 0) + 1
        return counts

    @contextlib.contextmanager
    def step(self, step: Step) -> t.Iterator[None]:
        """Note ``step`` as done, unless the write raises."""
        if step.creates and step.target in self.lost:
            raise self.lost[step.target]
        self.writing = step
        yield
        self._note(step)

    def lose(self, error: QlikError) -> None:
        """Remember that the answer was lost to the write under way; raises a second loss of it."""
        step = self.writing
        if step is None or step.target in self.lost:
            raise error
        self.lost[step.target] = error

    def settle(self, resource: Resource[P], plan: P) -> None:
        """After a lost answer, with the ``plan`` for what is there now: was the write done?"""
        step, self.writing = self.writing, None
        self.entities.update(plan.seen)
        if step is not None and step.target in self.lost and not resource.is_open(plan, step):
            self._note(step)

    def _note(self, step: Step) -> None:
        self.steps.append(step)
        self.writing = None


def say_done(error: QlikError, done: t.Sequence[str], how: str = "") -> None:
    """Have ``error`` say what was done before it, and ``how`` to run again to finish."""
    if done:
        more = f"; and {len(done) - _LISTED} more" if len(done) > _LISTED else ""
        error.message += (
            f" Before that, this run {'; '.join(done[:_LISTED])}{more}. Run again to finish{how}."
        )
    error.details["done"] = list(done)
