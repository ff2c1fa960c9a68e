# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was there is put back through every fault."""

from __future__ import annotations

import pytest

from crash.faults import FAULTS, SLOW
from modules.restore_case import JWT, links, stored
from support.case import Case, Json
from support.simulator import Simulator


def arrange_faults(site: Simulator) -> list[Json]:
    """A change of three virtual proxies, one of each kind; what was before."""
    site.reset(nodes=("Central", "rim1", "rim2"))
    single, many = Case("qlik_virtual_proxy", site), Case("qlik_virtual_proxies", site)
    for prefix in ("a", "gone"):
        single.done(**{**JWT, "prefix": prefix})
    wanted = [
        {"prefix": "a", "description": "x", "proxies": ["rim2"], "proxies_mode": "replace"},
        {"prefix": "gone", "state": "absent"},
        {**JWT, "prefix": "new"},
    ]
    before: list[Json] = many.done(virtual_proxies=wanted)["before"]
    return before


def restored(site: Simulator) -> bool:
    found = sorted(item["prefix"] for item in site.entities("virtualproxyconfig"))
    return (
        found == ["", "a", "gone"]
        and stored(site, "a")["description"] == ""
        and all(links(site, prefix) == ["Central", "rim1"] for prefix in ("a", "gone"))
    )


#: Faults of one request that end at once.
KINDS = [kind for kind, order in FAULTS.items() if kind not in SLOW and "times" not in order]
HEALED = ("reset after", "truncated", "409")


@pytest.mark.parametrize(
    ("kind", "step"),
    [("403", 3), *(pytest.param(kind, 1, marks=pytest.mark.long) for kind in KINDS)],
)
def test_an_error_in_the_middle_says_what_was_done(
    simulator: Simulator, kind: str, step: int
) -> None:
    site, many = simulator, Case("qlik_virtual_proxies", simulator)
    before = arrange_faults(site)
    site.clear_requests()
    many.done(restore=before)
    assert restored(site)
    total, failures = len(many.log()), 0
    for number in range(step, total + 1, step):
        before = arrange_faults(site)
        site.clear_requests()
        site.clear_faults()
        site.fault(port="qrs", nth=number, **FAULTS[kind])
        result = many.run(restore=before)
        wrote = [line for line in many.log() if not line.startswith("GET")]
        site.clear_faults()
        if result.get("failed"):
            failures += 1
            assert "Traceback" not in str(result)
            assert "Not done: " in result["msg"] or len(wrote) == 0
            assert len(wrote) < 2 or "Before that, this run" in result["msg"]
            assert not many.run(restore=before).get("failed")
        assert restored(site), (number, result)
        site.clear_requests()
        assert many.done(restore=before)["changed"] is False
        assert many.writes() == []
    # A conflict and a lost answer are cleared up within the run.
    assert failures or kind in HEALED
