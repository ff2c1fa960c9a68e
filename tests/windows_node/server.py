# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts the parts together: world, ports, certificate for TLS, ready file."""

from __future__ import annotations

import dataclasses
import json
import os
import ssl
import typing as t
from pathlib import Path

from . import control, documentation, tls
from .http_server import HOST, LoopbackServer
from .modules import MODELS
from .settings import Settings
from .world import World
from .wsman import endpoint


@dataclasses.dataclass(frozen=True)
class Options:
    """What the command line says; ports are 0 for any free one."""

    directory: Path
    ready_file: Path
    settings: Settings
    certificates: Path | None = None
    collections: str | None = None
    cache: Path | None = None
    http_port: int = 0
    https_port: int = 0
    control_port: int = 0


class Server:
    """A running node."""

    def __init__(self, options: Options):
        self._options = options
        options.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = documentation.load(
            MODELS, cache=options.cache or options.directory, collections=options.collections
        )
        self._world = World(options.settings, known, options.certificates)
        self._certificate = options.directory / "winrm.pem"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls.make(self._certificate))
        shells = endpoint.Shells(self._world)
        self._servers: dict[str, LoopbackServer] = {
            "http": endpoint.start(shells, options.http_port, None),
            "https": endpoint.start(shells, options.https_port, context),
            "control": control.start(self._world, options.control_port),
        }

    def announce(self) -> None:
        """Writes the ready file, at once and for its owner alone: it holds the passwords."""
        path = self._options.ready_file
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_text(json.dumps(self._ready(), indent=2) + "\n")
        temporary.replace(path)

    def stop(self) -> None:
        """Removes the ready file and gives the ports up."""
        self._options.ready_file.unlink(missing_ok=True)
        for server in self._servers.values():
            server.stop()

    def _ready(self) -> dict[str, t.Any]:
        world, node = self._world, self._world.node
        return {
            "pid": os.getpid(),
            "host": HOST,
            "http_port": self._servers["http"].port,
            "https_port": self._servers["https"].port,
            "control_url": f"http://{HOST}:{self._servers['control'].port}",
            "ca": str(self._certificate),
            "administrator": {
                "user": node.administrator.name,
                "password": world.administrator_password,
            },
            "service_account": {
                "user": node.service_account.name,
                "password": world.service_password,
            },
        }
