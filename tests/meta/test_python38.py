# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins run on Python 3.8, which ansible-core 2.18 and 2.19 still serve on managed hosts.

A newer Python compiles newer syntax silently, so this holds the source against the old grammar and
against the newer library calls that are easily written by habit.
"""

from __future__ import annotations

import ast
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest

from meta.source import PLUGINS, calls, parse, python_files, relative

NEWER_CALLS = (".removeprefix", ".removesuffix", ".is_relative_to", ".with_stem", ".bit_count")
NEWER_NAMES = {"functools.cache", "itertools.pairwise", "datetime.UTC", "dt.UTC"}
NEWER_ARGUMENTS = {"zip": {"strict"}, "dataclass": {"slots", "kw_only"}}
GENERICS = {"dict", "frozenset", "list", "set", "tuple", "type"}

plugins = pytest.mark.parametrize("path", python_files(PLUGINS), ids=relative)


@plugins
def test_grammar(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    ast.parse(source, filename=str(path), feature_version=(3, 8))


@plugins
def test_library(path: Path) -> None:
    assert list(newer(path)) == []


def newer(path: Path) -> Iterator[str]:
    """What a file uses at run time that Python 3.8 lacks."""
    for name, line in calls(path):
        if name.endswith(NEWER_CALLS):
            yield f"{relative(path)}:{line}: {name}"
    tree = parse(path)
    annotations = {id(inner) for node in _annotations(tree) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in NEWER_NAMES:
            yield f"{relative(path)}:{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if NEWER_ARGUMENTS.get(name, set()) & {word.arg for word in node.keywords}:
                yield f"{relative(path)}:{node.lineno}: {ast.unparse(node)}"
        elif _is_generic(node) and id(node) not in annotations:
            yield f"{relative(path)}:{node.lineno}: {ast.unparse(node)}"


def _is_generic(node: ast.AST) -> t.TypeGuard[ast.Subscript]:
    """Whether it looks like ``list[int]``; an alias of that kind is evaluated."""
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id in GENERICS
    )


def _annotations(tree: ast.AST) -> Iterator[ast.expr]:
    """Annotations are never evaluated: they may be written in any style."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns:
            yield node.returns
        elif isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation:
            yield node.annotation


@pytest.mark.parametrize(
    "source",
    [
        "Names = list[str]",
        "text.removeprefix('x')",
        "zip(a, b, strict=True)",
        "dataclasses.dataclass(frozen=True, slots=True)",
        "functools.cache",
    ],
)
def test_the_check_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    place = tmp_path / "sample.py"
    place.write_text(source, encoding="utf-8")
    monkeypatch.setattr("meta.source.ROOT", tmp_path)
    assert len(list(newer(place))) == 1
