# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of the documentation site that are Markdown files of the checkout.

``docs/docsite/rst`` has a label for each guide and a link to its file, for sites that others build.
``make docs`` adds the guides themselves, with labels and links that lead to their pages.
"""

from __future__ import annotations

import posixpath
import re

from tools.checkout import ROOT, files
from tools.links import REPOSITORY, current, ref

#: The directory with the pictures of the guides.
IMAGES = "images"

LABEL = "ansible_collections.qlikops.sense.docsite."

_LINK = re.compile(
    r"(?<=\]\()(?![a-z]+://(?!github\.com/qlikops/sense/blob/)|#)([^)\s#]+)(#[^)\s]*)?"
)
_BLOCK = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)
_FILE = rf"{re.escape(REPOSITORY)}/blob/[^/]+/"


def sources() -> dict[str, str]:
    """The name of each page, without extension, with its file in the checkout."""
    return {page: name for name in files() if (page := _page(name))}


def guide(page: str, source: str) -> str:
    """The content of the page of a guide."""
    content = (ROOT / source).read_text(encoding="utf-8")
    parts = _BLOCK.split(content)
    # Code blocks are every other part.
    parts[::2] = [_LINK.sub(lambda link: _target(link, source), part) for part in parts[::2]]
    return f"({LABEL}{page})=\n\n{''.join(parts)}"


def overview(content: str) -> str:
    """A page of ``docs/docsite/rst`` that leads to the pages of the guides that it lists."""
    listed = guides(content)
    for page in listed:
        content = content.replace(f".. _{LABEL}{page}:\n\n", "")
    content = re.sub(
        rf"`([^`<]+) <{_FILE}([^>#]+)>`__",
        lambda link: f":doc:`{link[1]} <{page}>`" if (page := _page(link[2])) else link[0],
        content,
    )
    entries = "".join(f"   {page}\n" for page in listed)
    return f"{content}\n.. toctree::\n   :hidden:\n\n{entries}"


def guides(content: str) -> list[str]:
    """The guides that a page of ``docs/docsite/rst`` lists."""
    return [page for name in re.findall(rf"<{_FILE}([^>#]+)>", content) if (page := _page(name))]


def _page(name: str) -> str:
    if found := re.fullmatch(r"docs/([^/]+)\.md", name):
        return found[1]
    found = re.fullmatch(r"roles/([^/]+)/README\.md", name)
    return f"role_{found[1]}" if found else ""


def _target(link: re.Match[str], source: str) -> str:
    path, anchor = link[1], link[2] or ""
    name = re.sub(rf"^{_FILE}", "", path)
    if name == path:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
    if page := _page(name):
        return f"{page}.md{anchor}"
    if name.startswith(f"docs/{IMAGES}/"):
        return name.removeprefix("docs/")
    if module := re.fullmatch(r"plugins/modules/(\w+)\.py", name):
        return f"../{module[1]}_module.rst"
    kind = "tree" if (ROOT / name).is_dir() else "blob"
    return f"{REPOSITORY}/{kind}/{ref(current())}/{name}{anchor}"
