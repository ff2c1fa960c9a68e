# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The conformance check with a fault at every request, and interrupted at every request.

Afterwards a second run leaves nothing behind, and nothing else was touched.
"""

from __future__ import annotations

import importlib
import typing as t
from unittest import mock

import pytest

from crash.faults import FAULTS, SLOW
from support.case import content
from support.conformance_check import Check, quick_time
from support.module_runner import Result
from support.simulator import Simulator

TRANSPORT = importlib.import_module(
    "ansible_collections.qlikops.sense.plugins.module_utils._http.transport"
).RequestsTransport
QUICK = [kind for kind in FAULTS if kind not in SLOW]
LEVELS = ("write", "login")
#: A run of level login restarts proxies, so in `make test` only the other level meets faults.
SOME_LEVELS = ("write", pytest.param("login", marks=pytest.mark.long))
Json = dict[str, t.Any]


@pytest.fixture
def check(site: Simulator) -> Check:
    """A site with entities of others."""
    site.reset(nodes=["Central"])
    site.seed(
        virtualproxyconfig=[{"prefix": "portal", "description": "theirs", "link": ["Central"]}],
        user=[{"userDirectory": "ACME", "userId": "anna"}],
        tag=[{"name": "theirs"}],
    )
    site.clear_requests()
    return Check(site)


def judge(check: Check, before: Json, result: Result) -> list[str]:
    """What is wrong with a run that met a fault, and with the run after it."""
    wrong = []
    if result.get("failed") and not (0 < len(result["msg"]) < 1500):
        wrong.append(f"message: {result.get('msg')}")
    if others(check) != before:
        wrong.append("others were touched")
    found = result.get("conformance", {})
    if leftovers(check) and not (
        result.get("failed") and (found.get("left") or "again" in result["msg"])
    ):
        wrong.append(f"left without a word: {leftovers(check)}")
    with quick_time():
        again = check.run("write", allow_restart=True)
    if again.get("failed"):
        wrong.append(f"second run: {again['msg']}")
    if leftovers(check):
        wrong.append(f"left after the second run: {leftovers(check)}")
    if others(check) != before:
        wrong.append("others were touched by the second run")
    return wrong


def others(check: Check) -> Json:
    """All that is not the check's own, without dates."""
    entities = check.site.state()["entities"]
    own = {e["id"] for e in leftovers(check)}
    found = {kind: [e for e in items if e["id"] not in own] for kind, items in entities.items()}
    for service in found["proxyservice"]:
        links = service["settings"]["virtualProxies"]
        service["settings"]["virtualProxies"] = [i for i in links if i["id"] not in own]
    return t.cast(Json, content(found))


def leftovers(check: Check) -> list[Json]:
    """What a run left behind."""
    entities = check.site.state()["entities"]
    return [
        *(e for e in entities["virtualproxyconfig"] if "qlikops" in e["prefix"].lower()),
        *(e for e in entities["user"] if "qlikops" in e["userDirectory"].lower()),
        *(e for e in entities["tag"] if "conformance" in e["name"]),
    ]


def requests_of(check: Check, level: str) -> int:
    """How many requests a run sends."""
    check.done(level)
    number = len(check.site.requests())
    check.site.clear_requests()
    return number


def with_fault(check: Check, level: str, kind: str, number: int) -> list[str]:
    """Try one fault at the request of that number, counted over all ports."""
    before = others(check)
    check.site.fault(nth=number, **FAULTS[kind])
    with quick_time():
        result = check.run(level, retries=1, timeout=1 if kind in SLOW else 20)
    check.site.clear_faults()
    return [f"{kind} at {number}: {fault}" for fault in judge(check, before, result)]


@pytest.mark.parametrize("level", SOME_LEVELS)
def test_some_faults(check: Check, level: str) -> None:
    count = requests_of(check, level)
    wrong = []
    for turn, number in enumerate(range(2, count + 1, count // 3)):
        wrong += with_fault(check, level, QUICK[turn * 7 % len(QUICK)], number)
    assert wrong == []


@pytest.mark.long
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("kind", FAULTS)
def test_faults_at_every_request(check: Check, level: str, kind: str) -> None:
    """Each request meets some kinds of faults, and each kind meets requests of all steps."""
    count = requests_of(check, level)
    kinds = len(FAULTS) // 2
    wrong = []
    for number in range(1 + [*FAULTS].index(kind) % kinds, count + 1, kinds):
        wrong += with_fault(check, level, kind, number)
    assert wrong == []


def interrupted(check: Check, level: str, number: int, *, before_it: bool) -> list[str]:
    """Ctrl-C before or after the request of that number is sent."""
    before = others(check)
    send = TRANSPORT.send
    sent = 0

    def interrupt(self: t.Any, *arguments: t.Any, **more: t.Any) -> t.Any:
        nonlocal sent
        sent += 1
        if sent == number and before_it:
            raise KeyboardInterrupt
        response = send(self, *arguments, **more)
        if sent == number:
            raise KeyboardInterrupt
        return response

    with quick_time(), mock.patch.object(TRANSPORT, "send", interrupt):
        result = check.run(level)
    if sent < number:
        return []
    wrong = [] if result["failed"] and "interrupted" in result["msg"] else [str(result["msg"])]
    return [f"interrupt at {number}: {fault}" for fault in wrong + judge(check, before, result)]


@pytest.mark.parametrize("level", SOME_LEVELS)
def test_some_interrupts(check: Check, level: str) -> None:
    count = requests_of(check, level)
    wrong = []
    for turn, number in enumerate(range(count // 5, count, count // 2)):
        wrong += interrupted(check, level, number, before_it=bool(turn % 2))
    assert wrong == []


@pytest.mark.long
@pytest.mark.parametrize("level", LEVELS)
def test_an_interrupt_at_every_request(check: Check, level: str) -> None:
    wrong = []
    for number in range(1, requests_of(check, level) + 1):
        wrong += interrupted(check, level, number, before_it=bool(number % 2))
    assert wrong == []
