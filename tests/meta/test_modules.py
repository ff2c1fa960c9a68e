# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module owes its users: documentation, a small entry point, a test."""

from __future__ import annotations

import ast
import re
import typing as t
from pathlib import Path

import pytest

from meta.source import MODULES, checkout_files, documentation, parse, python_files, relative
from tools.checkout import ROOT

modules = pytest.mark.parametrize("path", python_files(MODULES), ids=relative)


@modules
def test_documented(path: Path) -> None:
    texts = documentation(path)
    assert {"DOCUMENTATION", "EXAMPLES", "RETURN"} <= texts.keys()
    assert texts["DOCUMENTATION"]["module"] == path.stem
    assert re.fullmatch(r"\d+\.\d+\.\d+", str(texts["DOCUMENTATION"]["version_added"]))


@modules
def test_examples_name_the_module_in_full(path: Path) -> None:
    tasks = documentation(path)["EXAMPLES"]
    assert any(f"qlikops.sense.{path.stem}" in task for task in _tasks(tasks))
    for task in _tasks(tasks):
        assert task.get("name"), task
        assert path.stem not in task


def _tasks(node: t.Any) -> list[dict[str, t.Any]]:
    """The tasks of a list that may hold plays and blocks."""
    found: list[dict[str, t.Any]] = []
    for item in node:
        inner = [
            item[key]
            for key in ("tasks", "pre_tasks", "post_tasks", "block", "rescue", "always")
            if key in item
        ]
        found.extend(task for tasks in inner for task in _tasks(tasks))
        if not inner:
            found.append(item)
    return found


@modules
def test_returns_say_when_and_show_how(path: Path) -> None:
    for key, value in (documentation(path)["RETURN"] or {}).items():
        assert {"description", "returned", "type"} <= value.keys(), key
        assert "sample" in value or "contains" in value, key


@modules
def test_entry_point_only_wires(path: Path) -> None:
    tree = parse(path)
    main = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "main")
    public = [
        n.name
        for n in tree.body
        if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and not n.name.startswith("_")
    ]
    assert public == ["main"]
    assert main.returns is not None
    assert (main.end_lineno or 0) - main.lineno < 40


@modules
def test_has_a_test(path: Path) -> None:
    subject = path.stem.removeprefix("qlik_")
    named = re.compile(rf"test_(qlik_)?{subject}(_.*)?\.py")
    tests = [p for p in checkout_files(".py") if p.is_relative_to(ROOT / "tests")]
    assert any(named.fullmatch(p.name) for p in tests)
