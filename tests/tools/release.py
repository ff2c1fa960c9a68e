# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of docs/releasing.md: ``python -m tools.release STEP``.

prepare VERSION   set the version everywhere, and write the changelog
check VERSION     the version, the changelog, and the definitions agree with a tag
build             the archive, in .build/release
notes             the release notes of the current version, in .build/release
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from tools import archive, checkout, surroundings
from tools.checkout import BUILD, ROOT

RELEASE = BUILD / "release"

#: Where the version of the collection is written, and the text around it.
PLACES = {
    "galaxy.yml": r"(?m)^(version: )(\S+)$",
    "extensions/execution-environment/execution-environment.yml": (
        r"(name: qlikops\.sense\n\s+version: )(\S+)"
    ),
    "extensions/execution-environment/kerberos.yml": (r"(name: qlikops\.sense\n\s+version: )(\S+)"),
    "extensions/aap/projects.yml": r"(scm_branch: )(\S+)",
    "extensions/aap/execution_environments.yml": r"(image: \S+:)(\d\S*)",
}


def prepare(root: Path, version: str) -> None:
    """Set the version and turn the fragments into the changelog."""
    for name, pattern in PLACES.items():
        path = root / name
        text, count = re.subn(pattern, rf"\g<1>{version}", path.read_text(encoding="utf-8"))
        if count != 1:
            raise SystemExit(f"{name}: expected one version, found {count}.")
        path.write_text(text, encoding="utf-8")
    program = Path(sys.executable).with_name("antsibull-changelog")
    command = [str(program), "release", "--version", version]
    subprocess.run(command, cwd=root, env=surroundings.environment(), check=True)


def problems(root: Path, version: str) -> list[str]:
    """Why ``version`` cannot be released from ``root``."""
    found = []
    for name, pattern in PLACES.items():
        match = re.search(pattern, (root / name).read_text(encoding="utf-8"))
        if match is None or match[2] != version:
            found.append(f"{name}: the version is {match[2] if match else 'missing'}.")
    changes = root / "changelogs" / "changelog.yaml"
    releases = yaml.safe_load(changes.read_text(encoding="utf-8")) if changes.exists() else {}
    entry = releases.get("releases", {}).get(version)
    if entry is None:
        return [*found, f"changelogs/changelog.yaml: {version} is missing. Run the step prepare."]
    if "release_summary" not in entry.get("changes", {}):
        found.append(f"changelogs/changelog.yaml: {version} has no release summary.")
    if left := [path.name for path in (root / "changelogs" / "fragments").glob("*.y*ml")]:
        found.append(f"changelogs/fragments: not in the changelog: {', '.join(sorted(left))}.")
    if f"## v{version}" not in (root / "CHANGELOG.md").read_text(encoding="utf-8").replace(
        "\\", ""
    ):
        found.append(f"CHANGELOG.md: {version} is missing.")
    return found


def build() -> Path:
    """Build the archive from the files that git tracks."""
    shutil.rmtree(RELEASE, ignore_errors=True)
    RELEASE.mkdir(parents=True)
    return archive.build(checkout.copy("release-source"), RELEASE)


def notes(root: Path, version: str) -> str:
    """The section of a version in the changelog."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.split(r"(?m)^(?=<a id=\"v[\d-]+\"></a>\n## |## v)", text)
    wanted = f"## v{version}"
    (section,) = (part for part in sections if wanted in part.replace("\\", ""))
    return section


def main() -> int:
    """Run one step; 0 if it succeeds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("step", choices=["prepare", "check", "build", "notes"])
    parser.add_argument("version", nargs="?", default="")
    options = parser.parse_args()
    if options.step in ("prepare", "check") and not re.fullmatch(r"\d+\.\d+\.\d+", options.version):
        parser.error(
            "a version such as 1.0.0 is required, for example make release-check TAG=1.0.0"
        )
    if options.step == "prepare":
        prepare(ROOT, options.version)
    elif options.step == "check":
        found = problems(ROOT, options.version)
        print("\n".join(found) or f"{options.version} can be released.")
        return 1 if found else 0
    elif options.step == "build":
        print(build())
    else:
        version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
        RELEASE.mkdir(parents=True, exist_ok=True)
        (RELEASE / "notes.md").write_text(notes(ROOT, version), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
