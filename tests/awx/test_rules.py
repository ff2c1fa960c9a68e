# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules that the definitions are held against refuse what AWX refuses."""

from __future__ import annotations

import copy
import typing as t
from collections.abc import Callable
from pathlib import Path

import pytest

from awx import rules_credential_types, rules_surveys, rules_templates
from awx.definitions import Json

GOOD_TYPE: Json = {
    "name": "good",
    "kind": "cloud",
    "inputs": {
        "fields": [
            {"id": "cert", "label": "Certificate", "type": "string", "multiline": True},
            {"id": "secret", "label": "Secret", "secret": True, "format": "ssh_private_key"},
            {"id": "flag", "label": "Flag", "type": "boolean", "default": False},
        ],
        "required": ["cert"],
    },
    "injectors": {
        "file": {"template.cert": "{{ cert }}", "template.key": "{{ secret }}"},
        "env": {"QLIK_CERT": "{{ tower.filename.cert }}"},
        "extra_vars": {"flag": "{{ flag }}"},
    },
}
GOOD_SURVEY: Json = {
    "name": "good",
    "description": "",
    "spec": [
        {"question_name": "A", "variable": "a", "type": "text", "required": True, "min": 1},
        {
            "question_name": "B",
            "variable": "b",
            "type": "multiselect",
            "required": False,
            "choices": "one\ntwo\n",
            "default": "one\ntwo",
        },
        {
            "question_name": "C",
            "variable": "c",
            "type": "multiplechoice",
            "required": True,
            "choices": ["one", "two"],
            "default": "one",
        },
        {"question_name": "D", "variable": "d", "type": "integer", "required": False, "max": 9},
    ],
}
GOOD_RULE = "DTSTART:20270101T020000Z RRULE:FREQ=DAILY;INTERVAL=1"
GOOD_WORKFLOW: Json = {
    "simplified_workflow_nodes": [
        {"identifier": "1", "unified_job_template": "A", "success_nodes": ["2"]},
        {"identifier": "2", "unified_job_template": "A", "failure_nodes": ["3"]},
        {"identifier": "3", "unified_job_template": "A"},
    ]
}


def field(**more: t.Any) -> Callable[[Json], None]:
    """A change of the first field."""
    return lambda item: item["inputs"]["fields"][0].update(more)


def injector(kind: str, **more: t.Any) -> Callable[[Json], None]:
    """A change of an injector."""
    return lambda item: item["injectors"][kind].update(more)


def question(number: int, **more: t.Any) -> Callable[[Json], None]:
    """A change of a question."""
    return lambda item: item["spec"][number].update(more)


def node(number: int, **more: t.Any) -> Callable[[Json], None]:
    """A change of a node."""
    return lambda item: item["simplified_workflow_nodes"][number].update(more)


def changed(good: Json, change: Callable[[Json], object]) -> Json:
    """A copy of what is good, made bad."""
    bad = copy.deepcopy(good)
    change(bad)
    return bad


def test_what_is_good_is_taken() -> None:
    assert list(rules_credential_types.faults(GOOD_TYPE)) == []
    assert list(rules_surveys.faults(GOOD_SURVEY)) == []
    assert list(rules_templates.of_rule(GOOD_RULE)) == []
    assert list(rules_templates.of_workflow(GOOD_WORKFLOW, {"A"})) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda item: item.update(kind="vault"), "only cloud and net"),
        (field(id="1st"), "no name"),
        (field(id="tower"), "reserved"),
        (field(id="flag"), "there twice"),
        (field(type="integer"), "unknown"),
        (field(format="pem"), "format pem"),
        (field(label=3), "label is no str"),
        (field(hidden=True), "hidden is unknown"),
        (field(default=True), "default is no string"),
        (field(ask_at_runtime=True), "ask_at_runtime"),
        (field(type="boolean"), "multiline is for strings"),
        (field(choices=["a", "a"]), "there twice"),
        (lambda item: item["inputs"]["fields"][2].update(secret=True), "secret is for strings"),
        (lambda item: item["inputs"]["fields"][0].pop("label"), "label is missing"),
        (lambda item: item["inputs"].update(required=["nobody"]), "no field nobody"),
        (lambda item: item["inputs"].update(dependencies={}), "dependencies is unknown"),
        (lambda item: item["injectors"].update(vars={}), "vars is unknown"),
        (injector("file", template="{{ cert }}"), "one template"),
        (injector("file", cert="{{ cert }}"), "cert is no key"),
        (injector("file", **{"template.x": "{{ nobody }}"}), "no field defines"),
        (injector("env", QLIK_X="{{ tower.filename.nobody }}"), "no field defines"),
        (injector("env", QLIK_X="{{ tower.filename }}"), "without a name"),
        (injector("env", QLIK_X="{{ tower }}"), "cannot be used"),
        (injector("env", QLIK_X="{{ cert"), "cannot be read"),
        (injector("env", QLIK_X="{{ ''.__class__.__mro__ }}"), "may not run"),
        (injector("env", QLIK_X="ü"), "no ASCII"),
        (injector("env", QLIK_X=True), "no ASCII text"),
        (injector("env", **{"QLIK-X": "x"}), "no name"),
        (injector("env", ANSIBLE_X="x"), "may not be set"),
        (injector("env", PYTHONPATH="x"), "may not be set"),
        (injector("extra_vars", **{"a-b": "x"}), "no key"),
        (injector("extra_vars", flag=True), "neither text nor list"),
        (injector("extra_vars", flag=["{{ nobody }}"]), "no field defines"),
    ],
)
def test_a_bad_credential_type(change: Callable[[Json], object], said: str) -> None:
    assert said in " ".join(rules_credential_types.faults(changed(GOOD_TYPE, change)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda item: item.pop("description"), "description is missing"),
        (lambda item: item.update(spec=[]), "asks nothing"),
        (question(0, variable="b"), "asked twice"),
        (question(0, question_name=None), "question_name is missing"),
        (question(0, required="yes"), "required is missing"),
        (question(0, type="list"), "type list"),
        (question(0, default=3), "default is no text"),
        (question(0, min="1"), "min is no integer"),
        (question(1, choices=""), "choices are missing"),
        (question(1, default="three"), "three is no choice"),
        (question(2, default="one\ntwo"), "more than one"),
        (question(3, default="3"), "default is no integer"),
        (question(3, max=1.5), "max is no integer"),
    ],
)
def test_a_bad_survey(change: Callable[[Json], object], said: str) -> None:
    assert said in " ".join(rules_surveys.faults(changed(GOOD_SURVEY, change)))


@pytest.mark.parametrize(
    ("number", "answer", "said"),
    [
        (0, "", "too small"),
        (0, 3, "no text"),
        (1, "one", "no list"),
        (1, ["three"], "no choice"),
        (2, "", "no choice"),
        (3, "3", "no integer"),
        (3, True, "no integer"),
        (3, 10, "too large"),
        (0, "a", ""),
        (1, [], ""),
        (2, "two", ""),
        (3, 9, ""),
    ],
)
def test_an_answer(number: int, answer: object, said: str) -> None:
    found = list(rules_surveys.of_answer(GOOD_SURVEY["spec"][number], answer))
    assert (said in " ".join(found)) if said else not found


@pytest.mark.parametrize(
    "rrule",
    [
        "RRULE:FREQ=DAILY;INTERVAL=1",
        "DTSTART:20270101T020000 RRULE:FREQ=DAILY;INTERVAL=1",
        "DTSTART:20270101T020000Z",
        "DTSTART:20270101T020000Z RRULE:FREQ=DAILY",
        "DTSTART:20270101T020000Z RRULE:FREQ=SECONDLY;INTERVAL=1",
        "DTSTART:20270101T020000Z RRULE:FREQ=MONTHLY;BYDAY=2MO;INTERVAL=1",
        "DTSTART:20270101T020000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=1000",
        "DTSTART:20270101T020000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=1;UNTIL=20280101T000000Z",
        "DTSTART:20270101T020000Z RRULE:FREQ=DAILY;INTERVAL=1 EXDATE:20270102T020000Z",
    ],
)
def test_a_bad_rule(rrule: str) -> None:
    assert list(rules_templates.of_rule(rrule))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (node(0, unified_job_template="B"), "no template B"),
        (node(0, identifier="2"), "there twice"),
        (node(0, always_nodes=["4"]), "names 4"),
        (node(0, always_nodes=["2"]), "twice"),
        (node(2, always_nodes=["1"]), "circle"),
    ],
)
def test_a_bad_workflow(change: Callable[[Json], object], said: str) -> None:
    bad = changed(GOOD_WORKFLOW, change)
    assert said in " ".join(rules_templates.of_workflow(bad, {"A"}))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("play.yml", "- hosts: all\n", ""),
        ("play.yml", "a: b\n", "does not look like"),
        ("play.txt", "- hosts: all\n", "no YAML"),
        ("roles/play.yml", "- hosts: all\n", "not searched"),
        (".hidden/play.yml", "- hosts: all\n", "hidden"),
        ("tasks/play.yml", "- hosts: all\n", "not searched"),
        ("other/play.yaml", "---\n# A play\n- name: A\n  hosts: all\n", ""),
        ("inventory.yml", "all:\n  hosts:\n    one:\n", ""),
        ("site.yml", "- import_playbook: other\n", ""),
        ("site.yml", "- ansible.builtin.import_playbook: other\n", ""),
        ("vault.yml", "$ANSIBLE_VAULT;1.1;AES256\n", ""),
        ("vault.yml", "---\n$ANSIBLE_VAULT;1.1;AES256\n", "does not look like"),
        # A line is compared as it is written.
        ("play.yml", '- "hosts": all\n', "does not look like"),
        ("play.yml", "- {hosts: all}\n", "does not look like"),
    ],
)
def test_what_awx_offers_as_a_playbook(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    found = list(rules_templates.of_playbook(tmp_path, name))
    assert (said in " ".join(found)) if said else not found
    assert rules_templates.offered(tmp_path, [name]) == (set() if said else {name})
    assert "not there" in " ".join(rules_templates.of_playbook(tmp_path, "none.yml"))
