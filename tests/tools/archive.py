# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the archive of the collection, as a release does."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

from tools import surroundings

#: The first part of the path of each file that the archive may contain.
SHIPPED = {
    *("changelogs", "docs", "extensions", "meta", "playbooks", "plugins", "roles"),
    *("LICENSE", "LICENSES", "REUSE.toml", "README.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md"),
    *("CONTRIBUTING.md", "SECURITY.md", ".ansible-lint", ".yamllint", "MANIFEST.json"),
    "FILES.json",
}


def build(collection: Path, output: Path) -> Path:
    """Build what is in ``collection``, a copy of the checkout; the archive in ``output``."""
    program = Path(sys.executable).with_name("ansible-galaxy")
    command = [str(program), "collection", "build", "--force", "--output-path", str(output)]
    env = surroundings.environment()
    subprocess.run(command, cwd=collection, env=env, check=True, stdout=subprocess.DEVNULL)
    (archive,) = output.glob("*.tar.gz")
    return archive


def names(archive: Path) -> list[str]:
    """The files in an archive."""
    with tarfile.open(archive) as content:
        return sorted(member.name for member in content.getmembers() if member.isfile())
