# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of a host as Python reads them."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils.variables import (
    Variables,
    given,
    is_nothing,
    plain,
)


@pytest.mark.parametrize("value", ["", None, [], {}, ()])
def test_an_empty_answer_is_not_set(value: t.Any) -> None:
    variables = Variables({"a": value})
    assert is_nothing(value)
    assert variables.answer("a", "default") == "default"
    assert variables.text("a") == ""
    assert given(variables, "", ["a", "b"]) == {}


@pytest.mark.parametrize("value", [False, 0, 0.0, " ", "none"])
def test_false_and_zero_are_values(value: t.Any) -> None:
    assert Variables({"a": value}).answer("a", "default") == value


@pytest.mark.parametrize("word", [True, "True", "yes", "on", 1, "1", "Y", " t "])
def test_words_for_true(word: t.Any) -> None:
    assert Variables({"a": word}).is_on("a")


@pytest.mark.parametrize("word", [False, "False", "no", "off", 0, "0", "n", "maybe"])
def test_other_words_are_false(word: t.Any) -> None:
    assert not Variables({"a": word}).is_on("a", default=True)


def test_a_template_is_evaluated_once_and_only_when_it_is_read() -> None:
    seen: list[t.Any] = []

    def evaluate(value: t.Any) -> t.Any:
        seen.append(value)
        return f"<{value}>"

    variables = Variables({"a": "x", "b": "y"}, evaluate)
    assert [variables["a"], variables["a"]] == ["<x>", "<x>"]
    assert seen == ["x"]
    assert "b" in variables
    assert seen == ["x"]


def test_another_host() -> None:
    variables = Variables({"hostvars": {"b": {"x": 1}}})
    assert variables.of_host("b").answer("x") == 1
    assert len(variables.of_host("unknown")) == 0


def test_encrypted_texts_and_lazy_containers_become_plain() -> None:
    class Encrypted:
        __ENCRYPTED__ = True

        def __str__(self) -> str:
            return "secret"

    assert plain({"a": [Encrypted(), (1,)]}) == {"a": ["secret", [1]]}
