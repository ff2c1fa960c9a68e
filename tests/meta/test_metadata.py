# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""galaxy.yml, meta/ and the requirements agree with each other and with the modules."""

from __future__ import annotations

import re
import typing as t

import yaml

from meta.source import COLLECTION, MODULES, PLUGINS, documentation, imports, python_files
from tools.checkout import ROOT

NAME = COLLECTION.partition(".")[2]
CONNECTION_FRAGMENT = f"{NAME}._qrs"
DISTRIBUTIONS = {"jwt": "PyJWT"}
# Asked for only where its authentication method is chosen, and used only where it is there.
OPTIONAL = {"requests_ntlm", "websockets"}


def load(name: str) -> dict[str, t.Any]:
    """A YAML file of the checkout."""
    loaded: dict[str, t.Any] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return loaded


def fragments(texts: dict[str, t.Any]) -> list[str]:
    """The doc fragments that a module's documentation extends."""
    named = texts["DOCUMENTATION"].get("extends_documentation_fragment", [])
    return [named] if isinstance(named, str) else list(named)


def test_action_group_is_all_modules_with_connection_options() -> None:
    connected = {
        path.stem
        for path in python_files(MODULES)
        if CONNECTION_FRAGMENT in fragments(documentation(path))
    }
    listed = load("meta/runtime.yml")["action_groups"]["qrs"]
    assert listed == sorted(listed)
    assert set(listed) == connected


def test_floor_is_written_once() -> None:
    floor = load("meta/runtime.yml")["requires_ansible"]
    supported = requirements("tests/requirements-ansible-core.txt")
    assert {(name, bound.partition(",")[0]) for name, bound in supported} == {
        ("ansible-core", floor)
    }
    assert floor.removeprefix(">=").removesuffix(".0") in (ROOT / "README.md").read_text("utf-8")


def test_supported_releases_of_ansible_core_are_listed_once() -> None:
    """A new release changes what is tested only when the list says so."""
    listed = requirements("tests/requirements-ansible-core.txt")
    for dummy, bound in listed:
        assert re.fullmatch(r'>=[\d.]+,<(\d+\.\d+)\.0; python_version [=>]= "3\.1\d"', bound)
    others = (ROOT / "tests").glob("requirements-*.txt")
    holders = [p.name for p in others if "ansible-core" in dict(requirements(f"tests/{p.name}"))]
    assert holders == ["requirements-ansible-core.txt"]
    newest = re.findall(r"<2\.(\d+)", " ".join(bound for dummy, bound in listed))
    text = (ROOT / "README.md").read_text("utf-8")
    assert all(f"2.{int(minor) - 1} on Python" in text for minor in newest)


def test_version_is_semantic() -> None:
    galaxy = load("galaxy.yml")
    assert re.fullmatch(r"\d+\.\d+\.\d+(-dev)?", galaxy["version"])
    assert f"{galaxy['namespace']}.{galaxy['name']}" == NAME


def test_archive_leaves_nothing_out_that_users_need() -> None:
    ignored = load("galaxy.yml")["build_ignore"]
    kept = ("changelogs", "docs", "meta", "plugins", "roles", "playbooks", "LICENSE")
    assert not [name for name in ignored if name.startswith(kept)]


def test_libraries_of_the_plugins_are_the_declared_ones() -> None:
    imported = {
        item.top
        for path in python_files(PLUGINS)
        for item in imports(path)
        if item.is_third_party and item.guard != "types"
    }
    # requests brings urllib3, whose classes requests raises and mounts. ansible-core brings Jinja.
    brought = {"urllib3", "jinja2"}
    expected = {DISTRIBUTIONS.get(name, name) for name in imported - OPTIONAL - brought}
    assert {name for name, dummy in requirements("meta/ee-requirements.txt")} >= expected


def test_requirements_have_a_floor_and_no_cap() -> None:
    for name, bound in requirements("meta/ee-requirements.txt"):
        assert re.fullmatch(r">=\d+(\.\d+)*", bound), name
    tests = [
        *requirements("tests/requirements-unit.txt"),
        *requirements("tests/requirements-test.txt"),
    ]
    for name, bound in tests:
        assert not re.search(r"[=~<]=|<", bound.replace(">=", "")), name


def requirements(name: str) -> list[tuple[str, str]]:
    """The distributions that a requirements file names, each with its bound."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [re.match(r"([A-Za-z][\w.-]*)(.*)", line) for line in lines]
    return [(match[1], match[2].strip()) for match in found if match]
