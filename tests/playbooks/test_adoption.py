# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The procedure of docs/adoption.md, with its commands and its playbook."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from playbooks.hostile import evaluated, expression, hostile_site
from playbooks.pages import examples
from playbooks.runs import Run, Workplace

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "adoption.md"
SITE = "qlik.example.com"


def commands(text: str) -> list[list[str]]:
    """The arguments of the runs of ansible-playbook in a Markdown text, without the inventory."""
    lines = re.findall(r"^ansible-playbook -i inventory.yml (.*)$", text, re.MULTILINE)
    return [shlex.split(line) for line in lines]


@pytest.mark.long
def test_a_clicked_together_site_is_taken_over(workplace: Workplace) -> None:
    """Every field holds a template that would leave a file behind."""
    site = workplace.simulator
    hostile_site(site)
    before = site.state()["entities"]
    text = GUIDE.read_text(encoding="utf-8")
    export, verify = commands(text)
    (play,) = examples(text)
    (workplace.directory / verify[0]).write_text(json.dumps(play), encoding="utf-8")

    def run(command: list[str]) -> Run:
        return workplace.run(command[0], *command[1:], hosts={SITE: workplace.site()})

    run([*export, "--check", "--diff"]).ok()
    assert run(export).ok().changed == 2
    assert run(verify).ok().changed == 0
    assert evaluated(workplace) == []
    assert site.state()["entities"] == before

    # What you edit in the file is changed on the site, and nothing else.
    file = workplace.directory / "host_vars" / SITE / f"{SITE}.yml"
    edited = file.read_text(encoding="utf-8").replace(
        "  - prefix: portal\n", "  - prefix: portal\n    session_inactivity_timeout: 77\n"
    )
    file.write_text(edited, encoding="utf-8")
    assert run([verify[0], "--diff"]).ok().changed == 1
    (entity,) = site.entities("virtualproxyconfig", prefix="portal")
    (same,) = (item for item in before["virtualproxyconfig"] if item["prefix"] == "portal")
    dates = {"modifiedDate", "modifiedByUserName"}
    changed = {key for key in entity if entity[key] != same[key]} - dates
    assert changed == {"sessionInactivityTimeout"}
    assert evaluated(workplace) == []


@pytest.mark.long
def test_a_text_without_the_tag_would_be_evaluated(workplace: Workplace) -> None:
    """So the test above proves something."""
    (play,) = examples(GUIDE.read_text(encoding="utf-8"))
    definitions = [{"prefix": "", "description": expression("description")}]
    host = workplace.site(jwt_virtual_proxy_definitions=definitions)
    workplace.run(play, "--check", hosts={SITE: host})
    assert evaluated(workplace) == ["ran-description"]
