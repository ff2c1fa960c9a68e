# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installs and imports the Python requirements of the execution environments.

Each definition gets a fresh virtual environment of the Python that it names.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

import yaml

from tools import surroundings
from tools.checkout import BUILD, ROOT

DEFINITIONS = ROOT / "extensions" / "execution-environment"

#: The modules of distributions that have another name than theirs.
MODULES = {
    "ansible-core": "ansible",
    "pyjwt": "jwt",
    "pywinrm": "winrm",
}


def main() -> int:
    """Check every definition; 0 if all requirements can be imported."""
    return max(check(path) for path in sorted(DEFINITIONS.glob("*.yml")))


def check(definition: Path) -> int:
    """Install what a definition names, without its extras, and import it."""
    content = yaml.safe_load(definition.read_text(encoding="utf-8"))
    program = content["dependencies"]["python_interpreter"]["package_system"]
    found = next((p for p in candidates(program) if usable(p)), None)
    if found is None:
        raise SystemExit(f"{definition.name} needs {program}, which is not on PATH.")
    place = BUILD / f"environment-{definition.stem}"
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run([found, "-m", "venv", str(place)], check=True)
    python = str(place / "bin" / "python")
    needed = requirements(content)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, *needed], check=True)
    names = [module(line) for line in needed]
    ended = subprocess.run([python, "-c", f"import {', '.join(names)}"], check=False)
    print(f"{definition.name}: {', '.join(names)}: {'FAILED' if ended.returncode else 'passed'}")
    return ended.returncode


def candidates(program: str) -> list[str]:
    """The interpreters of that name."""
    found = (shutil.which(program, path=place) for place in surroundings.search_path())
    return [path for path in found if path]


def usable(path: str) -> bool:
    """Whether an interpreter starts: a shim does not for every Python."""
    return subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0


def requirements(content: dict[str, t.Any]) -> list[str]:
    """What the definition and the collection need. Without extras: Kerberos needs a compiler."""
    dependencies = content["dependencies"]
    own = [dependencies[name]["package_pip"] for name in ("ansible_core", "ansible_runner")]
    collection = (ROOT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8").splitlines()
    lines = [*own, *dependencies["python"], *collection]
    return [line.replace("[kerberos]", "") for line in lines if not line.startswith("#")]


def module(requirement: str) -> str:
    """The module that a distribution provides."""
    name = requirement.partition(">")[0].partition("~")[0].strip().lower()
    return MODULES.get(name, name.replace("-", "_"))


if __name__ == "__main__":
    sys.exit(main())
