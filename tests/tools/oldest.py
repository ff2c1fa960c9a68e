# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A virtual environment under ``.build`` with the oldest supported ansible-core."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement

from tools.checkout import BUILD, ROOT

_SUPPORTED = ROOT / "tests" / "requirements-ansible-core.txt"


def python() -> Path:
    """Its interpreter. pip installs what is missing in it."""
    core = version()
    place = BUILD / "test-venv-{}.{}-core-{}".format(*sys.version_info[:2], core)
    interpreter = place / "bin" / "python"
    if not interpreter.exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    install = [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    requirements = str(ROOT / "tests" / "requirements-test.txt")
    subprocess.run([*install, "-r", requirements, f"ansible-core=={core}"], check=True)
    return interpreter


def version() -> str:
    """The oldest ansible-core that is supported on this Python."""
    lines = _SUPPORTED.read_text(encoding="utf-8").splitlines()
    listed = [Requirement(line) for line in lines if line and not line.startswith("#")]
    (here,) = (entry for entry in listed if entry.marker is None or entry.marker.evaluate())
    (bound,) = (part.version for part in here.specifier if part.operator == ">=")
    return bound
