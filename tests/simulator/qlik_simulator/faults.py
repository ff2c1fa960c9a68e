# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults that a test orders: which requests they hit and when."""

from __future__ import annotations

import dataclasses
import re
import typing as t

ACTIONS = (
    "status", "reset_before", "reset_after", "delay", "html", "truncate", "hang", "edit_between",
    "create_between", "delete_between", "huge", "headers", "not_stored",
)  # fmt: skip
PORTS = ("qrs", "https", "http", "admin")


class FaultError(ValueError):
    """An order that makes no sense."""


@dataclasses.dataclass
class Fault:
    """One order. ``seen`` counts the requests that fit port, node, method and path."""

    action: str
    arguments: dict[str, t.Any]
    port: str | None
    node: str | None
    method: str | None
    path: re.Pattern[str]
    nth: int
    times: int
    seen: int = 0

    def fits(self, port: str, node: str, method: str, path: str) -> bool:
        """Whether such a request counts."""
        return (
            self.port in (None, port)
            and self.node in (None, node)
            and self.method in (None, method)
            and self.path.search(path) is not None
        )


class Faults:
    """All orders that are in force."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, orders: t.Any) -> None:
        """Takes one order or a list of them; FaultError when one is wrong."""
        items = orders if isinstance(orders, list) else [orders]
        self._faults.extend([_parse(item) for item in items])

    def clear(self) -> None:
        """Forgets all."""
        self._faults.clear()

    def hit(self, port: str, node: str, method: str, path: str) -> list[Fault]:
        """The faults that this request meets; counts it."""
        found = []
        for fault in self._faults:
            if fault.fits(port, node, method, path):
                fault.seen += 1
                if fault.nth <= fault.seen < fault.nth + fault.times:
                    found.append(fault)
        return found


def _parse(order: t.Any) -> Fault:
    if not isinstance(order, dict):
        raise FaultError("a fault is an object")
    rest = dict(order)
    action = rest.pop("action", None)
    port, node, method = rest.pop("port", None), rest.pop("node", None), rest.pop("method", None)
    if action not in ACTIONS:
        raise FaultError(f"action must be one of {', '.join(ACTIONS)}")
    if port not in (None, *PORTS):
        raise FaultError(f"port must be one of {', '.join(PORTS)}")
    try:
        path = re.compile(str(rest.pop("path", "")), re.IGNORECASE)
        nth, times = int(rest.pop("nth", 1)), int(rest.pop("times", 1))
    except (ValueError, re.error) as error:
        raise FaultError(f"path, nth or times: {error}") from None
    if nth < 1 or times < 1:
        raise FaultError("nth and times start at 1")
    method = str(method).upper() if method else None
    return Fault(action, rest, port, node, method, path, nth, times)
