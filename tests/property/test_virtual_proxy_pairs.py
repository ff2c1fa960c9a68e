# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode predicts, the run does exactly that, the next run does nothing, the rest is untouched.

Hundreds of generated pairs of (present virtual proxy, wanted options), over real HTTP against the
simulated repository. What is stored is compared with the table in ``pairs.py``.
"""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy.options import (
    virtual_proxy_spec,
)
from ansible_collections.qlikops.sense.plugins.module_utils._modules.virtual_proxy_options import (
    virtual_proxies_spec,
)
from property import pairs as p
from property.pair_sites import (
    arrange,
    as_predicted,
    assert_stored,
    snapshot,
    visible,
)
from support.case import Case

if t.TYPE_CHECKING:
    from support.simulator import Simulator

#: Generated pairs, and how often each option has to come in each way among them.
FEW, MANY = (140, 1), (500, 20)
_COUNTS: Counter[tuple[str, str]] = Counter()


def judge(case: Case, pair: p.Pair) -> None:
    """Check, run, run again."""
    site = case.site
    before = snapshot(site)
    predicted = visible(case.check(**pair.wanted))
    assert snapshot(site) == before
    assert case.writes() == []
    result = case.done(**pair.wanted)
    done = visible(result)
    assert as_predicted(pair, done, predicted)
    assert_stored(site, before, pair)
    assert site.restarts() == done["proxies_restarted"]
    site.clear_requests()
    stable = snapshot(site)
    again = case.done(**pair.wanted)
    assert again["changed"] is False
    assert again["proxies_restarted"] == {}
    assert again["virtual_proxy"] == result["virtual_proxy"]
    requests = site.requests(port="qrs")
    assert [item["method"] for item in requests] == ["GET"] * len(requests)
    assert len(requests) == again["requests"] <= 3
    assert snapshot(site) == stable


def check_pairs(simulator: Simulator, number: int) -> None:
    @settings(
        max_examples=number,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(pair=p.pairs())
    def check(pair: p.Pair) -> None:
        check_pair(simulator, pair)

    check()


def check_pair(simulator: Simulator, pair: p.Pair) -> None:
    arrange(simulator, pair)

    judge(Case("qlik_virtual_proxy", simulator), pair)
    for name in [*p.LINES, "proxies"]:
        _COUNTS[name, pair.modes.get(name, p.LEFT_OUT)] += 1


@pytest.mark.parametrize(
    ("number", "least"), [FEW, pytest.param(*MANY, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_generated_pairs(
    simulator: Simulator, record_property: t.Callable[[str, object], None], number: int, least: int
) -> None:
    _COUNTS.clear()
    check_pairs(simulator, number)
    record_property("table", table())
    record_property("generated cases", sum(_COUNTS["proxies", mode] for mode in p.MODES))
    for name in [*p.LINES, "proxies"]:
        modes = [mode for mode in p.MODES if mode != p.CLEARED or name not in p.NOT_CLEARABLE]
        assert min(_COUNTS[name, mode] for mode in modes) >= least, name


def test_every_option_is_in_the_table() -> None:
    options = {*virtual_proxy_spec()} - {*p.MANNERS}
    assert options == {*p.LINES, "proxies"}
    entry = {*virtual_proxies_spec()["virtual_proxies"]["options"]}
    # An id is what qlik_virtual_proxy_info tells, and is given back.
    assert entry == options | {*p.MANNERS, "id"}


def table() -> str:
    """How often each option appeared in which way; refusals are counted by the test below."""
    lines = [f"{'option':48}" + "".join(f"{mode:>11}" for mode in p.MODES)]
    for name in [*p.LINES, "proxies"]:
        counts = [
            "refused" if mode == p.CLEARED and name in p.NOT_CLEARABLE else str(_COUNTS[name, mode])
            for mode in p.MODES
        ]
        lines.append(f"{name:48}" + "".join(f"{count:>11}" for count in counts))
    return "\n".join(lines)
