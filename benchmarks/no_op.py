# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one task costs that finds nothing to do, beside the least that a task can cost."""

from __future__ import annotations

import statistics
import typing as t
from collections import defaultdict

from benchmarks import wanted
from benchmarks.figures import Figure, columns, ratios
from benchmarks.workbench import BenchmarkError, Json, Workbench

RUNS = 11
MANY = 200
PING, BARE, ONE, LIST = "ping", "two GETs", "qlik_virtual_proxy", "qlik_virtual_proxies"


def tasks(bench: Workbench) -> dict[str, Json]:
    """The tasks that are compared, by their name."""
    prefix = wanted.prefix(0)
    return {
        PING: {"ansible.builtin.ping": {}},
        BARE: {"two_gets": {**bench.site(), "prefix": prefix}},
        ONE: {"qlikops.sense.qlik_virtual_proxy": {**bench.site(), **wanted.options(prefix)}},
        LIST: {
            "qlikops.sense.qlik_virtual_proxies": {
                **bench.site(),
                "virtual_proxies": "{{ wanted_options }}",
            }
        },
    }


def measure(bench: Workbench) -> list[Figure]:
    """Run the tasks in turn, within one play, on a site where nothing is to be done.

    The first round does not count: in it Ansible builds the archives that it sends, once for each
    module in a run.
    """
    bench.simulator.reset()
    every = [{"name": name, **task} for name, task in tasks(bench).items()]
    # The list goes first, so that the single one finds its virtual proxy there.
    setup = {"name": "Set up", **tasks(bench)[LIST]}
    variables = {"wanted_options": wanted.many(MANY)}
    times = _by_name(bench.run_tasks([setup, *every * (RUNS + 1)], variables=variables))
    _check(bench)
    print(columns(_shown(times)))
    bare = statistics.median(ratios(times[BARE], times[PING]))
    reason = "two GETs with requests, and nothing else"
    return [
        Figure("no-op: one virtual proxy / ping", _of(times, ONE, PING), "≤", 1.8, bare, reason),
        Figure("no-op: one virtual proxy / two GETs", _of(times, ONE, BARE), "≤", 1.25),
        Figure(
            f"no-op: {MANY} virtual proxies / ping", _of(times, LIST, PING), "≤", 3, bare, reason
        ),
    ]


def _by_name(measured: t.Iterable[tuple[str, float]]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = defaultdict(list)
    for name, seconds in measured:
        times[name].append(seconds)
    return {name: rounds[1:] for name, rounds in times.items()}


def _of(times: dict[str, list[float]], side: str, other: str) -> list[float]:
    return ratios(times[side], times[other])


def _shown(times: dict[str, list[float]]) -> list[tuple[str, str]]:
    heading = [("a task that changes nothing", "pings")]
    return heading + [
        (name, f"{statistics.median(ratios(rounds, times[PING])):.2f}")
        for name, rounds in times.items()
        if rounds
    ]


def _check(bench: Workbench) -> None:
    """Only the setup may have written: each virtual proxy once, and the links."""
    writes = [r for r in bench.simulator.requests(port="qrs") if r["method"] != "GET"]
    if len(writes) != MANY + 1:
        raise BenchmarkError(f"{len(writes)} writes instead of {MANY + 1}")
