# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a result: every text is escaped, and nothing is loaded."""

from __future__ import annotations

import re
import typing as t
from html.parser import HTMLParser

import pytest

from ansible_collections.qlikops.sense.plugins.filter.conformance_page import conformance_page
from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.page import (
    Markup,
    element,
    joined,
    page,
)

HOSTILE = "<script>alert(1)</script> & \"quoted\" 'text' {{ lookup('pipe', 'id') }}"


def result(text: str) -> dict[str, t.Any]:
    """A result with ``text`` in every place."""
    answer = {
        "id": text, "level": text, "group": text, "question": text, "sent": text,
        "assumed": [text, True, 4], "mark": text, "observed": text, "state": "differs",
        "copes": "setting", "reason": None, "effect": text,
    }  # fmt: skip
    return {
        "level": text,
        "complete": True,
        "summary": {"as_assumed": 0, "differs": 1, "noted": 0, "not_asked": 0},
        "groups": [{"name": text}],
        "answers": [answer, {**answer, "observed": None, "state": "not_asked", "copes": None}],
    }


class Page(HTMLParser):
    """Tags with their attributes, and the texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_texts_are_shown_and_never_markup() -> None:
    found = Page(page(result(HOSTILE), "body { color: red }"))
    assert {tag for tag, dummy in found.tags}.isdisjoint({"script", "img", "iframe", "link"})
    assert sum(HOSTILE in text for text in found.texts) >= 8
    assert ("a", {"href": f"#{HOSTILE}"}) in found.tags


def test_nothing_is_loaded() -> None:
    text = page(result("group"), "body { color: red }")
    found = Page(text)
    policy = [a["content"] for tag, a in found.tags if a.get("http-equiv")]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'",
        str(policy[0]),
    )
    assert "src=" not in text


def test_only_markup_is_not_escaped() -> None:
    assert joined(["<b>", Markup("<i>"), 3]) == "&lt;b&gt;<i>3"
    assert element("p", "a<b", class_='x"y') == '<p class="x&quot;y">a&lt;b</p>'


def test_what_is_no_result_is_one_sentence() -> None:
    from ansible.errors import AnsibleFilterError

    values: tuple[t.Any, ...] = (None, [], "text", {}, {"summary": {}})
    for value in values:
        with pytest.raises(AnsibleFilterError, match="conformance_page: give the value"):
            conformance_page(value, "")
