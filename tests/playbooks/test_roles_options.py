# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles offer the options of their modules, all of them, and their READMEs name every one."""

from __future__ import annotations

import importlib
import re
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy.defaults import (
    EMPTY,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy.options import (
    virtual_proxy_spec,
)
from ansible_collections.qlikops.sense.plugins.plugin_utils import keypair, verify, virtual_proxy
from ansible_collections.qlikops.sense.plugins.plugin_utils.connection import OPTIONS
from ansible_collections.qlikops.sense.plugins.plugin_utils.validation import (
    CHOICES,
    NUMBERS,
    SWITCHES,
)

ROOT = Path(__file__).resolve().parents[2]
ROLES = sorted(path.parent for path in (ROOT / "roles").glob("*/README.md"))
UTILS = "ansible_collections.qlikops.sense.plugins.module_utils"

#: Options of a module that its role has no variable for, and why.
LEFT_OUT = {
    # The private key is returned to nobody: what a role keeps as a fact is no secret.
    "jwt_keypair": {"return_content"},
    "jwt_virtual_proxy": set[str](),
    # The connection has the address, or urls has several.
    "jwt_verify": {"url"},
}
ADDED = {
    # What is on Windows or in a vault, the role reads and writes itself.
    "jwt_keypair": {
        "thumbprint",
        "friendly_name",
        "certificate_store_location",
        "certificate_store_name",
        "private_key_content",
        "windows_directory",
        "windows_owner",
        "store_tasks",
        "kept_directories",
    },
    # The last two are of other modules, and those of pruning are of the module for many.
    "jwt_virtual_proxy": {
        "definitions",
        "clear",
        "prune",
        "prune_tag",
        "prune_limit",
        "allow_http",
        "user",
    },
    "jwt_verify": {"repository", "urls", "report_directory", "report_host"},
}
MODULES = {
    "jwt_keypair": ("_modules.keypair", "keypair_spec"),
    "jwt_virtual_proxy": ("_modules.virtual_proxy_options", "virtual_proxy_spec"),
    "jwt_verify": ("_modules.probe_options", "probe_spec"),
}

#: Variables whose default is not that of the module's option, and why.
OTHER_DEFAULTS = {
    "jwt_verify_checks": "the description lists all checks",
    "jwt_verify_lifetime": "the token is used for one login",
    "jwt_verify_wait": "depends on whether a proxy restarts",
}

#: The options that each role passes.
PASSED = {
    "jwt_keypair": {*keypair.OPTIONS},
    "jwt_virtual_proxy": {*virtual_proxy.PLAIN, *virtual_proxy.LISTS, *virtual_proxy.STRUCTURES},
    "jwt_verify": {*verify.PLAIN, *verify.LISTS, *verify.STRUCTURES},
}


def load(role: str, name: str) -> t.Any:
    """A YAML file of a role."""
    return yaml.safe_load((ROOT / "roles" / role / name).read_text(encoding="utf-8"))


def options(role: str) -> dict[str, t.Any]:
    """The variables of a role, as it documents them, without those of other roles' tasks."""
    entry = "variables" if role == "qrs_connection" else "main"
    specs = load(role, "meta/argument_specs.yml")["argument_specs"]
    every: dict[str, t.Any] = specs[entry]["options"]
    return {name: one for name, one in every.items() if "Private." not in one["description"][0]}


def connection() -> dict[str, t.Any]:
    """The connection options of the modules."""
    utils = importlib.import_module(f"{UTILS}._connection")
    spec: dict[str, t.Any] = utils.connection_spec()
    return spec


def test_the_connection_is_complete() -> None:
    wanted = connection().keys()

    assert {*OPTIONS, "host"} == wanted
    roles_own = {"qlik_url", "qlik_api_host", "qlik_allow_unknown_variables"}
    assert options("qrs_connection").keys() - roles_own == {f"qlik_{name}" for name in wanted}


@pytest.mark.parametrize("role", MODULES)
def test_every_option_of_the_module_has_its_variable(role: str) -> None:
    utils, spec_name = MODULES[role]
    spec = getattr(importlib.import_module(f"{UTILS}.{utils}"), spec_name)()
    wanted = spec.keys() - LEFT_OUT[role] - (connection().keys() if role == "jwt_verify" else set())

    offered = {name.removeprefix(f"{role}_") for name in options(role)}
    assert offered - ADDED[role] == wanted
    assert PASSED[role] == wanted if role != "jwt_verify" else PASSED[role] == wanted - {"prefix"}


@pytest.mark.parametrize("role", MODULES)
def test_choices_are_those_of_the_module(role: str) -> None:
    """All, and the empty answer of a job template, which AWX sends as null."""
    utils, spec_name = MODULES[role]
    spec = getattr(importlib.import_module(f"{UTILS}.{utils}"), spec_name)()
    for name, option in options(role).items():
        choices = spec.get(name.removeprefix(f"{role}_"), {}).get("choices")
        if name == "jwt_keypair_certificate_store_location":
            assert option["choices"] == ["", None, "LocalMachine", "CurrentUser"]
        elif choices is None or option["type"] != "str":
            assert "choices" not in option, name
        elif name == "jwt_keypair_source":
            on_windows = ["local_certificates", "certificate_store"]
            assert option["choices"] == ["", None, *choices, *on_windows]
        else:
            assert option["choices"] == ["", None, *choices], name


@pytest.mark.parametrize("role", [*MODULES, "conformance", "qrs_connection"])
def test_documented_defaults_are_those_of_the_module(role: str) -> None:
    others = {
        "conformance": ("_modules.conformance", "conformance_spec"),
        "qrs_connection": ("_connection", "connection_spec"),
    }
    utils, spec_name = {**MODULES, **others}[role]
    spec = getattr(importlib.import_module(f"{UTILS}.{utils}"), spec_name)()
    prefix = "qlik" if role == "qrs_connection" else role
    for name, option in options(role).items():
        of_module = spec.get(name.removeprefix(f"{prefix}_"))
        if of_module and name not in OTHER_DEFAULTS:
            assert option.get("default") == of_module.get("default"), name


def test_choices_of_the_connection_are_those_of_the_modules() -> None:
    with_choices = {
        f"qlik_{n}": tuple(o["choices"]) for n, o in connection().items() if "choices" in o
    }
    assert with_choices == CHOICES
    for name, choices in CHOICES.items():
        assert options("qrs_connection")[name]["choices"] == ["", None, *choices]


@pytest.mark.parametrize("role", [*MODULES, "qrs_connection"])
def test_switches_and_numbers_are_checked_by_the_name_of_the_variable(role: str) -> None:
    utils, spec_name = MODULES.get(role, ("_connection", "connection_spec"))
    spec = getattr(importlib.import_module(f"{UTILS}.{utils}"), spec_name)()
    prefix = "qlik" if role == "qrs_connection" else role

    for checked, kind in ((SWITCHES, "bool"), (NUMBERS, "int")):
        wanted = {f"{prefix}_{name}" for name, one in spec.items() if one.get("type") == kind}
        assert {*checked[role]} >= wanted & {*options(role)}, kind


def test_definitions_have_the_options_of_the_module() -> None:
    utils, spec_name = MODULES["jwt_virtual_proxy"]
    spec = getattr(importlib.import_module(f"{UTILS}.{utils}"), spec_name)()
    definition = options("jwt_virtual_proxy")["jwt_virtual_proxy_definitions"]["options"]

    assert definition.keys() == spec.keys()
    for name, option in definition.items():
        for key in ("type", "elements", "choices"):
            assert option.get(key) == spec[name].get(key), (name, key)


def test_what_can_be_cleared_has_an_empty_value() -> None:
    spec = virtual_proxy_spec()
    for name, values in EMPTY.items():
        assert values[name] == {"str": "", "list": [], "dict": {}}[spec[name]["type"]]


def test_the_role_passes_each_option_of_a_virtual_proxy() -> None:
    (task,) = load("jwt_virtual_proxy", "tasks/virtual_proxies.yml")
    defaults = task["qlikops.sense.qlik_virtual_proxies"]["defaults"]
    assert {*defaults, "prefix"} == PASSED["jwt_virtual_proxy"] == virtual_proxy_spec().keys()
    for name, value in defaults.items():
        assert f"jwt_virtual_proxy_{name} | " in value


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_the_readme_names_every_variable(role: Path) -> None:
    text = (role / "README.md").read_text(encoding="utf-8")

    assert [name for name in options(role.name) if f"| `{name}` |" not in text] == []


def test_the_reports_are_described_by_variables_that_there_are() -> None:
    text = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)

    assert {*re.findall(r"jwt_verify_\w+", text)} <= options("jwt_verify").keys()
    assert all(isinstance(yaml.safe_load(block), dict) for block in blocks)
    assert len(blocks) == 2


def test_the_rotation_is_described_by_variables_that_there_are() -> None:
    text = (ROOT / "docs" / "rotation.md").read_text(encoding="utf-8")
    text += (ROOT / "roles" / "jwt_rotate_key" / "README.md").read_text(encoding="utf-8")
    known = {name for role in (*MODULES, "jwt_rotate_key", "jwt_remove") for name in options(role)}
    results = {f"{role}_result" for role in (*MODULES, "jwt_rotate_key")}

    named = {*re.findall(r"\b(?:jwt_[a-z]+|jwt_virtual_proxy|jwt_rotate_key)_\w+", text)}
    roles = {role.name for role in ROLES}
    assert named - known - results - roles - {"jwt_keypair_new"} == set()
    assert options("jwt_rotate_key").keys() <= named
