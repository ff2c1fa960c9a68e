# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wheels of the installed distributions, so that pip installs from them without an index."""

from __future__ import annotations

import importlib.metadata
import zipfile
from pathlib import Path

from packaging.requirements import Requirement


def environment(directory: Path, *names: str) -> dict[str, str]:
    """Variables with which pip finds these distributions, and what they require, and no others."""
    directory.mkdir()
    for distribution in _closure(names):
        _pack(distribution, directory)
    return {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(directory),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def _closure(names: tuple[str, ...]) -> list[importlib.metadata.Distribution]:
    found: dict[str, importlib.metadata.Distribution] = {}
    wanted = [*names]
    while wanted:
        name = wanted.pop().lower()
        if name in found:
            continue
        found[name] = importlib.metadata.distribution(name)
        required = [Requirement(text) for text in found[name].requires or []]
        wanted += [one.name for one in required if not one.marker or one.marker.evaluate()]
    return [*found.values()]


def _pack(distribution: importlib.metadata.Distribution, directory: Path) -> None:
    tags = (distribution.read_text("WHEEL") or "").split("Tag: ")
    name = distribution.metadata["Name"].replace("-", "_")
    file = directory / f"{name}-{distribution.version}-{tags[1].split()[0]}.whl"
    with zipfile.ZipFile(file, "w") as wheel:
        for path in distribution.files or []:
            # Programs are outside. pip writes them itself.
            if not str(path).startswith("..") and "__pycache__" not in path.parts:
                wheel.write(str(path.locate()), str(path))
