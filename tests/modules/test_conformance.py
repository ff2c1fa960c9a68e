# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_conformance: levels, reserved names, options, and what is in a result."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest

from support import ways_in
from support.conformance_check import NAME, Check, by_id
from support.module_runner import run_module
from support.simulator import Simulator

Json = dict[str, t.Any]
PREFIX = "qlikops-conformance"
MARK = {"sessionCookieHeaderName": f"X-Qlikops-Conformance-{PREFIX}-main"}


@pytest.fixture
def check(site: Simulator) -> Check:
    """The check on a site with one node, as most sites have."""
    site.reset(nodes=["Central"])
    site.clear_requests()
    return Check(site)


@pytest.mark.parametrize("release", ["current", "classic"])
def test_the_simulator_is_as_assumed_and_nothing_is_left(check: Check, release: str) -> None:
    check.site.reset(release=release, nodes=["Central"])
    before = check.stored()
    result = check.done("login")
    found = by_id(result)
    differing = {name for name, answer in found.items() if answer["state"] == "differs"}
    old = {"login_status", "login_csrf_token", "socket_without_token"}
    assert differing == (old if release == "classic" else set())
    assert {answer["copes"] for answer in found.values()} == {"yes", None}
    without = {name for name, answer in found.items() if answer["observed"] is None}
    assert without == {"full_limit", "central_link_rule", "same_prefix_linked"}
    assert result["conformance"]["complete"]
    assert check.stored() == before
    assert check.site.state()["sessions"] == []
    assert result["changed"] is True


def test_level_read_only_sends_get(check: Check) -> None:
    before = check.site.state()["entities"]
    result = check.done("read")
    assert (result["changed"], result["creates"]) == (False, [])
    assert check.writes() == []
    assert check.site.state()["entities"] == before
    assert check.site.restarts() == {}
    assert {answer["level"] for answer in result["conformance"]["answers"]} == {"read"}


def test_level_write_restarts_no_proxy(check: Check) -> None:
    before = check.site.state()["entities"]
    result = check.done("write")
    assert result["creates"] == ["virtual_proxy", "user", "tag"]
    assert check.site.restarts() == {}
    assert check.site.state()["entities"] == before
    assert not [line for line in check.writes() if "proxyservice" in line]


@pytest.mark.parametrize("level", ["read", "write", "login"])
def test_check_mode_only_reads(check: Check, level: str) -> None:
    result = check.done(level, check=True)
    assert check.writes() == []
    assert result["changed"] is (level != "read")
    reasons = {a["reason"] for a in result["conformance"]["answers"] if a["level"] != "read"}
    assert reasons == (set() if level == "read" else {"check_mode"})
    assert result["creates"] == ([] if level == "read" else ["virtual_proxy", "user", "tag"])


TAKEN: dict[str, Json] = {
    "virtual proxy": {"virtualproxyconfig": [{"prefix": PREFIX}]},
    "virtual proxy for one purpose": {"virtualproxyconfig": [{"prefix": f"{PREFIX}-key"}]},
    "user": {
        "user": [
            {
                "userDirectory": "QLIKOPS-CONFORMANCE", "userId": f"{PREFIX}-test",
                "name": "Conformance check", "roles": ["RootAdmin"],
            }
        ]
    },
    "user with another name": {
        "user": [
            {"userDirectory": "qlikops-conformance", "userId": f"{PREFIX}-test", "name": "Anna"}
        ]
    },
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
@pytest.mark.parametrize("mode", [True, False])
def test_foreign_entities_with_reserved_names_are_not_touched(
    check: Check, name: str, mode: bool
) -> None:
    check.site.seed(**TAKEN[name])
    before = check.site.state()["entities"]
    check.site.clear_requests()
    result = check.run("write", check=mode)
    assert result["failed"]
    assert "did not create. Nothing was written. Set prefix to another name." in result["msg"]
    assert check.writes() == []
    assert check.site.state()["entities"] == before
    check.done("write", prefix="another")
    assert check.site.state()["entities"] == before


def test_what_an_interrupted_run_left_is_removed(check: Check) -> None:
    before = check.stored()
    left_over: Json = {
        "virtualproxyconfig": [
            {"prefix": PREFIX, "link": ["Central"], **MARK},
            {
                "prefix": f"{PREFIX}-expired",
                "sessionCookieHeaderName": f"X-Qlikops-Conformance-{PREFIX}-expired",
            },
        ],
        "user": [
            {
                "userDirectory": "QLIKOPS-CONFORMANCE", "userId": f"{PREFIX}-new",
                "name": f"{PREFIX}-new",
            }
        ],
        "tag": [{"name": f"qlikops.sense conformance check ({PREFIX})"}],
    }  # fmt: skip
    check.site.seed(**left_over)
    check.site.clear_requests()
    result = check.run("write")
    assert result["failed"]
    assert "Removing it restarts that proxy" in result["msg"]
    assert check.writes() == []
    check.site.switch(delete_linked=400)
    check.done("write", allow_restart=True)
    assert check.stored() == before


REJECTED: dict[str, tuple[Json, str]] = {
    "no url": ({"level": "login", "url": None}, "url: set the address of the proxy"),
    "no allow_restart": ({"level": "login", "allow_restart": False}, "allow_restart: level=login"),
    "upper case": ({"prefix": "Conformance"}, "prefix: use 1 to 80 characters"),
    "slash": ({"prefix": "a/b"}, "prefix: use 1 to 80 characters"),
    "empty": ({"prefix": ""}, "prefix: use 1 to 80 characters"),
    "long": ({"prefix": "a" * 81}, "prefix: use 1 to 80 characters"),
    "word of addresses": ({"prefix": "hub"}, "prefix: 'hub' has a meaning in addresses."),
    "plain http": ({"url": "http://localhost"}, "url: use https."),
    "no address": ({"url": "https://localhost/jwt"}, "url: "),
}


@pytest.mark.parametrize("name", REJECTED)
def test_options_that_are_not_valid(check: Check, name: str) -> None:
    changes, message = REJECTED[name]
    result = check.run(**{"level": "write", **changes})
    assert result["failed"]
    assert result["msg"].startswith(message)
    assert check.site.requests() == []


def test_no_repository_is_one_sentence(check: Check) -> None:
    result = check.run("login", port=9)
    assert result["failed"]
    assert "conformance" not in result or result["conformance"]["answers"] == []


def test_without_url_and_certificate_only_some_questions_stay_open(check: Check) -> None:
    found = by_id(check.done("write", url=None, qps_port=9))
    open_ = {name: a["reason"] for name, a in found.items() if a["observed"] is None}
    assert open_.pop("full_limit") == "needs_other_site"
    assert set(open_) == {"unknown_prefix", "unknown_prefix_page", "not_linked_page"}
    assert set(open_.values()) == {"needs_url"}
    assert found["admin_port"]["observed"] == "closed"


def test_an_account_without_rights_writes_nothing(check: Check) -> None:
    check.site.seed(user=[{"userDirectory": "ACME", "userId": "anna", "name": "Anna"}])
    check.site.clear_requests()
    result = check.done("login", api_user_directory="ACME", api_user_id="anna")
    assert check.writes() == []
    found = by_id(result)
    assert found["read_rights"]["observed"] == "none"
    assert found["read_rights"]["copes"] == "setting"
    assert {found[name]["reason"] for name in ("create_status", "login_status")} == {"rights"}


@pytest.mark.parametrize("rule", ["on", "off"])
def test_the_central_link_rule_shows_on_another_node(site: Simulator, rule: str) -> None:
    site.reset(switches={"central_link_rule": rule}, nodes=["Central", "rim1"])
    check = Check(site)
    before = check.stored()
    result = check.done("login", node="rim1")
    assert by_id(result)["central_link_rule"]["observed"] is (rule == "on")
    assert check.stored() == before
    assert set(site.restarts()) == {"rim1"}


FAULTS: dict[str, tuple[Json, str]] = {
    "no connection": ({"action": "reset_before"}, "no_answer"),
    "lost answer": ({"action": "reset_after"}, "no_answer"),
    "busy": ({"action": "status", "status": 503}, "unavailable"),
    "too many requests": ({"action": "status", "status": 429}, "unavailable"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_result_names_what_could_not_be_asked(check: Check, name: str) -> None:
    order, reason = FAULTS[name]
    check.site.fault(path="/qrs/qlikopsconformance", **order)
    result = check.done("read")
    found = by_id(result)["unknown_path"]
    assert (found["observed"], found["state"], found["reason"]) == (None, "not_asked", reason)
    assert result["conformance"]["complete"] is False
    assert "requests: 15 answered, 0 different, 2 not answered" in result["progress"][0]


def test_what_needs_a_failed_step_is_not_asked(check: Check) -> None:
    check.site.fault(method="POST", path="/qrs/virtualproxyconfig", action="status", status=500)
    found = by_id(check.done("login"))
    assert found["create_status"]["observed"] == 500
    assert found["date_old"]["reason"] == found["login_status"]["reason"] == "set_up"
    assert check.site.restarts() == {}


def test_a_node_that_the_site_does_not_have(check: Check) -> None:
    before = check.stored()
    result = check.run("login", node="Central", check=True, prefix="other")
    assert not result.get("failed")
    result = run_module(NAME, {**check.options("login"), "node": "rim7"})
    assert result["msg"].startswith("node: 'rim7' is not the name, host name, or id of exactly one")
    assert check.writes() == []
    assert check.stored() == before


@pytest.mark.long
@pytest.mark.parametrize("way", ["jwt", "ntlm"])
def test_the_repository_through_a_proxy(site: Simulator, way: str) -> None:
    """The check restarts the proxy that it talks through."""
    ways_in.prepare(site)
    site.switch(restart_seconds=1)
    check = Check(site)
    before = check.stored()
    none = {"client_cert_path": None, "client_key_path": None}
    result = check.done("login", **none, **ways_in.way_in(site, way))
    without = {n for n, a in by_id(result).items() if a["reason"] == "needs_certificate"}
    assert {"user_header_missing", "certificate_missing", "admin_port"} <= without
    assert by_id(result)["delete_linked"]["observed"] == 204
    assert check.stored() == before


SECRET = "Zy7-Marker"


def marked_site(site: Simulator) -> None:
    """Fills the site with names that are found easily."""
    site.seed(
        virtualproxyconfig=[
            {
                "prefix": "zy7-prefix", "description": SECRET, "link": ["Central"],
                "sessionCookieHeaderName": "Zy7-Cookie",
                "websocketCrossOriginWhiteList": ["zy7.example.com", "192.0.2.77"],
            }
        ],
        user=[{"userDirectory": "ZY7DIR", "userId": "zy7user", "name": SECRET}],
        tag=[{"name": SECRET}],
        custompropertydefinition=[{"name": "zy7property", "objectTypes": ["VirtualProxyConfig"]}],
    )  # fmt: skip
    node = site.entity("servernodeconfiguration", isCentral=True)
    site.patch("servernodeconfiguration", node["id"], {"name": "Zy7Node"})


def texts(value: t.Any) -> set[str]:
    """Every text in a structure that could identify a site."""
    if isinstance(value, dict):
        return {text for item in value.values() for text in texts(item)}
    if isinstance(value, list):
        return {text for item in value for text in texts(item)}
    return {value} if isinstance(value, str) and len(value) > 5 else set()


#: Values that are the same on every site.
COMMON = {
    "Windows", "Default", "ServiceCluster", "VirtualProxyConfig", "ProxyService",
    "ServerNodeConfiguration",
}  # fmt: skip


def test_a_result_holds_nothing_of_the_site(check: Check) -> None:
    site = check.site
    marked_site(site)
    # Whatever a server writes into its answers, too.
    page = f"<html><title>{SECRET}</title>{SECRET}</html>"
    for path, body in (("/qrs/qlikopsconformance", SECRET), (".*/qps/user", page)):
        site.fault(
            path=path, action="status", status=418, body=body, times=9,
            headers={"WWW-Authenticate": SECRET, "Set-Cookie": f"zy7cookie={SECRET}"},
        )  # fmt: skip
    site.fault(
        path="/qrs/about", action="status", status=200, times=1, nth=2,
        body=json.dumps({"buildVersion": SECRET, "nodeType": SECRET}),
        headers={"Content-Type": "application/json"},
    )  # fmt: skip
    ids: set[str] = set()
    result = check.done("login")
    for request in site.requests():
        ids |= set(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", request["path"]))
    files = [Path(path).read_text("ascii") for path in site.certificates.values()]
    known = (
        texts(site.state()["entities"])
        | ids
        | {line for text in files for line in text.splitlines()}
    )
    known |= {SECRET, site.node()["url"], "localhost", "127.0.0.1", "sa_api", "zy7"}
    known -= COMMON
    shown = json.dumps({"conformance": result["conformance"], "progress": result["progress"]})
    assert [text for text in known if text.lower() in shown.lower() and len(text) > 3] == []
    found = by_id(result)
    assert (found["build_version"]["observed"], found["unknown_path"]["observed"]) == ("other", 418)


@pytest.mark.long
def test_two_minutes_are_enough_for_slow_restarts(check: Check) -> None:
    check.site.switch(restart_seconds=10)
    result = check.done("login")
    assert sum(group["seconds"] for group in result["conformance"]["groups"]) < 110
    assert by_id(result)["restart_time"]["observed"] in (9, 10, 11)
