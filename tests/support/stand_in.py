# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A program that records its arguments, in place of one that is not installed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

_RECORD = """#!{python}
import json, sys
with open({record!r}, "a", encoding="utf-8") as stream:
    print(json.dumps(sys.argv[1:]), file=stream)
"""


class Program:
    """The program in a directory of its own, for PATH."""

    def __init__(self, directory: Path, name: str):
        self.directory = directory / f"{name}-program"
        self._record = self.directory / "calls.jsonl"
        self.directory.mkdir()
        text = _RECORD.format(python=sys.executable, record=str(self._record))
        file = self.directory / name
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)

    def path(self, others: str) -> dict[str, str]:
        """The variable PATH with this program before all others."""
        return {"PATH": f"{self.directory}:{others}"}

    @property
    def calls(self) -> list[list[str]]:
        """The arguments of each call."""
        return [json.loads(line) for line in self._record.read_text(encoding="utf-8").splitlines()]
