# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures about Jinja in roles count what they name."""

from __future__ import annotations

from pathlib import Path

from tools import role_figures

TASKS = """\
- name: "{{ one__own }}"
  vars:
    # {{ a comment }}
    one__long: >-
      {{
        two__private
      }}
    one__loop: "{% for x in y %}{% set z = x %}{% endfor %}"
"""


def test_lines_statements_and_private_variables(tmp_path: Path) -> None:
    file = tmp_path / "one" / "tasks" / "main.yml"
    file.parent.mkdir(parents=True)
    file.write_text(TASKS, encoding="utf-8")
    found = role_figures.measure(tmp_path)
    assert (found.lines, found.longest, found.statements) == (5, 3, 2)
    assert found.private == {"one__own", "one__long", "one__loop"}
    assert found.foreign == {("one", "two__private")}


def test_a_figure_over_its_limit_is_named() -> None:
    over = role_figures.Figures(lines=role_figures.LIMITS["lines"] + 1)
    assert [*over.over()] == [f"lines {over.lines} > {role_figures.LIMITS['lines']}"]
