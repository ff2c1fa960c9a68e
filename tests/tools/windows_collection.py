# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts ansible.windows under ``.build/collections`` without Galaxy: out of the package ``ansible``.

    python -m tools.windows_collection

The package comes by pip, as that is configured. Does nothing when the collection is there already
in the version that belongs to this Python, or that the environment variable ``WINDOWS_COLLECTION``
names.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import typing as t
import zipfile
from pathlib import Path

from tools.checkout import BUILD

#: By the oldest Python that it installs on: the package, and the ansible.windows in it.
RELEASES = {(3, 12): ("14.5.0", "3.8.0"), (3, 11): ("12.3.0", "3.3.0")}
#: By the ansible.windows in it: the package with the oldest one that is supported.
OTHERS = {"2.7.0": "11.2.0"}
_INSIDE = "ansible_collections/ansible/windows/"


def ensure(place: Path = BUILD / "collections") -> Path:
    """The collection's directory below ``place``; fetched when it is not there."""
    package, version = release(sys.version_info[:2])
    target = place / _INSIDE
    with _alone(_made(place.parent) / "windows_collection.lock"):
        if installed(target) != version:
            with tempfile.TemporaryDirectory(dir=place.parent) as directory:
                _unpack(_download(package, Path(directory)), Path(directory))
                shutil.rmtree(target, ignore_errors=True)
                _made(target.parent)
                (Path(directory) / _INSIDE).rename(target)
    return target


def show_in(tree: Path) -> None:
    """Let the copy of the checkout below ``tree`` see it beside itself."""
    (tree / "ansible_collections" / "ansible").symlink_to(ensure().parent, target_is_directory=True)


def release(python: tuple[int, ...]) -> tuple[str, str]:
    """The versions of package and collection for a Python; SystemExit when it is too old."""
    if wanted := os.environ.get("WINDOWS_COLLECTION"):
        packages = OTHERS | {version: package for package, version in RELEASES.values()}
        return packages[wanted], wanted
    for oldest, versions in RELEASES.items():
        if python >= oldest:
            return versions
    raise SystemExit("This needs Python 3.11 or newer.")


def installed(target: Path) -> str | None:
    """The version of a collection that is there."""
    try:
        manifest = json.loads((target / "MANIFEST.json").read_text(encoding="utf-8"))
    except OSError:
        return None
    version: str = manifest["collection_info"]["version"]
    return version


def _download(package: str, directory: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    # The collection has no Python of its own, so any release of the package will do.
    command += ["--python-version", "3.13"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:"]
    command += ["--dest", str(directory), f"ansible=={package}"]
    subprocess.run(command, check=True)
    (wheel,) = directory.glob("*.whl")
    return wheel


def _unpack(wheel: Path, directory: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        wanted = [name for name in archive.namelist() if name.startswith(_INSIDE)]
        archive.extractall(directory, wanted)


@contextlib.contextmanager
def _alone(lock: Path) -> t.Iterator[None]:
    """Waits for others who fetch the same: tests run in several processes."""
    with lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _made(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    return directory


if __name__ == "__main__":
    print(ensure())
