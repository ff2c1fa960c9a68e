# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other parts of the fault matrix: engine, gateways and licences, and every switch."""

from __future__ import annotations

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.findings.base import RULES
from modules.probe_matrix import CASES
from modules.probe_matrix_engine import ENGINE_CASES
from modules.probe_matrix_switches import SWITCH_CASES
from modules.probe_rows import benched, judge_row, rows_of
from support.probe_faults import FAULTS, NOT_PROVOKED
from support.probe_scenario import Scenario
from support.simulator import Simulator


@pytest.mark.parametrize(("case", "release", "repository"), rows_of(ENGINE_CASES))
def test_verdict(simulator: Simulator, case: Scenario, release: str, repository: bool) -> None:
    with benched(simulator, case) as bench:
        judge_row(bench, case, release, repository)


@pytest.mark.long
@pytest.mark.parametrize(("case", "release", "repository"), rows_of(SWITCH_CASES))
def test_no_switch_changes_it(
    simulator: Simulator, case: Scenario, release: str, repository: bool
) -> None:
    with benched(simulator, case) as bench:
        judge_row(bench, case, release, repository)


def test_every_finding_is_in_the_table_of_faults() -> None:
    assert set(RULES) == {*FAULTS, *NOT_PROVOKED}
    assert not FAULTS.keys() & NOT_PROVOKED.keys()
    assert [fault.code for fault in FAULTS.values()] == [*FAULTS]


def test_every_row_has_a_name_of_its_own() -> None:
    rows = (*FAULTS.values(), *CASES, *ENGINE_CASES, *SWITCH_CASES)
    assert len({row.name for row in rows}) == len(rows)
