# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine's WebSocket: who gets a 101, what follows it, and how it ends."""

from __future__ import annotations

import asyncio
import json
import typing as t

import aiohttp
import pytest

from support.qps_bench import CENTRAL, Answer, Bench, in_loop

APP = "11111111-2222-3333-4444-555555555555"
GREETING = ["OnAuthenticationInformation", "OnConnected"]


async def _frame(socket: t.Any) -> dict[str, t.Any]:
    frame: dict[str, t.Any] = json.loads(await socket.receive_str(timeout=5))
    return frame


async def _frames(socket: t.Any, count: int = 2) -> list[dict[str, t.Any]]:
    return [await _frame(socket) for dummy in range(count)]


async def _call(socket: t.Any, method: str, params: t.Any = None) -> dict[str, t.Any]:
    await socket.send_json({"jsonrpc": "2.0", "id": 1, "method": method, "params": params or []})
    return await _frame(socket)


def _path(login: Answer, path: str = "/jwt/app/engineData") -> str:
    return f"{path}?qlik-csrf-token={login.headers['qlik-csrf-token']}"


async def _refused(bench: Bench, path: str, **options: t.Any) -> int:
    """The status of a handshake that must fail."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        async with bench.socket(path, **options):
            pass
    return caught.value.status


async def _notifications(bench: Bench, path: str, **options: t.Any) -> list[str]:
    """The methods of all frames until the server closes."""
    seen = []
    async with bench.socket(path, **options) as socket:
        async for message in socket:
            seen.append(json.loads(message.data)["method"])
    return seen


@in_loop
async def test_cookie_token_and_origin_open_a_socket() -> None:
    async with Bench() as bench:
        bench.add()
        login = await bench.log_in()
        async with bench.socket(_path(login), cookie=login.cookie) as socket:
            first, second = await _frames(socket)
            assert [first["method"], second["method"]] == GREETING
            assert first["params"]["mustAuthenticate"] is False
            assert first["params"]["userId"] == "anna"
            assert second["params"] == {"qSessionState": "SESSION_CREATED"}


@in_loop
async def test_current_refuses_sockets_without_token_cookie_or_origin() -> None:
    async with Bench() as bench:
        bench.add()
        login = await bench.log_in()
        path, cookie = _path(login), login.cookie
        bare = "/jwt/app/engineData"
        assert await _refused(bench, bare, cookie=cookie) == 403
        assert await _refused(bench, bare + "?qlik-csrf-token=wrong", cookie=cookie) == 403
        assert await _refused(bench, path) == 403
        assert await _refused(bench, path, token=bench.token()) == 403
        assert await _refused(bench, path, cookie="X-Qlik-Session-jwt=gone") == 403
        assert await _refused(bench, path, cookie=cookie, origin=None) == 403
        assert await _refused(bench, path, cookie=cookie, origin="https://evil.example") == 403
        assert await _refused(bench, path, cookie=cookie, origin="null") == 403


@in_loop
async def test_the_csrf_token_as_a_header_does_not_count() -> None:
    async with Bench() as bench:
        bench.add()
        login = await bench.log_in()
        headers = {
            "Cookie": login.cookie,
            "Origin": "https://localhost",
            "qlik-csrf-token": login.headers["qlik-csrf-token"],
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        }
        assert (await bench.send("/jwt/app/engineData", headers=headers)).status == 403


@in_loop
async def test_the_token_of_another_session_does_not_count() -> None:
    async with Bench() as bench:
        bench.add()
        login, other = await bench.log_in(), await bench.log_in()
        assert await _refused(bench, _path(other), cookie=login.cookie) == 403


@pytest.mark.parametrize("switches", [{"release": "classic"}, {"csrf": "absent"}])
@in_loop
async def test_old_releases_take_a_token_or_a_cookie(switches: dict[str, t.Any]) -> None:
    async with Bench(**switches) as bench:
        bench.add()
        path = "/jwt/app/engineData"
        async with bench.socket(path, token=bench.token()) as socket:
            assert [frame["method"] for frame in await _frames(socket)] == GREETING
        cookie = (await bench.send("/jwt/hub/", token=bench.token())).cookie
        async with bench.socket(path, cookie=cookie, origin=None) as socket:
            assert [frame["method"] for frame in await _frames(socket)] == GREETING
        refused = await _refused(bench, path, cookie=cookie, origin="https://evil.example")
        assert refused == 403


@in_loop
async def test_origins_follow_the_host_allow_list() -> None:
    async with Bench() as bench:
        bench.add(websocketCrossOriginWhiteList=["portal.example.com"])
        login = await bench.log_in()
        origin = "https://portal.example.com:8443"
        async with bench.socket(_path(login), cookie=login.cookie, origin=origin) as socket:
            assert (await _frame(socket))["method"] == GREETING[0]


@pytest.mark.parametrize(("value", "refused"), [("ignored", False), (403, True)])
@in_loop
async def test_ws_bearer_switch(value: t.Any, refused: bool) -> None:
    async with Bench(ws_bearer=value) as bench:
        bench.add()
        login = await bench.log_in()
        options = {"cookie": login.cookie, "token": bench.token()}
        if refused:
            assert await _refused(bench, _path(login), **options) == 403
        else:
            async with bench.socket(_path(login), **options) as socket:
                assert (await _frame(socket))["method"] == GREETING[0]


@in_loop
async def test_six_logins_are_too_many_for_the_next_socket_only() -> None:
    async with Bench() as bench:
        bench.add()
        logins = [await bench.log_in() for dummy in range(5)]
        for login in logins:
            async with bench.socket(_path(login), cookie=login.cookie) as socket:
                assert (await _frame(socket))["method"] == GREETING[0]
        sixth = await bench.log_in()
        assert sixth.status == 204
        seen = await _notifications(bench, _path(sixth), cookie=sixth.cookie)
        assert seen == ["OnMaxParallelSessionsExceeded"]
        kim = await bench.log_in(userId="kim")
        async with bench.socket(_path(kim), cookie=kim.cookie) as socket:
            assert (await _frame(socket))["method"] == GREETING[0]


@pytest.mark.parametrize(("limit", "refused"), [(1, True), (2, False)])
@in_loop
async def test_max_sessions_switch(limit: int, refused: bool) -> None:
    async with Bench(max_sessions=limit) as bench:
        bench.add()
        await bench.log_in()
        login = await bench.log_in()
        async with bench.socket(_path(login), cookie=login.cookie) as socket:
            method = (await _frame(socket))["method"]
        assert method == ("OnMaxParallelSessionsExceeded" if refused else GREETING[0])


@in_loop
async def test_sockets_that_share_a_cookie_count_once() -> None:
    async with Bench(max_sessions=1) as bench:
        bench.add()
        login = await bench.log_in()
        async with (
            bench.socket(_path(login), cookie=login.cookie) as one,
            bench.socket(_path(login), cookie=login.cookie) as two,
        ):
            states = [
                (await _frames(socket))[1]["params"]["qSessionState"] for socket in (one, two)
            ]
        assert states == ["SESSION_CREATED", "SESSION_ATTACHED"]


@pytest.mark.parametrize(
    ("ttl", "state"), [("/ttl/60", "SESSION_ATTACHED"), ("", "SESSION_CREATED")]
)
@in_loop
async def test_an_engine_session_outlives_its_socket_by_the_ttl(ttl: str, state: str) -> None:
    async with Bench() as bench:
        bench.add()
        login = await bench.log_in()
        path = _path(login, f"/jwt/app/{APP}{ttl}")
        async with bench.socket(path, cookie=login.cookie) as socket:
            await _frames(socket)
        async with bench.socket(path, cookie=login.cookie) as socket:
            assert (await _frames(socket))[1]["params"]["qSessionState"] == state


@in_loop
async def test_without_a_load_balancing_node_there_is_no_engine() -> None:
    async with Bench() as bench:
        bench.add(loadBalancingServerNodes=[])
        login = await bench.log_in()
        seen = await _notifications(bench, _path(login), cookie=login.cookie)
        assert seen == ["OnNoEngineAvailable"]


@in_loop
async def test_a_node_without_an_engine_is_no_engine() -> None:
    async with Bench() as bench:
        bench.add()
        bench.change("servernodeconfiguration", bench.node(CENTRAL).id, engineEnabled=False)
        login = await bench.log_in()
        seen = await _notifications(bench, _path(login), cookie=login.cookie)
        assert seen == ["OnNoEngineAvailable"]


@in_loop
async def test_without_an_access_pass_the_engine_is_denied() -> None:
    async with Bench() as bench:
        bench.add()
        bench.site.license.total = 0
        login = await bench.log_in()
        seen = await _notifications(bench, _path(login), cookie=login.cookie)
        assert seen == ["OnLicenseAccessDenied"]


@in_loop
async def test_the_engine_answers_a_few_methods() -> None:
    async with Bench() as bench:
        bench.add()
        login = await bench.log_in()
        async with bench.socket(_path(login, f"/jwt/app/{APP}"), cookie=login.cookie) as socket:
            await _frames(socket)
            version = await _call(socket, "EngineVersion")
            assert version["result"]["qVersion"]["qComponentVersion"]
            assert (await _call(socket, "GetProductVersion"))["result"]["qReturn"]
            assert (await _call(socket, "IsDesktopMode"))["result"] == {"qReturn": False}
            opened = await _call(socket, "OpenDoc", [APP])
            assert opened["result"]["qReturn"]["qGenericId"] == APP
            named = await _call(socket, "OpenDoc", {"qDocName": APP})
            assert (
                named["result"]
                == opened["result"]
                == (await _call(socket, "GetActiveDoc"))["result"]
            )
            assert (await _call(socket, "OpenDoc", ["nothing"]))["error"]["code"] == 1003
            assert (await _call(socket, "Nonsense"))["error"]["code"] == -32601
            await socket.send_str("not json")
            assert (await _frame(socket))["error"]["code"] == -32700
            await socket.send_str("[]")
            assert (await _frame(socket))["error"]["code"] == -32600


@in_loop
async def test_pings_are_not_relayed_and_what_follows_hangs() -> None:
    async with Bench() as bench:
        bench.add()
        login = await bench.log_in()
        async with bench.socket(_path(login), cookie=login.cookie) as socket:
            await _frames(socket)
            assert "result" in await _call(socket, "EngineVersion")
            await socket.ping()
            with pytest.raises(asyncio.TimeoutError):
                await socket.receive(timeout=0.2)
        async with bench.socket(_path(login), cookie=login.cookie) as socket:
            await _frames(socket)
            await socket.ping()
            await socket.send_json({"id": 1, "method": "EngineVersion", "params": []})
            with pytest.raises(asyncio.TimeoutError):
                await socket.receive(timeout=0.2)


@pytest.mark.parametrize(
    ("end", "notification"),
    [
        ("log out", "OnSessionLoggedOut"),
        ("restart", "OnSessionClosed"),
        ("wait", "OnSessionTimedOut"),
    ],
)
@in_loop
async def test_the_end_of_a_session_ends_its_socket(end: str, notification: str) -> None:
    async with Bench() as bench:
        bench.add()
        login = await bench.log_in()
        async with bench.socket(_path(login), cookie=login.cookie) as socket:
            await _frames(socket)
            if end == "log out":
                await bench.send("/jwt/qps/user", "DELETE", cookie=login.cookie)
            elif end == "restart":
                bench.site.restart(bench.node(CENTRAL).proxy_id)
            else:
                bench.site.switches.update({"clock_offset_s": 86_400})
                assert bench.memory.sessions.live() == []
            assert (await _frame(socket))["method"] == notification
            assert (await socket.receive(timeout=5)).type == aiohttp.WSMsgType.CLOSE


@pytest.mark.parametrize("path", ["/jwt/app/a/b", "/jwt/app/a/ttl/x", "/jwt/app/a/ttl/1/2"])
@in_loop
async def test_other_paths_below_app_are_not_found(path: str) -> None:
    async with Bench() as bench:
        bench.add()
        login = await bench.log_in()
        assert await _refused(bench, _path(login, path), cookie=login.cookie) == 404


@in_loop
async def test_app_is_for_sockets_only() -> None:
    async with Bench() as bench:
        bench.add()
        answer = await bench.send("/jwt/app/engineData", token=bench.token())
        assert answer.status == 404
