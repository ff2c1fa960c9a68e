# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copies of the checkout for tools that want it as ``ansible_collections/qlikops/sense``.

Only what git tracks or would track is copied, so that no build product is linted or tested.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"


def copy(purpose: str) -> Path:
    """A fresh copy under ``.build/<purpose>``; the path of the collection in it is returned."""
    tree = BUILD / purpose
    collection = tree / "ansible_collections" / "qlikops" / "sense"
    shutil.rmtree(tree, ignore_errors=True)
    for name in files():
        target = collection / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)
    # Without a repository of its own the copy is an ignored directory of the checkout's, and tools
    # that ask git for the files to look at are told: none.
    subprocess.run(["git", "init", "--quiet", str(collection)], check=True)
    return collection


def files() -> list[str]:
    """All files of the working tree that git tracks or does not ignore, relative to its root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    names = {name for name in listed.stdout.split("\0") if name}
    return sorted(name for name in names if (ROOT / name).is_file() or (ROOT / name).is_symlink())
