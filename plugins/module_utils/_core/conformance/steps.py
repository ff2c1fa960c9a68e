# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Steps that are done once. If one fails, the questions that need it stay unanswered."""

from __future__ import annotations

import functools
import typing as t

from .wire import Unanswered


class Steps:
    """Remembers how each step ended."""

    def __init__(self) -> None:
        self.done: t.Dict[str, t.Tuple[t.Any, str]] = {}


S = t.TypeVar("S", bound=Steps)
R = t.TypeVar("R")


def step(method: t.Callable[[S], R]) -> t.Callable[[S], R]:
    """Do a step once, and remember how it ended."""
    name = method.__name__

    @functools.wraps(method)
    def once(self: S) -> R:
        if name not in self.done:
            # If the step does not come to an end, it is not tried again.
            self.done[name] = (None, "set_up")
            try:
                self.done[name] = (method(self), "")
            except Unanswered as error:
                self.done[name] = (None, error.reason)
                raise
        result, reason = self.done[name]
        if reason:
            raise Unanswered(reason)
        return t.cast("R", result)

    return once
