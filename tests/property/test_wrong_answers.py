# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One value anywhere in an answer is changed to anything: a clear sentence, or what was asked for.

The values of every property of every entity that the simulator returns take part, those that the
collection does not know included.
"""

from __future__ import annotations

import dataclasses
import random
import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import tls_server as ca
from support.case import Case
from support.changed_answers import WRONG, answers_changed, places, replaced
from support.module_runner import Result
from support.quick_clock import quick_clock

if t.TYPE_CHECKING:
    from support.simulator import Simulator

Json = dict[str, t.Any]
FEW, MANY = 40, 3000
NODES = ("Central", "rim1", "rim2")
JWT: Json = {
    "jwt_certificate": ca.certificate("tokens"),
    "jwt_attribute_user_id": "userId",
    "jwt_attribute_user_directory": "userDirectory",
}
PORTAL: Json = {
    "prefix": "portal",
    "authenticationMethod": 4,
    "jwtPublicKeyCertificate": ca.certificate("old"),
    "jwtAttributeUserId": "sub",
    "jwtAttributeUserDirectory": "[JWT]",
    "jwtAttributeMap": [{"jwtAttribute": "g", "senseAttribute": "group", "isMandatory": True}],
    "websocketCrossOriginWhiteList": ["a.example.com"],
    "additionalResponseHeaders": "X-A: b",
    "loadBalancingServerNodes": ["Central"],
    "unknownToUs": {"a": [1]},
    "tags": ["kept", "list"],
    "link": ["Central"],
}
USER: Json = {"userDirectory": "PORTAL", "userId": "login_test", "roles": ["A"]}
WHO: Json = {"directory": "PORTAL", "id": "login_test"}
SITE = (
    "GET /qrs/virtualproxyconfig/full",
    "GET /qrs/proxyservice/full",
    "GET /qrs/servernodeconfiguration/full",
)
WRITES = (
    "GET /qrs/custompropertydefinition/full",
    "GET /qrs/tag/full",
    "PUT /qrs/virtualproxyconfig",
    "PUT /qrs/proxyservice",
    "POST /qrs/",
)
COUNT = "GET /qrs/[a-z]+/count"
#: What each module asks of the repository.
REQUESTS = {
    "qlik_virtual_proxy": (*SITE, *WRITES),
    "qlik_virtual_proxies": (*SITE, *WRITES, COUNT),
    "qlik_virtual_proxy_info": (*SITE, COUNT, "GET /qrs/about"),
    "qlik_proxy_service": (*SITE[1:], "PUT /qrs/proxyservice"),
    "qlik_user": ("GET /qrs/user/full", COUNT, "PUT /qrs/user", "POST /qrs/user"),
}


@dataclasses.dataclass(frozen=True)
class Task:
    """A module with its options, and what must be stored of ``kind`` when it has succeeded."""

    module: str
    options: Json
    kind: str = ""
    where: Json = dataclasses.field(default_factory=dict)
    stored: Json | None = None


CHANGE: Json = {
    "prefix": "portal",
    "description": "wanted",
    "session_inactivity_timeout": 77,
    "tags": ["kept", "new"],
    "custom_properties": {"env": "dev"},
    "host_allow_list": ["b.example.com"],
    "host_allow_list_mode": "append",
    "load_balancing_nodes": ["all"],
    "proxies": ["all"],
}
NEW: Json = {**JWT, **CHANGE, "prefix": "new"}
ONE, MORE = "qlik_virtual_proxy", "qlik_virtual_proxies"
WANTED = {"description": "wanted", "sessionInactivityTimeout": 77}
_PORTAL: Json = {"kind": "virtualproxyconfig", "where": {"prefix": "portal"}}
_NEW: Json = {"kind": "virtualproxyconfig", "where": {"prefix": "new"}}
_USER: Json = {"kind": "user", "where": {"userId": "login_test"}}
TASKS = (
    Task(ONE, CHANGE, **_PORTAL, stored=WANTED),
    Task(ONE, NEW, **_NEW, stored=WANTED),
    Task(ONE, {"prefix": "portal", "state": "absent"}, **_PORTAL, stored=None),
    Task(MORE, {"virtual_proxies": [CHANGE, NEW]}, **_PORTAL, stored=WANTED),
    Task(
        MORE,
        {"virtual_proxies": [NEW], "prune": True, "prune_tag": "list"},
        **_NEW,
        stored=WANTED,
    ),
    Task("qlik_virtual_proxy_info", {"judge": True}),
    Task("qlik_virtual_proxy_info", {"prefix": "portal"}),
    Task("qlik_proxy_service", {"proxies": ["all"], "max_header_lines": 77}),
    Task("qlik_proxy_service", {"proxies": ["rim1"], "https_port": 7777, "allow_http": True}),
    Task(
        "qlik_user", {**WHO, "name": "wanted", "roles": ["B"]}, **_USER, stored={"name": "wanted"}
    ),
    Task("qlik_user", {**WHO, "id": "new"}, "user", {"userId": "new"}, {"userDirectory": "PORTAL"}),
    Task("qlik_user", {**WHO, "state": "absent"}, **_USER, stored=None),
)


def arrange(site: Simulator) -> None:
    site.reset(nodes=NODES)
    site.clear_requests()
    site.seed(
        custompropertydefinition=[{"name": "env", "objectTypes": ["VirtualProxyConfig"]}],
        virtualproxyconfig=[PORTAL, {"prefix": "other", "tags": ["kept"], "link": "all"}],
        user=[USER],
        tag=[{"name": "new"}],
    )


def run(site: Simulator, task: Task) -> Result:
    with quick_clock():
        return Case(task.module, site).run(**task.options)


def others(site: Simulator, task: Task) -> Json:
    """Everything that the task is not about."""
    return {
        item["id"]: {k: v for k, v in item.items() if k not in ("modifiedDate", "createdDate")}
        for item in site.entities("virtualproxyconfig")
        if item["prefix"] in ("", "other")
    }


def check(site: Simulator, task: Task, request: str, before: Json, result: Result) -> None:
    """What must hold whatever was changed."""
    said = str(result.get("msg", ""))
    assert "Traceback" not in str(result)
    assert len(said) < 2500
    assert others(site, task) == before["others"]
    if not result.get("failed"):
        if task.kind:
            found = site.entities(task.kind, **task.where)
            assert len(found) == (0 if task.stored is None else 1)
            for entity in found:
                assert {k: entity[k] for k in task.stored or {}} == task.stored
        return
    assert result["failure"]["kind"] != "TypeError"
    changed = site.state()["entities"] != before["entities"]
    if changed:
        # What was done is said, and what was there is returned.
        assert "Before that, this run" in said or "is not known" in said, said
        assert "before" in result


def tried(site: Simulator, seed: int) -> str:
    """One run with one change; what came out."""
    die = random.Random(seed)
    task = die.choice(TASKS)
    request, name = die.choice(REQUESTS[task.module]), die.choice([*WRONG])
    arrange(site)
    before = {"others": others(site, task), "entities": site.state()["entities"]}

    def change(answer: t.Any) -> t.Any:
        where = places(answer)
        return replaced(answer, die.choice(where), WRONG[name]) if where else answer

    with answers_changed(request, change, times=die.choice([1, 1, 99])) as given:
        result = run(site, task)
    note = f"{task.module} {request} {name}"
    try:
        check(site, task, request, before, result)
    except AssertionError as error:
        raise AssertionError(f"{note}: {error}") from error
    return note if given else ""


def sample(site: Simulator, count: int) -> None:
    @settings(
        max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.integers(0, 2**32))
    def try_one(seed: int) -> None:
        tried(site, seed)

    try_one()


def test_some_wrong_answers(site: Simulator) -> None:
    sample(site, FEW)


@pytest.mark.long
def test_many_wrong_answers(site: Simulator) -> None:
    sample(site, MANY)
