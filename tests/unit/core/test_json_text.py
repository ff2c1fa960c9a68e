# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON of a server: what is accepted, and what a hostile text costs."""

from __future__ import annotations

import json
import tracemalloc
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core import json_text
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import (
    AnswerError,
    QlikError,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.json_text import BadJson, parse
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Response
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.sessions import user_in
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.answers import expect
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.proxy_admin import session_ids
from ansible_collections.qlikops.sense.plugins.module_utils._core.text import printable

MEBIBYTE = 1024 * 1024

BAD = {
    b"": "not valid JSON",
    b"[{": "not valid JSON",
    b"[1] 2": "not valid JSON",
    b"\xff\xfe\xff": "not valid UTF-8",
    b'"\xc0\x80"': "not valid UTF-8",
    b'"\xed\xa0\x80"': "not valid UTF-8",
    b"NaN": "NaN, which is not a JSON number",
    b'[{"x": -Infinity}]': "-Infinity, which",
    b"1e999": "too large",
    b"[-1E999]": "too large",
    b"1" * 101: "more than 100 digits",
    b"[" + b"1" * 5000 + b"]": "more than 100 digits",
    b'{"id": 1, "id": 2}': "two properties of the same name",
    b'[{"a": {"\\u0061": 1, "a": 2}}]': "two properties of the same name",
    b"[" * 101 + b"]" * 101: "more than 100 levels",
    b"[" * 70_000: "more than 100 levels",
    b'{"":' * 5000 + b"1" + b"}" * 5000: "more than 100 levels",
}


@pytest.mark.parametrize(("data", "why"), BAD.items(), ids=range(len(BAD)))
def test_what_is_not_accepted(data: bytes, why: str) -> None:
    with pytest.raises(BadJson, match=why):
        parse(data)
    answer = Response(200, headers=(("Content-Type", "application/json"),), body=data)
    with pytest.raises(AnswerError) as caught:
        expect(answer, "GET", "/qrs/tag/full", 200)
    assert why in caught.value.message
    assert len(caught.value.message) < 300
    assert session_ids(data) is None
    assert user_in(data, "proxy") is None


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\xef\xbb\xbf[]", []),
        (b"[" * 100 + b"]" * 100, None),
        (b'"\\ud800"', "\ud800"),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b"1" * 100, int("1" * 100)),
        (b'{"id": 1, "ID": 2}', {"id": 1, "ID": 2}),
        (b"[-0, 1.5, 1e3, true, null]", [0, 1.5, 1000.0, True, None]),
    ],
)
def test_what_is_accepted(data: bytes, value: t.Any) -> None:
    assert value is None or parse(data) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
@settings(derandomize=True)
def test_json_is_read_as_by_the_standard_library(value: t.Any) -> None:
    text = json.dumps(value)
    assert parse(text) == parse(text.encode()) == json.loads(text)


@given(
    st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
)
def test_anything_else_is_one_sentence(data: bytes) -> None:
    answer = Response(200, headers=(("Content-Type", "application/json"),), body=data)
    assert 0 < len(_sentence(answer)) < 500


def _sentence(answer: Response) -> str:
    try:
        expect(answer, "GET", "/qrs/x", 200)
    except QlikError as error:
        return error.message
    return "fine"


@pytest.mark.parametrize("piece", [b"[],", b"{},", b"0,", b'"",'])
def test_sixty_megabytes_of_nothing_are_rejected_before_they_are_parsed(piece: bytes) -> None:
    data = b"[" + piece * (60_000_000 // len(piece)) + b"0]"
    tracemalloc.start()
    try:
        with pytest.raises(BadJson, match="more than 2500000 values"):
            parse(data)
        dummy, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * len(data)


def test_the_largest_answer_is_within_the_limits() -> None:
    """A thousand virtual proxies with their certificates, on twelve proxy services."""
    entity: dict[str, t.Any] = {f"property{n}": "some value" for n in range(80)}
    entity.update(id="1", certificate="x" * 1400, tags=[{"id": "2" * 36, "name": "ours"}])
    size = len(json.dumps(entity))
    values = sum(json.dumps(entity).count(sign) for sign in "[{,")
    assert 3500 < size < 4096
    assert 12_000 * values < json_text.MAX_VALUES


@given(JSON)
@settings(derandomize=True)
def test_whatever_is_shown_can_be_encoded(value: t.Any) -> None:
    json.dumps(printable(value), ensure_ascii=False).encode()


def test_halves_of_characters_are_not_users_or_sessions() -> None:
    assert session_ids(b'[{"SessionId": "\\ud800"}]') is None
    assert user_in(b'{"userDirectory": "x", "userId": "\\ud800"}', "proxy") is None
    user = user_in(b'{"userDirectory": "x", "userId": "y", "userName": "\\ud800"}', "proxy")
    assert user is not None
    assert user.name is None
