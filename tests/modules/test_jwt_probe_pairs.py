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

from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.findings.base import RULES
from ansible_collections.qlikops.sense.plugins.module_utils._modules import probe as _probe
from modules.probe_pairs import PAIRS
from support.probe_bench import Bench, signing_key
from support.probe_faults import FAULTS
from support.probe_scenario import prepare, token_with
from support.simulator import Simulator

FAMILIES = ("network", "route", "token", "certificate", "user", "session", "security")
#: Families of rules that count as another one here.
COARSE = {"claims": "token", "engine": "session", "virtual_proxy": "route"}


@pytest.fixture
def bench(simulator: Simulator) -> t.Iterator[Bench]:
    foreign = mock.patch.object(_probe, "new_foreign_key", return_value=signing_key("foreign"))
    with foreign, contextlib.ExitStack() as stack:
        yield Bench(simulator, stack)


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=[" hides ".join(p) for p in PAIRS])
def test_the_verdict_is_what_hides_the_other(bench: Bench, first: str, second: str) -> None:
    pair = FAULTS[first], FAULTS[second]
    options = prepare(bench, *pair)
    at_work = {session["id"] for session in bench.sessions()}

    result = bench.run(token=token_with(*pair), **options)

    assert result["verdict"] == first, result
    codes = [finding["code"] for finding in result["findings"]]
    if second in codes:
        assert codes.index(first) < codes.index(second)
    assert {session["id"] for session in bench.sessions()} == at_work


def test_every_two_families_meet() -> None:
    def family(code: str) -> str:
        name = RULES[code].family
        return COARSE.get(name, name)

    met = {frozenset(map(family, pair)) for pair in PAIRS}
    assert met >= {frozenset(two) for two in itertools.combinations(FAMILIES, 2)}
    assert len(set(PAIRS)) == len(PAIRS) >= 40
