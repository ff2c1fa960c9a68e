# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three files that a report is, read by those who would read them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import jsonschema
from junitparser import JUnitXml, TestCase, TestSuite

from playbooks.runs import Json

SCHEMAS = {
    name: Path(__file__).resolve().parents[2] / "docs" / file
    for name, file in (
        ("jwt_verify", "report.schema.json"),
        ("jwt_report", "site-report.schema.json"),
    )
}
ROLE = "qlikops.sense.jwt_verify"
#: The reports of hosts that no login was tried on.
REPORT_ONLY = {"ansible.builtin.import_role": {"name": ROLE, "tasks_from": "report.yml"}}
NAMES = ("junit.xml", "report.html", "report.json")


@dataclasses.dataclass(frozen=True)
class Reports:
    """The directory of a report, and the role that wrote it."""

    directory: Path
    role: str = "jwt_verify"

    @property
    def page(self) -> Path:
        """The page."""
        return self.directory / "report.html"

    def json(self) -> Json:
        """The content of report.json, which is as its schema says."""
        found: Json = json.loads((self.directory / "report.json").read_text(encoding="ascii"))
        jsonschema.validate(found, json.loads(SCHEMAS[self.role].read_text(encoding="utf-8")))
        return found

    def site(self, host: str) -> Json:
        """The entry of a host."""
        found: Json
        (found,) = [site for site in self.json()["sites"] if site["host"] == host]
        return found

    def junit(self) -> JUnitXml:
        """The content of junit.xml."""
        return JUnitXml.fromfile(str(self.directory / "junit.xml"))

    def suite(self, host: str) -> TestSuite:
        """The tests of a host."""
        (found,) = [suite for suite in self.junit() if suite.name == host]
        return found

    def cases(self, host: str) -> list[TestCase]:
        """The same, one by one."""
        return list(self.suite(host))


def play(*tasks: Json, **keywords: object) -> list[Json]:
    """A playbook of somebody else."""
    return [{"hosts": "qlik", "gather_facts": False, "tasks": list(tasks), **keywords}]
