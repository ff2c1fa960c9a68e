# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""galaxy.yml, meta/ and the requirements agree with each other and with the modules."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest
import yaml

from meta.source import COLLECTION, MODULES, PLUGINS, documentation, imports, python_files, relative
from tools import cores
from tools.checkout import ROOT

FRAGMENTS = PLUGINS / "doc_fragments"
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


def test_the_oldest_supported_release_is_the_same_everywhere() -> None:
    floor = cores.SUPPORTED[0].name
    assert load("meta/runtime.yml")["requires_ansible"] == f">={floor}.0"
    supported = requirements("tests/requirements-ansible-core.txt")
    assert {(name, bound.partition(",")[0]) for name, bound in supported} == {
        ("ansible-core", f">={floor}.0")
    }
    for path in (ROOT / "roles").glob("*/meta/main.yml"):
        assert load(str(path.relative_to(ROOT)))["galaxy_info"]["min_ansible_version"] == floor
    assert f"| ansible-core | {floor} and later |" in (ROOT / "README.md").read_text("utf-8")


def test_make_test_uses_the_newest_supported_release() -> None:
    """A new release changes what is tested only when the list says so."""
    released = [release for release in cores.SUPPORTED if not release.candidate]
    newest = {
        python: max((r for r in released if r.runs_on(python)), key=released.index)
        for python in ((3, 11), (3, 12))
    }
    bounds = {match[2]: match[1] for match in bounds_by_python()}
    assert bounds == {
        "{}.{}".format(*python): str(int(release.name.partition(".")[2]) + 1)
        for python, release in newest.items()
    }
    others = (ROOT / "tests").glob("requirements-*.txt")
    holders = [p.name for p in others if "ansible-core" in dict(requirements(f"tests/{p.name}"))]
    assert holders == ["requirements-ansible-core.txt"]


def bounds_by_python() -> t.Iterator[re.Match[str]]:
    """The upper bound and the Python of each line for ansible-core."""
    for dummy, bound in requirements("tests/requirements-ansible-core.txt"):
        found = re.fullmatch(r'>=[\d.]+,<2\.(\d+)\.0; python_version [=>]= "(3\.\d+)"', bound)
        assert found, bound
        yield found


def test_every_supported_release_is_in_the_readme_and_the_workflows() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (row,) = (line for line in readme.splitlines() if line.startswith("| ansible-core |"))
    tested = row.split("|")[3]
    assert set(re.findall(r"2\.\d+", tested)) == {release.name for release in cores.SUPPORTED}
    jobs = load(".github/workflows/matrix.yml")["jobs"]["matrix"]
    matrix = jobs["strategy"]["matrix"]["include"]
    assert [entry["core"] for entry in matrix] == [release.name for release in cores.SUPPORTED]
    for entry, release in zip(matrix, cores.SUPPORTED, strict=True):
        first, second = (int(part) for part in entry["python"].split("."))
        assert release.runs_on((first, second)), entry


def test_version_is_semantic() -> None:
    galaxy = load("galaxy.yml")
    assert re.fullmatch(r"\d+\.\d+\.\d+(-dev)?", galaxy["version"])
    assert f"{galaxy['namespace']}.{galaxy['name']}" == NAME


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


@pytest.mark.parametrize("path", [*python_files(MODULES), *python_files(FRAGMENTS)], ids=relative)
def test_documented_requirements_have_the_tested_minimum(path: Path) -> None:
    minimums = dict(requirements("meta/ee-requirements.txt"))
    minimums |= dict(requirements("tests/requirements-unit.txt"))
    minimums |= dict(requirements("tests/requirements-test.txt"))
    texts = [documentation(path)["DOCUMENTATION"]]
    lines = [line for text in texts for line in text.get("requirements", [])]
    for line in lines:
        name, bound = line.split(" ", 1)
        assert bound.replace(" ", "").startswith(minimums[name]), line


@pytest.mark.parametrize("path", python_files(MODULES), ids=relative)
def test_every_module_has_requirements(path: Path) -> None:
    text = documentation(path)["DOCUMENTATION"]
    inherited = {CONNECTION_FRAGMENT, f"{NAME}._key"} & {*fragments(documentation(path))}
    assert text.get("requirements") or inherited
