# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much of the roles is Jinja. It belongs into Python, where tests reach it.

    python -m tools.role_figures

Prints the figures and their limits. The exit status is 1 if a figure is over its limit.
"""

from __future__ import annotations

import dataclasses
import re
import sys
import typing as t
from pathlib import Path

from tools.checkout import ROOT

#: Files of a role with expressions.
KINDS = ("tasks", "handlers", "vars", "defaults")

_PRIVATE = re.compile(r"\b([a-z][a-z_]*?)__([a-z_]+)\b")
_OPENED = re.compile(r"\{\{|\{%")
_CLOSED = re.compile(r"\}\}|%\}")
_STATEMENT = re.compile(r"\{%-? *(?:for|set)\b")


@dataclasses.dataclass
class Figures:
    """What was counted."""

    #: Lines of YAML inside an expression or statement, and the longest one in lines.
    lines: int = 0
    longest: int = 0
    #: Loops and assignments outside templates.
    statements: int = 0
    private: set[str] = dataclasses.field(default_factory=set)
    #: Uses of a private variable of another role, as (role, variable).
    foreign: set[tuple[str, str]] = dataclasses.field(default_factory=set)

    def over(self) -> t.Iterator[str]:
        """The figures over their limits."""
        for name, limit in LIMITS.items():
            value = getattr(self, name)
            number = value if isinstance(value, int) else len(value)
            if number > limit:
                shown = "" if isinstance(value, int) else f": {', '.join(map(str, sorted(value)))}"
                yield f"{name} {number} > {limit}{shown}"


#: The largest value of each figure. Lower it with each role that becomes thinner; the goal is
#: 400 lines, expressions of 3 lines, no statement, 60 private variables, and no foreign one.
LIMITS = {"lines": 501, "longest": 3, "statements": 0, "private": 76, "foreign": 0}


def measure(roles: Path = ROOT / "roles") -> Figures:
    """Count in the files of all roles."""
    figures = Figures()
    for path in sorted(roles.glob("*/*/*")):
        role, kind = path.parts[-3], path.parts[-2]
        if kind in KINDS:
            text = path.read_text(encoding="utf-8")
            _count_names(figures, role, text)
            _count_lines(figures, text)
    return figures


def _count_names(figures: Figures, role: str, text: str) -> None:
    for owner, name in _PRIVATE.findall(text):
        if owner == role:
            figures.private.add(f"{owner}__{name}")
        else:
            figures.foreign.add((role, f"{owner}__{name}"))


def _count_lines(figures: Figures, text: str) -> None:
    depth = run = 0
    for line in text.splitlines():
        if not depth and line.strip().startswith("#"):
            continue
        opened = len(_OPENED.findall(line))
        if opened or depth:
            figures.lines += 1
            run += 1
            figures.longest = max(figures.longest, run)
        figures.statements += len(_STATEMENT.findall(line))
        depth = max(0, depth + opened - len(_CLOSED.findall(line)))
        run = run if depth else 0


def main() -> int:
    """Print the figures; 1 if one is over its limit."""
    figures = measure()
    for name, limit in LIMITS.items():
        value = getattr(figures, name)
        print(f"{value if isinstance(value, int) else len(value):6d}  {name} (at most {limit})")
    over = list(figures.over())
    for sentence in over:
        print(f"over the limit: {sentence}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
