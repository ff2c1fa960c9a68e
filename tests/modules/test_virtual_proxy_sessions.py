# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode says how many sessions the restarts would end, as far as the proxies tell."""

from __future__ import annotations

import http.client
import json
import time
import typing as t

import pytest

from support.case import Case, Json
from support.raw_qrs import KEY, RawQrs
from support.simulator import Simulator

NODES = ("Central", "rim1", "rim2")
#: What port 4243 may answer instead of a list of sessions.
STRANGE: dict[str, Json] = {
    "html": {"action": "html"},
    "403": {"action": "status", "status": 403, "body": "Forbidden"},
    "404": {"action": "status", "status": 404},
    "500": {"action": "status", "status": 500},
    "reset": {"action": "reset_before"},
    "truncated": {"action": "truncate"},
    "no list": {"action": "status", "status": 200, "body": '{"SessionId": "a"}'},
    "rubbish": {"action": "status", "status": 200, "body": "[1]"},
    "no ids": {"action": "status", "status": 200, "body": '[{"UserId": "a"}]'},
    "ids that are none": {"action": "status", "status": 200, "body": '[{"SessionId": {}}]'},
}

SOME = ("html", "500", "rubbish")


@pytest.fixture
def portal(site: Simulator) -> Simulator:
    """A site whose administration ports can be reached, with a virtual proxy and its sessions."""
    site.seed(virtualproxyconfig=[{"prefix": "portal", "link": list(NODES)}, {"prefix": "spare"}])
    for node in site.nodes:
        site.patch("servernodeconfiguration", node["id"], {"hostName": site.host})
        settings = {"restListenPort": node["admin_port"]}
        site.patch("proxyservice", node["proxy_id"], {"settings": settings})
    return site


def open_sessions(site: Simulator, node: str, prefix: str, count: int) -> None:
    """Sessions at one proxy, opened through its administration port."""
    below = f"/{prefix}" if prefix else ""
    for number in range(count):
        connection = http.client.HTTPSConnection(
            "localhost", site.node(node)["admin_port"], context=RawQrs(site).context, timeout=20
        )
        user = {"UserDirectory": "D", "UserId": "u", "SessionId": f"{node}-{prefix}-{number}"}
        connection.request(
            "POST",
            f"/qps{below}/session?Xrfkey={KEY}",
            json.dumps(user),
            {"X-Qlik-Xrfkey": KEY, "Content-Type": "application/json"},
        )
        assert connection.getresponse().status == 201
        connection.close()


def ending(case: Case, **options: t.Any) -> t.Any:
    """What check mode says of a change."""
    result = case.run(check=True, **options)
    assert not result.get("failed"), result.get("msg")
    return result["sessions_ending"]


def asked(site: Simulator) -> list[str]:
    """What was asked of the administration ports."""
    return [item["path"] for item in site.requests() if item["port"] not in ("qrs", "qps")]


def test_every_session_of_a_proxy_is_counted(portal: Simulator) -> None:
    case = Case("qlik_virtual_proxy", portal)
    open_sessions(portal, "Central", "portal", 2)
    open_sessions(portal, "Central", "", 3)
    open_sessions(portal, "rim1", "portal", 1)
    change = {"prefix": "portal", "description": "x"}
    assert ending(case, **change) == {"Central": 5, "rim1": 1, "rim2": 0}
    # Only the proxy that is linked restarts.
    assert ending(case, prefix="spare", proxies=["rim1"]) == {"rim1": 1}
    many = Case("qlik_virtual_proxies", portal)
    assert ending(many, virtual_proxies=[change]) == {"Central": 5, "rim1": 1, "rim2": 0}
    before = case.done(**change)["before"]
    open_sessions(portal, "rim2", "portal", 4)
    assert ending(case, restore=before) == {"Central": 0, "rim1": 0, "rim2": 4}


def test_nobody_is_asked_without_need(portal: Simulator) -> None:
    case = Case("qlik_virtual_proxy", portal)
    quiet: list[Json] = [
        {"prefix": "portal"},
        {"prefix": "spare", "description": "x"},
        {"prefix": "nobody", "state": "absent"},
    ]
    for options in quiet:
        result = case.run(check=True, **options)
        assert "sessions_ending" not in result, options
    assert "sessions_ending" not in case.done(prefix="portal", description="x")
    assert asked(portal) == []


def test_requests_are_those_of_the_repository(portal: Simulator) -> None:
    case = Case("qlik_virtual_proxy", portal)
    portal.clear_requests()
    result = case.run(check=True, prefix="portal", description="x")
    assert result["requests"] == len(portal.requests(port="qrs")) == 2
    # The default virtual proxy and the portal, at each of the three.
    assert len(asked(portal)) == 6


@pytest.mark.parametrize(
    "strange",
    [name if name in SOME else pytest.param(name, marks=pytest.mark.long) for name in STRANGE],
)
def test_strange_answers_are_no_number_and_no_failure(portal: Simulator, strange: str) -> None:
    case = Case("qlik_virtual_proxy", portal)
    open_sessions(portal, "rim2", "portal", 1)
    portal.fault(port="admin", node="rim1", **STRANGE[strange])
    told = ending(case, prefix="portal", description="x")
    assert told == {"Central": 0, "rim1": None, "rim2": 1}


def test_ports_that_are_closed(portal: Simulator) -> None:
    case = Case("qlik_virtual_proxy", portal)
    portal.switch(qps_admin_port="off")
    nothing = {"Central": None, "rim1": None, "rim2": None}
    assert ending(case, prefix="portal", description="x") == nothing


def test_a_host_that_is_not_found_or_is_none(portal: Simulator) -> None:
    case = Case("qlik_virtual_proxy", portal)
    for node, name in (("rim1", "rim1.invalid"), ("rim2", "no host/name")):
        portal.patch("servernodeconfiguration", portal.node(node)["id"], {"hostName": name})
    told = ending(case, prefix="portal", description="x")
    assert told == {"Central": 0, "rim1": None, "rim2": None}


def test_a_certificate_of_somebody_else(portal: Simulator) -> None:
    """At the browsers' port, the certificate is not one of the site's own authority."""
    case = Case("qlik_virtual_proxy", portal)
    rim = portal.node("rim1")
    settings = {"restListenPort": rim["https_port"]}
    portal.patch("proxyservice", rim["proxy_id"], {"settings": settings})
    told = ending(case, prefix="portal", description="x")
    assert told == {"Central": 0, "rim1": None, "rim2": 0}
    assert [item["path"] for item in portal.requests(port="qps")] == []


def test_a_port_that_hangs_costs_seconds(portal: Simulator) -> None:
    case = Case("qlik_virtual_proxy", portal)
    portal.fault(port="admin", node="rim1", action="hang", seconds=30)
    began = time.monotonic()
    told = ending(case, prefix="portal", description="x")
    assert told == {"Central": 0, "rim1": None, "rim2": 0}
    assert time.monotonic() - began < 15


def test_the_central_node_is_reached_as_the_repository_is(portal: Simulator) -> None:
    portal.reset(nodes=["Central"])
    node = portal.node()
    portal.patch("servernodeconfiguration", node["id"], {"hostName": "known.only.there"})
    settings = {"restListenPort": node["admin_port"]}
    portal.patch("proxyservice", node["proxy_id"], {"settings": settings})
    portal.seed(virtualproxyconfig=[{"prefix": "portal", "link": ["Central"]}])
    open_sessions(portal, "Central", "portal", 1)
    case = Case("qlik_virtual_proxy", portal)
    assert ending(case, prefix="portal", description="x") == {"Central": 1}
