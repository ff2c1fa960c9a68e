# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One simulated site of two nodes for a whole test run, fresh for every test."""

from __future__ import annotations

import typing as t

import pytest

from support.raw_qrs import RawQrs
from support.simulator import Simulator, start


@pytest.fixture(scope="session")
def running_simulator(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Simulator]:
    """The process."""
    with start(tmp_path_factory.mktemp("simulator"), nodes=("Central", "Rim")) as simulator:
        yield simulator


@pytest.fixture
def sim(running_simulator: Simulator) -> Simulator:
    """A fresh site."""
    running_simulator.reset()
    return running_simulator


@pytest.fixture
def qrs(sim: Simulator) -> RawQrs:
    """An administrator's client of its repository."""
    return RawQrs(sim)
