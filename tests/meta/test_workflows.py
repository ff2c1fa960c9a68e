# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that a workflow runs can be run with make as well."""

from __future__ import annotations

import re
import shlex
import typing as t
from pathlib import Path

import pytest
import yaml

from tools.checkout import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = {*re.findall(r"(?m)^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"))}

workflows = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def jobs(path: Path) -> list[dict[str, t.Any]]:
    """The jobs of a workflow."""
    return [*yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()]


def called(job: dict[str, t.Any]) -> t.Iterator[str]:
    """The targets of make that a job calls, each value of its matrix among them."""
    values = job.get("strategy", {}).get("matrix", {}).get("target", [])
    for command in (step["run"] for step in job["steps"] if "run" in step):
        words = shlex.split(command.replace("${{ matrix.target }}", "MATRIX"))
        assert words[0] == "make", command
        targets = [word for word in words[1:] if "=" not in word]
        yield from (name for word in targets for name in (values if word == "MATRIX" else [word]))


@workflows
def test_every_command_is_a_target_of_make(path: Path) -> None:
    names = {name for job in jobs(path) for name in called(job)}
    assert names
    assert names - TARGETS == set()


@workflows
def test_a_workflow_gets_no_more_rights_than_it_needs(path: Path) -> None:
    text = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert text["permissions"] == {"contents": "read"}
    for job in text["jobs"].values():
        assert job["timeout-minutes"] <= 360
