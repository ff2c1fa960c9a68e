# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports and time: restarts after writes, plain HTTP, the administration port, clocks."""

from __future__ import annotations

import contextlib
import email.utils
import http.client
import socket
import ssl
import time

import pytest

from support.raw_qrs import RawQrs
from support.simulator import Simulator


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except ConnectionRefusedError:
        return False
    return True


def _answers(sim: Simulator, prefix: str) -> bool:
    """Whether the central proxy serves that prefix."""
    context = ssl.create_default_context(cafile=sim.proxy_ca)
    port = sim.node()["https_port"]
    connection = http.client.HTTPSConnection("localhost", port, timeout=10, context=context)
    with contextlib.closing(connection):
        connection.request("GET", f"/{prefix}/qps/csrftoken")
        return b"header is incorrect" not in connection.getresponse().read()


def _restarts(sim: Simulator) -> dict[str, int]:
    restarts = sim.state()["restarts"]
    return {node["name"]: restarts[node["proxy_id"]] for node in sim.nodes}


@pytest.mark.parametrize(
    ("value", "virtual_proxy", "proxy_service"),
    [("both", 1, 1), ("virtual_proxy", 1, 0), ("proxy_service", 0, 1)],
)
def test_restart_on(
    sim: Simulator, qrs: RawQrs, value: str, virtual_proxy: int, proxy_service: int
) -> None:
    sim.switch(restart_on=value)
    entity = qrs.virtual_proxy("x")
    assert _restarts(sim) == {"Central": 0, "Rim": 0}
    qrs.link(entity, "Rim")
    assert _restarts(sim) == {"Central": 0, "Rim": proxy_service}
    qrs.send("PUT", f"/virtualproxyconfig/{entity['id']}", entity)
    assert _restarts(sim) == {"Central": 0, "Rim": proxy_service + virtual_proxy}
    qrs.send("DELETE", f"/virtualproxyconfig/{entity['id']}")
    assert _restarts(sim) == {"Central": 0, "Rim": proxy_service + 2 * virtual_proxy}


def test_other_and_refused_writes_restart_nothing(sim: Simulator, qrs: RawQrs) -> None:
    qrs.create("/tag", {"name": "t"})
    proxy = qrs.proxy()
    proxy["modifiedDate"] = "2001-01-01T00:00:00.000Z"
    assert qrs.send("PUT", f"/proxyservice/{proxy['id']}", proxy).status == 409
    assert _restarts(sim) == {"Central": 0, "Rim": 0}


def test_restart_seconds(sim: Simulator, qrs: RawQrs) -> None:
    central, rim = sim.node(), sim.node("Rim")
    sim.switch(restart_seconds=0.6)
    started = time.monotonic()
    assert qrs.link(qrs.virtual_proxy("x")).status == 200
    for kind in ("https", "admin"):
        assert not _is_open(central[f"{kind}_port"])
        assert _is_open(rim[f"{kind}_port"])
    assert qrs.send("GET", "/about").status == 200
    while not _is_open(central["https_port"]):
        assert time.monotonic() - started < 10
        time.sleep(0.02)
    assert time.monotonic() - started > 0.5
    sim.switch(restart_seconds=0)
    assert qrs.link(qrs.virtual_proxy("y")).status == 200
    assert _is_open(central["https_port"])


def test_notice(sim: Simulator, qrs: RawQrs) -> None:
    """Proxies go on with what was there before a write, and restart when they learn of it."""
    entity = qrs.virtual_proxy("x")
    qrs.link(entity)
    time.sleep(0.6)
    sim.switch(notice_s=0.6)
    before = _restarts(sim)
    started = time.monotonic()
    changed = {**entity, "prefix": "y"}
    assert qrs.send("PUT", f"/virtualproxyconfig/{entity['id']}", changed).status == 200
    assert _answers(sim, "x")
    assert not _answers(sim, "y")
    assert _restarts(sim) == before
    while not _answers(sim, "y"):
        assert time.monotonic() - started < 10
        time.sleep(0.02)
    assert time.monotonic() - started > 0.5
    assert not _answers(sim, "x")
    while _restarts(sim) == before:
        assert time.monotonic() - started < 10
        time.sleep(0.02)
    assert _restarts(sim) == {**before, "Central": before["Central"] + 1}


def test_a_deleted_virtual_proxy_is_there_until_the_notice(sim: Simulator, qrs: RawQrs) -> None:
    entity = qrs.virtual_proxy("x")
    qrs.link(entity)
    time.sleep(0.6)
    sim.switch(notice_s=0.6)
    assert qrs.send("DELETE", f"/virtualproxyconfig/{entity['id']}").status == 204
    assert _answers(sim, "x")
    sim.switch(notice_s=0)
    assert not _answers(sim, "x")


def test_a_fresh_site_knows_of_no_notice(sim: Simulator, qrs: RawQrs) -> None:
    sim.switch(notice_s=0.3)
    qrs.link(qrs.virtual_proxy("x"))
    sim.reset()
    time.sleep(0.5)
    assert _restarts(sim) == {"Central": 0, "Rim": 0}


def test_open_connections_end_with_a_restart(sim: Simulator, qrs: RawQrs) -> None:
    sim.patch("proxyservice", sim.node()["proxy_id"], {"settings": {"allowHttp": True}})
    with socket.create_connection(("127.0.0.1", sim.node()["http_port"]), 10) as connection:
        entity = qrs.virtual_proxy("x")
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        sim.switch(restart_seconds=0.3)
        qrs.link(entity)
        connection.settimeout(10)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b""


def test_plain_http_only_while_it_is_allowed(sim: Simulator, qrs: RawQrs) -> None:
    port = sim.node()["http_port"]
    assert not _is_open(port)
    proxy = qrs.proxy()
    for allowed in (True, False):
        proxy["settings"]["allowHttp"] = allowed
        proxy = qrs.send("PUT", f"/proxyservice/{proxy['id']}", proxy).json()
        assert _is_open(port) is allowed
    assert not _is_open(sim.node("Rim")["http_port"])


@pytest.mark.parametrize(("value", "expected"), [("on", True), ("off", False)])
def test_qps_admin_port(sim: Simulator, value: str, expected: bool) -> None:
    sim.switch(qps_admin_port=value)
    assert [_is_open(node["admin_port"]) for node in sim.nodes] == [expected] * 2
    sim.reset()
    assert _is_open(sim.node()["admin_port"])


@pytest.mark.parametrize("offset", [0, -7200, 86400])
def test_clock_offset(sim: Simulator, qrs: RawQrs, offset: int) -> None:
    sim.switch(clock_offset_s=offset)
    reply = qrs.send("POST", "/tag", {"name": "t"})
    told = email.utils.parsedate_to_datetime(reply.headers["Date"]).timestamp()
    assert abs(told - time.time() - offset) < 10
    stamp = reply.json()["createdDate"]
    assert time.strftime("%Y-%m-%dT%H", time.gmtime(time.time() + offset)) == stamp[:13]


@pytest.mark.parametrize("seconds", [0, 0.5])
def test_cold_start(sim: Simulator, qrs: RawQrs, seconds: float) -> None:
    sim.patch("proxyservice", sim.node()["proxy_id"], {"settings": {"allowHttp": True}})
    sim.switch(cold_start_s=seconds)

    def timed() -> float:
        started = time.monotonic()
        connection = http.client.HTTPConnection("localhost", sim.node()["http_port"], timeout=10)
        connection.request("GET", "/")
        connection.getresponse().read()
        connection.close()
        return time.monotonic() - started

    assert timed() >= seconds
    assert timed() < 0.4
    qrs.send("GET", "/about")
    if seconds:
        proxy = qrs.proxy()
        qrs.send("PUT", f"/proxyservice/{proxy['id']}", proxy)
        assert timed() >= seconds


def test_a_reset_may_leave_nodes_out(sim: Simulator, qrs: RawQrs) -> None:
    identity = sim.node("Rim")["id"]
    sim.reset(nodes=["Central"])
    assert qrs.get("/servernodeconfiguration/count") == {"value": 1}
    assert not _is_open(sim.node("Rim")["https_port"])
    sim.reset()
    assert _is_open(sim.node("Rim")["https_port"])
    assert sim.entity("servernodeconfiguration", name="Rim")["id"] == identity
