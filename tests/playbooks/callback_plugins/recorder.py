# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes what happens in a run as lines of JSON, to the file that RECORDER_FILE names."""

from __future__ import annotations

import json
import os
import typing as t

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: recorder
type: notification
short_description: Write every result of a run as a line of JSON
description:
  - For the tests of the playbooks.
"""


class CallbackModule(CallbackBase):
    """One line for each result, and one with the numbers of each host."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "recorder"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, **event: t.Any) -> None:
        with open(os.environ["RECORDER_FILE"], "a", encoding="utf-8") as stream:
            stream.write(json.dumps(event, default=str) + "\n")

    def _result(self, event: str, result: t.Any) -> None:
        task = result._task
        self._write(
            event=event,
            host=result._host.get_name(),
            task=task.get_name(),
            action=task.action,
            result=result._result,
        )

    def v2_runner_on_ok(self, result: t.Any) -> None:
        """A task that did what it should."""
        self._result("ok", result)

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:
        """A task that failed."""
        self._result("failed", result)

    def v2_runner_on_skipped(self, result: t.Any) -> None:
        """A task that was skipped."""
        self._result("skipped", result)

    def v2_runner_on_unreachable(self, result: t.Any) -> None:
        """A host that was not reached."""
        self._result("unreachable", result)

    def v2_playbook_on_stats(self, stats: t.Any) -> None:
        """The end of the run."""
        self._write(
            event="stats",
            hosts={host: stats.summarize(host) for host in sorted(stats.processed)},
            handed_over=stats.custom.get("_run", {}),
        )
