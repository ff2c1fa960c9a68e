# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``ansible-test units`` and ``ansible-test integration`` as such, with coverage of the plugins."""

from __future__ import annotations

import sys
from pathlib import Path

from tools import checkout, sanity, surroundings
from tools.process import execute


def main() -> int:
    """Run both on a copy of the checkout and print the coverage; 0 if all succeed."""
    collection = checkout.copy("ansible-test")
    env = surroundings.environment(collections=collection.parents[2])
    sanity.provide_get_pip(Path(env["HOME"]))
    place = ["--venv", "--requirements"]
    python = [*place, "--python", "{}.{}".format(*sys.version_info)]
    commands = (
        ["units", *python, "--coverage", "tests/unit/core/"],
        ["integration", *python, "--coverage"],
        ["coverage", "report", *place, "--omit", "*/tests/*"],
    )
    codes = [
        execute(["ansible-test", *command], cwd=collection, env=env, output=None)
        for command in commands
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
