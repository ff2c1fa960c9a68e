# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of ansible-playbook against the fake Windows node, and the results of their tasks."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

from ansible.module_utils.ansible_release import __version__ as _version

from support.windows_node import COLLECTIONS, WindowsNode
from tools.checkout import ROOT

Json = dict[str, t.Any]
#: A developer's settings would change what a run does.
FOREIGN = ("ANSIBLE_", "PYTHON", "QLIK_")
#: The version of the ansible-core installed here.
ANSIBLE = tuple(int(part) for part in _version.split(".")[:2])


@dataclasses.dataclass(frozen=True)
class Play:
    """A run that has ended."""

    code: int
    output: str
    events: list[Json]

    def __call__(self, task: str, host: str) -> Json:
        """The result of a task on a host."""
        (only,) = (
            event["result"]
            for event in self.events
            if (event["task"], event["host"]) == (task, host)
        )
        return t.cast(Json, only)

    def verdicts(self, host: str) -> dict[str, tuple[bool, bool]]:
        """Of each task on a host: whether it changed something, whether it failed."""
        return {
            event["task"]: (bool(event["result"].get("changed")), event["event"] != "ok")
            for event in self.events
            if event["host"] == host
        }


@dataclasses.dataclass(frozen=True)
class Player:
    """Runs plays in a directory."""

    directory: Path
    node: WindowsNode

    def play(
        self,
        tasks: list[Json],
        *arguments: str,
        hosts: t.Mapping[str, Json] | None = None,
        **play: t.Any,
    ) -> Play:
        """Runs tasks on ``hosts``, by default one over winrm and one over psrp."""
        hosts = hosts or {name: self.node.inventory(name) for name in ("winrm", "psrp")}
        inventory = self.directory / "inventory.yml"
        inventory.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
        whole = [{"hosts": "all", "gather_facts": False, "tasks": tasks, **play}]
        (self.directory / "play.yml").write_text(json.dumps(whole), encoding="utf-8")
        events = self.directory / "events.jsonl"
        events.unlink(missing_ok=True)
        done = subprocess.run(
            [
                str(Path(sys.executable).parent / "ansible-playbook"),
                "-i",
                str(inventory),
                "play.yml",
                *arguments,
            ],
            cwd=self.directory,
            env=self._environment(events),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        lines = events.read_text(encoding="utf-8").splitlines() if events.exists() else []
        recorded = [json.loads(line) for line in lines]
        output = (done.stdout + done.stderr).decode("utf-8", "replace")
        return Play(done.returncode, output, [e for e in recorded if e["event"] != "stats"])

    def _environment(self, events: Path) -> dict[str, str]:
        kept = {n: v for n, v in os.environ.items() if not n.startswith(FOREIGN)}
        return {
            **kept,
            "HOME": str(self.directory),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests" / "playbooks" / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "recorder",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_FORKS": "2",
            "PYTHONDONTWRITEBYTECODE": "1",
            "RECORDER_FILE": str(events),
        }


def task(name: str, module: str, keywords: Json | None = None, /, **options: t.Any) -> Json:
    """A task by a module of ansible.windows, with keywords of the task's own."""
    full = module if "." in module else f"ansible.windows.{module}"
    return {"name": name, full: options, **(keywords or {})}
