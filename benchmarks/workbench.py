# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ansible-playbook as users do, and tells how long its tasks took."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

from support.simulator import Simulator

HERE = Path(__file__).resolve().parent
COLLECTIONS = HERE.parent / ".build" / "collections"
#: A developer's settings would change what a run costs.
FOREIGN = ("ANSIBLE_", "PYTHON", "QLIK_")
#: One virtual proxy needs no more; the same for whoever is measured.
FORKS = "5"

Json = dict[str, t.Any]
#: Tasks by name, with their seconds, in order.
Times = list[tuple[str, float]]


class BenchmarkError(Exception):
    """A side did not do what it should: its time means nothing."""


@dataclasses.dataclass(frozen=True)
class Workbench:
    """A directory to run playbooks in, and the simulated site they are for."""

    directory: Path
    simulator: Simulator

    def site(self) -> Json:
        """The options that lead a module to the repository."""
        certificates = self.simulator.certificates
        return {
            "host": self.simulator.host,
            "port": self.simulator.qrs_port,
            "client_cert_path": certificates["client_cert"],
            "client_key_path": certificates["client_key"],
            "ca_path": certificates["root"],
        }

    def run(
        self,
        *playbooks: str,
        variables: Json | None = None,
        hosts: Json | None = None,
        environment: dict[str, str] | None = None,
    ) -> list[Times]:
        """Run playbooks one after the other: of each its tasks and their seconds, in order.

        ``hosts`` are those of the inventory; by default one, with ``variables``.

        The start of ansible-playbook, the same for every side, is in none of them.
        """
        inventory = self.directory / "inventory.yml"
        inventory.write_text(
            json.dumps(_inventory(hosts or {"site": variables or {}})), encoding="utf-8"
        )
        times = self.directory / "times.json"
        times.unlink(missing_ok=True)
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        done = subprocess.run(
            [program, "-i", str(inventory), *(str(HERE / "playbooks" / n) for n in playbooks)],
            cwd=self.directory,
            env={**self._environment(times), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode != 0 or not times.exists():
            said = done.stdout.decode("utf-8", "replace")[-4000:]
            raise BenchmarkError(f"{playbooks} ended with {done.returncode}:\n{said}")
        plays: list[Times] = json.loads(times.read_text("utf-8"))
        return plays

    def run_tasks(self, tasks: list[Json], **how: t.Any) -> Times:
        """Run tasks as one play: their seconds, in order; ``how`` is as for ``run``."""
        path = self.directory / "play.yml"
        play = {"hosts": "all", "gather_facts": False, "tasks": tasks}
        path.write_text(json.dumps([play]), encoding="utf-8")
        (times,) = self.run(str(path), **how)
        return times

    def payload(self, task: Json) -> Path:
        """The file that Ansible sends for a task: the module in its archive, ready to be run."""
        remote = self.directory / "remote"
        shutil.rmtree(remote, ignore_errors=True)
        keep = {"ANSIBLE_REMOTE_TEMP": str(remote), "ANSIBLE_KEEP_REMOTE_FILES": "1"}
        self.run_tasks([{"name": "It", **task}], environment=keep)
        (found,) = remote.glob("*/AnsiballZ_*.py")
        return found

    def _environment(self, times: Path) -> dict[str, str]:
        kept = {n: v for n, v in os.environ.items() if not n.startswith(FOREIGN)}
        home = self.directory / "home"
        home.mkdir(exist_ok=True)
        return {
            **kept,
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_LIBRARY": str(HERE / "library"),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "stopwatch",
            "ANSIBLE_LOCAL_TEMP": str(home / "local"),
            "ANSIBLE_REMOTE_TEMP": str(home / "remote"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_FORKS": FORKS,
            "PYTHONDONTWRITEBYTECODE": "1",
            "STOPWATCH_FILE": str(times),
        }


def _inventory(hosts: Json) -> Json:
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    return {"qlik": {"hosts": {name: {**here, **own} for name, own in hosts.items()}}}
