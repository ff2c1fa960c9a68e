# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a part of the tests on every supported ansible-core that this machine's Pythons allow.

    python -m tools.matrix [RELEASE …] [--only PART]

Each release gets a virtual environment under ``.build/matrix``. The parts are the sanity tests, the
syntax of all playbooks without `ansible.windows` with the main playbook tests, and on the oldest
and the newest release the unit tests. A table lists what passed, failed, or could not be run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import surroundings
from tools.checkout import BUILD, ROOT
from tools.cores import OLDEST_TEST_PYTHON, SUPPORTED, Release, Version

MATRIX = BUILD / "matrix"

#: By part: the arguments of tools.check.
PARTS = {
    "sanity": ["sanity"],
    "playbooks": [
        *("tests", "--", "tests/meta/test_playbook_syntax.py"),
        "tests/playbooks/test_roles_setup.py::test_from_nothing_to_a_login_and_again",
        "tests/playbooks/test_roles_export.py",
        *("-m", "not long and not windows", "-n", "0"),
    ],
    "units": ["tests", "--", "tests/unit", "-m", "not long"],
}
#: For a release candidate, ansible-test installs a part of pylint from a forge.
FOR_CANDIDATES = {"sanity": ["--", "--skip-test", "pylint"]}


def main() -> int:
    """Run the matrix; 0 if nothing failed and at least one release was tested."""
    names = [release.name for release in SUPPORTED]
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("releases", nargs="*", metavar="RELEASE", help=f"of {', '.join(names)}")
    parser.add_argument("--only", choices=[*PARTS], help="run only this part")
    options = parser.parse_args()
    if unknown := {*options.releases} - {*names}:
        parser.error("not a supported release: {}".format(", ".join(sorted(unknown))))
    chosen = [r for r in SUPPORTED if not options.releases or r.name in options.releases]
    rows = {release: cells(release, options.only) for release in chosen}
    print(f"\n{table(rows)}", flush=True)
    results = [result for row in rows.values() for result in row[1:]]
    return 0 if "passed" in results and "FAILED" not in results else 1


def cells(release: Release, only: str | None = None) -> list[str]:
    """The Python that was used, and what came out of each part."""
    found = interpreter(release)
    if found is None:
        return ["none", *("not run" for dummy in PARTS)]
    version, program = found
    inside = environment(release, version, program)
    row = ["{}.{}".format(*version)]
    for part in PARTS:
        wanted = only in (None, part) and part in parts(release)
        row.append(run(release, inside, part) if wanted else "-")
    return row


def parts(release: Release) -> set[str]:
    """What is run on a release: the unit tests on the oldest and the newest one only."""
    return {*PARTS} if release in (SUPPORTED[0], SUPPORTED[-1]) else {*PARTS} - {"units"}


def interpreter(release: Release) -> tuple[Version, str] | None:
    """The newest Python of this machine that can run the release and the tests."""
    path = os.pathsep.join(surroundings.search_path())
    for minor in range(release.last_python[1], OLDEST_TEST_PYTHON[1] - 1, -1):
        found = shutil.which(f"python3.{minor}", path=path)
        if found and release.runs_on((3, minor)):
            return (3, minor), found
    return None


def environment(release: Release, version: Version, program: str) -> Path:
    """The interpreter of a virtual environment with the release. pip installs what is missing."""
    place = MATRIX / "core-{}-python-{}.{}".format(release.name, *version)
    inside = place / "bin" / "python"
    if not inside.exists():
        subprocess.run([program, "-m", "venv", str(place)], check=True)
    needed = place / "requirements.txt"
    lines = requirements(ROOT / "tests" / "requirements-matrix.txt")
    needed.write_text("\n".join([*lines, release.requirement, ""]), encoding="utf-8")
    install = [str(inside), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "-r", str(needed)], check=True)
    return inside


def requirements(file: Path) -> list[str]:
    """The lines of a requirements file and of those that it includes, without ansible-core."""
    found: list[str] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found += requirements(file.parent / line.removeprefix("-r ").strip())
        elif line and not line.startswith(("#", "ansible-core")):
            found.append(line)
    return found


def run(release: Release, python: Path, part: str) -> str:
    """Run one part."""
    print(f"\n=== ansible-core {release.name}: {part}", flush=True)
    more = FOR_CANDIDATES.get(part, []) if release.candidate else []
    command = [str(python), "-m", "tools.check", *PARTS[part], *more]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    return (
        "FAILED" if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode else "passed"
    )


def table(rows: dict[Release, list[str]]) -> str:
    """The results, one line for each release."""
    head = ["ansible-core", "Python", *PARTS, ""]
    lines = [head, *([release.name, *row, release.note] for release, row in rows.items())]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    padded = ("  ".join(f"{c:{w}}" for c, w in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(line.rstrip() for line in padded)


if __name__ == "__main__":
    sys.exit(main())
