# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tool that gets ansible.windows without Galaxy."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools import windows_collection


@pytest.mark.parametrize(
    ("python", "versions"),
    [
        ((3, 11), ("12.3.0", "3.3.0")),
        ((3, 12), ("14.5.0", "3.8.0")),
        ((3, 14), ("14.5.0", "3.8.0")),
    ],
)
def test_the_release_belongs_to_the_python(
    python: tuple[int, int], versions: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WINDOWS_COLLECTION", raising=False)
    assert windows_collection.release(python) == versions


def test_another_release_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINDOWS_COLLECTION", "2.7.0")
    assert windows_collection.release((3, 13)) == ("11.2.0", "2.7.0")
    monkeypatch.setenv("WINDOWS_COLLECTION", "3.8.0")
    assert windows_collection.release((3, 11)) == ("14.5.0", "3.8.0")


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WINDOWS_COLLECTION", raising=False)
    with pytest.raises(SystemExit, match=r"3\.11"):
        windows_collection.release((3, 10))


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    dummy, version = windows_collection.release(sys.version_info[:2])
    collections = tmp_path / "collections"
    place = collections / "ansible_collections" / "ansible" / "windows"
    place.mkdir(parents=True)
    assert windows_collection.installed(place) is None
    manifest = place / "MANIFEST.json"
    manifest.write_text(f'{{"collection_info": {{"version": "{version}"}}}}')
    assert windows_collection.ensure(collections) == place
    assert [path.name for path in place.iterdir()] == ["MANIFEST.json"]
