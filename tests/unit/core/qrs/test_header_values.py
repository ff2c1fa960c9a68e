# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values in the headers of a server: only what their grammar allows is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import (
    Response,
    date,
    seconds,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.cookies import (
    cookies_of,
    csrf_token,
)

#: What http.client makes of bytes in a header.
LATIN = st.text(st.characters(max_codepoint=255), max_size=40)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7.0), (" 7\t", 7.0), ("0", 0.0), ("007", 7.0), ("31", 30.0), ("999999999", 30.0),
        ("9" * 5000, 30.0), (None, None), ("", None), ("\u00b2", None), ("\uff11\uff12", None),
        ("1_0", None), ("+5", None), ("-5", None), ("1.5", None), ("1e9", None), ("nan", None),
        ("inf", None), ("7, 8", None), ("\xa07", None), ("Wed, 21 Oct 2015 07:28:00 GMT", None),
    ],
)  # fmt: skip
def test_seconds(value: str | None, expected: float | None) -> None:
    assert seconds(value, most=30.0) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784111777.0),
        (" Thu, 01 Jan 1970 00:00:00 GMT ", 0.0),
        ("Sun, 06 Nov 1994 08:49:37 -0000", None),
        ("Sun, 06 Nov 1994 08:49:37", None),
        ("Sun, 31 Feb 1994 08:49:37 GMT", None),
        ("Sun, 06 Nov 0000 08:49:37 GMT", None),
        ("Sun, 06 Nov 1994 24:49:37 GMT", None),
        ("Sun, 06 Nov \uff11\uff19\uff19\uff14 08:49:37 GMT", None),
        ("Sun, \u00b26 Nov 1994 08:49:37 GMT", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_date(value: str | None, expected: float | None) -> None:
    assert date(value) == expected


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("a=b", ["a=b"]),
        ("a=b; Path=/; HttpOnly", ["a=b"]),
        ('a="b"', ['a="b"']),
        ("a=b=c", ["a=b=c"]),
        ("a=x y", ["a=x y"]),
        ("a=", []), ("=b", []), ("a", []), ("", []), ("a b=c", []), ("a\xe4=b", []),
        ("a=b\x0bc", []), ("a=\x00", []), ("a=\x85", []), ("a=b\x7f", []), ("a=b\x1d", []),
        ("a=b; Max-Age=0", []),
    ],
)  # fmt: skip
def test_cookies(line: str, pairs: list[str]) -> None:
    response = Response(200, headers=(("Set-Cookie", line),))
    assert [cookie.pair for cookie in cookies_of(response)] == pairs


@pytest.mark.parametrize(
    ("value", "expected"),
    [("abc-123", "abc-123"), (" abc ", "abc"), ("", None), ("a b", None), ("\x0b", None),
     ("\xff\xfe", None), ("a\x85b", None)],
)  # fmt: skip
def test_csrf_token(value: str, expected: str | None) -> None:
    assert csrf_token(Response(200, headers=(("qlik-csrf-token", value),))) == expected


@given(LATIN)
@settings(derandomize=True)
def test_whatever_is_taken_can_be_sent_back(value: str) -> None:
    response = Response(200, headers=(("Set-Cookie", value), ("qlik-csrf-token", value)))
    sent = [cookie.pair for cookie in cookies_of(response)] + [csrf_token(response) or "x"]
    for text in sent:
        assert text.encode("latin-1").strip() == text.encode("latin-1")
        assert not any(char < " " or char == "\x7f" for char in text)
    assert seconds(value, most=30) in (None, *range(31))
    date(value)
