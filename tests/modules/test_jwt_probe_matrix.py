# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_jwt_probe against every fault of the matrix, in both releases, with and without QRS."""

from __future__ import annotations

import pytest

from modules.probe_matrix import CASES
from modules.probe_rows import benched, judge_row, rows_of
from support.probe_faults import FAULTS
from support.probe_scenario import Scenario
from support.simulator import Simulator


@pytest.mark.parametrize(("case", "release", "repository"), rows_of((*FAULTS.values(), *CASES)))
def test_verdict(simulator: Simulator, case: Scenario, release: str, repository: bool) -> None:
    with benched(simulator, case) as bench:
        judge_row(bench, case, release, repository)
