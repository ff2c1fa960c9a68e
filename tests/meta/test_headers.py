# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every file says whose it is, under which licence, and private ones that they are private."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from meta.source import MODULE_UTILS, PLUGINS, checkout_files, parse, python_files, relative

# REUSE-IgnoreStart
COPYRIGHT = "SPDX-FileCopyrightText: 2026 the qlikops.sense authors"
LICENCE = "SPDX-License-Identifier: GPL-3.0-or-later"
# REUSE-IgnoreEnd
PRIVATE = "# Private to the collection qlikops.sense: it may change at any time, without notice."
BY_TOOL = ("CHANGELOG.md", "changelogs/changelog.yaml", "changelogs/fragments/")

own = [
    path
    for path in checkout_files(
        ".py", ".yml", ".yaml", ".md", ".toml", ".txt", ".sh", ".j2", ".cfg", ".ini"
    )
    if not relative(path).startswith((*BY_TOOL, "LICENSES/"))
]


@pytest.mark.parametrize("path", own, ids=relative)
def test_spdx_header(path: Path) -> None:
    head = path.read_text(encoding="utf-8").splitlines()[:6]
    assert any(line.endswith(COPYRIGHT) for line in head)
    assert any(line.endswith(LICENCE) for line in head)


@pytest.mark.parametrize("path", python_files(MODULE_UTILS), ids=relative)
def test_private_utilities_say_so(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[3:5] == ["", PRIVATE]
    names = path.relative_to(MODULE_UTILS).parts
    assert names[0].startswith("_")


@pytest.mark.parametrize("path", python_files(PLUGINS), ids=relative)
def test_plugins_postpone_annotations(path: Path) -> None:
    found = [
        node
        for node in parse(path).body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    assert [[alias.name for alias in node.names] for node in found] == [["annotations"]]


@pytest.mark.parametrize("path", python_files(PLUGINS), ids=relative)
def test_one_concept_a_file(path: Path) -> None:
    # The documentation of a module is as long as its options need; the code after it is not.
    tree = parse(path)
    documented = [
        node.end_lineno or 0
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    ]
    start = max(documented, default=0) if path.parent.name == "modules" else 0
    assert len(path.read_text(encoding="utf-8").splitlines()) - start <= 300


def test_plugins_are_no_python_packages() -> None:
    # Ansible imports them from a namespace of its own; an __init__.py there would be dead weight.
    assert [path for path in python_files(PLUGINS) if path.name == "__init__.py"] == []
