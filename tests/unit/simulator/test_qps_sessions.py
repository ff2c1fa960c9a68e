# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions: their end, what counts as parallel, and the personal API of the browser."""

from __future__ import annotations

import json

import pytest

from support.qps_bench import CENTRAL, RIM, Bench, in_loop


def _later(bench: Bench, seconds: float) -> None:
    bench.site.switches.update({"clock_offset_s": bench.site.switches.clock_offset_s + seconds})


@pytest.mark.parametrize(("release", "status"), [("current", 204), ("classic", 404)])
@in_loop
async def test_csrftoken_logs_in_even_where_it_is_unknown(release: str, status: int) -> None:
    async with Bench(release) as bench:
        bench.add()
        answer = await bench.log_in()
        assert answer.status == status
        assert ("qlik-csrf-token" in answer.headers) == (status == 204)
        assert (await bench.send("/jwt/hub/", cookie=answer.cookie)).status == 200


@pytest.mark.parametrize("status", [204, 200])
@in_loop
async def test_csrftoken_status_switch(status: int) -> None:
    async with Bench(csrftoken_status=status) as bench:
        bench.add()
        answer = await bench.log_in()
        assert answer.status == status
        assert answer.headers["qlik-csrf-token"]


@pytest.mark.parametrize(("csrf", "status"), [("required", 204), ("absent", 404)])
@in_loop
async def test_csrf_switch_at_csrftoken(csrf: str, status: int) -> None:
    async with Bench(csrf=csrf) as bench:
        bench.add()
        assert (await bench.log_in()).status == status


@in_loop
async def test_user_tells_who_is_logged_in() -> None:
    async with Bench() as bench:
        bench.add()
        cookie = (await bench.log_in()).cookie
        shown = json.loads((await bench.send("/jwt/qps/user", cookie=cookie)).text)
        expected = {
            "session": "active",
            "userDirectory": "EXAMPLE",
            "userId": "anna",
            "userName": "anna",
        }
        assert expected.items() <= shown.items()


@in_loop
async def test_user_without_a_session_is_inactive() -> None:
    async with Bench() as bench:
        bench.add()
        answer = await bench.send("/jwt/qps/user")
        shown = json.loads(answer.text)
        assert (answer.status, shown["session"]) == (200, "inactive")
        assert shown["loginUri"].startswith("https://localhost/jwt/")
        assert bench.memory.sessions.live() == []


@in_loop
async def test_log_out_ends_all_sessions_of_the_user_on_this_virtual_proxy_only() -> None:
    async with Bench() as bench:
        bench.add("jwt")
        bench.add("two")
        first, second = await bench.log_in(), await bench.log_in()
        other = await bench.log_in("two")
        kim = await bench.log_in(userId="kim")
        answer = await bench.send("/jwt/qps/user", "DELETE", cookie=first.cookie)
        assert answer.status == 200
        left = {session.id for session in bench.memory.sessions.live()}
        assert left == {other.session_id, kim.session_id}
        assert (await bench.send("/jwt/hub/", cookie=second.cookie)).status == 500


@in_loop
async def test_nothing_else_below_qps() -> None:
    async with Bench() as bench:
        bench.add()
        cookie = (await bench.log_in()).cookie
        assert (await bench.send("/jwt/qps/session", cookie=cookie)).status == 404
        assert (await bench.send("/jwt/qps/csrftoken", "POST", cookie=cookie)).status == 404
        assert (await bench.send("/jwt/qps/session")).status == 401


@in_loop
async def test_an_idle_session_times_out_and_use_keeps_it() -> None:
    async with Bench() as bench:
        bench.add(sessionInactivityTimeout=30)
        cookie = (await bench.log_in()).cookie
        _later(bench, 29 * 60)
        assert (await bench.send("/jwt/hub/", cookie=cookie)).status == 200
        _later(bench, 29 * 60)
        assert (await bench.send("/jwt/hub/", cookie=cookie)).status == 200
        _later(bench, 31 * 60)
        assert (await bench.send("/jwt/hub/", cookie=cookie)).status == 500
        assert bench.memory.sessions.parallel("EXAMPLE", "anna") == 0


@pytest.mark.parametrize("release_s", [300, 10])
@in_loop
async def test_session_release_switch(release_s: int) -> None:
    async with Bench(session_release_s=release_s) as bench:
        bench.add()
        cookie = (await bench.log_in()).cookie
        await bench.send("/jwt/qps/user", "DELETE", cookie=cookie)
        sessions = bench.memory.sessions
        _later(bench, release_s - 5)
        assert sessions.parallel("example", "ANNA") == 1
        _later(bench, 6)
        assert sessions.parallel("example", "ANNA") == 0


@in_loop
async def test_a_restart_ends_the_sessions_of_that_proxy_only() -> None:
    async with Bench() as bench:
        bench.add(link=(CENTRAL, RIM))
        await bench.log_in()
        port = (RIM, "https")
        rim = await bench.send("/jwt/qps/csrftoken", token=bench.token(), port=port)
        bench.site.restart(bench.node(CENTRAL).proxy_id)
        assert [s.id for s in bench.memory.sessions.live()] == [rim.session_id]


@in_loop
async def test_a_session_is_known_to_its_own_proxy_only() -> None:
    async with Bench() as bench:
        bench.add(link=(CENTRAL, RIM))
        cookie = (await bench.log_in()).cookie
        assert (await bench.send("/jwt/hub/", cookie=cookie, port=(RIM, "https"))).status == 500


@in_loop
async def test_sessions_end_with_their_virtual_proxy_and_with_a_reset() -> None:
    async with Bench() as bench:
        stored = bench.add()
        await bench.log_in()
        bench.site.store.delete("virtualproxyconfig", stored["id"])
        assert bench.memory.sessions.live() == []
        bench.add()
        await bench.log_in()
        bench.site.reset(bench.site.switches)
        assert bench.memory.sessions.live() == []
        assert bench.memory.sessions.parallel("EXAMPLE", "anna") == 0


@in_loop
async def test_the_site_shows_sessions() -> None:
    async with Bench() as bench:
        mapping = [{"jwtAttribute": "g", "senseAttribute": "Group", "isMandatory": False}]
        bench.add(jwtAttributeMap=mapping)
        answer = await bench.log_in(g="a")
        (shown,) = bench.site.sessions()
        created = shown.pop("created")
        assert abs(created - bench.site.now()) < 60
        assert shown == {
            "id": answer.session_id,
            "user_directory": "EXAMPLE",
            "user_id": "anna",
            "prefix": "jwt",
            "proxy": bench.node(CENTRAL).proxy_id,
            "attributes": [{"Group": "a"}],
        }
