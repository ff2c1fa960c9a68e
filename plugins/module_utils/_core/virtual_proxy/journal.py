# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What a run has written of virtual proxies, and what that leaves to be done."""

from __future__ import annotations

import dataclasses
import typing as t

from ..entity.journal import Journal
from ..entity.reconcile import CREATE
from .plan import NONE

if t.TYPE_CHECKING:
    from .site_plan import SitePlan

#: What is written beside virtual proxies themselves.
LINK, TAG = "link", "tag"


@dataclasses.dataclass
class VirtualProxyJournal(Journal):
    """``created`` are the ids of virtual proxies that this run created, by prefix."""

    created: t.Dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def half_made(self) -> t.List[str]:
        """The prefixes of those that were created here and that no proxy service serves yet."""
        linked = {prefix for step in self.steps for prefix in step.linked}
        return [prefix for prefix in self.created if prefix not in linked]

    @property
    def unknown(self) -> t.List[str]:
        """The prefixes of those that may have been created: the answer was lost."""
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


def _is_left(action: str, prefix: str, done: t.Collection[t.Tuple[str, str]]) -> bool:
    return action != NONE and (action, prefix) not in done
