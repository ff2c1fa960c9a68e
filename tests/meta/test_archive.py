# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the archive of the collection contains, and that nothing of a user gets into it."""

from __future__ import annotations

import fnmatch
import re
import shutil
import subprocess

import pytest
import yaml

from tools import archive, checkout
from tools.checkout import ROOT

KEY = "-----BEGIN PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----\n"

#: What users write to a checkout if they follow the documentation, and what tools leave there.
PLANTED = (
    "examples/sites/qlik-dev.example.com/portal.key",
    "examples/sites/qlik-dev.example.com/client_key.pem",
    "examples/sites/qlik-dev.example.com/notes.txt",
    "reports/report.html",
    "reports/junit.xml",
    "before/report.json",
    "after/report.json",
    "exports/central.yml",
    "host_vars/central/central.yml",
    "group_vars/qlik/vault.yml",
    "qlik-offline/requirements.yml",
    "qlik-offline/wheels/requests.whl",
    "extensions/execution-environment/context/Containerfile",
    "inventory.yml",
    "portal.yml",
    "requirements.yml",
    "ansible.cfg",
    "vault.yml",
    "portal.key",
    "client_key.pem",
    "server.pfx",
    "roles/jwt_keypair/files/server.p12",
    "playbooks/portal.jwt",
    "changelogs/.plugin-cache.yaml",
    "tests/output/junit/report.xml",
    "tests/integration/inventory",
    ".ansible/tmp/x",
    ".nox/x",
)


#: What is packed as a whole.
COMPLETE = ("changelogs", "docs", "extensions", "meta", "playbooks", "plugins", "roles", "LICENSE")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The files in an archive that was built from a checkout that somebody worked in."""
    place = tmp_path_factory.mktemp("archive")
    collection = place / "sense"
    for name in checkout.files():
        target = collection / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)
    for name in PLANTED:
        target = collection / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("" if name == "ansible.cfg" else KEY, encoding="utf-8")
    return archive.names(archive.build(collection, place))


def test_nothing_of_a_user_is_packed(built: list[str]) -> None:
    assert not {*PLANTED} & {*built}


def test_git_ignores_the_same() -> None:
    command = ["git", "check-ignore", "--no-index", *PLANTED]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert {*PLANTED} - {*ended.stdout.splitlines()} == set()


def test_only_what_users_need_is_packed(built: list[str]) -> None:
    assert {name.partition("/")[0] for name in built} - archive.SHIPPED == set()
    wanted = [name for name in checkout.files() if name.startswith(COMPLETE)]
    assert {*wanted} - {*built} == set()


def test_no_directory_that_the_documentation_writes_to_is_forgotten() -> None:
    """A relative path in an example is a directory of the checkout if you work there."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "roles").glob("*/*.md")]
    named = {
        match[1]
        for page in pages
        for match in re.finditer(
            r"(?:report|export)_directory[=:] ?([a-z][\w-]*)", page.read_text(encoding="utf-8")
        )
    }
    assert named >= {"reports", "before", "after", "exports"}
    ignored = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["build_ignore"]
    assert [n for n in named if not any(fnmatch.fnmatch(n, pattern) for pattern in ignored)] == []
