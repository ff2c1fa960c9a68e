# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may import whom: a pure core, a thin shell around it, modules, and tests apart from both."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest

from meta.source import (
    COLLECTION,
    CORE,
    FILTERS,
    LOOKUPS,
    MODULE_UTILS,
    MODULES,
    PLUGIN_UTILS,
    PLUGINS,
    Import,
    calls,
    imports,
    python_files,
    relative,
)
from support.blocks import texts
from tools import files_page, layout
from tools.checkout import ROOT

UTILS = f"{COLLECTION}.plugins.module_utils"
CORE_LIBRARIES = {"cryptography", "jwt"}
HTTP_LIBRARIES = {"requests", "urllib3", "requests_ntlm", "websockets"}

# What reads files, clocks, randomness or the network belongs to the shell, which passes it in.
IMPURE = {
    "asyncio", "fcntl", "ftplib", "glob", "http", "logging", "multiprocessing", "os", "pathlib",
    "random", "secrets", "select", "shutil", "signal", "socket", "socketserver", "subprocess",
    "tempfile", "threading", "time",
}  # fmt: skip
IMPURE_NAMES = ("urllib.request", "uuid.uuid1", "uuid.uuid4")
IMPURE_CALLS = {"open", "input", "print", "uuid.uuid1", "uuid.uuid4"}
CLOCK = re.compile(r"(.*\.)?(datetime|date)\.(now|utcnow|today)")

core_files = pytest.mark.parametrize("path", python_files(CORE), ids=relative)
shell_files = pytest.mark.parametrize(
    "path", [p for p in python_files(MODULE_UTILS) if not p.is_relative_to(CORE)], ids=relative
)
module_files = pytest.mark.parametrize("path", python_files(MODULES), ids=relative)
CONTROLLER = [p for place in (FILTERS, LOOKUPS, PLUGIN_UTILS) for p in python_files(place)]
controller_files = pytest.mark.parametrize("path", CONTROLLER, ids=relative)
plugin_files = pytest.mark.parametrize("path", python_files(PLUGINS), ids=relative)
simulator_files = pytest.mark.parametrize(
    "path", python_files(ROOT / "tests" / "simulator"), ids=relative
)


def offences(path: Path, forbidden: t.Callable[[Import], bool]) -> list[str]:
    """The imports of a file that a rule forbids."""
    return [f"{relative(path)}:{i.line}: {i.name}" for i in imports(path) if forbidden(i)]


@core_files
def test_core_imports_only_itself_and_pure_libraries(path: Path) -> None:
    def forbidden(item: Import) -> bool:
        if item.is_own:
            return not item.name.startswith(f"{UTILS}._core")
        if item.top in CORE_LIBRARIES:
            return False
        return (
            item.is_third_party
            or item.top in IMPURE | {"ansible"}
            or item.name.startswith(IMPURE_NAMES)
        )

    assert offences(path, forbidden) == []


@core_files
def test_core_has_no_clock_and_no_file_of_its_own(path: Path) -> None:
    found = [
        f"{relative(path)}:{line}: {name}()"
        for name, line in calls(path)
        if name in IMPURE_CALLS or CLOCK.fullmatch(name)
    ]
    assert found == []


@shell_files
def test_shell_imports_ansible_core_and_only_the_transport_http(path: Path) -> None:
    is_edge = path.is_relative_to(MODULE_UTILS / "_http")
    libraries = CORE_LIBRARIES | (HTTP_LIBRARIES if is_edge else set())

    def forbidden(item: Import) -> bool:
        if item.is_own:
            return not item.name.startswith(UTILS)
        if item.top == "ansible":
            return is_edge or not item.name.startswith("ansible.module_utils.")
        return item.is_third_party and item.top not in libraries

    assert offences(path, forbidden) == []


@module_files
def test_modules_use_the_shell_and_never_each_other(path: Path) -> None:
    def forbidden(item: Import) -> bool:
        if item.is_own:
            return not item.name.startswith(UTILS)
        if item.top == "ansible":
            return not item.name.startswith("ansible.module_utils.")
        return item.is_third_party

    assert offences(path, forbidden) == []


@simulator_files
def test_simulator_and_collection_know_nothing_of_each_other(path: Path) -> None:
    strangers = {"ansible", "ansible_collections", "plugins", "support", "tools"}
    assert offences(path, lambda item: item.top in strangers) == []


@plugin_files
def test_plugins_never_import_what_only_the_checkout_has(path: Path) -> None:
    strangers = {"qlik_simulator", "support", "tests", "tools", "examples"}
    assert offences(path, lambda item: item.top in strangers) == []


@plugin_files
def test_third_party_imports_are_guarded(path: Path) -> None:
    def forbidden(item: Import) -> bool:
        # ansible-core brings Jinja.
        is_there = path in CONTROLLER and item.top == "jinja2"
        return item.is_third_party and not is_there and item.guard not in ("try", "types")

    assert offences(path, forbidden) == []


@controller_files
def test_controller_plugins_use_the_core_and_never_the_shell(path: Path) -> None:
    """They run where nothing but ansible-core and its libraries are sure to be installed."""
    own = (f"{UTILS}._core", f"{COLLECTION}.plugins.plugin_utils")
    of_ansible: tuple[str, ...] = (
        "ansible.errors",
        "ansible.module_utils.",
        "ansible.plugins.lookup",
    )
    # What the plugins share is called with mappings, so tests need no Ansible for it.
    if path.is_relative_to(PLUGIN_UTILS):
        of_ansible = ("ansible.module_utils.",)

    def forbidden(item: Import) -> bool:
        if item.is_own:
            return not item.name.startswith(own)
        if item.top == "ansible":
            return not item.name.startswith(of_ansible)
        return item.is_third_party and item.top != "jinja2"

    assert offences(path, forbidden) == []


def test_no_file_imports_a_test_file() -> None:
    """What tests share is in a helper file, so that a test file can change alone."""
    tests = python_files(ROOT / "tests")
    names = {
        ".".join(path.relative_to(ROOT / "tests").with_suffix("").parts)
        for path in tests
        if path.name.startswith("test_")
    }

    def forbidden(item: Import) -> bool:
        parts = item.name.removeprefix("tests.").split(".")
        return any(".".join(parts[:end]) in names for end in range(1, len(parts) + 1))

    assert [found for path in tests for found in offences(path, forbidden)] == []


def test_no_file_and_no_package_imports_itself_through_others() -> None:
    assert layout.cycles(layout.modules()) == []
    assert layout.cycles(layout.packages()) == []


def test_the_architecture_shows_the_layers() -> None:
    (listed,) = texts("docs/architecture.md", "text")
    places = re.findall(r"^(\S+)/", listed, re.MULTILINE)
    assert [place for place in places if not (ROOT / place).is_dir()] == []
    (playbooks,) = re.findall(r"^playbooks/ +(.*?):", listed, re.MULTILINE | re.DOTALL)
    names = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    assert {*re.findall(r"\w+", playbooks)} == names


def test_the_architecture_names_every_package_and_every_file() -> None:
    page = files_page.PAGE.read_text(encoding="utf-8")
    assert files_page.page(page) == page, "run make pages"
    places = {path.parent for path in python_files(MODULE_UTILS)} - {MODULE_UTILS, CORE}
    by_hand = page.partition("### Every file")[0]
    names = [
        f"{place.relative_to(CORE if CORE in place.parents else MODULE_UTILS)}/" for place in places
    ]
    assert [name for name in names if f"`{name}`" not in by_hand] == []
