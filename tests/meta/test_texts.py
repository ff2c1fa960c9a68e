# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts and code are for everybody: nothing in them is of one machine or one way of working."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from meta.source import checkout_files, relative
from tools.checkout import ROOT

# In pieces, so that this file does not find itself.
OF_ONE_MACHINE = re.compile(
    "|".join(
        [
            r"(?<![\w.])/" + r"work/",
            r"/root/" + r"\.\w",
            r"\.\./" + r"shared",
            "house" + "-style",
            "interface" + r"\.md",
            "toolchain" + r"\.md",
            "pypi" + r"\.org",
            "pythonhosted" + r"\.org",
            "npmjs" + r"\.org",
            "debian" + r"\.org",
        ]
    )
)
LEFTOVERS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b")
# CI holds the simulator against a description that may lie beside the checkout.
ALLOWED = {".ci/run"}

texts = pytest.mark.parametrize(
    "path",
    [p for p in checkout_files() if relative(p) not in ALLOWED and not p.is_symlink()],
    ids=relative,
)


def found(path: Path, pattern: re.Pattern[str]) -> list[str]:
    """The places of a text that match; files that are no text have none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []
    return [
        f"{path}:{n}: {m[0]}" for n, line in enumerate(lines, 1) for m in pattern.finditer(line)
    ]


@texts
def test_names_no_machine_and_no_registry(path: Path) -> None:
    assert found(path, OF_ONE_MACHINE) == []


@texts
def test_is_finished(path: Path) -> None:
    assert found(path, LEFTOVERS) == []


def test_no_sanity_ignore_files() -> None:
    assert not list((ROOT / "tests").glob("sanity/ignore-*.txt"))
