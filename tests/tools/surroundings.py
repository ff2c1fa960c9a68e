# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The environment in which every check runs: the same on a developer's machine and in CI."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.checkout import BUILD, ROOT

# A developer's settings would change what the checks see: Python's and Ansible's own, and the
# environment fallbacks of the modules.
FOREIGN = ("ANSIBLE_", "PYTHON", "QLIK_")
OURS = ("QLIK_QRS_OPENAPI",)


def environment(*, collections: Path | None = None) -> dict[str, str]:
    """A copy of the environment with an own HOME, the test tools first on PATH, and UTF-8.

    ``collections`` is the directory with the ``ansible_collections`` to look in; by default the
    one in which the checkout itself appears.
    """
    env = {
        name: value
        for name, value in os.environ.items()
        if name in OURS or not name.startswith(FOREIGN)
    }
    place = collections or link_checkout()
    env["HOME"] = str(home())
    env["PATH"] = os.pathsep.join(search_path())
    env["LC_ALL"] = "C.UTF-8"
    env["ANSIBLE_COLLECTIONS_PATH"] = str(place)
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    if not sys.stdout.isatty():
        env.pop("FORCE_COLOR", None)
        env["NO_COLOR"] = env["ANSIBLE_NOCOLOR"] = "1"
    return env


def link_checkout() -> Path:
    """Show the checkout as ``ansible_collections/qlikops/sense`` under ``.build/collections``."""
    place = BUILD / "collections"
    link = place / "ansible_collections" / "qlikops" / "sense"
    if not link.exists():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT, target_is_directory=True)
    return place


def home() -> Path:
    """A HOME that belongs to the checks, with the user's pip settings in it and nothing else."""
    place = BUILD / "home"
    settings = place / ".config" / "pip" / "pip.conf"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.touch(mode=0o600)
    with settings.open("w", encoding="utf-8") as stream:
        pip_settings().write(stream)
    return place


def pip_settings() -> configparser.ConfigParser:
    """How this user's pip reaches its index: file and environment, as one file.

    ansible-test takes neither PIP_… nor the file in another HOME to the pip that it starts. An
    address in it can hold a password.
    """
    settings = configparser.ConfigParser(interpolation=None)
    settings.read([Path.home() / ".pip/pip.conf", Path.home() / ".config/pip/pip.conf"])
    if not settings.has_section("global"):
        settings.add_section("global")
    for name, value in os.environ.items():
        if name.startswith("PIP_") and name != "PIP_CONFIG_FILE":
            settings.set("global", name.removeprefix("PIP_").lower().replace("_", "-"), value)
    settings.set("global", "quiet", "1")
    return settings


def search_path() -> list[str]:
    """PATH with this interpreter's tools and its real ``bin`` first, and without pyenv's shims.

    A shim is there for every Python that pyenv knows and fails for all but the chosen ones;
    ansible-test takes it for an interpreter. The directories of the real ones stand in its place.
    """
    first = [str(Path(sys.executable).parent), str(Path(sys.base_prefix) / "bin")]
    rest = [p for p in os.environ.get("PATH", os.defpath).split(os.pathsep) if p]
    shims = [p for p in rest if Path(p).name == "shims" and "pyenv" in p]
    real = _pyenv_prefixes() if shims else []
    kept = [p for p in rest if p not in shims]
    return list(dict.fromkeys([*first, *real, *kept]))


def _pyenv_prefixes() -> list[str]:
    pyenv = shutil.which("pyenv")
    if pyenv is None:
        return []
    listed = subprocess.run(
        [pyenv, "versions", "--bare", "--skip-aliases"], capture_output=True, text=True, check=False
    )
    prefixes = []
    for version in listed.stdout.split():
        prefix = subprocess.run(
            [pyenv, "prefix", version], capture_output=True, text=True, check=False
        )
        if prefix.returncode == 0:
            prefixes.append(str(Path(prefix.stdout.strip()) / "bin"))
    return prefixes
