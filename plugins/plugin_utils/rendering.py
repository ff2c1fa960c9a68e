# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renders a report as a page, as JSON, as JUnit XML, and as metrics for Prometheus.

Texts of a site are data: Jinja escapes them in the page, the XML library in JUnit, and nothing here
evaluates them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import typing as t
from pathlib import Path
from xml.etree import ElementTree

import jinja2

ROLE = Path(__file__).parent.parent.parent / "roles" / "site_reports"
#: Characters that neither XML nor HTML can hold, and halves of surrogate pairs.
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Json = t.Dict[str, t.Any]


def html(template: str, report: Json) -> str:
    """The page."""
    css = (ROLE / "files" / "report.css").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(ROLE / "templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    environment.globals.update(css=css, css_hash=digest)
    return environment.get_template(template).render(report=clean(report))


def as_json(report: Json) -> str:
    """The report as JSON. Nothing but ASCII is written, which every reader can read."""
    return json.dumps(report, indent=2, sort_keys=True) + "\n"


def clean(value: t.Any) -> t.Any:
    """A value without characters that XML cannot hold."""
    if isinstance(value, str):
        return _ODD.sub("\ufffd", str.__str__(value))
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    return value


class Case(t.NamedTuple):
    """A test of a JUnit suite."""

    name: str
    #: failure, error, skipped, or nothing.
    outcome: str = ""
    type: str = ""
    message: str = ""
    text: str = ""
    output: str = ""
    seconds: float = 0.0


class Suite(t.NamedTuple):
    """The tests of a site."""

    name: str
    timestamp: str
    cases: t.Sequence[Case]

    def count(self, outcome: str) -> int:
        """How many tests had this outcome."""
        return sum(1 for case in self.cases if case.outcome == outcome)


def junit(name: str, suites: t.Sequence[Suite], created: str) -> str:
    """The suites as JUnit XML."""
    root = ElementTree.Element("testsuites", _counts(name, suites, created))
    for suite in suites:
        element = ElementTree.SubElement(
            root, "testsuite", _counts(suite.name, [suite], suite.timestamp)
        )
        for case in suite.cases:
            _add(element, suite.name, case)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _counts(name: str, suites: t.Sequence[Suite], timestamp: str) -> t.Dict[str, str]:
    seconds = sum(case.seconds for suite in suites for case in suite.cases)
    return {
        "name": clean(name),
        "tests": str(sum(len(suite.cases) for suite in suites)),
        "failures": str(sum(suite.count("failure") for suite in suites)),
        "errors": str(sum(suite.count("error") for suite in suites)),
        "skipped": str(sum(suite.count("skipped") for suite in suites)),
        "time": f"{seconds:.3f}",
        "timestamp": clean(timestamp),
    }


def _add(suite: ElementTree.Element, classname: str, case: Case) -> None:
    attributes = {"classname": classname, "name": case.name, "time": f"{case.seconds:.3f}"}
    element = ElementTree.SubElement(suite, "testcase", clean(attributes))
    if case.outcome:
        details = {"message": case.message}
        if case.type:
            details["type"] = case.type
        inner = ElementTree.SubElement(element, case.outcome, clean(details))
        inner.text = clean(case.text) or None
    if case.output:
        ElementTree.SubElement(element, "system-out").text = clean(case.output)


class Sample(t.NamedTuple):
    """One value of a metric."""

    metric: str
    labels: t.Mapping[str, str]
    value: t.Union[int, float]


#: The metrics and what they mean.
METRICS = {
    "qlik_jwt_login_ok": "1 if the login came out as it has to, 0 if it failed.",
    "qlik_jwt_certificate_not_after_seconds": "End of validity of the certificate, as Unix time.",
    "qlik_jwt_drift": "Number of changes that a run would make.",
    "qlik_jwt_last_run_seconds": "Time of the report, as Unix time.",
}


def prometheus(samples: t.Iterable[Sample]) -> str:
    """The samples in the text format that the textfile collector of Prometheus reads."""
    listed = list(samples)
    lines = []
    for metric, meaning in METRICS.items():
        own = [sample for sample in listed if sample.metric == metric]
        if own:
            lines += [f"# HELP {metric} {meaning}", f"# TYPE {metric} gauge"]
        for sample in own:
            labels = ",".join(f'{name}="{_label(v)}"' for name, v in sample.labels.items())
            lines.append(
                f"{metric}{{{labels}}} {sample.value}" if labels else f"{metric} {sample.value}"
            )
    return "\n".join(lines) + "\n" if lines else ""


def _label(value: t.Any) -> str:
    text = str(clean(str(value)))
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
