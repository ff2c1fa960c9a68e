# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notes how long each task of a run takes, as JSON in the file that STOPWATCH_FILE names."""

from __future__ import annotations

import json
import os
import time
import typing as t

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: stopwatch
type: notification
short_description: Note how long each task takes
description:
  - For the benchmark. The time of a task goes until the next one starts.
"""


class CallbackModule(CallbackBase):
    """A list for each play, with an entry for each task: its name, and its seconds."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "stopwatch"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._plays: list[list[tuple[str, float]]] = []
        self._starts: list[tuple[str, float]] = []

    def v2_playbook_on_play_start(self, play: t.Any) -> None:
        """A play starts, and the last task of the one before it has ended."""
        self._end()

    def v2_playbook_on_task_start(self, task: t.Any, is_conditional: bool) -> None:
        """A task starts, and the one before it has ended."""
        self._starts.append((task.get_name(), time.monotonic()))

    def v2_playbook_on_stats(self, stats: t.Any) -> None:
        """The last task has ended."""
        self._end()
        with open(os.environ["STOPWATCH_FILE"], "w", encoding="utf-8") as stream:
            json.dump(self._plays, stream)

    def _end(self) -> None:
        if not self._starts:
            return
        ends = [moment for dummy, moment in self._starts[1:]] + [time.monotonic()]
        self._plays.append(
            [(name, end - start) for (name, start), end in zip(self._starts, ends, strict=True)]
        )
        self._starts = []
