# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxies against the simulated repository: requests, order, faults, refusals."""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest

from support import key_material as km
from support import tls_server as ca
from support.module_runner import Result, connection, run_module
from support.simulator import Simulator

Json = dict[str, t.Any]
NAME = "qlik_virtual_proxies"
CERTIFICATE = ca.certificate("tokens")
MANY = 200


def entry(prefix: str, **options: t.Any) -> Json:
    return {
        "prefix": prefix,
        "jwt_certificate": CERTIFICATE,
        "jwt_attribute_user_id": "userId",
        "jwt_attribute_user_directory": "userDirectory",
        **options,
    }


def entries(count: int, **options: t.Any) -> list[Json]:
    return [entry(f"portal-{n:03}", **options) for n in range(count)]


def run(site: Simulator, wanted: list[Json], *, check: bool = False, **options: t.Any) -> Result:
    arguments = {**connection(site), "virtual_proxies": wanted, **options}
    return run_module(NAME, arguments, check=check)


def done(site: Simulator, wanted: list[Json], **options: t.Any) -> Result:
    result = run(site, wanted, **options)
    assert not result.get("failed"), result.get("msg")
    return result


def refused(site: Simulator, wanted: list[Json], **options: t.Any) -> str:
    """The sentence of a run that must fail, and must not write anything."""
    site.clear_requests()
    before = site.state()["entities"]
    result = run(site, wanted, **options)
    assert result.get("failed"), result
    assert site.state()["entities"] == before
    assert writes(site) == Counter()
    assert "Traceback" not in str(result)
    return str(result["msg"])


def log(site: Simulator) -> list[str]:
    return [f"{item['method']} {item['path']}" for item in site.requests(port="qrs")]


def writes(site: Simulator) -> Counter[str]:
    """How often which type of entity was written how."""
    lines = [item for item in site.requests(port="qrs") if item["method"] != "GET"]
    return Counter(f"{item['method']} {item['path'].split('/')[2]}" for item in lines)


def prefixes(site: Simulator) -> list[str]:
    return sorted(item["prefix"] for item in site.entities("virtualproxyconfig") if item["prefix"])


def linked(site: Simulator, node: str = "Central") -> list[str]:
    """The prefixes that a node's proxy service serves, the default one left out."""
    names = {item["id"]: item["prefix"] for item in site.entities("virtualproxyconfig")}
    service = site.entity("proxyservice", id=site.node(node)["proxy_id"])
    served = [names[item["id"]] for item in service["settings"]["virtualProxies"]]
    return sorted(prefix for prefix in served if prefix)


def restarts(site: Simulator) -> dict[str, int]:
    names = {node["proxy_id"]: node["name"] for node in site.nodes}
    return {names[key]: n for key, n in site.state()["restarts"].items() if n}


@pytest.mark.parametrize(
    ("crowd", "full_limit"),
    [
        (0, "none"),
        (150, 100),
        pytest.param(0, 100, marks=pytest.mark.long),
        pytest.param(150, "none", marks=pytest.mark.long),
    ],
)
def test_two_hundred(site: Simulator, crowd: int, full_limit: str | int) -> None:
    site.seed(virtualproxyconfig=[{"prefix": f"old-{n}"} for n in range(crowd)])
    site.switch(full_limit=full_limit)
    wanted = entries(MANY, proxies=["all"], load_balancing_nodes=["all"])
    site.clear_requests()
    predicted = run(site, wanted, check=True)
    assert writes(site) == Counter()
    site.clear_requests()
    result = done(site, wanted)
    assert len(log(site)) == result["requests"] <= MANY + 5 + 3
    assert writes(site) == Counter({"POST virtualproxyconfig": MANY, "PUT proxyservice": 3})
    assert restarts(site) == {"Central": 1, "rim1": 1, "rim2": 1} == result["proxies_restarted"]
    assert predicted["proxies_restarted"] == result["proxies_restarted"]
    for node in ("Central", "rim1", "rim2"):
        assert linked(site, node) == [item["prefix"] for item in wanted]
    site.clear_requests()
    again = done(site, wanted)
    assert again["changed"] is False
    assert len(log(site)) == again["requests"] <= 4
    assert writes(site) == Counter()
    assert len(prefixes(site)) == MANY + crowd


def test_each_changed_one_is_written_once(site: Simulator) -> None:
    done(site, entries(10))
    site.clear_requests()
    changes = [
        *entries(4, description="new", proxies=["rim1"]),
        {"prefix": "portal-005", "proxies": ["rim1"]},
        {"prefix": "portal-006", "state": "absent"},
        {"prefix": "portal-007", "state": "absent"},
        entry("fresh"),
    ]
    expected = Counter(
        {
            "PUT virtualproxyconfig": 4,
            "POST virtualproxyconfig": 1,
            "DELETE virtualproxyconfig": 2,
            "PUT proxyservice": 2,
        }
    )
    before = restarts(site)
    predicted = run(site, changes, check=True)
    result = done(site, changes)
    assert writes(site) == expected
    assert [item["changed"] for item in result["virtual_proxies"]] == [True] * 8
    # Four writes that Central notices, then one that also lets the two go which are deleted.
    assert result["proxies_restarted"] == {"Central": 5, "rim1": 1}
    assert predicted["proxies_restarted"] == result["proxies_restarted"]
    counted = {name: n - before.get(name, 0) for name, n in restarts(site).items()}
    assert counted == result["proxies_restarted"]
    assert predicted["diff"] == result["diff"]
    assert "fresh" in linked(site)
    assert linked(site, "rim1") == [f"portal-00{n}" for n in (0, 1, 2, 3, 5)]


def test_one_in_a_list_costs_what_it_costs_alone(site: Simulator) -> None:
    assert done(site, [entry("jwt")])["requests"] == 5
    assert done(site, [entry("jwt")])["requests"] == 2
    assert done(site, [entry("jwt", description="new")])["requests"] == 3
    assert done(site, [{"prefix": "jwt", "state": "absent"}])["requests"] == 3


def test_deleting_many_restarts_once(site: Simulator) -> None:
    done(site, entries(20))
    site.clear_requests()
    gone = [{"prefix": item["prefix"], "state": "absent"} for item in entries(20)]
    result = done(site, gone)
    assert result["proxies_restarted"] == {"Central": 1}
    assert restarts(site) == {"Central": 2}
    assert writes(site) == Counter({"PUT proxyservice": 1, "DELETE virtualproxyconfig": 20})
    assert prefixes(site) == []


@pytest.mark.parametrize("delete_linked", ["cascade", "400"])
def test_cookie_name_of_one_that_goes_can_be_taken(site: Simulator, delete_linked: str) -> None:
    done(site, [entry("old", session_cookie_header_name="X-Portal")])
    site.switch(delete_linked=delete_linked)
    wanted = [
        entry("new", session_cookie_header_name="X-Portal"),
        {"prefix": "old", "state": "absent"},
    ]
    done(site, wanted)
    assert prefixes(site) == linked(site) == ["new"]
    assert done(site, wanted)["changed"] is False


def test_links_that_go(site: Simulator) -> None:
    done(site, entries(3, proxies=["all"]))
    site.clear_requests()
    result = done(site, entries(3, proxies=["Central"], proxies_mode="replace"))
    assert writes(site) == Counter({"PUT proxyservice": 2})
    assert linked(site, "rim1") == []
    assert result["proxies_restarted"] == {"rim1": 1, "rim2": 1}


REFUSALS: list[tuple[list[Json], list[str]]] = [
    ([entry("a"), entry("a")], ["'a'", "2 times"]),
    ([entry("a"), entry("b", jwt_attribute_user_id="")], ["'b'", "jwt_attribute_user_id"]),
    ([entry("a"), entry("b", proxies=["nowhere"])], ["'b'", "'nowhere'", "rim1"]),
    (
        [entry(n, session_cookie_header_name="X-Same") for n in "ab"],
        ["'b'", "already used", "'a'"],
    ),
    ([entry("a"), entry("b", session_cookie_header_name="x-OTHER")], ["'b'", "'other'"]),
    ([entry("a"), entry("OTHER")], ["'OTHER'", "differs", "'other'"]),
    ([entry("a"), {"prefix": "", "state": "absent"}], ["default virtual proxy"]),
    ([entry("a"), entry("b", jwt_certificate=ca.key_pem("tokens"))], ["'b'", "private key"]),
    ([entry("a"), entry("b", custom_properties={"env": "x"})], ["'b'", "'env'", "QMC"]),
    ([entry("a"), entry("b", tags=[""])], ["'b'", "tags", "1 to 255"]),
]


@pytest.mark.parametrize(("wanted", "words"), REFUSALS)
def test_one_bad_entry_keeps_all_from_being_written(
    site: Simulator, wanted: list[Json], words: list[str]
) -> None:
    site.seed(virtualproxyconfig=[{"prefix": "other", "sessionCookieHeaderName": "X-Other"}])
    message = refused(site, wanted)
    assert all(word in message for word in words), message
    assert "PRIVATE KEY-----" not in message


def test_certificate_that_cannot_verify_a_token_is_refused(site: Simulator) -> None:
    text = km.certificate_pem(km.certificate(km.ec_key())).decode()
    message = refused(site, [entry("a"), entry("b", jwt_certificate=text)])
    assert "'b'" in message
    assert "RSA" in message


@pytest.mark.parametrize("rights", ["none", "part"])
def test_missing_rights_are_not_absence(site: Simulator, rights: str) -> None:
    done(site, entries(4))
    site.switch(read_rights=rights)
    assert "rights" in refused(site, entries(5))
    assert "rights" in refused(site, entries(4), prune=True, prune_tag="ours")


def test_site_without_default_virtual_proxy_is_not_taken_for_one(site: Simulator) -> None:
    default = site.entity("virtualproxyconfig", prefix="")
    site.delete("virtualproxyconfig", default["id"])
    message = refused(site, entries(2))
    assert "default virtual proxy" in message
    assert "rights" in message


def test_list_that_stays_short_is_refused(site: Simulator) -> None:
    """The server counts more than it lists in any form: what is absent cannot be told."""
    done(site, entries(3))
    site.fault(
        port="qrs",
        method="GET",
        path="/virtualproxyconfig/count",
        action="status",
        status=200,
        body='{"value": 400}',
        times=9,
    )
    message = refused(site, entries(4))
    assert "400 virtual proxies" in message
    assert "qlik_virtual_proxy" in message
    assert done(site, entries(3))["changed"] is False


@pytest.mark.parametrize("status", [400, 403, 500])
def test_failure_half_way_says_what_was_done_and_what_was_not(site: Simulator, status: int) -> None:
    done(site, entries(2))
    fault: Json = {"port": "qrs", "method": "POST", "path": "/virtualproxyconfig", "times": 9}
    site.fault(**fault, action="status", status=status, nth=3)
    wanted = [
        *entries(2, description="new"),
        *[entry(f"new-{n}") for n in range(5)],
        {"prefix": "gone", "state": "absent"},
    ]
    site.seed(virtualproxyconfig=[{"prefix": "gone"}])
    result = run(site, wanted)
    assert result["failed"]
    message = result["msg"]
    assert f"answered {status}" in message
    assert "'new-0', 'new-1', created just before, were removed again" in message
    assert "changed the virtual proxy 'portal-000'" in message
    assert message.endswith("Not done: 'new-0', 'new-1', 'new-2', 'new-3', 'new-4' and 1 more.")
    assert result["failure"]["not_done"] == [*(f"new-{n}" for n in range(5)), "gone"]
    assert prefixes(site) == ["gone", "portal-000", "portal-001"]
    site.clear_faults()
    done(site, wanted)
    assert linked(site) == sorted(item["prefix"] for item in wanted if item["prefix"] != "gone")
    assert done(site, wanted)["changed"] is False


def test_creations_that_cannot_be_linked_are_taken_back(site: Simulator) -> None:
    site.fault(
        port="qrs", method="PUT", path="/proxyservice/", action="status", status=400, times=9
    )
    result = run(site, entries(8))
    assert result["failed"]
    assert "'portal-004' and 3 more, created just before, were removed again" in result["msg"]
    assert prefixes(site) == []


def test_half_made_ones_that_stay_are_said(site: Simulator) -> None:
    for method, path in (("PUT", "/proxyservice/"), ("DELETE", "/virtualproxyconfig/")):
        site.fault(port="qrs", method=method, path=path, action="status", status=400, times=99)
    result = run(site, entries(3))
    assert result["failed"]
    assert "with the option proxies" in result["msg"]
    assert len(prefixes(site)) == 3
    # One refusal is enough to know.
    assert writes(site)["DELETE virtualproxyconfig"] == 1
    site.clear_faults()
    assert "no proxy service serves" in str(done(site, entries(3))["warnings"])
    done(site, entries(3, proxies=["central"]))
    assert len(linked(site)) == 3


def test_one_that_some_proxy_service_serves_stays(site: Simulator) -> None:
    rim = site.node("rim1")["proxy_id"]
    site.fault(
        port="qrs", method="PUT", path=f"/proxyservice/{rim}", action="status", status=400, times=9
    )
    wanted = entries(3, proxies=["all"])
    result = run(site, wanted)
    assert result["failed"]
    assert "removed again" not in result["msg"]
    assert "linked 'portal-000', 'portal-001', 'portal-002' and the proxy on Central" in str(result)
    assert len(linked(site)) == 3
    site.clear_faults()
    done(site, wanted)
    assert len(linked(site, "rim1")) == len(linked(site, "rim2")) == 3


@pytest.mark.parametrize(
    ("action", "method", "path", "nth"),
    [
        ("reset_after", "POST", "/virtualproxyconfig", 4),
        ("truncate", "POST", "/virtualproxyconfig", 4),
        ("reset_after", "PUT", "/proxyservice/", 1),
        ("truncate", "PUT", "/proxyservice/", 1),
        ("reset_after", "PUT", "/virtualproxyconfig/", 2),
        ("truncate", "PUT", "/virtualproxyconfig/", 2),
        ("reset_after", "DELETE", "/virtualproxyconfig/", 1),
    ],
)
def test_lost_answers_are_cleared_up(
    site: Simulator, action: str, method: str, path: str, nth: int
) -> None:
    done(site, entries(5))
    wanted = [
        *entries(3, description="new"),
        *[entry(f"new-{n}") for n in range(6)],
        {"prefix": "portal-003", "state": "absent"},
    ]
    before = restarts(site)
    site.clear_requests()
    site.fault(port="qrs", method=method, path=path, action=action, nth=nth)
    result = done(site, wanted)
    assert writes(site) == Counter(
        {
            "POST virtualproxyconfig": 6,
            "PUT virtualproxyconfig": 3,
            "PUT proxyservice": 1,
            "DELETE virtualproxyconfig": 1,
        }
    )
    counted = {name: n - before[name] for name, n in restarts(site).items()}
    assert counted == result["proxies_restarted"]
    assert done(site, wanted)["changed"] is False
    assert len(linked(site)) == 10


def test_creation_that_may_still_be_under_way_is_not_sent_twice(site: Simulator) -> None:
    site.fault(port="qrs", method="POST", path="/virtualproxyconfig", action="reset_before", nth=3)
    result = run(site, entries(5))
    assert result["failed"]
    assert "is not known" in result["msg"]
    assert writes(site)["POST virtualproxyconfig"] == 3
    done(site, entries(5))
    assert linked(site) == prefixes(site) == [item["prefix"] for item in entries(5)]


def test_link_of_another_administrator_is_not_lost(site: Simulator) -> None:
    other = site.seed(virtualproxyconfig=[{"prefix": "other"}])["virtualproxyconfig"][0]
    proxy = site.entity("proxyservice", id=site.node()["proxy_id"])
    settings = dict(proxy["settings"])
    settings["virtualProxies"] = [*settings["virtualProxies"], {"id": other["id"]}]
    site.fault(
        port="qrs",
        method="PUT",
        path="/proxyservice/",
        action="edit_between",
        type="proxyservice",
        id=proxy["id"],
        change={"settings": settings},
    )
    done(site, entries(5))
    assert linked(site) == ["other", *(item["prefix"] for item in entries(5))]


def test_edit_of_the_same_field_is_an_error_that_names_them(site: Simulator) -> None:
    done(site, entries(3))
    own = site.entity("virtualproxyconfig", prefix="portal-001")["id"]
    site.fault(
        port="qrs",
        method="PUT",
        path=f"/virtualproxyconfig/{own}",
        action="edit_between",
        type="virtualproxyconfig",
        id=own,
        change={"description": "theirs"},
    )
    result = run(site, entries(3, description="ours"))
    assert result["failed"]
    assert "description of the virtual proxy 'portal-001' was changed by" in result["msg"]
    assert result["failure"]["not_done"] == ["portal-001", "portal-002"]
    assert site.entity("virtualproxyconfig", prefix="portal-001")["description"] == "theirs"


@pytest.mark.parametrize("where", ["entry", "task"])
def test_restart_can_be_forbidden(site: Simulator, where: str) -> None:
    done(site, entries(2))
    own: Json = {"allow_restart": False} if where == "entry" else {}
    task: Json = {"allow_restart": False} if where == "task" else {}
    wanted = [entries(1)[0], entry("portal-001", description="x", **own)]
    message = refused(site, wanted, **task)
    assert "'portal-001'" in message
    assert "Central" in message
    assert done(site, entries(2, **own), **task)["changed"] is False


def test_result_of_each_entry(site: Simulator) -> None:
    done(site, entries(2))
    wanted = [entries(1)[0], entry("portal-001", description="x"), entry("new", proxies=[])]
    wanted.append({"prefix": "nobody", "state": "absent"})
    result = done(site, wanted)
    same, changed, new, absent = result["virtual_proxies"]
    assert (same["changed"], same["links"]) == (False, ["Central"])
    of_changed, of_new = result["before"]
    assert (of_changed["prefix"], of_changed["entity"]["description"]) == ("portal-001", "")
    assert of_changed["proxies"] == [site.node()["proxy_id"]]
    assert changed["virtual_proxy"]["description"] == "x"
    assert new["id"] == site.entity("virtualproxyconfig", prefix="new")["id"]
    assert (of_new["prefix"], of_new["entity"], of_new["proxies"]) == ("new", None, [])
    assert "'new', so nobody can get in" in str(result["warnings"])
    assert (absent["changed"], absent["virtual_proxy"], absent["id"]) == (False, None, None)
    assert [item["before_header"] for item in result["diff"]] == [
        "virtual proxy 'portal-001'",
        "virtual proxy 'new'",
    ]
    assert same["virtual_proxy"]["jwt_certificate"] == CERTIFICATE


def test_pasted_key_is_hidden_and_a_certificate_is_not(site: Simulator) -> None:
    key = ca.key_pem("pasted")
    result = run(site, [entry("a"), entry("b", jwt_certificate=CERTIFICATE + key)])
    assert result["failed"]
    assert not any(line in str(result) for line in key.splitlines()[1:-1])


def test_large_and_odd_site(site: Simulator) -> None:
    odd = ["it's", 'say "hi"', "Grüße", "back\\slash", "a&b", "Upper", "with/slash"]
    seeds: list[Json] = [
        {"prefix": p, "sessionCookieHeaderName": f"X-{n}"} for n, p in enumerate(odd)
    ]
    seeds += [{"prefix": f"crowd-{n}", "link": ["rim1"]} for n in range(300)]
    site.seed(virtualproxyconfig=seeds)
    site.switch(full_limit=100)
    # The simulator would not store such prefixes again, so that they are linked only.
    wanted: list[Json] = [{"prefix": p, "proxies": ["rim2"]} for p in odd]
    wanted += [{"prefix": f"crowd-{n}", "description": "one of many"} for n in range(280, 300)]
    assert done(site, wanted)["changed"] is True
    assert linked(site, "rim2") == sorted(odd)
    assert len(site.entities("virtualproxyconfig", description="one of many")) == 20
    assert done(site, wanted)["changed"] is False


def test_nothing_to_do_for_an_empty_list(site: Simulator) -> None:
    assert done(site, [])["changed"] is False


def mark(site: Simulator, tag: str, *names: str, **more: t.Any) -> None:
    """Virtual proxies for JWT with that tag, made by somebody."""
    site.seed(
        virtualproxyconfig=[
            {"prefix": name, "authenticationMethod": 4, "tags": [tag], "link": "all", **more}
            for name in names
        ]
    )


def tags_of(site: Simulator, prefix: str) -> list[str]:
    found = site.entity("virtualproxyconfig", prefix=prefix)
    return sorted(tag["name"] for tag in found["tags"])


PRUNE: Json = {"prune": True, "prune_tag": "ours"}


def test_prune_removes_what_is_marked_for_jwt_and_not_in_the_list(site: Simulator) -> None:
    mark(site, "ours", "old-1", "old-2", "kept")
    mark(site, "theirs", "other")
    mark(site, "ours", "form", authenticationMethod=0)
    default = site.entity("virtualproxyconfig", prefix="")
    tag = site.entity("tag", name="ours")
    site.patch("virtualproxyconfig", default["id"], {"tags": [tag], "authenticationMethod": 4})
    before = restarts(site)
    wanted = [{"prefix": "kept"}, entry("new"), {"prefix": "", "description": "the default"}]
    predicted = run(site, wanted, check=True, **PRUNE)
    site.clear_requests()
    result = done(site, wanted, **PRUNE)
    assert result["pruned"] == predicted["pruned"] == ["old-1", "old-2"]
    assert predicted["diff"] == result["diff"]
    assert len(result["virtual_proxies"]) == 3
    assert prefixes(site) == ["form", "kept", "new", "other"]
    assert tags_of(site, "new") == ["ours"]
    assert len(site.entities("tag", name="ours")) == 1
    counted = {name: n - before.get(name, 0) for name, n in restarts(site).items()}
    assert counted == result["proxies_restarted"] == predicted["proxies_restarted"]
    assert writes(site) == Counter(
        {
            "POST virtualproxyconfig": 1,
            "PUT virtualproxyconfig": 1,
            "PUT proxyservice": 3,
            "DELETE virtualproxyconfig": 2,
        }
    )
    site.clear_requests()
    again = done(site, wanted, **PRUNE)
    assert again["changed"] is False
    assert len(log(site)) <= 4


def test_tag_is_made_once_and_set_on_all_but_the_default_one(site: Simulator) -> None:
    site.clear_requests()
    wanted = [*entries(3), entry("own", tags=["a", "b"]), {"prefix": ""}]
    result = done(site, wanted, prune_tag="ours")
    assert result["requests"] == len(log(site)) <= 4 + 5 + 1 + 3
    assert writes(site)["POST tag"] == 3
    assert tags_of(site, "own") == ["a", "b", "ours"]
    assert tags_of(site, "portal-001") == ["ours"]
    assert tags_of(site, "") == []
    assert done(site, wanted, prune_tag="ours")["changed"] is False
    # Given again without the tag, the list is the whole list, yet the task's own tag stays.
    assert done(site, [entry("own", tags=["b"])], prune_tag="ours")["changed"] is True
    assert tags_of(site, "own") == ["b", "ours"]


@pytest.mark.parametrize(
    ("wanted", "options", "words"),
    [
        ([], PRUNE, ["present", "'ours'"]),
        ([{"prefix": "a", "state": "absent"}], PRUNE, ["present", "'ours'"]),
        ([entry("a")], PRUNE, ["6 virtual proxies", "'old-0'", "and 1 more", "prune_limit is 5"]),
        ([entry("a")], {**PRUNE, "prune_limit": 0}, ["prune_limit is 0"]),
        ([entry("a")], {"prune": True}, ["prune_tag"]),
        ([entry("a")], {"prune": True, "prune_tag": " "}, ["prune_tag", "1 to 255"]),
        ([entry("a")], {**PRUNE, "prune_limit": 9, "allow_restart": False}, ["allow_restart"]),
    ],
)
def test_guards_of_prune(
    site: Simulator, wanted: list[Json], options: Json, words: list[str]
) -> None:
    mark(site, "ours", *(f"old-{n}" for n in range(6)))
    message = refused(site, wanted, **options)
    assert all(word in message for word in words), message


def test_prune_refuses_a_list_that_may_be_cut(site: Simulator) -> None:
    mark(site, "ours", *(f"old-{n:03}" for n in range(120)))
    site.switch(full_limit=100)
    wanted: list[Json] = [{"prefix": f"old-{n:03}", "tags": ["ours"]} for n in range(119)]
    assert "what has to go cannot be told" in refused(site, wanted, **PRUNE)
    site.switch(full_limit="none")
    assert done(site, wanted, **PRUNE)["pruned"] == ["old-119"]


def test_prune_needs_a_central_node(site: Simulator) -> None:
    mark(site, "ours", "old")
    site.fault(
        port="qrs",
        method="GET",
        path="/servernodeconfiguration/full",
        action="status",
        status=200,
        body="[]",
        times=9,
    )
    assert "rights" in refused(site, [{"prefix": "x", **entry("x")}], **PRUNE)


@pytest.mark.parametrize("nth", [1, 2])
def test_prune_that_broke_off_is_finished_by_the_next_run(site: Simulator, nth: int) -> None:
    mark(site, "ours", "old-1", "old-2", "old-3")
    fault: Json = {"action": "status", "status": 403, "nth": nth, "times": 9}
    site.fault(port="qrs", method="DELETE", path="/virtualproxyconfig/", **fault)
    wanted = [entry("new", tags=["ours"])]
    result = run(site, wanted, **PRUNE)
    assert result["failed"]
    assert result["failure"]["not_done"] == ["old-1", "old-2", "old-3"][nth - 1 :]
    site.clear_faults()
    done(site, wanted, **PRUNE)
    assert prefixes(site) == linked(site) == ["new"]
    assert done(site, wanted, **PRUNE)["changed"] is False
