# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A directory to run playbooks in, and a simulated site with one node that they are for."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbooks.runs import Workplace
from support.simulator import Simulator


@pytest.fixture
def workplace(site: Simulator, tmp_path: Path) -> Workplace:
    """Where to run playbooks. One node is the most that most sites have."""
    site.reset(nodes=["Central"])
    site.clear_requests()
    return Workplace(tmp_path, site)
