# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The procedure of docs/releasing.md, as a dry run on a copy of the checkout."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tools import archive, checkout, release
from tools.checkout import ROOT

VERSION = "1.0.0"


@pytest.fixture(scope="module")
def prepared() -> Path:
    """A copy of the checkout in which the release was prepared."""
    collection = checkout.copy("release-dry-run")
    release.prepare(collection, VERSION)
    return collection


def test_the_dry_run_ends_without_problems(prepared: Path, tmp_path: Path) -> None:
    assert release.problems(prepared, VERSION) == []
    built = archive.build(prepared, tmp_path)
    assert built.name == f"qlikops-sense-{VERSION}.tar.gz"
    assert "changelogs/changelog.yaml" in archive.names(built)
    assert "changelogs/.plugin-cache.yaml" not in archive.names(built)
    text = release.notes(prepared, VERSION)
    assert "Release Summary" in text


def test_the_changelog_lists_everything_new(prepared: Path) -> None:
    text = (prepared / "CHANGELOG.md").read_text(encoding="utf-8").replace("\\", "")
    kinds = {"plugins/modules": "*.py", "playbooks": "*.yml", "roles": "*"}
    for directory, pattern in kinds.items():
        names = [p.stem for p in (ROOT / directory).glob(pattern) if p.suffix or p.is_dir()]
        # It has variables only. The changelog lists roles by their entry point main.
        names = [name for name in names if name != "qrs_connection"]
        missing = [name for name in names if not re.search(rf"qlikops.sense.{name}\b", text)]
        assert missing == [], directory
    entry = yaml.safe_load((prepared / "changelogs/changelog.yaml").read_text(encoding="utf-8"))
    assert not {"bugfixes", "security_fixes"} & {*entry["releases"][VERSION]["changes"]}


def test_an_unprepared_checkout_cannot_be_released() -> None:
    found = release.problems(ROOT, "9.9.9")
    assert any("galaxy.yml" in line for line in found)
    assert any("changelog" in line for line in found)
