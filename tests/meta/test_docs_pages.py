# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation site has all guides, and their links are valid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from meta.source import checkout_files, relative
from tools import docs_pages, links
from tools.checkout import ROOT

OVERVIEWS = {
    path.stem: path.read_text(encoding="utf-8")
    for path in checkout_files(".rst")
    if path.parent == ROOT / "docs/docsite/rst"
}
SOURCES = docs_pages.sources()

#: Ansible reads these, and shows them to users who have no checkout.
DOCUMENTATION = [
    path
    for path in checkout_files(".py", ".yml")
    if path.relative_to(ROOT).parts[0] == "plugins" or path.name == "argument_specs.yml"
]


def anchors(text: str) -> set[str]:
    """The anchors that GitHub creates for the headings of a page."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


def test_there_are_four_kinds_of_guides() -> None:
    index = yaml.safe_load((ROOT / "docs/docsite/extra-docs.yml").read_text(encoding="utf-8"))
    (section,) = index["sections"]
    assert section["toctree"] == ["tutorial", "how_to", "reference", "explanation"]
    assert {*section["toctree"]} == {*OVERVIEWS}


def test_every_guide_is_listed_once_with_a_label() -> None:
    listed = [page for content in OVERVIEWS.values() for page in docs_pages.guides(content)]
    assert sorted(listed) == sorted(SOURCES)
    labels = re.findall(
        rf"^\.\. _{re.escape(docs_pages.LABEL)}(.+):$", "".join(OVERVIEWS.values()), re.M
    )
    guides = {page for page in SOURCES if not page.startswith("role_")}
    assert sorted(labels) == sorted(guides | {*OVERVIEWS})


def test_the_site_shows_the_guides_that_an_overview_lists() -> None:
    label = f".. _{docs_pages.LABEL}"
    content = (
        f"{label}how_to:\n\nHow-to guides\n=============\n\n{label}remove:\n\nRemove a login\n"
        "--------------\n\n`Read the guide <https://github.com/qlikops/sense/blob/1.0.0/docs/remove.md>`__.\n"
        "`Elsewhere <https://example.com/docs/remove.md>`__\n"
    )
    assert docs_pages.overview(content) == (
        f"{label}how_to:\n\nHow-to guides\n=============\n\nRemove a login\n"
        "--------------\n\n:doc:`Read the guide <remove>`.\n"
        "`Elsewhere <https://example.com/docs/remove.md>`__\n"
        "\n.. toctree::\n   :hidden:\n\n   remove\n"
    )


@pytest.mark.parametrize("page", SOURCES)
def test_links_lead_to_pages_and_files(page: str) -> None:
    source = ROOT / SOURCES[page]
    for link, anchor in re.findall(
        r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", source.read_text(encoding="utf-8")
    ):
        own = re.match(rf"{links.REPOSITORY}/(?:blob|raw|tree)/[^/]+/(.*)", link)
        if "://" in link and not own:
            continue
        file = ROOT / own[1] if own else (source.parent / link if link else source)
        assert file.exists(), link
        if anchor:
            assert anchor in anchors(file.read_text(encoding="utf-8")), f"{link}#{anchor}"


@pytest.mark.parametrize("path", DOCUMENTATION, ids=relative)
def test_the_documentation_of_plugins_and_roles_refers_to_pages_of_the_site(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert f"{links.REPOSITORY}/blob/" not in text
    assert {*re.findall(rf"\b{re.escape(docs_pages.LABEL)}([\w-]+)", text)} <= {*SOURCES}


def test_a_page_has_a_label_and_links_that_are_valid_on_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "examples").mkdir()
    (tmp_path / "galaxy.yml").write_text("version: 1.2.0\n", encoding="utf-8")
    (tmp_path / "docs" / "one.md").write_text(
        "# One\n"
        "[a](two.md#part) [b](#part) [c](../roles/jwt_verify/README.md#result) [d](../README.md)\n"
        "[e](https://github.com/qlikops/sense/blob/main/roles/jwt_keypair/README.md)\n"
        "[f](../examples)\n"
        "[g](https://example.com/docs/two.md) [h](../plugins/modules/qlik_user.py)\n"
        "![j](images/one.webp)\n"
        "```text\n[i](two.md)\n```\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(docs_pages, "ROOT", tmp_path)
    monkeypatch.setattr(links, "ROOT", tmp_path)
    repository = "https://github.com/qlikops/sense"
    assert docs_pages.guide("one", "docs/one.md") == (
        "(ansible_collections.qlikops.sense.docsite.one)=\n\n# One\n"
        "[a](two.md#part) [b](#part) [c](role_jwt_verify.md#result) "
        f"[d]({repository}/blob/1.2.0/README.md)\n"
        "[e](role_jwt_keypair.md)\n"
        f"[f]({repository}/tree/1.2.0/examples)\n"
        "[g](https://example.com/docs/two.md) [h](../qlik_user_module.rst)\n"
        "![j](images/one.webp)\n"
        "```text\n[i](two.md)\n```\n"
    )


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


def test_links_have_the_version_of_the_collection() -> None:
    version = links.current()
    stale = [
        relative(path)
        for path in links.pages()
        if links.versioned(text := path.read_text(encoding="utf-8"), version) != text
    ]
    assert stale == [], "run make pages"


@pytest.mark.parametrize(
    ("version", "ref"), [("1.0.0-dev", "main"), ("1.0.0", "1.0.0"), ("2.0.0-rc1", "2.0.0-rc1")]
)
def test_a_release_links_to_its_own_files(version: str, ref: str) -> None:
    text = (
        "[a](https://github.com/qlikops/sense/raw/main/a.md) https://github.com/other/x/blob/main/b"
    )
    expected = text.replace("sense/raw/main", f"sense/raw/{ref}")
    assert links.versioned(text, version) == expected
    assert links.versioned(expected, "1.0.0-dev") == text
