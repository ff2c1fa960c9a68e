# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Collects the evidence of a run, and limits how long the run waits for a proxy to start."""

from __future__ import annotations

import dataclasses
import typing as t

from ..errors import TransportError
from ..ports import UNAVAILABLE
from .client import Tools
from .evidence import Evidence, Fault, Step
from .responses import ResponseSummary

#: Seconds between two questions to a proxy that is starting.
_PAUSE = 2.0

#: Seconds for which a proxy may reject what its new settings allow: it polls its settings after
#: a notification (Qlik's help); integrators wait 10 to 30.
SETTLING = 30.0

RESOLVE, CONNECT, TLS, ROUTE, LOGIN = "resolve", "connect", "tls", "route", "login"
LOGOUT = "logout"

#: Every step, in its order.
STEPS = (
    RESOLVE,
    CONNECT,
    TLS,
    ROUTE,
    LOGIN,
    "session",
    "identity",
    "page",
    "engine",
    "negative",
    LOGOUT,
)


class EvidenceBuilder:
    """Collects fields of ``Evidence`` and steps; the evidence itself stays immutable."""

    def __init__(self) -> None:
        self._fields: t.Dict[str, t.Any] = {}
        self._steps: t.Dict[str, Step] = {}

    def set(self, **fields: t.Any) -> None:
        """Write fields of ``Evidence`` down."""
        self._fields.update(fields)

    def step(
        self,
        name: str,
        ok: t.Optional[bool],
        summary: t.Optional[ResponseSummary] = None,
        *,
        seconds: t.Optional[float] = None,
        note: str = "",
    ) -> None:
        """Write a step down; status and seconds are those of ``summary`` if it is given."""
        status = summary.status if summary else None
        taken = summary.seconds if summary and seconds is None else seconds
        rounded = None if taken is None else round(taken, 3)
        self._steps[name] = Step(name, ok, status, rounded, note)

    def build(self, evidence: Evidence) -> Evidence:
        """``evidence`` with what was collected, and every step, taken or not."""
        steps = tuple(self._steps.get(name) or Step(name, None) for name in STEPS)
        return dataclasses.replace(evidence, **self._fields, steps=steps)


class RetryDeadline:
    """Limits the retries while a proxy restarts, or still uses its old settings."""

    def __init__(self, seconds: float, tools: Tools, settling: float = SETTLING) -> None:
        self._tools = tools
        self._settling = settling
        self._started = tools.timer()
        self._until = self._started + seconds
        self._settled: t.Optional[float] = None
        self.waited = 0.0

    def again(self) -> bool:
        """Pause and return True, or return False when the time is up."""
        return self._pause(self._until)

    def settles(self) -> bool:
        """The same for a proxy that answers, and may not have read its new settings yet."""
        if self._settled is None:
            self._settled = min(self._until, self._tools.timer() + self._settling)
        return self._pause(self._settled)

    def _pause(self, until: float) -> bool:
        left = until - self._tools.timer()
        if left <= 0:
            return False
        self._tools.sleep(min(_PAUSE, left))
        self.waited = self._tools.timer() - self._started
        return True


def fault_of(error: TransportError) -> Fault:
    """The error as evidence."""
    return Fault(error.kind, error.message, error.sent)


def may_be_restarting(summary: ResponseSummary) -> bool:
    """Whether a proxy that is starting answers like this."""
    return summary.status in UNAVAILABLE or summary.kind == "header_incorrect"
