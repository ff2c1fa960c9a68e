# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Waits until a change is in force, and measures it."""

from __future__ import annotations

import dataclasses
import typing as t

from ..errors import TransportError
from .wire import Unanswered

#: Seconds until a change must be in force, and pauses between two requests.
_PATIENCE = 60.0
_SHORT, _LONG, _SOON = 0.1, 0.5, 2.0

R = t.TypeVar("R")


@dataclasses.dataclass
class Change:
    """The effect of a write: seconds until it was in force, and seconds without connections."""

    noticed: float = 0.0
    downtime: float = 0.0
    ended_sessions: bool = False


@dataclasses.dataclass(frozen=True)
class Wait:
    """``now`` are seconds that only grow."""

    now: t.Callable[[], float]
    sleep: t.Callable[[float], None]

    def until(self, look: t.Callable[[], t.Optional[R]]) -> t.Tuple[R, Change]:
        """Ask until ``look`` returns something. Refused connections count as a restart."""
        started = self.now()
        failures: t.List[float] = []
        while self.now() - started < _PATIENCE:
            asked = self.now()
            try:
                found = look()
            except TransportError as error:
                if not error.passes:
                    raise
                failures.append(self.now())
                self.sleep(_SHORT)
                continue
            if found is not None:
                span = failures[-1] - failures[0] if failures else 0.0
                noticed = (failures[0] if failures else asked) - started
                return found, Change(noticed, span)
            self.sleep(_LONG if self.now() - started > _SOON else _SHORT)
        raise Unanswered("not_served")
