# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What a run has written so far, over every attempt at the same task."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

if t.TYPE_CHECKING:
    from ..errors import QlikError
    from ..qrs.client import Entity
    from .reconcile import P, Resource

#: More steps are counted in a message, not told.
_TOLD = 10


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
        """What tells one write from another."""
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
        for name in (name for step in self.steps for name in step.restarted):
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
        more = f"; and {len(done) - _TOLD} more" if len(done) > _TOLD else ""
        error.message += (
            f" Before that, this run {'; '.join(done[:_TOLD])}{more}. Run again to finish{how}."
        )
    error.details["done"] = list(done)
