# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The session at a proxy over a scripted wire: who is asking, patience, and no write twice."""

from __future__ import annotations

import json
import typing as t
from urllib.parse import urlsplit

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import (
    AccessDenied,
    AnswerError,
    QlikError,
    TransportError,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import (
    Clock,
    Request,
    Response,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.client import Qrs
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.proxy_login import (
    Login,
    header_login,
    token_login,
    windows_login,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.proxy_session import (
    PATIENCE,
    ProxySession,
)

URL = "https://host:443/adm"
ENTITY = {"id": "1", "prefix": "x"}
TOKEN = token_login("a.b.c", time=lambda: 0)
HEADER = header_login("X-User", "CORP\\kim")
NOT_SERVED = b"<!doctype html><title>The http request header is incorrect.</title>"
UNKNOWN = b"<!doctype html><p>Authentication error: Restart the browser.</p>"

Step = Response | TransportError


class Wire:
    """Answers with what the script says, at a time that only waiting moves on."""

    def __init__(self, login: Login, *script: Step) -> None:
        self.script = list(script)
        self.sent: list[Request] = []
        self.time = 1000.0
        clock = Clock(now=lambda: self.time, sleep=self.pass_time, chance=lambda: 0.5)
        self.session = ProxySession(URL, login, clock)
        self.qrs = Qrs(
            self, URL, access=self.session, xrfkey=lambda: "k" * 16, sleep=self.pass_time, retries=0
        )

    def pass_time(self, seconds: float) -> None:
        self.time += seconds

    def send(self, request: Request, *, timeout: float | None = None) -> Response:
        self.sent.append(request)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, TransportError):
            raise step
        return step

    def close(self) -> None:
        """Nothing to give back."""

    @property
    def asked(self) -> list[str]:
        """Method and end of the path of every request."""
        return [f"{r.method} {urlsplit(r.url).path.removeprefix('/adm')}" for r in self.sent]


def answer(status: int = 200, body: t.Any = None, cookie: str = "", **headers: str) -> Response:
    more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    cookies = (("Set-Cookie", f"{cookie}; Path=/; HttpOnly"),) if cookie else ()
    content = json.dumps({"id": "1"} if body is None else body).encode()
    return Response(
        status, headers=(("Content-Type", "application/json"), *cookies, *more), body=content
    )


def page(status: int, body: bytes = b"<html>", **headers: str) -> Response:
    more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Response(status, headers=(("Content-Type", "text/html"), *more), body=body)


def broken(kind: str, *, sent: bool) -> TransportError:
    return TransportError("It broke.", kind=kind, sent=sent)


OPENED = answer(cookie="X-Qlik-Session=1")


def test_the_token_opens_and_the_cookie_goes_on() -> None:
    wire = Wire(TOKEN, OPENED, answer())
    wire.qrs.get("about")
    wire.qrs.get("about")
    first, second = (request.headers for request in wire.sent)
    assert first["Authorization"] == "Bearer a.b.c"
    assert "Cookie" not in first
    assert "Authorization" not in second
    assert second["Cookie"] == "X-Qlik-Session=1"


def test_a_header_with_the_user_goes_with_every_request() -> None:
    wire = Wire(HEADER, OPENED, answer())
    wire.qrs.get("about")
    wire.qrs.get("about")
    assert [request.headers["X-User"] for request in wire.sent] == ["CORP\\kim"] * 2
    assert wire.sent[1].headers["Cookie"] == "X-Qlik-Session=1"


def test_without_a_cookie_every_request_proves_who_is_asking() -> None:
    wire = Wire(TOKEN, answer())
    wire.qrs.get("about")
    wire.qrs.get("about")
    assert all("Authorization" in request.headers for request in wire.sent)


def test_the_cookie_of_a_load_balancer_is_no_session() -> None:
    refusal = Response(400, headers=(("Set-Cookie", "lb=7; Path=/"),))
    wire = Wire(TOKEN, refusal, OPENED, answer())
    with pytest.raises(AnswerError):
        wire.qrs.get("about")
    wire.qrs.get("about")
    wire.qrs.get("about")
    assert "Authorization" in wire.sent[1].headers
    assert wire.sent[2].headers["Cookie"] == "lb=7; X-Qlik-Session=1"


@pytest.mark.parametrize(
    "ended", [page(401), page(500, UNKNOWN), page(302, b"", Location="/adm/login")]
)
def test_a_session_that_ended_is_opened_again(ended: Response) -> None:
    wire = Wire(TOKEN, OPENED, ended, OPENED, answer())
    wire.qrs.get("about")
    assert wire.qrs.update("tag", ENTITY) == {"id": "1"}
    assert wire.asked == ["GET /qrs/about", "PUT /qrs/tag/1", "PUT /qrs/tag/1"]
    assert "Cookie" not in wire.sent[2].headers
    assert wire.sent[2].headers["Authorization"] == "Bearer a.b.c"


@pytest.mark.parametrize("ended", [page(401), page(500, UNKNOWN), page(302, b"")])
def test_a_proxy_that_never_knows_its_session_is_asked_twice(ended: Response) -> None:
    wire = Wire(TOKEN, OPENED, ended)
    wire.qrs.get("about")
    with pytest.raises(AnswerError):
        wire.qrs.update("tag", ENTITY)
    assert wire.asked.count("PUT /qrs/tag/1") == 2


@pytest.mark.parametrize("status", [500, 503, 502, 504, 409, 400])
def test_a_write_that_may_have_been_done_is_not_sent_again(status: int) -> None:
    wire = Wire(TOKEN, OPENED, answer(status))
    wire.qrs.get("about")
    with pytest.raises(QlikError):
        wire.qrs.update("virtualproxyconfig", ENTITY)
    assert wire.asked.count("PUT /qrs/virtualproxyconfig/1") == 1


DOWN: dict[str, Step] = {
    "refused": broken("refused", sent=False),
    "reset": broken("reset", sent=True),
    "timeout": broken("timeout", sent=True),
    "503": page(503),
    "502": answer(502),
    "not served": page(400, NOT_SERVED),
}


@pytest.mark.parametrize("fault", DOWN)
def test_reads_wait_for_a_proxy_that_restarts_after_an_own_write(fault: str) -> None:
    wire = Wire(TOKEN, OPENED, answer(), *[DOWN[fault]] * 5, page(401), OPENED, answer())
    wire.qrs.get("about")
    wire.qrs.update("virtualproxyconfig", ENTITY)
    before = wire.time
    wire.qrs.get("about")
    assert 5 < wire.time - before < PATIENCE
    assert wire.asked.count("PUT /qrs/virtualproxyconfig/1") == 1


@pytest.mark.parametrize("fault", DOWN)
def test_waiting_has_an_end(fault: str) -> None:
    wire = Wire(TOKEN, OPENED, answer(), DOWN[fault])
    wire.qrs.get("about")
    wire.qrs.update("proxyservice", ENTITY)
    before = wire.time
    with pytest.raises(QlikError):
        wire.qrs.get("about")
    assert PATIENCE - 5 < wire.time - before <= PATIENCE


@pytest.mark.parametrize("fault", DOWN)
def test_nobody_waits_without_an_own_write(fault: str) -> None:
    wire = Wire(TOKEN, OPENED, answer(201), DOWN[fault])
    wire.qrs.get("about")
    wire.qrs.create("virtualproxyconfig", {"prefix": "y"})
    before = wire.time
    with pytest.raises(QlikError):
        wire.qrs.get("about")
    assert wire.time == before


@pytest.mark.parametrize("fault", DOWN)
def test_a_second_write_asks_first_whether_the_proxy_is_there(fault: str) -> None:
    down = [DOWN[fault]] * 2
    wire = Wire(TOKEN, OPENED, answer(), *down, page(500, UNKNOWN), OPENED, answer(201))
    wire.qrs.get("about")
    wire.qrs.update("virtualproxyconfig", ENTITY)
    wire.qrs.create("virtualproxyconfig", {"prefix": "y"})
    wire.qrs.create("tag", {"name": "z"})
    writes = [line for line in wire.asked if not line.startswith("GET")]
    assert writes == [
        "PUT /qrs/virtualproxyconfig/1",
        "POST /qrs/virtualproxyconfig",
        "POST /qrs/tag",
    ]
    assert wire.asked[2:6] == ["GET /qrs/about"] * 4


def test_a_second_write_that_was_not_sent_says_so() -> None:
    wire = Wire(TOKEN, OPENED, answer(), broken("reset", sent=True))
    wire.qrs.get("about")
    wire.qrs.update("virtualproxyconfig", ENTITY)
    with pytest.raises(TransportError) as caught:
        wire.qrs.create("virtualproxyconfig", {"prefix": "y"})
    assert caught.value.sent is False
    assert "not known" not in caught.value.message
    assert "POST /qrs/virtualproxyconfig" not in wire.asked


def test_the_csrf_token_is_asked_for_once_and_sent_from_then_on() -> None:
    given = Response(204, headers=(("qlik-csrf-token", "t"),))
    wire = Wire(TOKEN, OPENED, answer(403), given, answer(), answer(), answer(403))
    wire.qrs.get("about")
    wire.qrs.update("tag", ENTITY)
    wire.qrs.update("tag", ENTITY)
    with pytest.raises(AccessDenied):
        wire.qrs.update("tag", ENTITY)
    assert wire.asked.count("GET /qps/csrftoken") == 1
    shown = [request.headers.get("qlik-csrf-token") for request in wire.sent]
    assert shown == [None, None, None, "t", "t", "t"]


def test_without_a_csrf_token_a_refusal_stays_one() -> None:
    wire = Wire(TOKEN, OPENED, answer(403), page(404), answer(403))
    wire.qrs.get("about")
    for dummy in range(2):
        with pytest.raises(AccessDenied) as caught:
            wire.qrs.update("tag", ENTITY)
        assert "the user that api_token names" in caught.value.message
    assert wire.asked.count("GET /qps/csrftoken") == 1


def test_a_windows_login_leads_there_and_back() -> None:
    login = page(302, b"", Location=f"{URL}/internal_windows_authentication/?targetId=1")
    back = Response(
        302, headers=(("Location", f"{URL}/qrs/about?Xrfkey=k&qlikTicket=t"),), requests=3
    )
    wire = Wire(windows_login(), login, back, OPENED, answer())
    wire.qrs.get("about")
    assert wire.qrs.requests == 5
    assert all(request.windows_login for request in wire.sent)
    assert all("Windows" in request.headers["User-Agent"] for request in wire.sent)
    wire.qrs.update("tag", ENTITY)
    assert wire.sent[-1].windows_login is False


def test_a_write_never_carries_the_steps_of_a_windows_login() -> None:
    wire = Wire(windows_login(), OPENED, page(401), OPENED, answer())
    wire.qrs.update("tag", ENTITY)
    assert wire.asked == ["GET /qrs/about", "PUT /qrs/tag/1", "GET /qrs/about", "PUT /qrs/tag/1"]
    assert not any(request.windows_login for request in wire.sent if request.method == "PUT")


def test_a_windows_login_without_a_cookie_writes_nothing() -> None:
    wire = Wire(windows_login(), answer())
    with pytest.raises(AnswerError, match="cookie"):
        wire.qrs.update("tag", ENTITY)
    assert wire.asked == ["GET /qrs/about"]


@pytest.mark.parametrize(
    "target",
    ["https://other/adm/", "http://host:443/adm/", "https://host:44/x", "https://[half", "//[x/"],
)
def test_nobody_else_gets_the_login(target: str) -> None:
    wire = Wire(windows_login(), page(302, b"", Location=target))
    with pytest.raises(AnswerError, match="Windows"):
        wire.qrs.get("about")
    assert wire.asked == ["GET /qrs/about"]


def test_redirects_in_a_circle_end() -> None:
    wire = Wire(windows_login(), page(302, b"", Location=f"{URL}/internal_windows_authentication/"))
    with pytest.raises(AnswerError):
        wire.qrs.get("about")
    assert len(wire.sent) < 10
