# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests the archive of the collection instead of the checkout: ``make artifact``.

Builds it, imports it with galaxy-importer as Galaxy does, lints it in its own directory, installs
it offline into an empty path, and sets up a login on the simulator from there: with all of it, and
with only `meta`, `playbooks`, `plugins`, and `roles`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tools import archive, checkout, surroundings, windows_collection
from tools.checkout import BUILD, ROOT

HUB_CORE = "ansible-core~=2.18.0"
#: The newest galaxy-importer, and the one of Automation Hub with the ansible-core of its time:
#: its ansible-lint cannot read the values of newer releases.
IMPORTERS = {"newest": ["galaxy-importer"], "0.4.31": ["galaxy-importer==0.4.31", HUB_CORE]}
#: What Ansible itself needs of a collection.
ESSENTIAL = {"meta", "playbooks", "plugins", "roles"}

_WORK = BUILD / "artifact"
_BAD = re.compile(r"\b(ERROR|WARNING|Traceback)\b")
_QUICKSTART = """
import pathlib, sys
sys.path.insert(0, sys.argv[1])
import quickstart
quickstart.COLLECTIONS = pathlib.Path(sys.argv[2])
sys.exit(quickstart.main())
"""


def main() -> int:
    """Run every step; 0 if all succeed."""
    shutil.rmtree(_WORK, ignore_errors=True)
    copy = checkout.copy("artifact/source")
    built = archive.build(copy, _WORK)
    found = archive.names(built)
    print(f"{built.name}: {len(found)} files, {built.stat().st_size // 1024} KiB")
    steps: dict[str, Callable[[], bool]] = {
        **{
            f"import with galaxy-importer, {name}": partial(imports, built, name)
            for name in IMPORTERS
        },
        "lint": partial(lint, built),
        "quickstart from the installed archive": lambda: quickstart(installed(built)),
        "quickstart with only what Ansible needs": lambda: quickstart(essential(installed(built))),
    }
    results = {}
    for name, step in steps.items():
        print(f"\n=== {name}", flush=True)
        results[name] = step()
    print()
    for name, ok in results.items():
        print(f"{name:45}{'passed' if ok else 'FAILED'}")
    return 0 if all(results.values()) else 1


def imports(built: Path, name: str) -> bool:
    """Import it as Galaxy does. A finding of ansible-lint is only a line in the log there."""
    python = importer(name)
    place = _WORK / f"import-{name}"
    place.mkdir()
    shutil.copy2(built, place)
    env = tree_environment(place)
    env["PATH"] = os.pathsep.join([str(python.parent), env["PATH"]])
    ended = subprocess.run(
        [str(python), "-m", "galaxy_importer.main", built.name],
        cwd=place,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(ended.stdout)
    linted = "ansible-lint run complete" in ended.stdout
    return ended.returncode == 0 and linted and not _BAD.search(ended.stdout)


def importer(name: str) -> Path:
    """The interpreter of a virtual environment for it: it pins old releases of other tools."""
    place = BUILD / f"importer-venv-{name}"
    inside = place / "bin" / "python"
    if not inside.exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    install = [str(inside), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, *IMPORTERS[name], "setuptools<81"], check=True)
    return inside


def tree_environment(place: Path) -> dict[str, str]:
    """The environment, with ansible.windows as the only installed collection below ``place``."""
    tree = place / "collections"
    (tree / "ansible_collections").mkdir(parents=True)
    windows_collection.show_in(tree)
    return surroundings.environment(collections=tree)


def lint(built: Path) -> bool:
    """ansible-lint and yamllint in the unpacked archive, with the settings that it contains."""
    place = _WORK / "lint"
    env = tree_environment(place)
    collection = place / "collections" / "ansible_collections" / "qlikops" / "sense"
    collection.mkdir(parents=True)
    with tarfile.open(built) as content:
        content.extractall(collection, filter="data")
    commands = (["ansible-lint", "--offline"], ["yamllint", "--strict", "."])
    return not [
        c for c in commands if subprocess.run(c, cwd=collection, env=env, check=False).returncode
    ]


def installed(built: Path) -> Path:
    """Install it offline into an empty path; the path."""
    place = _WORK / "installed"
    shutil.rmtree(place, ignore_errors=True)
    env = tree_environment(place)
    tree = Path(env["ANSIBLE_COLLECTIONS_PATH"])
    command = ["ansible-galaxy", "collection", "install", "--offline", "-p", str(tree), str(built)]
    subprocess.run(command, cwd=place, env=env, check=True)
    return tree


def essential(tree: Path) -> Path:
    """Remove from an installed collection what Ansible does not need."""
    for path in (tree / "ansible_collections" / "qlikops" / "sense").iterdir():
        if path.name not in ESSENTIAL:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return tree


def quickstart(tree: Path) -> bool:
    """Set up a login on the simulator with the playbooks of an installed collection."""
    command = [sys.executable, "-c", _QUICKSTART, str(ROOT / "examples"), str(tree)]
    return subprocess.run(command, cwd=_WORK, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
