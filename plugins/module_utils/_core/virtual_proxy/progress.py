# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What a run has written so far, over every attempt at the same task."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from .plan import CREATE, NONE

if t.TYPE_CHECKING:
    from ..errors import QlikError
    from ..qrs.client import Entity
    from .site_plan import SitePlan

#: Targets that are no action on a virtual proxy.
LINK, TAG = "link", "tag"


@dataclasses.dataclass(frozen=True)
class Step:
    """One write: what for (``target``), in words, and which proxy services restart for it.

    ``linked`` are the prefixes that a proxy service serves thereafter.
    """

    target: t.Tuple[str, str]
    text: str
    restarted: t.Tuple[str, ...] = ()
    linked: t.Tuple[str, ...] = ()


@dataclasses.dataclass
class Progress:
    """``entities`` are the virtual proxies by prefix, as last seen; ``created`` ids by prefix.

    ``writing`` is the write under way, ``lost`` those whose answer was lost, with the error.
    """

    entities: t.Dict[str, Entity] = dataclasses.field(default_factory=dict)
    created: t.Dict[str, str] = dataclasses.field(default_factory=dict)
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
        self.writing = step
        yield
        self._note(step)

    def lose(self, error: QlikError) -> None:
        """Remember that the answer was lost to the write under way; raises a second loss of it."""
        step = self.writing
        if step is None or step.target in self.lost:
            raise error
        self.lost[step.target] = error

    def settle(self, plan: SitePlan) -> None:
        """After a lost answer, with the ``plan`` for what is there now: was the write done?"""
        step, self.writing = self.writing, None
        for each in plan.plans:
            if each.present is not None:
                self.entities[each.prefix] = each.present
        if step is not None and step.target in self.lost and not _is_open(plan, step.target):
            self._note(step)

    @property
    def half_made(self) -> t.List[str]:
        """The prefixes of those that were created here and that no proxy service serves yet."""
        linked = {prefix for step in self.steps for prefix in step.linked}
        return [prefix for prefix in self.created if prefix not in linked]

    @property
    def unknown(self) -> t.List[str]:
        """The prefixes of those of which nobody knows whether they were created."""
        done = {step.target for step in self.steps}
        return [key for kind, key in self.lost if kind == CREATE and (kind, key) not in done]

    def taken_back(self, prefix: str) -> None:
        """Forget that the virtual proxy was created: it was removed again."""
        del self.created[prefix]
        self.steps = [step for step in self.steps if step.target != (CREATE, prefix)]

    def left(self, plan: SitePlan) -> t.List[str]:
        """The prefixes of ``plan`` for which not everything was done."""
        done = {step.target for step in self.steps}
        unlinked = {
            prefix
            for change in plan.links
            if (LINK, change.service_id) not in done
            for prefix in (*change.link, *change.unlink)
        }
        return [
            each.prefix
            for each in plan.plans
            if each.changes
            and (_is_left(each.action, each.prefix, done) or each.prefix in unlinked)
        ]

    def _note(self, step: Step) -> None:
        self.steps.append(step)
        self.writing = None


def _is_left(action: str, prefix: str, done: t.Collection[t.Tuple[str, str]]) -> bool:
    return action != NONE and (action, prefix) not in done


def _is_open(plan: SitePlan, target: t.Tuple[str, str]) -> bool:
    """Whether what the target stands for is still to be done."""
    kind, key = target
    if kind == LINK:
        return any(change.service_id == key for change in plan.links)
    if kind == TAG:
        return True
    return key in plan.by_prefix and plan.by_prefix[key].action == kind
