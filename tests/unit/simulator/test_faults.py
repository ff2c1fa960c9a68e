# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults on every port: what they do, and which request they hit."""

from __future__ import annotations

import http.client
import ssl
import time
import typing as t

import pytest

from support.controlled_process import ProcessError
from support.raw_qrs import KEY, RawQrs
from support.simulator import Simulator

BROKEN = (ConnectionError, http.client.HTTPException, ssl.SSLError)


def _get(sim: Simulator, qrs: RawQrs, port: str) -> tuple[int, bytes]:
    """A harmless request to one of the four kinds of port."""
    node = sim.node()
    connection: http.client.HTTPConnection
    if port == "http":
        connection = http.client.HTTPConnection("localhost", node["http_port"], timeout=10)
    elif port == "https":
        context = ssl.create_default_context(cafile=sim.proxy_ca)
        connection = http.client.HTTPSConnection(
            "localhost", node["https_port"], context=context, timeout=10
        )
    else:
        number = sim.qrs_port if port == "qrs" else node["admin_port"]
        connection = http.client.HTTPSConnection(
            "localhost", number, context=qrs.context, timeout=10
        )
    path = {"qrs": "/qrs/about", "admin": "/qps/alive"}.get(port, "/hub")
    try:
        connection.request("GET", f"{path}?Xrfkey={KEY}", headers={"X-Qlik-Xrfkey": KEY})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize("port", ["qrs", "https", "http", "admin"])
def test_status_on_every_port(sim: Simulator, qrs: RawQrs, port: str) -> None:
    sim.patch("proxyservice", sim.node()["proxy_id"], {"settings": {"allowHttp": True}})
    usual = _get(sim, qrs, port)
    sim.fault(port=port, action="status", status=503, body="busy", headers={"X-A": "b"}, times=2)
    assert [_get(sim, qrs, port) for dummy in range(3)] == [(503, b"busy")] * 2 + [usual]
    assert [r["status"] for r in sim.requests(port=port)] == [usual[0], 503, 503, usual[0]]


def test_which_request_is_hit(sim: Simulator, qrs: RawQrs) -> None:
    sim.fault(port="qrs", method="put", path="^/qrs/TAG/", nth=2, action="status", status=409)
    sim.fault(port="https", path="tag", action="status", status=500)
    tag = qrs.create("/tag", {"name": "t0"})
    statuses = []
    for number in range(3):
        body = {**qrs.get(f"/tag/{tag['id']}"), "name": f"t{number}"}
        statuses.append(qrs.send("PUT", f"/tag/{tag['id']}", body).status)
    assert statuses == [200, 409, 200]


def test_headers_and_json_of_a_status(sim: Simulator, qrs: RawQrs) -> None:
    sim.fault(action="status", status=429, body={"a": 1}, headers={"Retry-After": "3"})
    reply = qrs.send("GET", "/about")
    assert (reply.status, reply.json(), reply.headers["Retry-After"]) == (429, {"a": 1}, "3")


@pytest.mark.parametrize(("action", "done"), [("reset_before", 0), ("reset_after", 1)])
def test_resets(sim: Simulator, qrs: RawQrs, action: str, done: int) -> None:
    sim.fault(method="POST", action=action)
    with pytest.raises(BROKEN):
        qrs.send("POST", "/tag", {"name": "t"})
    assert len(sim.entities("tag")) == done
    assert sim.requests(method="POST")[0]["status"] is None
    assert qrs.send("POST", "/tag", {"name": "u"}).status == 201


def test_html_instead_of_json(sim: Simulator, qrs: RawQrs) -> None:
    sim.fault(action="html")
    reply = qrs.send("GET", "/about")
    assert (reply.status, reply.body[:15]) == (200, b"<!doctype html>")
    assert reply.headers["Content-Type"].startswith("text/html")


def test_truncated_answer(sim: Simulator, qrs: RawQrs) -> None:
    sim.fault(action="truncate")
    with pytest.raises(http.client.IncompleteRead) as caught:
        qrs.send("GET", "/about")
    assert len(caught.value.partial) == caught.value.expected or caught.value.partial


def test_delay_and_hang(sim: Simulator, qrs: RawQrs) -> None:
    sim.fault(action="delay", seconds=0.4)
    started = time.monotonic()
    assert qrs.send("GET", "/about").status == 200
    assert 0.4 <= time.monotonic() - started < 5
    sim.fault(action="hang", seconds=0.4)
    started = time.monotonic()
    with pytest.raises(BROKEN):
        qrs.send("GET", "/about")
    assert time.monotonic() - started >= 0.4


def test_huge_answer(sim: Simulator, qrs: RawQrs) -> None:
    sim.fault(action="huge", bytes=3_000_000)
    assert len(qrs.send("GET", "/about").body) == 3_000_000


def _named(**where: t.Any) -> t.Callable[[dict[str, t.Any]], dict[str, t.Any]]:
    return lambda entity: {"where": where} if where else {"id": entity["id"]}


@pytest.mark.parametrize("naming", [_named(), _named(prefix="x")], ids=["id", "where"])
def test_an_edit_in_between(
    sim: Simulator, qrs: RawQrs, naming: t.Callable[[dict[str, t.Any]], dict[str, t.Any]]
) -> None:
    entity = qrs.virtual_proxy("x")
    change = {"description": "theirs"}
    sim.fault(
        method="PUT",
        action="edit_between",
        type="virtualproxyconfig",
        change=change,
        **naming(entity),
    )
    path = f"/virtualproxyconfig/{entity['id']}"
    assert qrs.send("PUT", path, {**entity, "jwtAudience": "ours"}).status == 409
    stored = qrs.get(path)
    assert (stored["description"], stored["jwtAudience"]) == ("theirs", "")
    assert stored["modifiedByUserName"] == "OTHER\\admin"
    assert qrs.send("PUT", path, {**stored, "jwtAudience": "ours"}).status == 200


def test_links_that_another_administrator_adds_in_between(sim: Simulator, qrs: RawQrs) -> None:
    theirs = qrs.virtual_proxy("theirs")["id"]
    service = qrs.get(f"/proxyservice/{sim.node()['proxy_id']}")
    where = {"type": "proxyservice", "id": service["id"], "link": [theirs]}
    sim.fault(method="PUT", action="edit_between", **where)
    path = f"/proxyservice/{service['id']}"
    assert qrs.send("PUT", path, service).status == 409
    linked = [item["id"] for item in qrs.get(path)["settings"]["virtualProxies"]]
    assert linked == [*(i["id"] for i in service["settings"]["virtualProxies"]), theirs]


def test_a_creation_in_between(sim: Simulator, qrs: RawQrs) -> None:
    order = {"type": "virtualproxyconfig", "entity": {"prefix": "x"}}
    sim.fault(method="POST", action="create_between", **order)
    ours = {"prefix": "x", "sessionCookieHeaderName": "X-Ours"}
    answer = qrs.send("POST", "/virtualproxyconfig", ours)
    assert (answer.status, "unique" in answer.text) == (400, True)
    sim.fault(method="GET", action="create_between", **order)
    assert len(qrs.get("/virtualproxyconfig/full", filter="prefix eq 'x'")) == 1


def test_a_deletion_in_between(sim: Simulator, qrs: RawQrs) -> None:
    path = f"/virtualproxyconfig/{qrs.virtual_proxy('x')['id']}"
    where = {"type": "virtualproxyconfig", "where": {"prefix": "x"}}
    sim.fault(method="DELETE", action="delete_between", **where)
    assert qrs.send("DELETE", path).status == 404


@pytest.mark.parametrize(
    ("more", "stored"), [({}, ""), ({"instead": {"jwtAudience": "b"}}, "b"), ({"gone": True}, None)]
)
def test_a_property_that_is_not_stored(
    sim: Simulator, qrs: RawQrs, more: dict[str, t.Any], stored: str | None
) -> None:
    order = {"type": "virtualproxyconfig", "properties": ["jwtAudience", "unknown"], **more}
    sim.fault(method="POST", action="not_stored", **order)
    sim.fault(method="PUT", action="not_stored", **order)
    answer = qrs.virtual_proxy("x", jwtAudience="a", description="kept")
    assert (answer.get("jwtAudience"), answer["description"]) == (stored, "kept")
    path = f"/virtualproxyconfig/{answer['id']}"
    assert qrs.get(path) == answer
    reply = qrs.send("PUT", path, {**answer, "jwtAudience": "a"}).json()
    assert (reply.get("jwtAudience"), qrs.get(path)) == (stored, reply)
    assert qrs.send("PUT", path, {**reply, "jwtAudience": "a"}).json()["jwtAudience"] == "a"


def test_half_of_a_surrogate_pair_is_stored(qrs: RawQrs) -> None:
    answer = qrs.virtual_proxy("x", description="half \ud800")
    assert qrs.get(f"/virtualproxyconfig/{answer['id']}")["description"] == "half \ud800"


def test_faults_can_be_forgotten_and_wrong_ones_are_refused(sim: Simulator, qrs: RawQrs) -> None:
    sim.fault(action="status", status=503, times=100)
    sim.clear_faults()
    assert qrs.send("GET", "/about").status == 200
    for order in (
        {"action": "explode"},
        {"action": "html", "port": "4242"},
        {"action": "html", "path": "("},
        {"action": "html", "nth": 0},
    ):
        with pytest.raises(ProcessError, match="400"):
            sim.fault(**order)
