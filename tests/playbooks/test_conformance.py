# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role and playbook conformance: files, summary, several hosts, check mode."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from playbooks.runs import Json, Workplace
from support.conformance_check import SCHEMA

PLAYBOOK = "qlikops.sense.conformance"
FILES = ["conformance.html", "conformance.json"]
#: Questions that show the switch xrfkey_status.
DIFFERENT = ["xrfkey_missing", "repository_xrfkey"]


def variables(workplace: Workplace, **more: object) -> Json:
    """The variables of a host for the check."""
    return workplace.site(
        conformance_directory="results",
        conformance_url_ca_path=workplace.simulator.proxy_ca,
        conformance_qps_port=workplace.simulator.node()["admin_port"],
        **more,
    )


def written(directory: Path) -> Json:
    """The result in a directory."""
    assert sorted(path.name for path in directory.iterdir()) == FILES
    found: Json = json.loads((directory / "conformance.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    return found


class Tags(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_complete_check(workplace: Workplace) -> None:
    site = workplace.simulator
    site.switch(xrfkey_status=400)
    before = site.state()["entities"]["virtualproxyconfig"]
    host = variables(workplace, conformance_level="login", conformance_allow_restart="true")
    run = workplace.run(PLAYBOOK, hosts={"example": host}).ok()
    assert run.warnings == []
    found = written(workplace.directory / "results")
    assert found["complete"]
    assert [a["id"] for a in found["answers"] if a["state"] == "differs"] == DIFFERENT
    assert "xrfkey_missing: 400, expected 403. Collection copes: yes." in run.output
    assert site.state()["entities"]["virtualproxyconfig"] == before
    page = Tags((workplace.directory / "results" / "conformance.html").read_text(encoding="utf-8"))
    rows = len(found["answers"]) + len(found["groups"]) + len(DIFFERENT) + 1
    assert page.tags.count("tr") == rows
    assert "2 answers different" in page.text
    assert "script" not in page.tags
    assert all(answer["question"] in page.text for answer in found["answers"])


def test_the_default_only_reads_and_several_hosts_have_a_file_each(workplace: Workplace) -> None:
    site = workplace.simulator
    site.clear_requests()
    first = variables(workplace)
    second = {**first, "qlik_host": "127.0.0.1"}
    run = workplace.run(PLAYBOOK, hosts={"one": first, "two": second})
    assert run.code in (0, 2), run.output
    assert {r["method"] for r in site.requests()} == {"GET"}
    for name in ("one", "two"):
        assert written(workplace.directory / "results" / name)["level"] == "read"


@pytest.mark.long
def test_a_misspelled_variable_and_a_level_that_is_not_allowed(workplace: Workplace) -> None:
    host = variables(workplace, conformance_level="login")
    run = workplace.run(PLAYBOOK, hosts={"example": host}).failed()
    assert "allow_restart: level=login restarts a proxy" in run.output
    assert not (workplace.directory / "results").exists()
    run = workplace.run(PLAYBOOK, hosts={"example": {**host, "conformance_levle": "read"}})
    assert "conformance_levle: unknown variable." in run.failed().output
    assert workplace.simulator.requests() == []


@pytest.mark.long
def test_check_mode_writes_no_file(workplace: Workplace) -> None:
    host = variables(workplace, conformance_level="write")
    workplace.run(PLAYBOOK, "--check", hosts={"example": host}).ok()
    assert not (workplace.directory / "results").exists()
    assert {r["method"] for r in workplace.simulator.requests()} == {"GET"}
