# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the fake Windows node as a process of its own and talks to its control API.

Standard library only, so that any Python can drive it.
"""

from __future__ import annotations

import os
import sys
import typing as t
from pathlib import Path

from support.controlled_process import ControlledProcess

TESTS = Path(__file__).resolve().parents[1]
BUILD = TESTS.parent / ".build"
COLLECTIONS = BUILD / "collections"
Json = dict[str, t.Any]
Transport = t.Literal["winrm", "psrp"]
Account = t.Literal["administrator", "service_account"]


class WindowsNode(ControlledProcess):
    """A running node."""

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

    def existing(self, path: str) -> Json:
        """A file or directory that has to be there."""
        entry = self.file(path)
        if entry is None:
            raise AssertionError(f"there is no {path} on the node")
        return entry

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
    command = [python, "-m", "windows_node", "--directory", str(folder)]
    command += ["--collections", str(collections), "--cache", str(BUILD / "windows_node")]
    if certificates is not None:
        command += ["--certificates", os.fspath(certificates)]
    for name, value in (settings or {}).items():
        command += ["--set", f"{name}={value}"]
    environment = {"PYTHONPATH": str(TESTS), "LC_ALL": "C.UTF-8"}
    return WindowsNode.launch(folder, command, environment)


def fresh(node: WindowsNode) -> t.Iterator[WindowsNode]:
    """The node as it was started; afterwards, nothing it answered may be unknown to the
    documentation of the real modules."""
    node.reset()
    yield node
    undocumented = [task["undocumented"] for task in node.tasks(kind="module")]
    assert [complaint for found in undocumented for complaint in found] == []
