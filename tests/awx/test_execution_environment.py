# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The execution environment is one that ansible-builder takes, with what the collection needs."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from pathlib import Path

import ansible_builder
import pytest

from awx.definitions import items, loaded
from tools import checkout, cores
from tools.checkout import ROOT

DEFINITIONS = sorted((ROOT / "extensions" / "execution-environment").glob("*.yml"))
PROGRAMS = Path(sys.executable).parent


def requirements(text: str) -> dict[str, str]:
    """The distributions of a requirements file, each with its bound."""
    found = (re.match(r"([A-Za-z][\w.-]*)(?:\[\w+\])?([^#]*)", line) for line in text.splitlines())
    return {match[1].lower(): match[2].strip() for match in found if match}


def run(*command: str, cwd: Path) -> str:
    """What a command says; an assertion with it when the command fails."""
    ended = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda path: path.stem)
def test_builder_makes_a_context(definition: Path, tmp_path: Path) -> None:
    builder = str(PROGRAMS / "ansible-builder")
    run(builder, "create", "-f", str(definition), "-c", "context", "-v3", cwd=tmp_path)

    context = tmp_path / "context"
    (container_file,) = [p for p in context.iterdir() if p.is_file()]
    text = container_file.read_text(encoding="utf-8")
    assert "python3.12" in text
    # A new major version of anything is a decision.
    newest = [release for release in cores.SUPPORTED if not release.candidate][-1]
    minor = int(newest.name.partition(".")[2])
    assert f"ansible-core>={newest.name}.0,<2.{minor + 1}.0" in text
    assert "ansible-runner>=2.4.0,<3.0.0" in text
    galaxy = loaded(context / "_build" / "requirements.yml")
    assert [entry["name"] for entry in galaxy["collections"]] == ["qlikops.sense"]
    given = requirements((context / "_build" / "requirements.txt").read_text(encoding="utf-8"))
    # What the collection itself declares is found by introspection and said in one place only.
    assert not given.keys() & requirements(collection_needs()).keys()
    tested = requirements(
        "".join(
            (ROOT / f"tests/requirements-{name}.txt").read_text(encoding="utf-8")
            for name in ("test", "unit")
        )
    )
    assert all("," in bound for bound in given.values())
    floors = {name: bound.partition(",")[0] for name, bound in given.items()}
    assert floors == {name: tested[name] for name in given}
    packages = context / "_build" / "bindep.txt"
    kerberos = packages.exists() and "krb5-devel" in packages.read_text(encoding="utf-8")
    assert kerberos == (definition.stem == "kerberos")


def collection_needs() -> str:
    """The requirements file of the collection."""
    return (ROOT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8")


def test_builder_finds_what_the_collection_needs(tmp_path: Path) -> None:
    """As the builder looks into an execution environment, after the collections are there."""
    place = tmp_path / "ansible_collections" / "qlikops" / "sense"
    place.mkdir(parents=True)
    for name in ("meta", "galaxy.yml"):
        (place / name).symlink_to(ROOT / name)
    script = Path(ansible_builder.__file__).parent / "_target_scripts" / "introspect.py"

    run(
        sys.executable,
        str(script),
        "introspect",
        str(tmp_path),
        "--write-pip",
        str(tmp_path / "found.txt"),
        cwd=tmp_path,
    )

    found = requirements((tmp_path / "found.txt").read_text(encoding="utf-8"))
    assert found == requirements(collection_needs())


def test_one_version_everywhere() -> None:
    version = loaded(ROOT / "galaxy.yml")["version"].removesuffix("-dev")
    for definition in DEFINITIONS:
        (collection,) = loaded(definition)["dependencies"]["galaxy"]["collections"]
        assert collection["version"] == version
    (project,) = items("projects")
    (environment,) = items("execution_environments")
    assert project["scm_branch"] == version
    assert environment["image"].endswith(f":{version}")


@pytest.mark.long
def test_the_archive_carries_the_definitions(tmp_path: Path) -> None:
    galaxy = str(PROGRAMS / "ansible-galaxy")
    run(galaxy, "collection", "build", "--output-path", str(tmp_path), cwd=checkout.copy("archive"))

    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as content:
        names = {*content.getnames()}
    wanted = {name for name in checkout.files() if name.startswith(("extensions/", "playbooks/"))}
    assert wanted
    assert wanted <= names
