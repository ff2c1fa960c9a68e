# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX makes of answers and credentials when it starts a job, written from its source.

``awx/api/serializers.py`` (JobLaunchSerializer, LaunchConfigurationBaseSerializer),
``awx/main/models/mixins.py`` (extra vars), ``workflow.py`` (artifacts), ``unified_jobs.py``
(pre_start), ``credential.py`` (injectors) and ``awx/main/utils/safe_yaml.py``.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import re
import tempfile
import typing as t
from pathlib import Path
from types import SimpleNamespace

import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from awx import rules_credential_types, rules_surveys
from awx.definitions import Json

HIDDEN = "**********"
#: Environment variables whose values AWX does not keep.
SECRET_NAMES = re.compile(r"API|TOKEN|KEY|SECRET|PASS", re.IGNORECASE)


class Refused(Exception):
    """AWX does not start the job."""


@dataclasses.dataclass(frozen=True)
class Credential:
    """A credential as the API saves it, also without the required fields of its type."""

    type: Json
    inputs: Json

    def __post_init__(self) -> None:
        for field in self.type["inputs"]["fields"]:
            answer = self.inputs.get(field["id"])
            if answer and field.get("format") == "ssh_private_key":
                faults = list(rules_credential_types.of_key(answer))
                if faults:
                    raise Refused(f"{field['id']}: {'; '.join(faults)}")

    def check_start(self) -> None:
        """Refuse to start a job with a credential whose required fields are empty."""
        filled = {key for key, value in self.inputs.items() if value not in ("", None)}
        if missing := {*self.type["inputs"].get("required", [])} - filled:
            raise Refused(f"cannot start: {', '.join(sorted(missing))} missing")

    def inject(self, place: Path, inside: Path) -> Injected:
        """Write the files into ``place``, which the job sees as ``inside``; its environment."""
        names = self._names()
        environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
        injectors = self.type["injectors"]
        tower = SimpleNamespace()
        names["tower"] = tower
        for key, template in injectors.get("file", {}).items():
            text = environment.from_string(template).render(names)
            path = str(inside / _written(place, text, 0o600))
            name = key.partition(".")[2]
            if name:
                tower.filename = getattr(tower, "filename", SimpleNamespace())
                setattr(tower.filename, name, path)
            else:
                tower.filename = path
        env = {
            key: environment.from_string(template).render(names)
            for key, template in injectors.get("env", {}).items()
        }
        extra = {
            key: environment.from_string(template).render(names)
            for key, template in injectors.get("extra_vars", {}).items()
        }
        arguments = (
            ["-e", f"@{inside / _written(place, yaml.safe_dump(extra), 0o400)}"] if extra else []
        )
        return Injected(env, arguments)

    def _names(self) -> Json:
        """What the templates see: nothing that was left empty, and every boolean."""
        names = {key: value for key, value in self.inputs.items() if value != ""}
        for field in self.type["inputs"]["fields"]:
            if field.get("type") == "boolean":
                names.setdefault(field["id"], False)
            if field.get("format") == "ssh_private_key" and field["id"] in names:
                names[field["id"]] = names[field["id"]].rstrip("\n") + "\n"
        return names


class Injected(t.NamedTuple):
    """What a credential adds to a job."""

    environment: dict[str, str]
    arguments: list[str]


def _written(place: Path, text: str, mode: int) -> str:
    """The name of a new file with a text."""
    handle, path = tempfile.mkstemp(dir=place)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    return Path(path).name


def safe_environment(environment: dict[str, str]) -> dict[str, str]:
    """What AWX keeps of a job's environment."""
    return {
        name: HIDDEN if SECRET_NAMES.search(name) and not name.startswith("ANSIBLE_") else value
        for name, value in environment.items()
    }


def of_form(filled_in: Json) -> Json:
    """The answers that the form of a survey sends: none for a question that was left empty."""
    return {name: answer for name, answer in filled_in.items() if answer not in ("", [], None)}


def launched(template: Json, answers: Json) -> Json:
    """The extra vars of a job of a job template. What it does not ask for is ignored (201)."""
    asked = _questions(template)
    every = template.get("ask_variables_on_launch")
    return accepted(
        template,
        {name: answer for name, answer in answers.items() if name in asked or every},
    )


def accepted(template: Json, answers: Json) -> Json:
    """The extra vars that a schedule, a workflow, or a node of it gives. What is not asked for is
    an error (400)."""
    questions = _questions(template)
    faults = [
        f"{name} is not asked for"
        for name in answers.keys() - questions.keys()
        if not template.get("ask_variables_on_launch")
        and not (
            name in template.get("extra_vars", {}) and template["extra_vars"][name] == answers[name]
        )
    ]
    for name, question in questions.items():
        if name in answers:
            faults += rules_surveys.of_answer(question, answers[name])
        elif question["required"]:
            faults.append(f"{name} is missing")
    if faults:
        raise Refused("; ".join(faults))
    return combined(template, answers)


def combined(template: Json, given: Json) -> Json:
    """Extra vars of the template, then defaults of its survey that are valid, then what was
    given."""
    defaults = {
        name: question["default"]
        for name, question in _questions(template).items()
        if question.get("default") is not None
        and not list(rules_surveys.of_answer(question, question["default"]))
    }
    return {**template.get("extra_vars", {}), **defaults, **given}


def in_workflow(template: Json, workflow: Json, answers: Json, artifacts: Json) -> Json:
    """The extra vars of a node: what earlier jobs exported, below the answers to the workflow."""
    return combined(template, {**artifacts, **accepted(workflow, answers)})


class Ended(t.NamedTuple):
    """What a node of a workflow passes on: what it inherited, and what its job exported."""

    inherited: Json
    exported: Json


def inherited(parents: t.Iterable[Ended]) -> Json:
    """What a node gets from its parents, which come in the order of their ids and not of time."""
    together: Json = {}
    for parent in parents:
        together.update(parent.inherited)
        together.update(parent.exported)
    return together


def inherited_in_each_order(parents: t.Collection[Ended]) -> list[Json]:
    """What a node can get: the ids of nodes that are created in parallel have any order."""
    found: list[Json] = []
    for order in itertools.permutations(parents):
        together = inherited(order)
        if together not in found:
            found.append(together)
    return found


def _questions(template: Json) -> dict[str, Json]:
    """What a survey asks, by variable."""
    if not template.get("survey_enabled"):
        return {}
    return {question["variable"]: question for question in template["survey_spec"]["spec"]}


class _Marked(str):
    """A text that Ansible shall not take for a template."""


class _Dumper(yaml.SafeDumper):
    """YAML in which those texts are marked."""


_Dumper.add_representer(_Marked, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text)))


def extra_vars_file(variables: Json, trusted: Json) -> str:
    """The file with the extra vars: only what the template itself says is a template."""
    shown = {
        name: value if name in trusted and trusted[name] == value else _marked(value)
        for name, value in variables.items()
    }
    # A definition's own texts come with a class of the loader.
    plain = {name: _plain(value) for name, value in shown.items()}
    return yaml.dump(plain, Dumper=_Dumper, sort_keys=False)


def _marked(value: t.Any) -> t.Any:
    if isinstance(value, str):
        return _Marked(value)
    if isinstance(value, dict):
        return {_marked(key): _marked(inner) for key, inner in value.items()}
    return [_marked(inner) for inner in value] if isinstance(value, list) else value


def _plain(value: t.Any) -> t.Any:
    if isinstance(value, str) and not isinstance(value, _Marked):
        return str(value)
    if isinstance(value, dict):
        return {_plain(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def sliced(hosts: t.Mapping[str, Json], number: int, count: int) -> dict[str, Json]:
    """The hosts of a slice, counted from 1, as an inventory is cut."""
    return {name: hosts[name] for name in sorted(hosts)[number - 1 :: count]}


def slices_artifacts(parts: t.Iterable[Json]) -> Json:
    """What the jobs of a sliced one hand on together: a later one replaces what it names, too."""
    together: Json = {}
    for part in parts:
        together.update(part)
    handed_on: Json = json.loads(json.dumps(together))
    return handed_on
