# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that come as lists or as text."""

from __future__ import annotations

import pytest

from ansible_collections.qlikops.sense.plugins.filter.lines import FilterModule

lines = FilterModule().filters()["lines"]


@pytest.mark.parametrize(
    "value",
    [
        ["a.example.com", "b.example.com"],
        ("a.example.com", "b.example.com"),
        "a.example.com, b.example.com",
        "a.example.com,b.example.com,",
        "a.example.com\nb.example.com",
        "a.example.com\r\n\r\n b.example.com \n",
        '["a.example.com", "b.example.com"]',
        "[a.example.com, b.example.com]",
        "- a.example.com\n- b.example.com\n",
        "  - a.example.com\n  - b.example.com",
        ["a.example.com, b.example.com"],
        ["a.example.com\nb.example.com", "", None],
        ['["a.example.com"]', "b.example.com"],
    ],
)
def test_what_people_write(value: object) -> None:
    assert lines(value) == ["a.example.com", "b.example.com"]


def test_a_text_of_a_class_of_its_own() -> None:
    """As Ansible has for texts that it tags with their origin."""

    class Tagged(str):
        pass

    assert lines(Tagged('["a", "b"]')) == lines(Tagged("a, b")) == ["a", "b"]


@pytest.mark.parametrize("value", [None, "", " \n", ",", [], "[]", [""], [None, []]])
def test_nothing(value: object) -> None:
    assert lines(value) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (5, ["5"]),
        ([1, True], ["1", "True"]),
        ("by code", ["by code"]),
        ("[::1]", ["[::1]"]),
        ("- ", []),
        ("-a", ["-a"]),
    ],
)
def test_odd_entries(value: object, found: list[str]) -> None:
    assert lines(value) == found


@pytest.mark.parametrize("value", ['["a", "b', "[a", {"a": 1}, [{"a": 1}]])
def test_what_is_no_list(value: object) -> None:
    with pytest.raises(Exception, match="lines: "):
        lines(value)
