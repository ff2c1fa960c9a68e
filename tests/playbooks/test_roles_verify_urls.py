# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""jwt_verify_urls: every node is tried, not only the name that clients are told."""

from __future__ import annotations

import pytest

from playbooks.runs import Json, Workplace
from playbooks.verify import KEY, VERIFY, logins, seed
from support import key_material as km
from support.simulator import Simulator

NODES = ("Central", "rim1")


@pytest.fixture
def known(workplace: Workplace) -> Json:
    """A host that stands for a site with two nodes, and the key in its file."""
    workplace.simulator.reset(nodes=NODES)
    workplace.key.write_bytes(km.key_pem(KEY))
    return workplace.login(
        jwt_verify_prefix="portal",
        # The nodes of the simulator differ by their ports, those of a real site by their names:
        # one number for all administration ports ends the sessions of one node only.
        jwt_verify_end_session="user",
        jwt_verify_checks="session",
    )


def opened(site: Simulator) -> dict[str, int]:
    """How many sessions were opened on each node: a token without a cookie that was let in."""
    return {
        name: sum(
            request["status"] < 400
            for request in site.requests(port="https", node=name)
            if "authorization" in (names := {*map(str.lower, request["headers"])})
            and "cookie" not in names
        )
        for name in NODES
    }


def test_every_node_is_tried_for_every_prefix_and_one_that_fails_fails_the_host(
    workplace: Workplace, known: Json
) -> None:
    site = workplace.simulator
    for prefix, nodes in (("portal", NODES), ("report", ["Central"])):
        seed(site, prefix, link=nodes, websocketCrossOriginWhiteList=["localhost"])
    central, rim = (site.node(name)["url"] for name in NODES)
    del known["jwt_verify_prefix"], known["jwt_virtual_proxy_prefix"]
    known["jwt_virtual_proxy_definitions"] = [{"prefix": "portal"}, {"prefix": "report"}]
    # As a job template sends a list.
    known["jwt_verify_urls"] = f"{rim}\n\n {central}\n{rim}\n"

    run = workplace.run(VERIFY, hosts={"dev": known}).failed()

    assert {(login["url"], login["prefix"]): login["verdict"] for login in logins(run)} == {
        (rim, "portal"): "access_granted",
        (rim, "report"): "not_linked",
        (central, "portal"): "access_granted",
        (central, "report"): "access_granted",
    }
    message = run.failures[-1]
    assert message.startswith(f"1 of 4 logins failed. Through 'report' at {rim}: not_linked: ")
    assert central not in message
    assert opened(site) == {"Central": 2, "rim1": 1}
    assert site.state()["sessions"] == []


@pytest.mark.long
def test_a_host_that_the_site_does_not_name_gets_a_token_only_where_it_is_trusted(
    workplace: Workplace, known: Json
) -> None:
    site = workplace.simulator
    site.reset(nodes=NODES, switches={"host_check": "off"})
    seed(site, "portal", link=NODES, websocketCrossOriginWhiteList=["localhost"])
    named = site.node("Central")["url"]
    address, rim = (site.node(n)["url"].replace("localhost", "127.0.0.1") for n in NODES)
    known["jwt_verify_urls"] = [named, address, rim]
    run = workplace.run(VERIFY, hosts={"dev": known}).failed()
    assert {login["url"]: login["verdict"] for login in logins(run)} == {
        named: "access_granted",
        address: "host_not_allowed",
        rim: "host_not_allowed",
    }
    assert opened(site) == {"Central": 1, "rim1": 0}

    # As a job template sends a list.
    known["jwt_verify_trusted_hosts"] = "\n127.0.0.1\n balancer.example.com\n"
    run = workplace.run(VERIFY, hosts={"dev": known}).ok()
    assert {login["verdict"] for login in logins(run)} == {"access_granted"}


@pytest.mark.long
def test_plain_http_has_to_be_allowed(workplace: Workplace, known: Json) -> None:
    site = workplace.simulator
    seed(site, "portal", link=NODES, websocketCrossOriginWhiteList=["localhost"])
    service = site.entity("proxyservice", id=site.entities("proxyservice")[0]["id"])
    settings = {**service["settings"], "allowHttp": True}
    site.patch("proxyservice", service["id"], {"settings": settings})
    known["jwt_verify_urls"] = f"http://localhost:{site.node('Central')['http_port']}"
    site.clear_requests()
    run = workplace.run(VERIFY, hosts={"dev": known}).failed()
    assert [login["verdict"] for login in logins(run)] == ["insecure_transport"]
    assert site.requests(port="http") == []

    known["jwt_verify_allow_insecure_transport"] = "True"
    run = workplace.run(VERIFY, hosts={"dev": known}).ok()
    assert [login["verdict"] for login in logins(run)] == ["access_granted"]
    assert site.requests(port="http") != []
