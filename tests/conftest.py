# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the checkout importable as the collection it is, and the simulator beside it."""

from __future__ import annotations

import os
import sys
import typing as t
from pathlib import Path

import pytest
from hypothesis import settings

if t.TYPE_CHECKING:
    from support.simulator import Simulator

NODES = ("Central", "rim1", "rim2")
ROOT = Path(__file__).resolve().parents[1]
COLLECTIONS = ROOT / ".build" / "collections"


def _link_checkout() -> None:
    """Show the checkout as ``ansible_collections/qlikops/sense``: Python and Ansible look there."""
    link = COLLECTIONS / "ansible_collections" / "qlikops" / "sense"
    if not link.exists():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(ROOT, target_is_directory=True)


_link_checkout()
for _path in (COLLECTIONS, ROOT / "tests" / "simulator", ROOT / "tests"):
    if str(_path) not in sys.path:
        sys.path.insert(0, str(_path))


# The same examples in each run: a change must not fail for a case that it has nothing to do with.
settings.register_profile("same examples", derandomize=True, database=None)
if os.environ.get("CI"):
    settings.load_profile("same examples")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers again, for ansible-test, which reads no pyproject.toml."""
    for name in ("long", "windows"):
        config.addinivalue_line("markers", name)


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Simulator]:
    """One simulated site with three nodes for the whole test run of a worker."""
    from support import simulator as support

    with support.start(tmp_path_factory.mktemp("site"), nodes=NODES) as running:
        yield running


@pytest.fixture
def site(simulator: Simulator) -> Simulator:
    """That site, fresh: one test never sees what another one did."""
    simulator.reset(nodes=NODES)
    simulator.clear_faults()
    simulator.clear_requests()
    return simulator


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use the fake Windows node."""
    for item in items:
        if "running_node" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.windows)


def pytest_terminal_summary(terminalreporter: t.Any) -> None:
    """Print what tests recorded: processes of xdist have no terminal of their own.

    A ``table`` is printed as it is; rows of the ``crash matrix`` and ``generated cases`` of the
    tests of sameness are summed up.
    """
    from support import crash_table

    rows, cases = [], []
    for report in (r for kind in ("passed", "failed") for r in terminalreporter.getreports(kind)):
        for name, value in report.user_properties:
            if name == "table":
                terminalreporter.section(report.nodeid)
                terminalreporter.write_line(value)
            elif name == "crash matrix":
                rows.append(value)
            elif name == "generated cases":
                cases.append(value)
    if rows:
        terminalreporter.section("crash matrix")
        terminalreporter.write_line("\n".join(crash_table.lines(rows)))
    if cases:
        terminalreporter.section("sameness")
        terminalreporter.write_line(
            f"{sum(cases)} generated cases: check mode = run, again = nothing"
        )
