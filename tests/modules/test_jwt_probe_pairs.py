# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two faults on one site: the verdict is the one that hides the other."""

from __future__ import annotations

import contextlib
import itertools
import typing as t
from unittest import mock

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._modules import probe as _probe
from modules.probe_pairs import FAULTS, PAIRS, token_with
from support.probe_bench import Bench, signing_key
from support.simulator import Simulator

FAMILIES = ("network", "route", "token", "certificate", "user", "session", "security")


@pytest.fixture
def bench(simulator: Simulator) -> t.Iterator[Bench]:
    foreign = mock.patch.object(_probe, "new_foreign_key", return_value=signing_key("foreign"))
    with foreign, contextlib.ExitStack() as stack:
        yield Bench(simulator, stack)


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=[" hides ".join(p) for p in PAIRS])
def test_the_verdict_is_what_hides_the_other(bench: Bench, first: str, second: str) -> None:
    pair = FAULTS[first], FAULTS[second]
    bench.prepare(
        {**pair[1].proxy, **pair[0].proxy},
        user={**pair[0].user, **pair[1].user},
        switches={**pair[0].switches, **pair[1].switches},
        users=all(fault.users for fault in pair),
    )
    options = {**pair[1].options(bench), **pair[0].options(bench)}
    at_work = {session["id"] for session in bench.sessions()}

    result = bench.run(token=token_with(*pair), **options)

    assert result["verdict"] == first, result
    codes = [finding["code"] for finding in result["findings"]]
    if second in codes:
        assert codes.index(first) < codes.index(second)
    assert {session["id"] for session in bench.sessions()} == at_work


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_alone_is_the_verdict(bench: Bench, code: str) -> None:
    fault = FAULTS[code]
    bench.prepare(fault.proxy, user=fault.user, switches=fault.switches, users=fault.users)
    result = bench.run(token=token_with(fault), **fault.options(bench))
    assert result["verdict"] == code, result


def test_every_two_families_meet() -> None:
    met = {frozenset(FAULTS[code].family for code in pair) for pair in PAIRS}
    assert met >= {frozenset(two) for two in itertools.combinations(FAMILIES, 2)}
    assert len(set(PAIRS)) == len(PAIRS) >= 40
