# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a command for a check."""

from __future__ import annotations

import subprocess
import typing as t
from collections.abc import Sequence
from pathlib import Path


def execute(
    command: Sequence[str], *, cwd: Path, env: dict[str, str], output: t.IO[bytes] | None
) -> int:
    """Run a command that prints to ``output``, or to the terminal; its exit code."""
    return subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        check=False,
    ).returncode
