# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists and mappings that are given as text."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.filter.structured import FilterModule

structured = FilterModule().filters()["structured"]


class Marked(str):
    """A text that is not a template, before ansible-core 2.19."""

    __UNSAFE__ = True

    def _same(self) -> Marked:
        return self

    __str__ = _same


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('[{"prefix": "portal"}]', [{"prefix": "portal"}]),
        ("- prefix: portal\n- prefix: other\n", [{"prefix": "portal"}, {"prefix": "other"}]),
        ("---\n[]", []),
        ('[{"a": "b\\/\u007f\\ud83d\\ude00"}]', [{"a": "b/\u007f\U0001f600"}]),
        ("{directory: PORTAL, id: anna}", {"directory": "PORTAL", "id": "anna"}),
        ("", None),
        (" \n# nothing\n", None),
    ],
)
def test_what_is_read(text: str, value: t.Any) -> None:
    assert structured(text) == value
    assert structured(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "portal",
        "7",
        "{{ a }",
        '[{"prefix": "portal"',
        "a: b: c",
        "!!python/object/apply:os.getcwd []",
        "{2020-99-99: a}",
        "- 2020-99-99",
        "[" * 5000,
        "a\0b: c",
        7,
        True,
    ],
)
def test_what_is_left(value: t.Any) -> None:
    assert structured(value) == value


@pytest.mark.parametrize("text", ['[{"{{ a }}": ["{{ b }}", 7]}]', "- '{{ a }}': ['{{ b }}', 7]"])
def test_the_mark_of_a_text_is_kept(text: str) -> None:
    (found,) = structured(Marked(text))
    ((key, (text, number)),) = found.items()
    assert isinstance(key, Marked)
    assert isinstance(text, Marked)
    assert number == 7
