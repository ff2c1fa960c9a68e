# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of ansible-playbook as a user starts them, and what they leave behind."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import threading
import typing as t
from pathlib import Path

from support.simulator import Simulator

HERE = Path(__file__).resolve().parent
COLLECTIONS = HERE.parents[1] / ".build" / "collections"
#: A developer's settings would change what a run does.
FOREIGN = ("ANSIBLE_", "PYTHON", "QLIK_")

Json = dict[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Run:
    """A run that has ended. ``arguments`` are the command lines of its processes, when watched."""

    code: int
    output: str
    events: list[Json]
    arguments: set[bytes]

    @property
    def hosts(self) -> dict[str, dict[str, int]]:
        """The numbers of each host, as the recap has them."""
        numbers: dict[str, dict[str, int]] = self.events[-1]["hosts"]
        return numbers

    @property
    def changed(self) -> int:
        """How many tasks changed something, on all hosts."""
        return sum(numbers["changed"] for numbers in self.hosts.values())

    @property
    def handed_over(self) -> Json:
        """What ``set_stats`` set for the whole run: the part that ansible-runner gives to AWX."""
        given: Json = self.events[-1]["handed_over"]
        return given

    def results(self, task: str, host: str | None = None) -> list[Json]:
        """The results of the tasks whose name, without the role's, is ``task``."""
        return [
            event["result"]
            for event in self.events
            if event["event"] != "stats"
            and event["task"].rpartition(" : ")[2] == task
            and host in (None, event["host"])
        ]

    def result(self, task: str, host: str | None = None) -> Json:
        """The one result of a task."""
        (only,) = self.results(task, host)
        return only

    @property
    def failures(self) -> list[str]:
        """The messages of the tasks that failed."""
        return self.failed_on()

    def failed_on(self, host: str | None = None) -> list[str]:
        """The messages of the tasks that failed on a host, or on any."""
        return [
            item.get("msg", "")
            for event in self.events
            if event["event"] in ("failed", "unreachable") and host in (None, event["host"])
            for item in [event["result"], *event["result"].get("results", [])]
        ]

    @property
    def warnings(self) -> list[str]:
        """Warnings and deprecations, those in results and those on the screen."""
        found = [line for line in self.output.splitlines() if line.startswith(("[WARN", "[DEPR"))]
        for event in self.events:
            result = event.get("result", {})
            said = result.get("msg", "")
            lines = said if isinstance(said, list) else [str(said)]
            found += [line for line in lines if line.startswith("WARNING: ")]
            for item in [result, *result.get("results", [])]:
                found += [
                    str(entry)
                    for key in ("warnings", "deprecations")
                    for entry in item.get(key, [])
                ]
        return found

    def ok(self) -> Run:
        """Itself; an assertion with the whole output when the run failed."""
        assert self.code == 0, self.output
        return self

    def failed(self) -> Run:
        """Itself; an assertion with the whole output when the run did not fail."""
        assert self.code == 2, self.output
        return self


@dataclasses.dataclass(frozen=True)
class Workplace:
    """A directory to run playbooks in, and the simulated site they are for."""

    directory: Path
    simulator: Simulator

    @property
    def python(self) -> str:
        """The interpreter that has the libraries of the modules."""
        return sys.executable

    @property
    def key(self) -> Path:
        """Where the private key goes."""
        return self.directory / "jwt.key"

    def site(self, **more: t.Any) -> Json:
        """The variables of a host that stands for the simulated site."""
        certificates = self.simulator.certificates
        return {
            "qlik_host": self.simulator.host,
            "qlik_port": self.simulator.qrs_port,
            "qlik_client_cert_path": certificates["client_cert"],
            "qlik_client_key_path": certificates["client_key"],
            "qlik_ca_path": certificates["root"],
            "qlik_url": self.simulator.node()["url"],
            "jwt_keypair_private_key_path": str(self.key),
            "jwt_keypair_size": 2048,
            **more,
        }

    def login(self, **more: t.Any) -> Json:
        """The same, with a virtual proxy to set up and a user to log in with."""
        return self.site(
            **{
                "jwt_virtual_proxy_prefix": "portal",
                "jwt_virtual_proxy_jwt_attribute_user_id": "userId",
                "jwt_virtual_proxy_jwt_attribute_user_directory": "userDirectory",
                "jwt_verify_user_id": "jdoe",
                "jwt_verify_user_directory": "ACME",
                "jwt_verify_allow_user_creation": True,
                "jwt_verify_url_ca_path": self.simulator.proxy_ca,
                "jwt_verify_qps_port": self.simulator.node()["admin_port"],
                **more,
            }
        )

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a run: nothing of the developer's own, and a HOME in the directory."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(FOREIGN)}
        home = self.directory / "home"
        home.mkdir(exist_ok=True)
        return {
            **kept,
            "HOME": str(home),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]]),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "recorder",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_FORKS": "2",
            "PYTHONDONTWRITEBYTECODE": "1",
            "RECORDER_FILE": str(self.directory / "events.jsonl"),
            **more,
        }

    def run(
        self,
        playbook: str | list[Json],
        *arguments: str,
        hosts: t.Mapping[str, Json],
        others: t.Mapping[str, Json] | None = None,
        every: Json | None = None,
        environment: t.Mapping[str, str] | None = None,
        watch: bool = False,
    ) -> Run:
        """Run a playbook (by its name, or its plays) on ``hosts``, which are the group ``qlik``.

        ``others`` are hosts outside that group, ``every`` the variables of the group ``all``.
        """
        every_host = {
            "vars": every or {},
            "hosts": others or {},
            "children": {"qlik": {"hosts": hosts}},
        }
        inventory = self.save_inventory({"all": every_host})
        if not isinstance(playbook, str):
            (self.directory / "play.yml").write_text(json.dumps(playbook), encoding="utf-8")
            playbook = "play.yml"
        command = ["ansible-playbook", "-i", str(inventory), playbook, *arguments]
        return self.execute(command, environment=environment, watch=watch)

    def save_inventory(self, groups: Json) -> Path:
        """Write an inventory with these groups; its path."""
        inventory = self.directory / "inventory.yml"
        inventory.write_text(json.dumps(groups), encoding="utf-8")
        return inventory

    def shell(self, script: str, *, environment: t.Mapping[str, str] | None = None) -> Run:
        """Run a script as a reader who copies it from a page, up to a command that fails."""
        return self.execute(["bash", "-ec", script], environment=environment)

    def execute(
        self,
        command: list[str],
        *,
        environment: t.Mapping[str, str] | None = None,
        watch: bool = False,
    ) -> Run:
        """Run a command in the directory."""
        env = self.environment(**(environment or {}))
        events = Path(env["RECORDER_FILE"])
        events.unlink(missing_ok=True)
        process = subprocess.Popen(
            command,
            cwd=self.directory,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        with Watch(process.pid, active=watch) as watched:
            output, dummy = process.communicate(timeout=300)
        recorded = events.read_text(encoding="utf-8") if events.exists() else ""
        return Run(
            process.returncode,
            output.decode("utf-8", "replace"),
            [json.loads(line) for line in recorded.splitlines()],
            watched.seen,
        )


class Watch:
    """Collects the command lines and environments of all processes while a run goes on."""

    def __init__(self, pid: int, *, active: bool):
        self.seen: set[bytes] = set()
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True) if active else None

    def __enter__(self) -> Watch:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.01):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    self.seen.add((process / "cmdline").read_bytes())
                except OSError:
                    continue
