# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles and playbooks: complete, and their defaults say the same as their argument specs."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.qlikops.sense.plugins.plugin_utils import keypair, rotation_keys
from meta.source import MODULES, checkout_files, documentation, relative
from tools import links, role_tables
from tools.checkout import ROOT

ROLES = sorted({p.parents[1] for p in checkout_files(".yml") if p.parents[2] == ROOT / "roles"})

TASKS = ("pre_tasks", "tasks", "post_tasks")
BLOCK = ("block", "rescue", "always")

roles = pytest.mark.parametrize("role", ROLES, ids=relative)
playbooks = pytest.mark.parametrize(
    "path", [p for p in checkout_files(".yml") if p.parent == ROOT / "playbooks"], ids=relative
)


def load(path: Path) -> t.Any:
    """A YAML file, or nothing when it is not there."""
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None


def options(role: Path) -> dict[str, dict[str, t.Any]]:
    """The options of a role's main entry point."""
    specs: dict[str, t.Any] = load(role / "meta" / "argument_specs.yml")
    entry = "variables" if role.name == "qrs_connection" else "main"
    found: dict[str, dict[str, t.Any]] = specs["argument_specs"][entry].get("options", {})
    return found


def flat(tasks: list[t.Any]) -> list[t.Any]:
    """The tasks, those of blocks one by one."""
    return [
        inner
        for task in tasks
        for inner in (
            flat([step for part in BLOCK for step in task.get(part, [])])
            if "block" in task
            else [task]
        )
    ]


@roles
def test_complete(role: Path) -> None:
    for name in ("README.md", "meta/main.yml", "meta/argument_specs.yml", "tasks/main.yml"):
        assert (role / name).is_file(), name


@roles
def test_defaults_and_argument_specs_agree(role: Path) -> None:
    """A default that no file has is that of the module: see test_roles_options."""
    defaults = load(role / "defaults" / "main.yml") or {}
    specified = {name: spec["default"] for name, spec in options(role).items() if "default" in spec}
    assert defaults.keys() - options(role).keys() == set()
    for name, value in defaults.items():
        if not (isinstance(value, str) and "{{" in value):
            assert specified.get(name) == value, name


@roles
def test_ansible_doc_shows_a_type_and_every_default_that_depends_on_nothing(role: Path) -> None:
    fixed = re.compile(r"Default:? (?:V\([^)]*\)|\d+|C\(\w:[^)]*\))(?:\.|, which .*)")
    for name, spec in options(role).items():
        assert spec.get("type"), name
        assert [text for text in spec["description"] if fixed.fullmatch(text)] == [], name
        assert spec.get("default") is None or spec["default"] in spec.get(
            "choices", [spec["default"]]
        ), name
        assert not (spec.get("required") and "default" in spec), name


@roles
def test_variables_carry_the_role_or_name_the_connection(role: Path) -> None:
    foreign = {name for name in options(role) if not name.startswith(f"{role.name}_")}
    assert {name for name in foreign if not name.startswith("qlik_")} == set()
    # All roles read the connection's variables and none defines them.
    assert foreign & (load(role / "defaults" / "main.yml") or {}).keys() == set()


@roles
def test_options_are_described(role: Path) -> None:
    for name, spec in options(role).items():
        assert spec.get("description"), name
        assert spec.get("type"), name


@playbooks
def test_playbooks_only_include_roles_by_full_name(path: Path) -> None:
    for play in load(path):
        assert play["name"]
        for role in play.get("roles", []):
            assert (role if isinstance(role, str) else role["role"]).startswith("qlikops.sense.")
        for task in [task for key in TASKS for task in flat(play.get(key, []))]:
            used = {"ansible.builtin.include_role", "ansible.builtin.import_role"} & task.keys()
            assert used, task
            assert task[used.pop()]["name"].startswith("qlikops.sense.")


#: Options of qlik_keypair about files, which a key pair in memory does not have.
OF_FILES = {
    "private_key_path", "public_key_path", "certificate_path", "passphrase", "regenerate",
    "renew_before_days", "backup", "mode", "public_mode", "group", "return_content",
}  # fmt: skip


def test_every_option_of_a_key_pair_is_for_files_or_for_memory() -> None:
    """A new option has to be added to one of the lists."""
    module = documentation(MODULES / "qlik_keypair.py")["DOCUMENTATION"]
    in_memory = set(keypair.IN_MEMORY)
    assert in_memory.isdisjoint(OF_FILES)
    assert in_memory | OF_FILES == {*module["options"]}


def test_a_rotation_makes_keys_with_the_options_of_a_key_pair() -> None:
    in_memory = set(keypair.IN_MEMORY)
    sources = {name for name in in_memory if name.startswith(("source", "src_"))}
    assert set(rotation_keys.OF_NEW) == in_memory - sources - {"owner"}
    assert set(rotation_keys.OF_FILES) < OF_FILES | {"owner"}


@roles
def test_the_table_of_variables_is_up_to_date(role: Path) -> None:
    readme = role / "README.md"
    assert role_tables.page(readme) == readme.read_text(encoding="utf-8"), "run make pages"


@roles
def test_the_table_shows_no_markup_of_ansible(role: Path) -> None:
    table = role_tables.tables(role_tables.entry_points(role))
    assert re.findall(r"\b[A-Z]{1,2}\([^)]*\)", re.sub(r"`[^`]*`", "", table)) == []


def test_a_row_has_the_type_the_default_and_the_choices() -> None:
    options: dict[str, dict[str, t.Any]] = {
        "a_size": {
            "description": ["Size of V(x\\\\y) in C(C:\\z) | I(more).", "Default: 30."],
            "type": "raw",
        },
        "a_mode": {
            "description": ["See R(Rotate,a.b.docsite.rotation) and O(a_size=1)."],
            "type": "str",
            "choices": ["", None, "one", "two"],
            "required": True,
        },
        "a_list": {"description": "Paths.", "type": "list", "elements": "dict", "default": []},
    }
    link = f"[Rotate]({links.REPOSITORY}/blob/{links.ref(links.current())}/docs/rotation.md)"
    assert role_tables.variables(options).splitlines()[2:] == [
        "| `a_size` | integer | `30` | Size of `x\\y` in `C:\\z` \\| *more*. |",
        f"| `a_mode` | string, required |  | See {link} and `a_size: 1`. Choices: `one`, `two`. |",
        "| `a_list` | list of dictionaries | `[]` | Paths. |",
    ]


def test_a_variable_of_any_type_describes_its_content() -> None:
    with pytest.raises(ValueError, match="describe the type of this variable"):
        role_tables.kind({"type": "raw", "description": "Something."})


def test_entry_points_that_users_include_are_specified() -> None:
    """READMEs and guides are for users; other entry points are for the roles and playbooks."""
    for path in checkout_files(".md"):
        text = path.read_text(encoding="utf-8")
        pattern = r"name: qlikops\.sense\.(\w+)\n\s+tasks_from: (\w+)\.yml"
        for role, entry in re.findall(pattern, text):
            assert entry in role_tables.entry_points(ROOT / "roles" / role), (path, role, entry)
