# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures to order: which of the coming tasks fails, and how."""

from __future__ import annotations

import dataclasses
import typing as t

Json = dict[str, t.Any]
ACTIONS = ("fail", "fail_after", "drop_before", "drop_after")
KINDS = ("module", "put", "fetch", "mkdtemp", "expand", "remove")


class FaultError(ValueError):
    """An order that makes no sense."""


@dataclasses.dataclass
class Fault:
    """``nth``: the first task it strikes, counted from 1 among those that match from now on;
    ``times``: how many in a row. Without ``kind`` and ``module`` every request counts."""

    action: str
    nth: int = 1
    times: int = 1
    kind: str | None = None
    module: str | None = None
    msg: str = "This failure was ordered by a test."
    seen: int = 0

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise FaultError(f"action is one of {', '.join(ACTIONS)}")
        if self.kind is not None and self.kind not in KINDS:
            raise FaultError(f"kind is one of {', '.join(KINDS)}")

    def strikes(self, kind: str, module: str | None) -> bool:
        """Counts a task that matches; whether this one is struck."""
        if self.kind not in (None, kind) or self.module not in (None, module):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


class Faults:
    """All orders; the first one that strikes counts."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def order(self, orders: t.Iterable[Json]) -> None:
        """Adds orders; FaultError."""
        try:
            self._faults += [Fault(**order) for order in orders]
        except TypeError as error:
            raise FaultError(str(error)) from None

    def clear(self) -> None:
        """Forgets them."""
        self._faults.clear()

    def show(self) -> list[Json]:
        """The orders, with how often each has matched."""
        return [dataclasses.asdict(fault) for fault in self._faults]

    def next(self, kind: str, module: str | None) -> Fault | None:
        """What strikes this task. All orders count it."""
        struck = [fault for fault in self._faults if fault.strikes(kind, module)]
        return struck[0] if struck else None
