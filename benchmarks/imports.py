# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each module imports when it finds nothing to do, and what that costs.

Ansible sends a module as an archive, so the source of everything in it that is imported, Ansible's
own part included, is compiled in every task. Libraries are on the host, compiled.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import textwrap
import typing as t
from pathlib import Path

from benchmarks import wanted
from benchmarks.figures import Figure, columns
from benchmarks.workbench import BenchmarkError, Json, Workbench

RUNS = 3
_LINE = re.compile(r"import time:\s*(\d+) \|\s*\d+ \| +(\S+)")
_OWN = "ansible_collections.qlikops.sense.plugins."
_PARTS = ("Ansible", "requests", "cryptography", "jwt", "websockets", "own")
#: What requests brings along.
_WITH_REQUESTS = {"requests", "urllib3", "charset_normalizer", "chardet", "idna", "certifi"}


def tasks(bench: Workbench) -> dict[str, Json]:
    """A task for each module that changes nothing the second time."""
    site = bench.site()
    key = str(bench.directory / "jwt.key")
    certificate = str(bench.directory / "jwt.crt")
    prefix = wanted.prefix(0)
    portal = {
        **wanted.options(prefix),
        "jwt_certificate": f"{{{{ lookup('file', '{certificate}') }}}}",
    }
    who = {"user_id": "jdoe", "user_directory": "ACME"}
    return {
        "qlik_keypair": {
            "private_key_path": key,
            "certificate_path": certificate,
            "common_name": "portal",
            "size": 2048,
        },
        "qlik_jwt_token": {
            **who,
            "private_key_path": key,
            "lifetime": 86400,
            "path": str(bench.directory / "token"),
        },
        "qlik_virtual_proxy": {**site, **portal},
        "qlik_virtual_proxies": {**site, "virtual_proxies": [portal]},
        "qlik_virtual_proxy_info": {**site, "prefix": prefix},
        "qlik_proxy_service": {**site, "proxies": "central", "max_header_size_bytes": 32768},
        "qlik_user": {**site, "directory": "ACME", "id": "jdoe", "name": "J. Doe"},
        "qlik_jwt_probe": {
            **site,
            **who,
            "url": bench.simulator.node()["url"],
            "url_ca_path": bench.simulator.proxy_ca,
            "qps_port": bench.simulator.node()["admin_port"],
            "prefix": prefix,
            "private_key_path": key,
            # Each run opens a session, and the licence of the simulated user has few.
            "fail_on": "never",
        },
    }


def measure(bench: Workbench) -> list[Figure]:
    """Print who imports what; there is no target in it."""
    bench.simulator.reset()
    heading = ("module", "own files", "own", *_PARTS[1:-1])
    rows: list[tuple[str, ...]] = [heading]
    names: list[str] = []
    for module, options in tasks(bench).items():
        payload = bench.payload({f"qlikops.sense.{module}": options})
        found = imported(payload)
        own = [name.removeprefix(_OWN) for name in found if name.startswith(_OWN)]
        costs = _costs(found)
        shares = [
            f"{costs[part] / costs['Ansible']:.2f}" if costs[part] else "–" for part in _PARTS
        ]
        rows.append((module, str(len(own)), shares[-1], *shares[1:-1]))
        short = ", ".join(sorted(name.removeprefix("module_utils.") for name in own))
        names.append(textwrap.fill(f"{module}: {short}", 100, subsequent_indent="    "))
    print("Times as parts of what Ansible's own share of the archive takes.\n")
    print(columns(rows))
    print("\nThe own files that are imported when nothing is to be done:\n")
    print("\n".join(names))
    return []


def imported(payload: Path) -> dict[str, int]:
    """The modules that a run of the archive imports, with their own microseconds at best."""
    best: dict[str, int] = {}
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    for dummy in range(RUNS):
        command = [sys.executable, "-X", "importtime", str(payload)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchmarkError(f"{payload.name} failed: {done.stdout}")
        for cost, name in _LINE.findall(done.stderr):
            best[name] = min(int(cost), best.get(name, int(cost)))
    # A package of ours is nothing but a directory.
    packages = {name.rpartition(".")[0] for name in best if name.startswith("ansible_collections")}
    return {name: cost for name, cost in best.items() if name not in packages}


def _costs(found: t.Mapping[str, int]) -> dict[str, int]:
    costs = dict.fromkeys(_PARTS, 0)
    for name, cost in found.items():
        part = _part(name)
        if part:
            costs[part] += cost
    return costs


def _part(name: str) -> str | None:
    top = name.partition(".")[0]
    if name.startswith(_OWN):
        return "own"
    if top == "ansible":
        return "Ansible"
    if top in _WITH_REQUESTS:
        return "requests"
    return top if top in _PARTS and importlib.util.find_spec(top) else None
