# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook jwt_setup with nothing to do, beside a play with the same three modules.

Both sides have the same options, forks, and hosts, and run in turn. Each host is a simulated site
of its own. The time is that of the tasks, without the start of ansible-playbook.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from benchmarks.figures import Figure, columns, ratios
from benchmarks.workbench import BenchmarkError, Json, Times, Workbench

from support.simulator import Simulator, start

RUNS = 5
TARGETS = {1: 1.25, 5: 1.3, 20: 1.4}
HEADINGS = 15
SETUP, VERIFY, REPORT, PLAIN = "jwt_setup", "jwt_verify", "jwt_report", "three modules"
PLAYBOOKS = Path(__file__).resolve().parents[1] / "playbooks"
CLAIMS = {"user_id": "userId", "user_directory": "userDirectory"}
USER = {"user_id": "jdoe", "user_directory": "ACME"}


def measure(bench: Workbench) -> list[Figure]:
    """The ratios for each number of sites."""
    figures = []
    for count, target in TARGETS.items():
        with contextlib.ExitStack() as stack:
            sites = [
                stack.enter_context(start(bench.directory / f"setup-{count}-{number}"))
                for number in range(count)
            ]
            figures += _of_sites(bench, sites, target)
    return figures


def _of_sites(bench: Workbench, sites: list[Simulator], target: float) -> list[Figure]:
    count = len(sites)
    hosts = {f"site{number:02}": _variables(bench, site) for number, site in enumerate(sites)}
    plain = [{"name": name, **task} for name, task in _tasks().items()]

    def setup(name: str = SETUP) -> Times:
        plays = bench.run(str(PLAYBOOKS / f"{name}.yml"), hosts=hosts)
        return [task for play in plays for task in play]

    setup()
    for site in sites:
        site.clear_requests()
    sides: dict[str, list[Times]] = {SETUP: [], PLAIN: [], VERIFY: [], REPORT: []}
    for _run in range(RUNS):
        sides[SETUP].append(setup())
        sides[PLAIN].append(bench.run_tasks(plain, hosts=hosts))
    if count == 1:
        sides[VERIFY].append(setup(VERIFY))
        sides[REPORT].append(setup(REPORT))
    if any(_writes(site) for site in sites):
        raise BenchmarkError("a side wrote where nothing was to be done")
    seconds = {
        name: [sum(s for dummy, s in times) for times in runs] for name, runs in sides.items()
    }
    print(columns(_shown(count, sides, seconds)))
    name = f"nothing to do: jwt_setup / three modules, {count} site{'s' if count > 1 else ''}"
    figures = [Figure(name, ratios(seconds[SETUP], seconds[PLAIN]), "≤", target)]
    if count == 1:
        headings = [float(len(times)) for times in sides[SETUP]]
        figures.append(Figure("headings of jwt_setup", headings, "≤", HEADINGS))
    return figures


def _shown(
    count: int, sides: dict[str, list[Times]], seconds: dict[str, list[float]]
) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (f"{count} site{'s' if count > 1 else ''}", "tasks", "three modules")
    ]
    plain = sorted(seconds[PLAIN])[len(seconds[PLAIN]) // 2]
    rows += [
        (name, str(len(runs[0])), f"{min(seconds[name]) / plain:.2f}")
        for name, runs in sides.items()
        if runs
    ]
    return rows


def _writes(site: Simulator) -> list[Json]:
    return [r for r in site.requests(port="qrs") if r["method"] != "GET"]


def _variables(bench: Workbench, site: Simulator) -> Json:
    """What a user sets for a site."""
    node = site.node()
    here = Workbench(bench.directory, site).site()
    key = bench.directory / f"{site.qrs_port}.key"
    return {
        **{f"qlik_{name}": value for name, value in here.items()},
        "qlik_url": node["url"],
        "jwt_keypair_private_key_path": str(key),
        "jwt_virtual_proxy_prefix": "portal",
        **{f"jwt_virtual_proxy_jwt_attribute_{name}": claim for name, claim in CLAIMS.items()},
        "jwt_virtual_proxy_host_allow_list": [site.host],
        **{f"jwt_verify_{name}": value for name, value in USER.items()},
        "jwt_verify_allow_user_creation": True,
        # Sessions of the engine last for minutes, and a user has few.
        "jwt_verify_checks": ["session", "identity", "negative"],
        "jwt_verify_url_ca_path": site.proxy_ca,
        "jwt_verify_qps_port": node["admin_port"],
    }


def _tasks() -> dict[str, Json]:
    """The same work as three tasks."""
    connection = {
        name: "{{ qlik_" + name + " }}"
        for name in ("host", "port", "client_cert_path", "client_key_path", "ca_path")
    }
    return {
        "Ensure the key pair": {
            "qlikops.sense.qlik_keypair": {
                "private_key_path": "{{ jwt_keypair_private_key_path }}"
            },
            "register": "pair",
        },
        "Ensure the virtual proxy": {
            "qlikops.sense.qlik_virtual_proxies": {
                **connection,
                "virtual_proxies": [
                    {
                        "prefix": "{{ jwt_virtual_proxy_prefix }}",
                        "jwt_certificate": "{{ pair.certificate }}",
                        **{f"jwt_attribute_{name}": claim for name, claim in CLAIMS.items()},
                        "host_allow_list": "{{ jwt_virtual_proxy_host_allow_list }}",
                    }
                ],
            },
        },
        "Log in": {
            "qlikops.sense.qlik_jwt_probe": {
                **connection,
                "url": "{{ qlik_url }}",
                "prefix": "{{ jwt_virtual_proxy_prefix }}",
                "private_key_path": "{{ jwt_keypair_private_key_path }}",
                **USER,
                "checks": "{{ jwt_verify_checks }}",
                **{f"{name}_claim": claim for name, claim in CLAIMS.items()},
                "allow_user_creation": True,
                "url_ca_path": "{{ jwt_verify_url_ca_path }}",
                "qps_port": "{{ jwt_verify_qps_port }}",
            },
        },
    }
