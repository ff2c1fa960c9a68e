# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of modules in this process that do not wait: pauses are noted, and time passes by them."""

from __future__ import annotations

import contextlib
import importlib
import time
import types
import typing as t
from unittest import mock

_PACKAGE = "ansible_collections.qlikops.sense.plugins.module_utils"


@contextlib.contextmanager
def quick_clock() -> t.Iterator[list[float]]:
    """Within, a module's pauses take no time; yields their lengths, in seconds."""
    pauses: list[float] = []

    def now() -> float:
        return time.monotonic() + sum(pauses)

    clock = importlib.import_module(f"{_PACKAGE}._core.ports").Clock(
        now=now, sleep=pauses.append, chance=lambda: 0.5
    )
    engine = importlib.import_module(f"{_PACKAGE}._modules.reconciled")
    connection = importlib.import_module(f"{_PACKAGE}._connection")
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(engine, "CLOCK", clock))
        quick_time = types.SimpleNamespace(sleep=pauses.append)
        stack.enter_context(mock.patch.object(connection, "time", quick_time))
        yield pauses
