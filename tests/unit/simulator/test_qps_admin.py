# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The administration port: certificate and Xrfkey, sessions, users, tickets."""

from __future__ import annotations

import json
import typing as t

import pytest

from qlik_simulator.qps.admin import shows_certificate
from support.qps_bench import CENTRAL, RIM, XRFKEY, Bench, in_loop

ADMIN = (CENTRAL, "admin")
KIM = {"UserDirectory": "EXAMPLE", "UserId": "kim"}


@pytest.mark.parametrize(
    ("query", "header", "status"),
    [
        (f"?xrfkey={XRFKEY}", XRFKEY, 200),
        (f"?XRFKEY={XRFKEY}", XRFKEY, 200),
        ("", XRFKEY, 403),
        (f"?xrfkey={XRFKEY}", "", 403),
        (f"?xrfkey={XRFKEY}", XRFKEY.upper(), 403),
        ("?xrfkey=short", "short", 403),
        ("?xrfkey=0123456789abcde_", "0123456789abcde_", 403),
    ],
)
@in_loop
async def test_xrfkey(query: str, header: str, status: int) -> None:
    async with Bench() as bench:
        headers = {"X-Test-Certificate": "yes", "X-Qlik-Xrfkey": header}
        answer = await bench.send(f"/qps/alive{query}", port=ADMIN, headers=headers)
        assert answer.status == status
        assert answer.text.startswith("XSRF prevention check failed.") == (status != 200)


@pytest.mark.parametrize("status", [403, 400])
@in_loop
async def test_xrfkey_status_switch(status: int) -> None:
    async with Bench(xrfkey_status=status) as bench:
        headers = {"X-Test-Certificate": "yes"}
        assert (await bench.send("/qps/alive", port=ADMIN, headers=headers)).status == status


@in_loop
async def test_without_a_client_certificate_nothing_is_shown() -> None:
    async with Bench() as bench:
        headers = {"X-Qlik-Xrfkey": XRFKEY}
        path = f"/qps/session?xrfkey={XRFKEY}"
        answer = await bench.send(path, port=ADMIN, headers=headers)
        assert (answer.status, answer.text) == (403, "Forbidden")


def test_a_plain_connection_shows_no_certificate() -> None:
    class Transport:
        shown: t.Any = None

        def get_extra_info(self, name: str) -> t.Any:
            return {"peercert": self.shown}[name]

    class Request:
        transport: Transport | None = Transport()

    request: t.Any = Request()
    assert not shows_certificate(request)
    request.transport.shown = {"subject": ()}
    assert shows_certificate(request)
    request.transport = None
    assert not shows_certificate(request)


@in_loop
async def test_alive_and_health() -> None:
    async with Bench() as bench:
        assert json.loads((await bench.admin("/qps/alive")).text) == {"value": True}
        assert json.loads((await bench.admin("/QPS/Health")).text) == "OK"


@in_loop
async def test_sessions_are_listed_by_virtual_proxy_and_node() -> None:
    async with Bench() as bench:
        bench.add(link=(CENTRAL, RIM))
        login = await bench.log_in()
        await bench.send("/jwt/hub/", token=bench.token(), port=(RIM, "https"))
        listed = json.loads((await bench.admin("/qps/jwt/session")).text)
        assert listed == [
            {
                "UserDirectory": "EXAMPLE",
                "UserId": "anna",
                "Attributes": [],
                "SessionId": login.session_id,
                "UserName": "anna",
            }
        ]
        assert json.loads((await bench.admin("/qps/session")).text) == []
        one = await bench.admin(f"/qps/jwt/session/{login.session_id}")
        assert json.loads(one.text) == listed[0]
        assert (await bench.admin(f"/qps/session/{login.session_id}")).status == 404


@in_loop
async def test_ending_one_session_leaves_the_others() -> None:
    async with Bench() as bench:
        bench.add()
        first, second = await bench.log_in(), await bench.log_in()
        path = f"/qps/jwt/session/{first.session_id}"
        ended = json.loads((await bench.admin(path, "DELETE")).text)
        assert ended["Session"]["SessionId"] == first.session_id
        assert ended["LastSessionForUser"] is False
        assert [s.id for s in bench.memory.sessions.live()] == [second.session_id]
        assert (await bench.admin(path, "DELETE")).status == 404
        last = await bench.admin(f"/qps/jwt/session/{second.session_id}", "DELETE")
        assert json.loads(last.text)["LastSessionForUser"] is True


@in_loop
async def test_sessions_of_a_user() -> None:
    async with Bench() as bench:
        bench.add()
        await bench.log_in()
        await bench.log_in()
        kim = await bench.log_in(userId="kim")
        path = "/qps/jwt/user/example/ANNA"
        assert len(json.loads((await bench.admin(path)).text)) == 2
        assert len(json.loads((await bench.admin(path, "DELETE")).text)) == 2
        assert [s.id for s in bench.memory.sessions.live()] == [kim.session_id]
        assert json.loads((await bench.admin(path)).text) == []


@in_loop
async def test_an_added_session_is_good_for_its_virtual_proxy() -> None:
    async with Bench() as bench:
        bench.add()
        posted = {**KIM, "SessionId": "from-a-portal", "Attributes": [{"Group": "a"}]}
        answer = await bench.admin("/qps/jwt/session", "POST", posted)
        added = json.loads(answer.text)
        assert (answer.status, added["NewUser"]) == (201, True)
        assert posted.items() <= added.items()
        cookie = "X-Qlik-Session-jwt=from-a-portal"
        shown = await bench.send("/jwt/qps/user", cookie=cookie)
        assert json.loads(shown.text)["userId"] == "kim"
        again = await bench.admin("/qps/jwt/session", "POST", posted)
        lower = {"userdirectory": "EXAMPLE", "userid": "kim", "sessionid": "second"}
        second = await bench.admin("/qps/jwt/session", "POST", lower)
        assert (again.status, second.status) == (400, 201)
        assert json.loads(second.text)["NewUser"] is False


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"UserDirectory": "EXAMPLE", "SessionId": "x"},
        {**KIM, "SessionId": ""},
        {**KIM, "SessionId": "x", "Attributes": {"Group": "a"}},
        {**KIM, "SessionId": "x", "Attributes": [{"Group": 1}]},
    ],
)
@in_loop
async def test_what_is_no_session_is_refused(body: t.Any) -> None:
    async with Bench() as bench:
        bench.add()
        assert (await bench.admin("/qps/jwt/session", "POST", body)).status == 400
        assert bench.memory.sessions.live() == []


@in_loop
async def test_a_ticket_is_good_once() -> None:
    async with Bench() as bench:
        bench.add("desk", authenticationMethod=0)
        answer = await bench.admin("/qps/desk/ticket", "POST", {**KIM, "Attributes": [{"G": "a"}]})
        ticket = json.loads(answer.text)["Ticket"]
        assert answer.status == 201
        page = f"/desk/hub/?qlikTicket={ticket}"
        first, second = await bench.send(page), await bench.send(page)
        assert (first.status, second.status) == (200, 302)
        (session,) = bench.memory.sessions.live()
        assert (session.user_id, session.attributes) == ("kim", [{"G": "a"}])


@in_loop
async def test_a_ticket_is_good_for_a_minute_and_at_its_virtual_proxy() -> None:
    async with Bench() as bench:
        bench.add("desk", authenticationMethod=0)
        bench.add("other", authenticationMethod=0)
        for prefix, offset in (("desk", 61), ("other", 0)):
            answer = await bench.admin("/qps/desk/ticket", "POST", KIM)
            ticket = json.loads(answer.text)["Ticket"]
            bench.site.switches.update({"clock_offset_s": offset})
            assert (await bench.send(f"/{prefix}/hub/?qlikTicket={ticket}")).status == 302
        assert bench.memory.sessions.live() == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/qps/nosuch/session"),
        ("GET", "/qps/unlinked/session"),
        ("PUT", "/qps/session"),
        ("GET", "/qps/ticket"),
        ("GET", "/qps/user/EXAMPLE"),
        ("GET", "/hub/"),
    ],
)
@in_loop
async def test_nothing_is_found_elsewhere(method: str, path: str) -> None:
    async with Bench() as bench:
        bench.add("unlinked", link=())
        assert (await bench.admin(path, method)).status == 404
