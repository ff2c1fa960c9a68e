# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A directory to run playbooks in, and a simulated site with one node that they are for."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from playbooks.runs import Workplace
from playbooks.windows import WindowsPlace
from support.simulator import Simulator
from support.windows_node import Transport, WindowsNode, fresh, start
from tools import windows_collection


@pytest.fixture
def workplace(site: Simulator, tmp_path: Path) -> Workplace:
    """Where to run playbooks. One node is the most that most sites have."""
    site.reset(nodes=["Central"])
    site.clear_requests()
    return Workplace(tmp_path, site)


@pytest.fixture(scope="session")
def running_node(
    tmp_path_factory: pytest.TempPathFactory, simulator: Simulator
) -> t.Iterator[WindowsNode]:
    """The central node of that site on Windows, as a process for the whole test run."""
    windows_collection.ensure()
    site = Path(simulator.certificates["root"]).parent
    with start(tmp_path_factory.mktemp("node"), certificates=site) as node:
        yield node


@pytest.fixture
def node(running_node: WindowsNode) -> t.Iterator[WindowsNode]:
    """The same, fresh. Nothing it answered may be unknown to the real modules' documentation."""
    yield from fresh(running_node)


@pytest.fixture
def place(workplace: Workplace, node: WindowsNode, request: pytest.FixtureRequest) -> WindowsPlace:
    """Where to run playbooks for that node; over WinRM unless a test asks for the other."""
    transport: Transport = getattr(request, "param", "winrm")
    return WindowsPlace(workplace, node, transport)
