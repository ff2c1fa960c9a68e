# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the contract tests ask of the source text: files, imports, calls."""

from __future__ import annotations

import ast
import sys
import typing as t
from collections.abc import Iterator
from pathlib import Path

import yaml

from tools.checkout import ROOT, files

COLLECTION = "ansible_collections.qlikops.sense"
PLUGINS = ROOT / "plugins"
MODULES = PLUGINS / "modules"
FILTERS = PLUGINS / "filter"
#: What runs on the controller: its plugins, and what they share.
PLUGIN_UTILS = PLUGINS / "plugin_utils"
LOOKUPS = PLUGINS / "lookup"
MODULE_UTILS = PLUGINS / "module_utils"
CORE = MODULE_UTILS / "_core"


class Import(t.NamedTuple):
    """One imported name. ``name`` is absolute; ``guard`` says what stands around it."""

    name: str
    line: int
    guard: str  # "try" (with ImportError), "types" (TYPE_CHECKING), "function" or ""

    @property
    def top(self) -> str:
        """The first part of the name."""
        return self.name.partition(".")[0]

    @property
    def is_own(self) -> bool:
        """Whether it is the collection's own."""
        return self.name.startswith(COLLECTION)

    @property
    def is_third_party(self) -> bool:
        """Whether it comes neither with Python nor with Ansible nor with the collection."""
        return not self.is_own and self.top not in {*sys.stdlib_module_names, "ansible"}


def checkout_files(*suffixes: str) -> list[Path]:
    """All files of the checkout, or those with one of the suffixes."""
    found = [ROOT / name for name in files()]
    return [path for path in found if not suffixes or path.suffix in suffixes]


def python_files(place: Path) -> list[Path]:
    """The Python files under ``place``."""
    return [path for path in checkout_files(".py") if path.is_relative_to(place)]


def relative(path: Path) -> str:
    """The name of a file as people say it; also the test's id."""
    return path.relative_to(ROOT).as_posix()


def parse(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> list[Import]:
    """All imports of a file, wherever they stand; relative ones are made absolute."""
    return list(_imports(parse(path), "", _package(path)))


def _package(path: Path) -> list[str]:
    inside = path.relative_to(ROOT).parent.parts
    return [*(COLLECTION.split(".") if inside[:1] == ("plugins",) else []), *inside]


def _imports(node: ast.AST, guard: str, package: list[str]) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(alias.name, node.lineno, guard) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = package[: len(package) - node.level + 1] if node.level else []
        origin = ".".join([*base, *([node.module] if node.module else [])])
        yield from (Import(f"{origin}.{alias.name}", node.lineno, guard) for alias in node.names)
    for child, inner in _children(node, guard):
        yield from _imports(child, inner, package)


def _children(node: ast.AST, guard: str) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.Try) and any(_catches_import_error(h) for h in node.handlers):
        yield from ((child, "try") for child in node.body)
        rest: list[ast.AST] = [*node.handlers, *node.orelse, *node.finalbody]
        yield from ((child, guard) for child in rest)
        return
    if isinstance(node, ast.If) and ast.unparse(node.test) in ("t.TYPE_CHECKING", "TYPE_CHECKING"):
        yield from ((child, "types") for child in node.body)
        yield from ((child, guard) for child in node.orelse)
        return
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        guard = guard or "function"
    yield from ((child, guard) for child in ast.iter_child_nodes(node))


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or "ImportError" in ast.unparse(handler.type)


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """The dotted names that a file calls, with their lines."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            yield ast.unparse(node.func), node.lineno


def documentation(path: Path) -> dict[str, t.Any]:
    """``DOCUMENTATION``, ``EXAMPLES`` and ``RETURN`` of a module or doc fragment, parsed."""
    texts: dict[str, t.Any] = {}
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            name = ast.unparse(node.targets[0])
            if name.isupper() and isinstance(node.value.value, str):
                texts[name] = yaml.safe_load(node.value.value)
    return texts
