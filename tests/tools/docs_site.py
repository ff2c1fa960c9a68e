# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the documentation site in ``.build/docs/html``: ``make docs``.

antsibull-docs writes the pages of modules, plugins, and roles. Sphinx builds them with the guides.
A warning fails the build.
"""

from __future__ import annotations

import shutil
import sys

from tools import checkout, docs_pages, surroundings
from tools.process import execute


def main() -> int:
    """Build the site; 0 without warnings."""
    collection = checkout.copy("docs")
    place = collection.parents[2]
    pages = place / "rst"
    pages.mkdir(mode=0o755)
    env = surroundings.environment(collections=place)
    generate = ["antsibull-docs", "collection", "--use-current", "--squash-hierarchy"]
    generate += ["--fail-on-error", "--dest-dir", str(pages), "qlikops.sense"]
    if code := execute(generate, cwd=place, env=env, output=None):
        return code
    guides = pages / "docsite"
    for file in guides.glob("*.rst"):
        content = docs_pages.overview(file.read_text(encoding="utf-8"))
        file.write_text(content, encoding="utf-8")
    for page, source in docs_pages.sources().items():
        (guides / f"{page}.md").write_text(docs_pages.guide(page, source), encoding="utf-8")
    shutil.copytree(checkout.ROOT / "docs" / docs_pages.IMAGES, guides / docs_pages.IMAGES)
    settings = checkout.ROOT / "docs" / "docsite"
    build = ["sphinx-build", "--fail-on-warning", "--keep-going", "--quiet", "-c", str(settings)]
    shutil.rmtree(place / "html", ignore_errors=True)
    return execute([*build, str(pages), str(place / "html")], cwd=place, env=env, output=None)


if __name__ == "__main__":
    sys.exit(main())
