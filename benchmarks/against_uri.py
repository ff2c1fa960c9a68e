# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A hundred virtual proxies by this collection and by the playbooks of uri that one would write.

All do the same, which the simulator's state proves. The times are those of the tasks: starting
ansible-playbook costs every side the same and is in none of them.
"""

from __future__ import annotations

import statistics
import typing as t

from benchmarks import wanted
from benchmarks.figures import Figure, columns, ratios
from benchmarks.workbench import BenchmarkError, Json, Workbench

COUNT = 100
RUNS = 5
OURS, ITEMS = "collection.yml", "uri_item_by_item.yml"
#: The site read once: each virtual proxy looked up in the answer, or all kept by their prefix.
LOOKED_UP, ONCE = "uri_look_up.yml", "uri_read_once.yml"
PING = "ping.yml"
#: What a server gives to every entity by itself.
_PASSING = {"id", "createdDate", "modifiedDate", "modifiedByUserName", "schemaPath"}

Times = dict[str, list[float]]


def measure_no_op(bench: Workbench) -> list[Figure]:
    """Nothing to do: the playbooks in turn on the site that the collection has set up.

    In one run of ansible-playbook a side comes twice, and the second time counts: the first time
    Ansible builds the archives that it sends, as in ``no_op``.
    """
    bench.simulator.reset()
    _run(bench, OURS)
    expected = _site(bench)
    bench.simulator.clear_requests()
    first: Times = {OURS: [], ONCE: []}
    times: Times = {OURS: [], ITEMS: [], LOOKED_UP: [], ONCE: [], PING: []}
    for dummy in range(RUNS):
        for playbooks in ((OURS, OURS, PING, PING), (ONCE, ONCE, LOOKED_UP, ITEMS)):
            seconds = _seconds(bench, *playbooks)
            first[playbooks[0]].append(seconds[0])
            for playbook, took in zip(playbooks[1:], seconds[1:], strict=True):
                times[playbook].append(took)
    times[PING] = times[PING][1::2]
    _expect(not _writes(bench), "a playbook wrote where nothing was to be done")
    _expect(_site(bench) == expected, "a playbook changed what was in order")
    alone = statistics.median(ratios(first[ONCE], first[OURS]))
    print(f"First in a run, archives to be built: site read once / collection {alone:.2f}")
    sides = (
        (ITEMS, "item by item", "≥", 40),
        (LOOKED_UP, "site read once", "≥", 6),
        (ONCE, "site read once, kept by prefix", "", None),
    )
    return [
        Figure(
            f"nothing to do for {COUNT}: {words} / collection",
            ratios(times[side], times[OURS]),
            sign,
            target,
            statistics.median(ratios(times[side], times[PING])),
            "were the collection's task a ping",
        )
        for side, words, sign, target in sides
    ]


def measure_creation(bench: Workbench) -> list[Figure]:
    """Creating and linking, each time from an empty site.

    Item by item does all that reading once does and asks a hundred times more, so it runs once,
    to show that it is not the better of the two.
    """
    times: Times = {OURS: [], ONCE: []}
    sites = []
    for dummy in range(RUNS):
        for playbook in times:
            times[playbook].append(_created(bench, playbook))
            sites.append(_site(bench))
    item_by_item = _created(bench, ITEMS)
    sites.append(_site(bench))
    _expect(all(site == sites[0] for site in sites), "the playbooks left different sites")
    _expect(len(sites[0]["linked"]) == COUNT + 1, "not every virtual proxy was linked")
    if item_by_item < min(times[ONCE]):
        raise BenchmarkError("item by item was the better one: measure it as often")
    slower = item_by_item / statistics.median(times[ONCE])
    rows = [(f"creating {COUNT}, item by item / site read once (1 run)", f"{slower:.2f}")]
    print(columns(rows))
    name = f"creating and linking {COUNT}: site read once / collection"
    return [Figure(name, ratios(times[ONCE], times[OURS]), "≥", 15)]


def _created(bench: Workbench, playbook: str) -> float:
    bench.simulator.reset()
    bench.simulator.clear_requests()
    seconds = _run(bench, playbook)
    writes = _writes(bench)
    _expect(len(writes) == COUNT + 1, f"{playbook} sent {len(writes)} writes")
    return seconds


def _run(bench: Workbench, playbook: str) -> float:
    (seconds,) = _seconds(bench, playbook)
    return seconds


def _seconds(bench: Workbench, *playbooks: str) -> list[float]:
    """How long the tasks of each playbook took, all in one run."""
    variables = {
        "repository_host": bench.simulator.host,
        "repository_port": bench.simulator.qrs_port,
        "client_cert": bench.simulator.certificates["client_cert"],
        "client_key": bench.simulator.certificates["client_key"],
        "ca": bench.simulator.certificates["root"],
        "wanted_options": wanted.many(COUNT),
        "wanted_entities": wanted.many_entities(COUNT),
    }
    plays = bench.run(*playbooks, variables=variables)
    return [sum(seconds for dummy, seconds in tasks) for tasks in plays]


def _writes(bench: Workbench) -> list[Json]:
    return [r for r in bench.simulator.requests(port="qrs") if r["method"] != "GET"]


def _site(bench: Workbench) -> Json:
    """Everything that matters about the virtual proxies and who serves them, without ids."""
    entities = bench.simulator.entities("virtualproxyconfig")
    names = {entity["id"]: entity["prefix"] for entity in entities}
    service = bench.simulator.entity("proxyservice", id=bench.simulator.node()["proxy_id"])
    return {
        "virtual_proxies": sorted(map(_lasting, entities), key=lambda item: str(item["prefix"])),
        "linked": sorted(str(names[i["id"]]) for i in service["settings"]["virtualProxies"]),
    }


def _lasting(entity: t.Any) -> t.Any:
    """The entity without what differs between two that are the same."""
    if isinstance(entity, dict):
        return {key: _lasting(value) for key, value in entity.items() if key not in _PASSING}
    if isinstance(entity, list):
        return [_lasting(item) for item in entity]
    return entity


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BenchmarkError(otherwise)
