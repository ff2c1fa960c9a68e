# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The definitions of ``extensions/aap`` are as AWX wants them, and lead to what is there."""

from __future__ import annotations

import re
import typing as t

import pytest
import yaml

from awx import rules_credential_types, rules_surveys, rules_templates
from awx.definitions import (
    CREDENTIALS,
    KINDS,
    Json,
    ids,
    items,
    loaded,
    named,
    playbooks,
    variables,
)
from meta.source import checkout_files, relative
from tools.checkout import ROOT

#: The types of role options that can take what each type of question sends.
TAKEN = {
    "text": ("str", "raw"),
    "textarea": ("list", "str", "raw"),
    "multiplechoice": ("str", "raw"),
    "multiselect": ("list",),
    "integer": ("raw", "int"),
}
TEMPLATES = items("templates")
#: What chooses where a token, a key, or a file goes, whom a token names, or what is deleted from a
#: disk. It comes from the inventory or the template, which need more rights than to execute.
NEVER_ASKED = re.compile(
    r"qlik_\w+|qrs_\w+|jwt_keypair_\w+"
    r"|\w+_(urls?|user_id|user_directory|origin|page_path|app_id|issuer|attributes|token)"
    r"|\w+_(host|hosts|directory|path|files|content|tasks|delegate)"
    r"|\w*(url_|insecure|trusted|validate|tls_|private_key|redirect_uri)\w*"
)
#: Options of a virtual proxy with such a name: the name of a claim.
CLAIMS = {
    "jwt_virtual_proxy_jwt_attribute_user_id",
    "jwt_virtual_proxy_jwt_attribute_user_directory",
}
#: What a person who starts a job may choose beside the answers of a survey.
ASKED = {
    "ask_diff_mode_on_launch",
    "ask_job_slice_count_on_launch",
    "ask_job_type_on_launch",
    # Of the hosts of the inventory, never others.
    "ask_limit_on_launch",
    "ask_verbosity_on_launch",
}
SURVEYED = [item for item in [*TEMPLATES, *items("workflows")] if item["survey_enabled"]]


def roles_of(playbook: str) -> set[str]:
    """The roles that a playbook runs, with those that they run and depend on."""
    found: set[str] = set()
    todo = named_in(yaml.safe_load((ROOT / playbook).read_text(encoding="utf-8")))
    while todo:
        role = todo.pop()
        if role in found:
            continue
        found.add(role)
        directory = ROOT / "roles" / role
        meta = loaded(directory / "meta" / "main.yml")
        todo |= {entry["role"].rpartition(".")[2] for entry in meta.get("dependencies", [])}
        todo |= DESCRIBED_BY.get(role, set())
        for path in (directory / "tasks").glob("*.yml"):
            todo |= named_in(yaml.safe_load(path.read_text(encoding="utf-8")))
    return found


def named_in(tasks: t.Any) -> set[str]:
    """The roles that plays or tasks include, at any depth."""
    if isinstance(tasks, list):
        return {role for part in tasks for role in named_in(part)}
    if not isinstance(tasks, dict):
        return set()
    here = {
        value["name"].rpartition(".")[2] for key, value in tasks.items() if key.endswith("_role")
    }
    return here | named_in([*tasks.values()])


#: Roles whose variables another role reads without including the role.
DESCRIBED_BY = {"jwt_rotate_key": {"jwt_virtual_proxy"}}


def options_of(playbook: str) -> dict[str, Json]:
    """The variables that the roles of a playbook take, from all their entry points."""
    specs = [
        loaded(ROOT / "roles" / role / "meta/argument_specs.yml") for role in roles_of(playbook)
    ]
    return {
        name: option
        for spec in specs
        for entry in spec["argument_specs"].values()
        for name, option in entry.get("options", {}).items()
    }


def run_by(item: Json) -> list[str]:
    """The playbooks that a template or a workflow runs."""
    if "playbook" in item:
        return [item["playbook"]]
    nodes = item["simplified_workflow_nodes"]
    return [named("templates", node["unified_job_template"])["playbook"] for node in nodes]


def test_every_kind_is_one_that_the_configuration_collection_reads() -> None:
    assert variables().keys() == KINDS
    for kind in KINDS:
        names = ids(variables()[kind])
        assert sorted(set(names)) == sorted(names)


def test_each_playbook_has_a_template_and_each_template_its_playbook() -> None:
    # An export is a file for a repository of variables, and the files of a job are lost with it.
    expected = {*playbooks()} - {"playbooks/jwt_export.yml", "playbooks/conformance.yml"}
    assert sorted(item["playbook"] for item in TEMPLATES) == sorted(expected)


def test_awx_offers_no_other_playbooks() -> None:
    """A project is the whole repository, with its tests, examples, and benchmarks."""
    files = [relative(path) for path in checkout_files()]
    assert rules_templates.offered(ROOT, files) == playbooks()


@pytest.mark.parametrize("item", TEMPLATES, ids=ids(TEMPLATES))
def test_a_template_names_what_is_there(item: Json) -> None:
    assert list(rules_templates.of_playbook(ROOT, item["playbook"])) == []
    assert item["project"] in ids(items("projects"))
    assert item["inventory"] in ids(items("inventories"))
    assert item["execution_environment"] in ids(items("execution_environments"))
    assert {*item["credentials"]} <= CREDENTIALS.keys()
    assert item.get("extra_vars", {}).keys() <= options_of(item["playbook"]).keys()
    assert item["survey_enabled"] == bool(item["survey_spec"])


@pytest.mark.parametrize("item", SURVEYED, ids=ids(SURVEYED))
def test_a_survey_is_valid_and_every_variable_is_taken(item: Json) -> None:
    assert list(rules_surveys.faults(item["survey_spec"])) == []
    options: dict[str, Json] = {}
    for playbook in run_by(item):
        options |= options_of(playbook)
    # What a form has filled in would win over the inventory, though nobody has answered.
    assert [q for q in item["survey_spec"]["spec"] if "default" in q] == []
    for question in item["survey_spec"]["spec"]:
        name, kind = question["variable"], question["type"]
        assert name in options, name
        option = options[name]
        assert option["type"] in TAKEN[kind], name
        if kind != "password":
            assert not is_secret(name), name
        if kind == "multiselect" and "choices" in option:
            assert {*rules_surveys.choices(question)} <= {*option["choices"]}, name
        # AWX refuses an empty answer to it, so its default would win over the inventory.
        assert kind != "multiplechoice", name
    assert "password" not in [question["type"] for question in item["survey_spec"]["spec"]]


@pytest.mark.parametrize(
    "item", [*TEMPLATES, *items("workflows")], ids=ids([*TEMPLATES, *items("workflows")])
)
def test_a_person_who_may_execute_gets_no_key(item: Json) -> None:
    """Neither by an answer nor by an inventory, extra vars, or credentials of their own."""
    questions = item["survey_spec"].get("spec", [])
    asked = {question["variable"] for question in questions} - CLAIMS
    assert [name for name in sorted(asked) if NEVER_ASKED.fullmatch(name)] == []
    assert {name for name in item if name.startswith("ask_") and item[name]} <= ASKED


@pytest.mark.parametrize(
    "name",
    [
        "jwt_verify_urls",
        "jwt_verify_user_id",
        "jwt_verify_user_directory",
        "jwt_verify_report_host",
        "jwt_verify_report_directory",
        "jwt_verify_trusted_hosts",
        "jwt_verify_allow_insecure_transport",
        "jwt_verify_url_validate_certs",
        "jwt_verify_private_key_path",
        "jwt_remove_key_files",
        "jwt_remove_windows_key_files",
        "jwt_keypair_windows_directory",
        "jwt_keypair_store_tasks",
        "qlik_url",
        "qlik_api_host",
        "qlik_validate_certs",
        "qrs_credentials_directory",
    ],
)
def test_what_no_survey_may_ask(name: str) -> None:
    assert NEVER_ASKED.fullmatch(name)


def test_no_project_takes_a_branch_of_a_person_who_executes() -> None:
    assert [item for item in items("projects") if item.get("allow_override")] == []


def is_secret(name: str) -> bool:
    """Whether a variable would put a secret into extra vars."""
    return name.endswith(("_content", "_passphrase", "_password", "_token", "_key_path"))


@pytest.mark.parametrize("item", items("credential_types"), ids=ids(items("credential_types")))
def test_a_credential_type_is_valid_and_what_it_injects_is_read(item: Json) -> None:
    assert list(rules_credential_types.faults(item)) == []
    # A secret in extra vars is shown by every task that prints its variables.
    assert item["injectors"].keys() == {"file", "env"}
    for name in item["injectors"]["env"]:
        assert f"E({name})" in documented(), name
        assert name in in_code(), name
    secret = {field["id"] for field in item["inputs"]["fields"] if field.get("secret")}
    assert secret == {
        field["id"]
        for field in item["inputs"]["fields"]
        if field["id"].endswith(("_key", "passphrase"))
    }


def documented() -> str:
    """What the modules' and the roles' documentation says."""
    places = [*(ROOT / "plugins").rglob("*.py"), *(ROOT / "roles").glob("*/meta/*_specs.yml")]
    return "".join(path.read_text(encoding="utf-8") for path in places)


def in_code() -> str:
    """Where the modules read the environment."""
    places = (ROOT / "plugins" / "module_utils").rglob("*.py")
    return "".join(path.read_text(encoding="utf-8") for path in places)


def test_credentials_have_a_type() -> None:
    used = {name for item in TEMPLATES for name in item["credentials"]}
    assert used <= CREDENTIALS.keys()
    assert {*CREDENTIALS.values()} == {*ids(items("credential_types"))}


@pytest.mark.parametrize("item", items("schedules"), ids=ids(items("schedules")))
def test_a_schedule_starts_what_needs_no_more_answers(item: Json) -> None:
    assert list(rules_templates.of_rule(item["rrule"])) == []
    template = named("templates", item["unified_job_template"])
    questions = {q["variable"]: q for q in template["survey_spec"]["spec"]}
    assert item["extra_data"].keys() <= questions.keys()
    for name, question in questions.items():
        if name in item["extra_data"]:
            assert list(rules_surveys.of_answer(question, item["extra_data"][name])) == []
        else:
            assert question.get("default") or not question["required"], name


@pytest.mark.parametrize("item", items("workflows"), ids=ids(items("workflows")))
def test_a_workflow_leads_to_its_templates_and_answers_all_they_ask(item: Json) -> None:
    assert list(rules_templates.of_workflow(item, {*ids(TEMPLATES)})) == []
    answered = {q["variable"] for q in item["survey_spec"]["spec"] if q["required"]}
    for node in item["simplified_workflow_nodes"]:
        template = named("templates", node["unified_job_template"])
        for question in template.get("survey_spec", {}).get("spec", []):
            if question["required"] and "default" not in question:
                assert question["variable"] in answered


def test_an_archive_carries_the_definitions() -> None:
    ignored = loaded(ROOT / "galaxy.yml")["build_ignore"]
    carried = [path for path in checkout_files() if path.is_relative_to(ROOT / "extensions")]
    assert carried
    left_out = tuple(t.cast(str, name) for name in ignored if "*" not in t.cast(str, name))
    assert not [path for path in carried if relative(path).startswith(left_out)]
