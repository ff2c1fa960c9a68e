# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that come as lists or as text."""

from __future__ import annotations

import contextlib
import time

import pytest

from ansible.errors import AnsibleFilterError

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
        "['a.example.com', b.example.com,]",
        "[\n  a.example.com,\n  b.example.com\n]",
        "---\n- a.example.com  # the first\n# none\n\n-   'b.example.com'",
        '[["a.example.com"], null, "", "b.example.com"]',
    ],
)
def test_what_people_write(value: object) -> None:
    assert lines(value) == ["a.example.com", "b.example.com"]


def test_a_text_of_a_class_of_its_own() -> None:
    """As Ansible has for texts that it tags with their origin."""

    class Tagged(str):
        pass

    assert lines(Tagged('["a", "b"]')) == lines(Tagged("a, b")) == ["a", "b"]


@pytest.mark.parametrize(
    "text", ['["{{ a }}", "b"]', "- '{{ a }}'\n- b", "{{ a }}, b", "{{ a }}\nb"]
)
def test_a_text_that_is_not_a_template(text: str) -> None:
    """As ansible-core marks it before 2.19."""

    class Unsafe(str):
        __UNSAFE__ = True

    for value in (Unsafe(text), [Unsafe(text)]):
        found = lines(value)
        assert found == ["{{ a }}", "b"]
        assert all(isinstance(entry, Unsafe) for entry in found)


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
        ("- on\n- 1.0\n- 0x1F", ["on", "1.0", "0x1F"]),
        ("[no, 010]", ["no", "010"]),
        ("- [::1]\n- ::1", ["[::1]", "::1"]),
        ('["Finance, EMEA", "it\'s"]', ["Finance, EMEA", "it's"]),
        ("- Finance, EMEA\n- C#", ["Finance, EMEA", "C#"]),
        ("['it''s', \"\\u00fc\"]", ["it's", "\u00fc"]),
        ("{{ lookup('env', 'HOME') }}", ["{{ lookup('env'", "'HOME') }}"]),
    ],
)
def test_odd_entries(value: object, found: list[str]) -> None:
    assert lines(value) == found


@pytest.mark.parametrize(
    "value",
    [
        '["a", "b',
        "[a",
        {"a": 1},
        [{"a": 1}],
        '[{"a": 1}]',
        "[a]]",
        "- a: 1",
        "- {a: 1}",
        "- a\nb",
        "- a\n  b",
        "- - a",
        "[a: 1]",
        "[a] b",
        "[a,,b]",
        '["a" b]',
        "- 'a' b",
        '- "\\x"',
        "[" * 100_000,
    ],
)
def test_what_is_no_list(value: object) -> None:
    with pytest.raises(Exception, match="lines: "):
        lines(value)


def test_commas_in_entries_of_a_list() -> None:
    kept = ["Finance, EMEA", "b"]
    assert lines(kept, keep_commas=True) == kept
    assert lines("a, b", keep_commas=True) == ["a", "b"]
    assert lines(["a\nb", '["c, d"]'], keep_commas=True) == ["a", "b", "c, d"]


@pytest.mark.parametrize(
    "text",
    [
        "[a" + " " * 100_000 + "[",
        "[" + " " * 100_000 + "[",
        "- a" + " " * 100_000 + "b: ",
        "-" + " " * 100_000 + '"',
        "- " + "'" * 100_001,
        '["' + "\\" * 100_001,
        "[" + "a," * 50_000 + "{",
        "," * 100_000,
    ],
)
def test_long_texts_take_no_time(text: str) -> None:
    started = time.monotonic()
    with contextlib.suppress(AnsibleFilterError):
        lines(text)
    assert time.monotonic() - started < 2
