# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other parts of the fault matrix: engine, gateways and licences, and every switch."""

from __future__ import annotations

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.findings.base import RULES
from modules.probe_case import Case
from modules.probe_matrix import CASES
from modules.probe_matrix_engine import ENGINE_CASES
from modules.probe_matrix_switches import SWITCH_CASES
from modules.probe_rows import LEFT_OPEN, benched, judge_row, rows_of
from support.simulator import Simulator

#: Codes that no row expects, and why.
NOT_PROVOKED = {
    # The simulated engine refuses no app before it is opened, and the probe opens none.
    "app_access_denied",
    # Needs a repository that is asked in vain: test_jwt_probe.py has it.
    "repository_unreachable",
}


@pytest.mark.parametrize(("case", "release", "repository"), rows_of(ENGINE_CASES))
def test_verdict(simulator: Simulator, case: Case, release: str, repository: bool) -> None:
    with benched(simulator, case) as bench:
        judge_row(bench, case, release, repository)


@pytest.mark.long
@pytest.mark.parametrize(("case", "release", "repository"), rows_of(SWITCH_CASES))
def test_no_switch_changes_it(
    simulator: Simulator, case: Case, release: str, repository: bool
) -> None:
    with benched(simulator, case) as bench:
        judge_row(bench, case, release, repository)


def test_every_code_is_expected_by_some_row() -> None:
    rows = (*CASES, *ENGINE_CASES, *SWITCH_CASES)
    expected = {code for row in rows for code in (row.proven, row.outside)}
    expected |= {code for row in rows for code in (*row.warnings, *row.infos)}
    assert set(RULES) - expected - {LEFT_OPEN} == NOT_PROVOKED
    assert len({row.name for row in rows}) == len(rows)
