# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of playbooks whose hosts are the fake Windows node, and what they leave there."""

from __future__ import annotations

import base64
import dataclasses
import typing as t

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from playbooks.runs import Json, Run, Workplace
from support.windows_node import Transport, WindowsNode

SETUP = "qlikops.sense.jwt_setup"
LOCAL = r"C:\ProgramData\Qlik\Sense\Repository\Exported Certificates\.Local Certificates"


@dataclasses.dataclass(frozen=True)
class WindowsPlace:
    """The simulated site, its node over one of the plugins, and where to run playbooks."""

    workplace: Workplace
    node: WindowsNode
    transport: Transport

    def host(self, **more: t.Any) -> Json:
        """A host that is reached on Windows, with a virtual proxy to set up there."""
        inventory = self.node.inventory(self.transport)
        return {**inventory, **self.workplace.login(), "jwt_keypair_size": 2048, **more}

    def run(
        self, host: Json, *arguments: str, playbook: str | list[Json] = SETUP, **more: t.Any
    ) -> Run:
        """One run, from an empty log of the node."""
        self.node.clear_tasks()
        return self.workplace.run(playbook, *arguments, hosts={"central": host}, **more)

    def files(self) -> dict[str, str]:
        """Every file of the node by path, as a digest."""
        return {
            path: entry.get("sha256") or "directory"
            for path, entry in self.node.state()["files"].items()
        }

    def read(self, path: str) -> bytes:
        """The content of a file on the node."""
        return base64.b64decode(self.node.existing(path)["content"])

    def local(self, name: str) -> str:
        """A file of the exported certificates, as the node has it."""
        return self.read(f"{LOCAL}\\{name}").decode()

    def shown_arguments(self) -> bytes:
        """The arguments and answers of all tasks that were not hidden."""
        return "\n".join(
            repr(task) for task in self.node.tasks() if not task.get("no_log")
        ).encode()

    def left_on_controller(self) -> list[str]:
        """Files in the home of the runs: temporary ones, logs of nothing, caches."""
        home = self.workplace.directory / "home"
        return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


def thumbprint(certificate: str) -> str:
    """As Windows names a certificate."""
    loaded = x509.load_pem_x509_certificate(certificate.encode())
    return loaded.fingerprint(hashes.SHA1()).hex().upper()
