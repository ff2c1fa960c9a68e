# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON types of properties: what fits, and what a misfit reports."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.entity import shapes as s
from ansible_collections.qlikops.sense.plugins.module_utils._core.entity.reader import (
    VIRTUAL_PROXY,
    clean,
    whole,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import AnswerError
from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy.convert import (
    FULL_SHAPE,
    SHAPE,
)
from support.changed_answers import nested

INNER = s.ObjectOf({"id": s.ID}, {"name": s.TEXT, "flags": s.ListOf(s.FLAG)})
OUTER = s.ObjectOf({"inner": INNER}, {"list": s.ListOf(INNER), "number": s.NUMBER})
GOOD = {"inner": {"id": "a-1"}}


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (s.TEXT, ""),
        (s.NUMBER, -(10**30)),
        (s.FLAG, False),
        (s.ID, "0a7d5c1e-0000-4000-8000-000000000000"),
        (s.TEXTS, []),
        (OUTER, GOOD),
        (OUTER, {**GOOD, "unknown": [{"deep": None}], "number": None, "list": None}),
        (OUTER, {**GOOD, "list": [{"id": "b", "name": None, "flags": [True]}]}),
    ],
)
def test_what_fits(shape: s.Shape, value: t.Any) -> None:
    assert shape.misfit(value) is None


@pytest.mark.parametrize(
    ("shape", "value", "misfit"),
    [
        (s.TEXT, None, ("", "text", "null")),
        (s.TEXT, 1, ("", "text", "a number")),
        (s.NUMBER, True, ("", "a whole number", "true or false")),
        (s.NUMBER, 1.0, ("", "a whole number", "a number that is not whole")),
        (s.NUMBER, "1", ("", "a whole number", "text")),
        (s.FLAG, 0, ("", "true or false", "a number")),
        (s.ID, "", ("", "an id", "text that is not an id")),
        (s.ID, "a/b", ("", "an id", "text that is not an id")),
        (s.ID, "a\n", ("", "an id", "text that is not an id")),
        (s.ID, [], ("", "an id", "a list")),
        (s.TEXTS, {}, ("", "a list", "an object")),
        (s.TEXTS, ["a", None], ("[1]", "text", "null")),
        (OUTER, [], ("", "an object", "a list")),
        (OUTER, {}, ("inner", "a value", "nothing")),
        (OUTER, {"inner": None}, ("inner", "an object", "null")),
        (OUTER, {"inner": {"id": "a", "name": 7}}, ("inner.name", "text", "a number")),
        (OUTER, {**GOOD, "list": [{"id": "b"}, 7]}, ("list[1]", "an object", "a number")),
        (
            OUTER,
            {**GOOD, "list": [{"id": "b", "flags": [True, "no"]}]},
            ("list[0].flags[1]", "true or false", "text"),
        ),
    ],
)
def test_what_does_not_fit(shape: s.Shape, value: t.Any, misfit: tuple[str, str, str]) -> None:
    assert shape.misfit(value) == misfit


@pytest.mark.parametrize(("levels", "deep"), [(0, False), (40, False), (60, True), (100000, True)])
def test_depth(levels: int, deep: bool) -> None:
    assert s.too_deep({"a": nested(levels)}) is deep


def test_the_value_itself_is_not_repeated() -> None:
    entity = {
        "id": "1",
        "prefix": "jwt",
        "modifiedDate": "x",
        "tags": [{"id": "1", "name": 271828}],
    }
    with pytest.raises(AnswerError) as caught:
        whole(VIRTUAL_PROXY, entity, FULL_SHAPE)
    said = caught.value.message
    assert said.startswith(
        "GET /qrs/virtualproxyconfig/full returned the virtual proxy 'jwt' (id 1) with a number as "
        "tags[0].name; expected: text. Compare with QMC, Virtual proxies,"
    )
    assert "271828" not in said


def test_what_is_only_looked_at_loses_what_does_not_fit() -> None:
    entity = {"id": "1", "prefix": "a", "tags": 7, "description": "kept", "unknown": {"a": 1}}
    assert clean(entity, SHAPE) == {k: v for k, v in entity.items() if k != "tags"}
    good = {"id": "1", "prefix": "a", "tags": None}
    assert clean(good, SHAPE) is good
