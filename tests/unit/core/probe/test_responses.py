# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judging single answers: pages, cookies, addresses; nothing that a server sends may trip it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Response
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe import settings as places
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.responses import classify
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.sessions import user_in
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.cookies import (
    cookies_of,
    session_cookie,
)

HTML = (("Content-Type", "text/html; charset=utf-8"),)
JSON = (("Content-Type", "application/json"),)

KINDS: list[tuple[str, Response]] = [
    ("empty", Response(400)),
    ("empty", Response(204)),
    ("header_incorrect", Response(400, "The http request header is incorrect.", HTML, b"x")),
    (
        "header_incorrect",
        Response(400, "", HTML, b"<html><title>The http request header is incorrect.</title>"),
    ),
    ("inactive", Response(403, "", HTML, b"<p>Your account is inactive. Contact</p>")),
    ("no_access_pass", Response(200, "", HTML, b"<p>you have no access pass.</p>")),
    (
        "no_pass_or_limit",
        Response(200, "", HTML, b"<p>No access pass or too many\n sessions active in parallel</p>"),
    ),
    ("login_form", Response(200, "", HTML, b"<html><input name=p type='password'></html>")),
    ("login_redirect", Response(302, "", (("Location", "/jwt/internal_forms_authentication/?x"),))),
    ("redirect", Response(302, "", (("Location", "/jwt/hub/"),))),
    ("redirect", Response(302, "", (("Location", "https://[half/"),))),
    ("error_page", Response(401, "", HTML, b"<html><body>Unauthorized</body></html>")),
    ("error_page", Response(200, "", HTML, b"<html><body>Http code: 401</body></html>")),
    ("page", Response(200, "", HTML, b"<html><body>Hub</body></html>")),
    ("page", Response(200, "", HTML, b"<html><script>'Error 404'</script><p>Hub</p></html>")),
    ("page", Response(200, "", (), b"\xef\xbb\xbf<!DOCTYPE html><p>Hub</p>")),
    ("json", Response(200, "", JSON, b"{}")),
    ("text", Response(403, "", (), b"XSRF prevention check failed.")),
    ("text", Response(200, "", (), b"\xff\xfe\x00")),
]


@pytest.mark.parametrize(("kind", "response"), KINDS)
def test_kind(kind: str, response: Response) -> None:
    assert classify(response).kind == kind


def test_a_title_is_short_and_printable() -> None:
    seen = classify(Response(200, "", HTML, b"<title>a\nb\x1b[31m" + b"c" * 500 + b"</title>"))
    assert "\x1b" not in seen.title
    assert "\n" not in seen.title
    assert len(seen.title) <= 80


@given(st.integers(100, 599), st.binary(max_size=300), st.sampled_from([HTML, JSON, ()]))
def test_any_bytes_are_judged(
    status: int, body: bytes, headers: tuple[tuple[str, str], ...]
) -> None:
    seen = classify(Response(status, "", headers, body))
    assert seen.same_as(classify(Response(status, "", headers, body)))
    assert seen.kind


def test_the_cookie_that_the_virtual_proxy_names_wins() -> None:
    response = _with_cookies(
        "AWSALB=lb; Path=/", "X-Qlik-Session=a; HttpOnly", "Mine=b; Secure", "qlik-lb=c"
    )
    found = cookies_of(response)
    assert session_cookie(found, "mine") == found[2]
    assert session_cookie(found, None) == found[1]
    assert session_cookie([found[0], found[3]], "Other") == found[3]
    assert session_cookie([found[0]], "Other") is None


def test_plain_http_has_a_name_of_its_own() -> None:
    found = cookies_of(_with_cookies("Mine-HTTP=b"))
    assert session_cookie(found, "Mine") == found[0]


def test_cookies_without_name_or_value_are_none() -> None:
    lines = ("=x", "", "novalue", "X-Qlik-Session=", "X-Qlik-Session=gone; Max-Age=0", ";;;")
    assert cookies_of(_with_cookies(*lines)) == []


def test_a_cookie_does_not_show_its_value() -> None:
    (found,) = cookies_of(_with_cookies("X-Qlik-Session=secret"))
    assert "secret" not in repr(found)


USERS = [
    (b'{"userDirectory": "A", "userId": "b", "userName": "C"}', ("A", "b", "C")),
    (b'{"UserDirectory": "A", "UserId": "b"}', ("A", "b", None)),
    (b'{"session": "inactive", "loginUri": "x"}', None),
    (b'{"userDirectory": 1, "userId": "b"}', None),
    (b'{"userDirectory": "A", "userId": ""}', None),
    (b"[]", None),
    (b"<html>", None),
    (b"\xff", None),
]


@pytest.mark.parametrize(("body", "wanted"), USERS)
def test_user_in_an_answer(body: bytes, wanted: tuple[str, str, str | None] | None) -> None:
    found = user_in(body, "proxy")
    assert (found and (found.directory, found.id, found.name)) == wanted


URLS = [
    ("https://Qlik.example.com", "https://qlik.example.com"),
    (" https://qlik:8443/ ", "https://qlik:8443"),
    ("HTTP://10.0.0.1", "http://10.0.0.1"),
    ("https://[::1]:443", "https://[::1]:443"),
]


@pytest.mark.parametrize(("given_", "wanted"), URLS)
def test_url(given_: str, wanted: str) -> None:
    assert places.site_url(given_, "url") == wanted


@pytest.mark.parametrize(
    "value",
    ["qlik.example.com", "https://", "https://a/jwt", "ftp://a", "https://a:0", "https://a:99999",
     "https://user:secret@a", "https://a?b", "https://a b"],
)  # fmt: skip
def test_url_that_cannot_be_meant(value: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        places.site_url(value, "url")
    assert "secret" not in raised.value.message


def test_paths() -> None:
    plain = places.Settings(url="https://a:8443", prefix="jwt", origin="https://a")
    assert plain.address("qps/user") == "https://a:8443/jwt/qps/user"
    assert plain.page == "hub/"
    assert (plain.host, plain.port, plain.place) == ("a", 8443, "https://a:8443/jwt/")
    default = places.Settings(url="https://[::1]", prefix="", origin="x", app_id="a/../b")
    assert default.address("hub/") == "https://[::1]/hub/"
    assert default.page == "sense/app/a%2F..%2Fb"
    assert (default.host, default.port) == ("::1", 443)


@pytest.mark.parametrize("value", ["https://elsewhere/x", "//elsewhere", "a b", "a#b", "a\\b"])
def test_page_path_stays_on_the_site(value: str) -> None:
    with pytest.raises(InvalidInput):
        places.clean_page_path(value)


@pytest.mark.parametrize("value", ["a b", "a?b", "a#b", "a%20"])
def test_prefix_that_cannot_be_meant(value: str) -> None:
    with pytest.raises(InvalidInput):
        places.clean_prefix(value)
    assert places.clean_prefix(" /jwt/ ") == "jwt"


def _with_cookies(*lines: str) -> Response:
    return Response(204, "", tuple(("Set-Cookie", line) for line in lines))
