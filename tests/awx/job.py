# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs as AWX starts them: a private data directory, sent through ansible-runner to a worker that
unpacks it elsewhere, runs the playbook and sends back what came out.

Written from ``awx/main/tasks/jobs.py``, ``receptor.py`` and ``callback.py``. The worker's directory
stands for ``/runner`` of an execution environment. Both directories are deleted after each job, and
so is the worker's home.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import typing as t
from collections.abc import Sequence
from pathlib import Path

import ansible_runner

from awx import launch
from awx.definitions import Json
from tools.checkout import ROOT

COLLECTIONS = ROOT / ".build" / "collections"
LIMIT = 300


@dataclasses.dataclass(frozen=True)
class Job:
    """A job that has ended: what AWX keeps of it, and nothing else."""

    status: str
    stdout: str
    events: list[Json]
    artifacts: Json
    environment: dict[str, str]
    extra_vars: Json
    files: dict[str, bytes]
    seconds: float

    @property
    def failures(self) -> str:
        """The messages of the tasks that failed."""
        return " ".join(
            str(item.get("msg", ""))
            for event in self.events
            if event["event"] in ("runner_on_failed", "runner_on_unreachable")
            for item in [
                event["event_data"]["res"],
                *event["event_data"]["res"].get("results", []),
            ]
        )

    @property
    def changed(self) -> int:
        """How many tasks changed something, on all hosts."""
        return sum(self.stats.get("changed", {}).values())

    @property
    def stats(self) -> dict[str, dict[str, int]]:
        """The numbers of the recap, each by host."""
        (found,) = [e["event_data"] for e in self.events if e["event"] == "playbook_on_stats"]
        return t.cast("dict[str, dict[str, int]]", found)

    @property
    def kept(self) -> bytes:
        """All that AWX keeps in its database, and what came back as files."""
        parts = [self.stdout, json.dumps([self.events, self.artifacts, self.environment])]
        parts.append(json.dumps(self.extra_vars))
        # The first holds the environment, of which AWX keeps the masked one above.
        others = [text for name, text in self.files.items() if name != "command"]
        return "".join(parts).encode() + b"".join(others)

    def ok(self) -> Job:
        """Itself; an assertion with the whole output when the job failed."""
        assert self.status == "successful", self.stdout
        return self

    def failed(self) -> Job:
        """Itself; an assertion with the whole output when the job did not fail."""
        assert self.status == "failed", self.stdout
        return self


class Awx:
    """A controller and its execution nodes, for jobs on one inventory."""

    def __init__(self, directory: Path, hosts: t.Mapping[str, Json]):
        self.hosts = dict(hosts)
        self.others: dict[str, Json] = {}
        #: What a container would show as /runner.
        self.runner = directory / "container" / "runner"
        self._controller = directory / "controller"
        self._controller.mkdir()
        self._numbers = itertools.count(1)

    def left(self) -> list[Path]:
        """What jobs left behind, on the controller and in the execution environment."""
        return [*self._controller.iterdir(), *self.runner.parent.parent.glob("container")]

    def run(
        self,
        template: Json,
        extra_vars: Json,
        credentials: Sequence[launch.Credential] = (),
        *,
        job_type: str = "run",
        limit: str = "",
        hosts: t.Mapping[str, Json] | None = None,
        canceled: t.Callable[[], bool] = lambda: False,
    ) -> Job:
        """Run a job and forget all that it had. ``hosts`` are those of a slice.

        The job is canceled as soon as ``canceled`` returns true. A timeout of AWX does the same.
        """
        for credential in credentials:
            credential.check_start()
        number = next(self._numbers)
        private = Path(tempfile.mkdtemp(prefix=f"awx_{number}_", dir=self._controller))
        try:
            return self._run(
                number, private, template, extra_vars, credentials, job_type, limit, hosts, canceled
            )
        finally:
            shutil.rmtree(private)
            shutil.rmtree(self.runner.parent, ignore_errors=True)

    def _run(
        self,
        number: int,
        private: Path,
        template: Json,
        extra_vars: Json,
        credentials: Sequence[launch.Credential],
        job_type: str,
        limit: str,
        hosts: t.Mapping[str, Json] | None,
        canceled: t.Callable[[], bool],
    ) -> Job:
        env_place = private / "env"
        for name in ("inventory", "env"):
            (private / name).mkdir()
        shutil.copytree(ROOT / "playbooks", private / "project" / "playbooks")
        meta = {"awx_job_id": number, "tower_job_id": number}
        variables = {**extra_vars, **meta}
        text = launch.extra_vars_file(variables, template.get("extra_vars", {}))
        _write(env_place / "extravars", text)
        arguments = ["--check"] if job_type == "check" else []
        arguments += ["-u", "root", *(["-l", limit] if limit else [])]
        environment = self._environment(number, private)
        for credential in credentials:
            injected = credential.inject(env_place, self.runner / "env")
            environment.update(injected.environment)
            arguments += injected.arguments
        _write(env_place / "cmdline", " ".join(arguments))
        settings = {"suppress_ansible_output": True, "suppress_output_file": True}
        _write(env_place / "settings", json.dumps(settings))
        _write(private / "inventory" / "hosts", self._inventory(hosts or self.hosts), 0o700)
        parameters = {
            "ident": str(number),
            "private_data_dir": str(private),
            "playbook": template["playbook"],
            "inventory": str(private / "inventory" / "hosts"),
            "suppress_env_files": True,
            "envvars": environment,
            "fact_cache_type": "",
        }
        return self._through_runner(private, parameters, variables, canceled)

    def _through_runner(
        self,
        private: Path,
        parameters: Json,
        extra_vars: Json,
        canceled: t.Callable[[], bool],
    ) -> Job:
        events: list[Json] = []
        starting: Json = {}
        begin = time.monotonic()
        payload, result = private.parent / "payload", private.parent / "result"
        try:
            with payload.open("wb") as output:
                ansible_runner.interface.run(streamer="transmit", _output=output, **parameters)
            self._work(payload, result, canceled)
            with result.open("rb") as come_back:
                runner = ansible_runner.interface.run(
                    streamer="process",
                    quiet=True,
                    _input=come_back,
                    event_handler=lambda event: _keep(events, event),
                    status_handler=lambda status, runner_config: starting.update(status),
                    **parameters,
                )
        finally:
            payload.unlink(missing_ok=True)
            result.unlink(missing_ok=True)
        artifacts = private / "artifacts" / parameters["ident"]
        return Job(
            status=runner.status,
            stdout="\n".join(event["stdout"] for event in events if event.get("stdout")),
            events=events,
            artifacts=next(
                (e["event_data"]["artifact_data"] for e in events if _has_artifacts(e)), {}
            ),
            environment=launch.safe_environment(starting.get("env", {})),
            extra_vars=extra_vars,
            files={p.name: p.read_bytes() for p in artifacts.rglob("*") if p.is_file()},
            seconds=time.monotonic() - begin,
        )

    def _work(self, payload: Path, result: Path, canceled: t.Callable[[], bool]) -> None:
        """What an execution node does, with nothing but what its image has."""
        home = self.runner.parent / "home"
        shown = home / ".ansible" / "collections"
        shown.parent.mkdir(parents=True)
        shown.symlink_to(COLLECTIONS, target_is_directory=True)
        program = Path(sys.executable).parent
        with payload.open("rb") as source, result.open("wb") as output:
            worker = subprocess.Popen(
                [
                    str(program / "ansible-runner"),
                    "worker",
                    f"--private-data-dir={self.runner}",
                    "--delete",
                ],
                stdin=source,
                stdout=output,
                env={
                    "HOME": str(home),
                    "LC_ALL": "C.UTF-8",
                    "PATH": os.pathsep.join([str(program), os.defpath]),
                    "PYTHONDONTWRITEBYTECODE": "1",
                },
            )
            # It ends as the playbook does; the stream says how that was.
            end_of(worker, canceled)

    def _environment(self, number: int, private: Path) -> dict[str, str]:
        """What every job gets."""
        collections = [str(self.runner / "requirements_collections"), "~/.ansible/collections"]
        return {
            "ANSIBLE_FORCE_COLOR": "True",
            "ANSIBLE_HOST_KEY_CHECKING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
            "ANSIBLE_RETRY_FILES_ENABLED": "False",
            "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(collections),
            "AWX_PRIVATE_DATA_DIR": str(private),
            "AWX_HOST": "https://awx.example.com",
            "INVENTORY_ID": "1",
            "JOB_ID": str(number),
            "MAX_EVENT_RES": "700000",
            "PROJECT_REVISION": "",
        }

    def _inventory(self, hosts: t.Mapping[str, Json]) -> str:
        """The script that AWX writes, which prints the inventory."""
        content = {
            "all": {"hosts": sorted(self.others), "children": ["qlik"]},
            "qlik": {"hosts": sorted(hosts)},
            "_meta": {"hostvars": {**hosts, **self.others}},
        }
        return f"#! /usr/bin/env python3\nprint({json.dumps(content)!r})\n"


def end_of(worker: subprocess.Popen[bytes], canceled: t.Callable[[], bool]) -> None:
    """Wait for a worker. What cancels a job sends it a signal, on which it stops the playbook."""
    limit = time.monotonic() + LIMIT
    told = False
    while worker.poll() is None:
        if time.monotonic() > limit:
            worker.kill()
            raise subprocess.TimeoutExpired(worker.args, LIMIT)
        if not told and canceled():
            worker.terminate()
            told = True
        time.sleep(0.1)


def _keep(events: list[Json], event: Json) -> bool:
    """AWX keeps events in its database, and no file of each."""
    events.append(event)
    return False


def _has_artifacts(event: Json) -> bool:
    return bool(event.get("event_data", {}).get("artifact_data"))


def _write(path: Path, text: str, mode: int = 0o600) -> None:
    path.touch(mode=mode)
    path.write_text(text, encoding="utf-8")
