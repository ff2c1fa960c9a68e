# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of docs/installation.md and of README.md, with servers on the loopback address."""

from __future__ import annotations

import dataclasses
import re
import shutil
import sys
import typing as t
from pathlib import Path

import pytest

from playbooks.runs import Run, Workplace
from support import galaxy_server, wheels
from support.blocks import texts
from support.galaxy_server import Galaxy
from tools.checkout import ROOT

PAGE = "docs/installation.md"
GALAXY, DOWNLOAD, OFFLINE = texts(PAGE, "shell")
(README,) = texts("README.md", "shell")
(REQUIREMENTS,) = texts(PAGE, "yaml")
(HUB,) = texts(PAGE, "ini")
#: What meta/ee-requirements.txt asks for.
LIBRARIES = ("requests", "cryptography", "PyJWT")


@dataclasses.dataclass(frozen=True)
class Reader:
    """An account of a reader: an empty HOME, and servers instead of Galaxy and PyPI."""

    workplace: Workplace
    galaxy: Galaxy
    python: Path
    index: dict[str, str]

    def shell(self, script: str, **more: str) -> Run:
        """Run a script of a page. ``python3`` is the interpreter of a new virtual environment."""
        galaxy = {"ANSIBLE_GALAXY_SERVER": self.galaxy.url()}
        environment = {
            "ANSIBLE_COLLECTIONS_PATH": f"{self.home}/.ansible/collections",
            **self.index,
            **galaxy,
            **more,
        }
        return self.workplace.shell(
            f"PATH={self.python.parent}:$PATH\n{script}", environment=environment
        )

    @property
    def home(self) -> Path:
        """The directory of the account."""
        return self.workplace.directory / "home"

    def installed(self) -> set[str]:
        """The collections of the account."""
        place = self.home / ".ansible" / "collections" / "ansible_collections"
        return {
            ".".join(path.parent.relative_to(place).parts)
            for path in place.glob("*/*/MANIFEST.json")
        }

    def libraries(self) -> str:
        """The libraries that pip installed."""
        return self.workplace.execute([str(self.python), "-m", "pip", "freeze"]).ok().output


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What Galaxy has."""
    directory = tmp_path_factory.mktemp("archives")
    return [
        galaxy_server.release(directory),
        galaxy_server.substitute(directory, "ansible.windows", "3.0.0"),
    ]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What PyPI has."""
    return wheels.environment(tmp_path_factory.mktemp("index") / "wheels", *LIBRARIES)


@pytest.fixture
def reader(workplace: Workplace, archives: list[Path], index: dict[str, str]) -> t.Iterator[Reader]:
    """The account."""
    python = workplace.directory / "venv" / "bin" / "python3"
    workplace.execute([sys.executable, "-m", "venv", str(python.parents[1])]).ok()
    with galaxy_server.serve(archives) as galaxy:
        yield Reader(workplace, galaxy, python, index)


def check(reader: Reader) -> None:
    """The collection and its libraries are installed, and the documentation is found."""
    assert reader.installed() == {"qlikops.sense", "ansible.windows"}
    found = re.findall(r"^([\w-]+)==", reader.libraries(), re.MULTILINE)
    assert {*LIBRARIES} <= {*found}
    shown = reader.shell("ansible-doc -t role qlikops.sense.jwt_verify").ok().output
    assert f"{reader.home}/.ansible/collections/" in shown


@pytest.mark.long
def test_from_galaxy(reader: Reader) -> None:
    assert GALAXY == README
    reader.shell(GALAXY).ok()
    check(reader)


@pytest.mark.long
def test_with_a_requirements_file(reader: Reader) -> None:
    (reader.workplace.directory / "requirements.yml").write_text(REQUIREMENTS, encoding="utf-8")
    reader.shell("ansible-galaxy collection install -r requirements.yml").ok()
    assert reader.installed() == {"qlikops.sense", "ansible.windows"}


@pytest.mark.long
def test_from_a_private_automation_hub(reader: Reader) -> None:
    (reader.workplace.directory / "ansible.cfg").write_text(HUB, encoding="utf-8")
    (path,) = re.findall(r"^url = https://hub\.example\.com(/.*)$", HUB, re.MULTILINE)
    nowhere = "http://127.0.0.1:1/"
    reader.shell(
        GALAXY.splitlines()[0],
        ANSIBLE_GALAXY_SERVER=nowhere,
        ANSIBLE_GALAXY_SERVER_HUB_URL=reader.galaxy.url(path),
        ANSIBLE_GALAXY_SERVER_HUB_TOKEN="secret",
    ).ok()
    assert reader.installed() == {"qlikops.sense", "ansible.windows"}
    assert "Token secret" in reader.galaxy.tokens


@pytest.mark.long
def test_offline(reader: Reader) -> None:
    """The second half has neither Galaxy nor PyPI."""
    reader.shell(DOWNLOAD).ok()
    assert reader.installed() == set()

    reader.shell(OFFLINE, ANSIBLE_GALAXY_SERVER="http://127.0.0.1:1/", PIP_FIND_LINKS="").ok()
    check(reader)


@pytest.mark.long
def test_from_a_checkout(reader: Reader) -> None:
    (command,) = re.findall(r"`(ansible-galaxy collection install \.)`", (ROOT / PAGE).read_text())
    source = ROOT / ".build" / "released" / "ansible_collections" / "qlikops" / "sense"
    shutil.copytree(source, reader.workplace.directory / "sense")
    reader.shell(f"cd sense && {command}").ok()
    assert reader.installed() == {"qlikops.sense", "ansible.windows"}
