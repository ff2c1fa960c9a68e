# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the site simulator as a process of its own and talks to its control API.

Standard library only, so that any Python can drive it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t
from pathlib import Path

from support.controlled_process import ControlledProcess

SIMULATOR_PATH = Path(__file__).resolve().parents[1] / "simulator"
Json = dict[str, t.Any]


class Simulator(ControlledProcess):
    """A running simulator."""

    def __init__(self, process: subprocess.Popen[bytes], ready: Json):
        super().__init__(process, ready)
        self.host: str = ready["host"]
        self.qrs_port: int = ready["qrs_port"]
        self.qrs_url: str = ready["qrs_url"]
        self.certificates: dict[str, str] = ready["certificates"]
        self.proxy_ca: str = ready["proxy_ca"]
        self.nodes: list[Json] = ready["nodes"]

    def node(self, name: str = "Central") -> Json:
        """The entry of the ready file for a node."""
        return next(node for node in self.nodes if node["name"] == name)

    def state(self) -> Json:
        """Entities, sessions, restarts, switches."""
        return t.cast(Json, self.call("GET", "/state"))

    def restarts(self) -> dict[str, int]:
        """How often each proxy service restarted since the last reset, by the name of its node."""
        counts = self.state()["restarts"]
        names = {node["proxy_id"]: node["name"] for node in self.nodes}
        return {names[key]: count for key, count in counts.items() if count}

    def requests(self, **where: t.Any) -> list[Json]:
        """The request log, or the entries of it whose keys have these values."""
        return _where(self.call("GET", "/requests"), where)

    def clear_requests(self) -> None:
        """Empties the request log."""
        self.call("DELETE", "/requests")

    def reset(
        self,
        *,
        release: str = "current",
        switches: t.Mapping[str, t.Any] | None = None,
        nodes: t.Sequence[str] | None = None,
    ) -> None:
        """Back to a fresh site with the same ports and certificates."""
        order: Json = {"release": release, "switches": dict(switches or {})}
        if nodes is not None:
            order["nodes"] = list(nodes)
        self.call("POST", "/reset", order)

    def seed(self, **entities: t.Any) -> Json:
        """Creates entities without validation: ``seed(virtualproxyconfig=[{…, "link": […]}])``."""
        return t.cast(Json, self.call("POST", "/seed", entities))

    def patch(self, entity_type: str, entity_id: str, change: t.Mapping[str, t.Any]) -> Json:
        """Merges a change into an entity, dates untouched; the full entity."""
        path = f"/entities/{entity_type}/{entity_id}"
        return t.cast(Json, self.call("PATCH", path, dict(change)))

    def delete(self, entity_type: str, entity_id: str) -> None:
        """Removes an entity."""
        self.call("DELETE", f"/entities/{entity_type}/{entity_id}")

    def switch(self, **values: t.Any) -> Json:
        """Sets switches; all values then in force."""
        return t.cast(Json, self.call("PUT", "/switches", values))

    def fault(self, **order: t.Any) -> None:
        """Orders a fault: ``fault(port="qrs", method="PUT", path="…", action="status",
        status=409)``."""
        self.call("POST", "/faults", [order])

    def clear_faults(self) -> None:
        """Forgets all faults."""
        self.call("DELETE", "/faults")

    def entities(self, entity_type: str, **where: t.Any) -> list[Json]:
        """The full entities of a type whose properties have these values."""
        return _where(self.state()["entities"][entity_type], where)

    def entity(self, entity_type: str, **where: t.Any) -> Json:
        """The one entity of which that holds; LookupError when there is none, or more."""
        found = self.entities(entity_type, **where)
        if len(found) != 1:
            raise LookupError(f"{len(found)} entities of {entity_type} match {where}")
        return found[0]


def start(
    directory: str | os.PathLike[str],
    *,
    release: str | None = "current",
    switches: t.Mapping[str, t.Any] | None = None,
    nodes: t.Sequence[str] = ("Central",),
    python: str = sys.executable,
    arguments: t.Sequence[str] = (),
) -> Simulator:
    """Starts a simulator with its files in ``directory`` and waits until it is ready.

    ``python`` needs aiohttp, cryptography and PyJWT; ``arguments`` are more of its options.
    """
    folder = Path(directory)
    command = [python, "-m", "qlik_simulator", "--directory", str(folder)]
    command += ["--nodes", ",".join(nodes)]
    command += ["--release", release] if release else []
    for name, value in (switches or {}).items():
        command += ["--switch", f"{name}={value}"]
    return Simulator.launch(folder, [*command, *arguments], {"PYTHONPATH": str(SIMULATOR_PATH)})


def _where(items: list[Json], where: t.Mapping[str, t.Any]) -> list[Json]:
    return [item for item in items if all(item.get(k) == v for k, v in where.items())]
