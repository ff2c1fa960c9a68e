# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a server answers, only errors with one sentence come out of the client."""

from __future__ import annotations

import itertools
import typing as t

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import QlikError
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import (
    Clock,
    Request,
    Response,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.client import Client, Tools
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.login import attempt
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.sessions import (
    Administration,
    SessionBook,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.settings import Settings
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.auth import (
    Access,
    CertificateAccess,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.client import Qrs
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.proxy_admin import AdminPort
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.proxy_login import (
    header_login,
    token_login,
    windows_login,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.proxy_session import (
    ProxySession,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.text import is_encodable

URL = "https://host/jwt"
KEY = "0123456789abcdef"
NAMES = ("Content-Type", "Content-Encoding", "Set-Cookie", "Location", "qlik-csrf-token", "Date",
         "Retry-After", "WWW-Authenticate")  # fmt: skip
VALUES = (
    "application/json",
    "text/html",
    "a=b; max-age=\u00b2",
    "X-Qlik-Session=\x0b",
    "X-Qlik-Session=x",
    "https://[half",
    "//[x/",
    URL + "/internal_windows_authentication/",
    "javascript:1",
    "\u00b2",
    "1_0",
    "9" * 5000,
    "nan",
    "Sun, 31 Feb 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "gzip",
    "\xff\x85",
)
BODIES = (
    b"",
    b"[]",
    b"{}",
    b"[[]]",
    b"null",
    b"7",
    b"NaN",
    b'{"value": 1e999}',
    b'{"value": true}',
    b"\xff",
    b'{"id": "\\ud800"}',
    b'{"id": ["x"]}',
    b'{"id": "1"}',
    b'[{"id": 1, "id": 2}]',
    b"[" * 5000,
    b'{"message": {"x": 1}}',
    b'{"Message": "\\ud800 broke"}',
    b'[{"SessionId": "\\udc00"}]',
    b'[{"sessionId": {}}]',
    b'{"userDirectory": "\\ud800", "userId": "\\ud800"}',
    b"<html><title>\xff\x00x",
    b"account is inactive",
    b"<html>http request header is incorrect",
)


def answers() -> st.SearchStrategy[Response]:
    """Answers of a server that means harm: every part of them may be anything."""
    latin = st.text(st.characters(max_codepoint=255), max_size=20)
    return st.builds(
        Response,
        status=st.sampled_from([200, 200, 201, 204, 302, 400, 401, 403, 404, 409, 429, 500, 503]),
        reason=latin,
        headers=st.lists(
            st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | latin), max_size=4
        ).map(tuple),
        body=st.sampled_from(BODIES) | st.binary(max_size=40),
        truncated=st.booleans(),
        seconds=st.just(0.0),
        requests=st.just(1),
    )


class Hostile:
    """A transport whose answers come from a script, in a circle."""

    def __init__(self, script: list[Response]) -> None:
        self._script = itertools.cycle(script)
        self._sent = 0

    def send(self, request: Request, *, timeout: float | None = None) -> Response:
        """The next answer. What is sent must be something that HTTP can carry."""
        self._sent += 1
        assert self._sent < 5000, "it never ends"
        assert is_encodable(request.url)
        for value in request.headers.values():
            assert not any(char < " " or char == "\x7f" for char in value)
            value.encode("latin-1")
        return next(self._script)

    def close(self) -> None:
        """Nothing to give back."""


class Time:
    """A clock that only goes on when something sleeps."""

    now = 0.0

    def sleep(self, seconds: float) -> None:
        """No pause is longer than half a minute."""
        assert 0 <= seconds <= 30
        self.now += seconds


def check(action: t.Callable[[], t.Any]) -> None:
    """Run ``action``; an error has to be a sentence that can be printed."""
    sentence = _sentence(action)
    assert is_encodable(sentence)
    assert sentence.isprintable()
    assert 0 < len(sentence) < 1000


def _sentence(action: t.Callable[[], t.Any]) -> str:
    try:
        action()
    except QlikError as error:
        return error.message
    return "fine"


@given(st.lists(answers(), min_size=1, max_size=5), st.integers(0, 3))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_the_repository(script: list[Response], number: int) -> None:
    time = Time()
    clock = Clock(now=lambda: time.now, sleep=time.sleep, chance=lambda: 0.5)
    logins = (
        token_login("a.b.c", time=lambda: 0.0), header_login("X-User", "x"), windows_login()
    )  # fmt: skip
    access: Access = CertificateAccess("INTERNAL", "sa_api")
    if number:
        access = ProxySession(URL, logins[number - 1], clock)
    qrs = Qrs(
        Hostile(script), URL, access=access, xrfkey=lambda: KEY, sleep=time.sleep, retries=2
    )  # fmt: skip
    kind = "virtualproxyconfig"
    actions: tuple[t.Callable[[], t.Any], ...] = (
        lambda: qrs.get("about"), lambda: qrs.count(kind), lambda: qrs.entities(kind),
        lambda: qrs.condensed(kind), lambda: qrs.create(kind, {"prefix": "x"}),
        lambda: qrs.update(kind, {"id": "1"}), lambda: qrs.delete(kind, "1"),
        lambda: [qrs.update(kind, entity) for entity in qrs.entities(kind) if "id" in entity],
    )  # fmt: skip
    for action in actions:
        check(action)


@given(st.lists(answers(), min_size=1, max_size=5))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_the_proxy_and_its_administration_port(script: list[Response]) -> None:
    transport = Hostile(script)
    tools = Tools(lambda: 0.0, lambda: 0.0, lambda dummy: None, lambda: KEY, lambda: "x" * 24)
    client = Client(
        transport, Settings(url="https://host", prefix="jwt", origin="https://host"), tools
    )
    port = AdminPort("https://host:4243", transport)
    administration = Administration([port], "jwt", lambda: KEY)
    book = SessionBook()
    check(lambda: port.count(["jwt"], letters=lambda: KEY, left=lambda: 1.0))
    check(lambda: book.watch(administration, ("x", "y")))
    check(client.impossible)

    def use() -> None:
        session = attempt(client, "a.b.c", book).session
        if session is None:
            return
        response = client.get("hub", session=session)
        client.follow(response.header("Location") or "", session)
        client.upgrade("app/x", session=session, origin="https://host")
        administration.user_of(session)
        book.end_all(client, administration, "auto", created=True)

    check(use)
