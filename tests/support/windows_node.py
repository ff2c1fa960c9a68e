# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the fake Windows node as a process of its own and talks to its control API.

Standard library only, so that any Python can drive it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import typing as t
import urllib.error
import urllib.request
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
BUILD = TESTS.parent / ".build"
COLLECTIONS = BUILD / "collections"
_START_SECONDS = 60
_STOP_SECONDS = 10
Json = dict[str, t.Any]
Transport = t.Literal["winrm", "psrp"]
Account = t.Literal["administrator", "service_account"]


class WindowsNodeError(Exception):
    """The node did not start, or refused an order."""


class WindowsNode:
    """A running node; as a context manager it is stopped at the end.

    ``ready`` is the content of its ready file.
    """

    def __init__(self, process: subprocess.Popen[bytes], ready: Json):
        self._process = process
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.ready = ready
        self.pid: int = ready["pid"]
        self.control_url: str = ready["control_url"]

    def __enter__(self) -> t.Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def inventory(
        self,
        transport: Transport,
        *,
        account: Account = "administrator",
        scheme: t.Literal["https", "http"] = "https",
    ) -> Json:
        """The variables of a host that reaches the node by a connection plugin of Ansible's."""
        who = self.ready[account]
        common: Json = {
            "ansible_connection": transport,
            "ansible_host": self.ready["host"],
            "ansible_port": self.ready[f"{scheme}_port"],
            "ansible_user": who["user"],
            "ansible_password": who["password"],
        }
        if transport == "winrm":
            return common | {
                "ansible_winrm_scheme": scheme,
                "ansible_winrm_transport": "basic",
                "ansible_winrm_ca_trust_path": self.ready["ca"],
                # Not through a web proxy that the environment names.
                "ansible_winrm_proxy": None,
            }
        return common | {
            "ansible_psrp_protocol": scheme,
            "ansible_psrp_auth": "basic",
            "ansible_psrp_ca_cert": self.ready["ca"],
            "ansible_psrp_message_encryption": "never",
            "ansible_psrp_ignore_proxy": True,
        }

    def become(self, account: Account = "service_account") -> Json:
        """The variables that let a task run as one of the two users who can log in."""
        who = self.ready[account]
        return {
            "ansible_become": True,
            "ansible_become_method": "runas",
            "ansible_become_user": who["user"],
            "ansible_become_password": who["password"],
        }

    def state(self) -> Json:
        """Files by path, certificate stores, accounts, services."""
        return t.cast(Json, self.call("GET", "/state"))

    def file(self, path: str) -> Json | None:
        """A file or directory of the state, by its path as Windows compares it."""
        wanted = path.replace("/", "\\").lower()
        files: dict[str, Json] = self.state()["files"]
        return next((entry for name, entry in files.items() if name.lower() == wanted), None)

    def store(self, location: str, name: str = "My", account: str = "") -> list[Json]:
        """The certificates of a store; ``account`` is a user's name, or a service's."""
        return [
            certificate
            for store in self.state()["stores"]
            if (store["location"], store["name"]) == (location, name)
            and store["account"].rpartition("\\")[2] == account
            for certificate in store["certificates"]
        ]

    def tasks(self, **where: t.Any) -> list[Json]:
        """What was asked, or the entries of it whose keys have these values."""
        found: list[Json] = self.call("GET", "/tasks")
        return [task for task in found if all(task.get(k) == v for k, v in where.items())]

    def written(self, path: str) -> list[Json]:
        """Each time a file was written: ``sha256``, and the SIDs of those who could read it at
        that moment as ``readers``."""
        wanted = path.replace("/", "\\").lower()
        return [
            written
            for task in self.tasks()
            for written in task.get("written", ())
            if written["path"].lower() == wanted
        ]

    def clear_tasks(self) -> None:
        """Forgets what was asked."""
        self.call("DELETE", "/tasks")

    def seed(self, **order: t.Any) -> Json:
        """Puts ``files`` and ``certificates`` there, ``remove``s paths; the state then."""
        return t.cast(Json, self.call("POST", "/seed", order))

    def reset(self, **settings: t.Any) -> None:
        """A fresh node with the settings it was started with, but for these."""
        self.call("POST", "/reset", settings)

    def fault(self, action: str, **order: t.Any) -> None:
        """Orders a failure: ``fault("drop_after", nth=2, module="win_file")``."""
        self.call("POST", "/faults", [{"action": action, **order}])

    def clear_faults(self) -> None:
        """Forgets all failures to come."""
        self.call("DELETE", "/faults")

    def call(self, method: str, path: str, body: t.Any = None) -> t.Any:
        """One call of the control API; WindowsNodeError with its explanation when it refuses."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.control_url + path, data, method=method)
        try:
            with self._opener.open(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            raise WindowsNodeError(f"{method} {path}: {error.code} {text}") from None

    def stop(self) -> None:
        """Ends the process; by force when it does not obey."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def start(
    directory: str | os.PathLike[str],
    *,
    certificates: str | os.PathLike[str] | None = None,
    settings: t.Mapping[str, t.Any] | None = None,
    collections: str | os.PathLike[str] = COLLECTIONS,
    python: str = sys.executable,
) -> WindowsNode:
    """Starts a node with its files in ``directory`` and waits until it is ready.

    ``certificates`` is the directory of a site simulator; ``python`` needs ansible-core,
    cryptography and psrpcore.
    """
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    ready_file = folder / "ready.json"
    ready_file.unlink(missing_ok=True)
    command = [python, "-m", "windows_node", "--directory", str(folder)]
    command += ["--ready-file", str(ready_file), "--collections", str(collections)]
    command += ["--cache", str(BUILD / "windows_node")]
    if certificates is not None:
        command += ["--certificates", os.fspath(certificates)]
    for name, value in (settings or {}).items():
        command += ["--set", f"{name}={value}"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "LC_ALL": "C.UTF-8"}
    with (folder / "windows_node.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        return WindowsNode(process, _wait(process, ready_file, folder / "windows_node.log"))
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()
        raise


def _wait(process: subprocess.Popen[bytes], ready_file: Path, log: Path) -> Json:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if ready_file.exists():
            return t.cast(Json, json.loads(ready_file.read_text()))
        if process.poll() is not None:
            text = log.read_text(errors="replace")
            raise WindowsNodeError(f"ended with status {process.returncode}: {text}")
        time.sleep(0.02)
    raise WindowsNodeError(f"not ready after {_START_SECONDS} seconds: {log.read_text()}")
