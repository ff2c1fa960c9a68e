# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One fake Windows node for a whole test run, fresh for every test."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from qlik_simulator import certificates
from support.windows_node import WindowsNode, fresh, start
from tools import windows_collection
from unit.windows_node.plays import Player


@pytest.fixture(scope="session")
def certificate_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of a simulated site of two nodes."""
    directory = tmp_path_factory.mktemp("site") / "certificates"
    names = [("Central", "localhost"), ("Rim", "rim1")]
    certificates.prepare(directory, names, short_names=False, expired=False)
    return directory


@pytest.fixture(scope="session")
def running_node(
    tmp_path_factory: pytest.TempPathFactory, certificate_files: Path
) -> t.Iterator[WindowsNode]:
    """The process."""
    windows_collection.ensure()
    with start(tmp_path_factory.mktemp("node"), certificates=certificate_files.parent) as node:
        yield node


@pytest.fixture
def node(running_node: WindowsNode) -> t.Iterator[WindowsNode]:
    """A fresh node. Whatever a test lets it answer, the real module's documentation knows it."""
    yield from fresh(running_node)


@pytest.fixture
def player(tmp_path: Path, node: WindowsNode) -> Player:
    """Runs plays against that node."""
    return Player(tmp_path, node)
