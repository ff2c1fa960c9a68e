# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the list of files in docs/architecture.md from their docstrings: ``make pages``."""

from __future__ import annotations

import ast
from pathlib import Path

from meta.source import CORE, MODULE_UTILS, parse, python_files
from tools.checkout import ROOT

PAGE = ROOT / "docs" / "architecture.md"

_BEGIN, _END = (f"<!-- {word} generated files: see make pages -->" for word in ("begin", "end"))


def page(text: str) -> str:
    """``text`` with a new list of files."""
    before, rest = text.split(_BEGIN)
    dummy, after = rest.split(_END)
    return f"{before}{_BEGIN}\n\n{files()}\n\n{_END}{after}"


def files() -> str:
    """A table for each package."""
    places: dict[Path, list[Path]] = {}
    for path in sorted(python_files(MODULE_UTILS)):
        places.setdefault(path.parent, []).append(path)
    return "\n\n".join(_table(place, found) for place, found in sorted(places.items(), key=_order))


def _order(item: tuple[Path, list[Path]]) -> tuple[bool, Path]:
    place = item[0]
    return (not place.is_relative_to(CORE), place)


def _table(place: Path, found: list[Path]) -> str:
    name = place.relative_to(MODULE_UTILS).as_posix()
    rows = [f"| `{path.name}` | {_purpose(path)} |" for path in found]
    title = "Beside the packages" if name == "." else f"`{name}/`"
    return "\n".join([f"#### {title}", "", "| file | purpose |", "| --- | --- |", *rows])


def _purpose(path: Path) -> str:
    """The first paragraph of a file's docstring."""
    first = (ast.get_docstring(parse(path)) or "").partition("\n\n")[0]
    return " ".join(first.split()).replace("``", "`").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
