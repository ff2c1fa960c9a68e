# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Some of the pairs once more, by ``ansible-playbook --check --diff`` and without."""

from __future__ import annotations

import sys
import typing as t
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from playbooks.runs import Workplace
from property import pairs as p
from property.pair_sites import (
    arrange,
    as_predicted,
    assert_stored,
    snapshot,
    visible,
)
from support.module_runner import connection

if t.TYPE_CHECKING:
    from support.simulator import Simulator

FEW, MANY = 2, 25


def drawn(number: int) -> list[p.Pair]:
    """Pairs under prefixes of their own, so that one playbook can hold them all."""
    found: list[p.Pair] = []

    @settings(
        max_examples=number,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(pair=p.pairs())
    def draw(pair: p.Pair) -> None:
        found.append(pair.renamed(f"jwt-{len(found)}"))

    draw()
    return found


@pytest.mark.parametrize("number", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
def test_pairs_by_playbook(simulator: Simulator, tmp_path: Path, number: int) -> None:
    pairs = drawn(number)
    assert len(pairs) == number
    arrange(simulator, *pairs)
    before = snapshot(simulator)
    workplace = Workplace(tmp_path, simulator)
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    play = {
        "name": "Pairs",
        "hosts": "qlik",
        "gather_facts": False,
        "module_defaults": {"group/qlikops.sense.qrs": connection(simulator)},
        "tasks": [
            {"name": pair.prefix, "qlikops.sense.qlik_virtual_proxy": pair.wanted} for pair in pairs
        ],
    }

    def run(*flags: str) -> list[p.Json]:
        ended = workplace.run([play], *flags, hosts={"site": host}).ok()
        results = [ended.result(pair.prefix) for pair in pairs]
        assert ended.changed == sum(result["changed"] for result in results)
        return [visible(result) for result in results]

    predicted = run("--check", "--diff")
    assert snapshot(simulator) == before
    done = run("--diff")
    assert_stored(simulator, before, *pairs)
    for pair, told, foretold in zip(pairs, done, predicted, strict=True):
        assert as_predicted(pair, told, foretold)
    counted: Counter[str] = Counter()
    for told in done:
        counted.update(told["proxies_restarted"])
    assert simulator.restarts() == dict(counted)
    stable = snapshot(simulator)
    assert not any(result["changed"] for result in run())
    assert snapshot(simulator) == stable
