# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core stands alone: it imports where neither Ansible nor an HTTP library is installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from meta.source import CORE, MODULE_UTILS, python_files

SCRIPT = """
import importlib
import sys


class Refuse:
    def __init__(self, names):
        self.names = names

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError("refused: " + name, name=name)
        return None


place, refused, names = sys.argv[1], sys.argv[2].split(","), sys.argv[3:]
sys.meta_path.insert(0, Refuse(refused))
sys.path.insert(0, place)
for name in names:
    importlib.import_module(name)
loaded = sorted({name.partition(".")[0] for name in sys.modules} & set(refused))
print("imported", len(names), "loaded", loaded)
"""
SHELL = "ansible,ansible_collections,requests,urllib3"


def core_names() -> list[str]:
    """The names of the core's files as they are imported with ``module_utils`` on the path."""
    found = [path.relative_to(MODULE_UTILS).with_suffix("") for path in python_files(CORE)]
    return [".".join(path.parts) for path in found]


@pytest.mark.parametrize(
    "refused", [SHELL, f"{SHELL},cryptography,jwt"], ids=["no shell", "no library at all"]
)
def test_core_imports_with_the_rest_blocked(refused: str) -> None:
    names = core_names()
    done = subprocess.run(
        [sys.executable, "-I", "-c", SCRIPT, str(MODULE_UTILS), refused, *names],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == f"imported {len(names)} loaded []\n"
    assert names


def test_the_block_blocks() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", SCRIPT, str(MODULE_UTILS), SHELL, "requests"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "refused: requests" in done.stderr
    assert done.returncode == 1
