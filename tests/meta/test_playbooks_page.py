# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/playbooks.md has all playbooks, their tags, and variables that exist."""

from __future__ import annotations

import re

from tools import role_tables
from tools.checkout import ROOT

TEXT = (ROOT / "docs" / "playbooks.md").read_text(encoding="utf-8")
PLAYBOOKS = {path.stem: path.read_text(encoding="utf-8") for path in ROOT.glob("playbooks/*.yml")}


def test_every_playbook_has_its_purpose_and_its_variables() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (?!`)", TEXT, re.MULTILINE)
    assert {*PLAYBOOKS} <= {*rows}
    variables = TEXT.partition("## Required variables")[2].partition("\n## ")[0]
    assert {*re.findall(r"^\| `(\w+)` \| ", variables, re.MULTILINE)} >= {*PLAYBOOKS}


def test_every_tag_is_listed() -> None:
    listed = {*re.findall(r"^\| `(\w+)` \| `(\w+)` \| only ", TEXT, re.MULTILINE)}
    used = {
        (name, tag)
        for name, text in PLAYBOOKS.items()
        for tags in re.findall(r"tags: \[([\w, ]+)\]", text)
        for tag in tags.split(", ")
    }
    assert listed == {(name, tag) for name, tag in used if tag not in ("always", "qrs_credentials")}


def test_variables_and_options_exist() -> None:
    known = {
        name
        for page in role_tables.pages()
        for spec in role_tables.entry_points(page.parent).values()
        for name in spec.get("options", {})
    }
    known |= {"qlik_target", "qlik_serial", "jwt_virtual_proxy_"} | {*PLAYBOOKS}
    known |= {page.parent.name for page in role_tables.pages()}
    assert {*re.findall(r"\b(?:qlik|jwt|qrs)_\w+", TEXT)} - known == set()
