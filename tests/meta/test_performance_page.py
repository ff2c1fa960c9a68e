# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of docs/performance.md start the benchmark, which itself takes too long."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from support.blocks import commands, texts
from tools.checkout import ROOT

PAGE = "docs/performance.md"


def test_the_commands_start_the_benchmark() -> None:
    (block,) = texts(PAGE, "shell")
    environment = {**os.environ, "MAKEFLAGS": "-n", "PYTHON": sys.executable}
    printed = [
        subprocess.run(
            ["bash", "-ec", command], cwd=ROOT, env=environment, capture_output=True, check=True
        ).stdout.decode()
        for command in commands(block)
    ]
    started = [re.findall(r"-m tools\.check bench -- ?(.*)$", text, re.M) for text in printed]
    assert started == [[""], ["task"]]


def test_the_page_lists_the_parts() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    shown = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--help"],
        env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    (parts,) = re.findall(r"^  PART +(.*)$", shown, re.MULTILINE)
    text = " ".join((ROOT / PAGE).read_text(encoding="utf-8").split())
    (named,) = re.findall(r"runs only the named parts: (.*?)\. The benchmark", text)
    assert re.findall(r"`(\w+)`", named) == parts.split(", ")
