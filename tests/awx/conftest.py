# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWX, for one simulated site with one node."""

from __future__ import annotations

from pathlib import Path

import pytest

from awx import place as places
from awx.job import Awx
from awx.place import AwxPlace
from support.simulator import Simulator


@pytest.fixture
def place(site: Simulator, tmp_path: Path) -> AwxPlace:
    """A controller whose inventory has that site."""
    site.reset(nodes=["Central"])
    site.clear_requests()
    kept = tmp_path / "kept"
    kept.mkdir()
    return AwxPlace(Awx(tmp_path, {"central": places.host(site)}), site, kept)
