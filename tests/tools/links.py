# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the version of the collection into its links to files of the repository: ``make pages``.

The links of a release lead to the files of that release. Those of a development version lead to
``main``.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from meta.source import checkout_files
from tools.checkout import ROOT

REPOSITORY = "https://github.com/qlikops/sense"

#: What users read. The name of a schema is the same in all releases.
_SUFFIXES = (".md", ".rst", ".yml", ".j2", ".py")
_OTHERS = ("changelogs", "tests")


def pages() -> list[Path]:
    """The files whose links have a version."""
    found = checkout_files(*_SUFFIXES)
    return [path for path in found if path.relative_to(ROOT).parts[0] not in _OTHERS]


def versioned(text: str, version: str) -> str:
    """``text`` with links to the files of a version."""
    return re.sub(
        rf"(?<={re.escape(REPOSITORY)}/)(blob|raw|tree)/[^/\s]+", rf"\1/{ref(version)}", text
    )


def ref(version: str) -> str:
    """The tag of a release, or the branch of a development version."""
    return "main" if version.endswith("-dev") else version


def current() -> str:
    """The version in ``galaxy.yml``."""
    version: str = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    return version


if __name__ == "__main__":
    for file in pages():
        before = file.read_text(encoding="utf-8")
        if (after := versioned(before, current())) != before:
            file.write_text(after, encoding="utf-8")
