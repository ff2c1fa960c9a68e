# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxies with prune and prune_tag: what goes, and what keeps it from going."""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest

from modules.virtual_proxy_case import entries, entry, prefixes, served
from support.case import Case, Json
from support.simulator import Simulator


@pytest.fixture
def case(site: Simulator) -> Case:
    # With allow_restart, the message names every option of every virtual proxy that changes.
    return Case("qlik_virtual_proxies", site, longest=1000)


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


def test_prune_removes_what_is_marked_for_jwt_and_not_in_the_list(
    case: Case, site: Simulator
) -> None:
    mark(site, "ours", "old-1", "old-2", "kept")
    mark(site, "theirs", "other")
    mark(site, "ours", "form", authenticationMethod=0)
    default = site.entity("virtualproxyconfig", prefix="")
    tag = site.entity("tag", name="ours")
    site.patch("virtualproxyconfig", default["id"], {"tags": [tag], "authenticationMethod": 4})
    before = site.restarts()
    wanted = [{"prefix": "kept"}, entry("new"), {"prefix": "", "description": "the default"}]
    predicted = case.check(virtual_proxies=wanted, **PRUNE)
    site.clear_requests()
    result = case.done(virtual_proxies=wanted, **PRUNE)
    assert result["pruned"] == predicted["pruned"] == ["old-1", "old-2"]
    assert predicted["diff"] == result["diff"]
    assert len(result["virtual_proxies"]) == 3
    assert prefixes(site) == ["form", "kept", "new", "other"]
    assert tags_of(site, "new") == ["ours"]
    assert len(site.entities("tag", name="ours")) == 1
    counted = {name: n - before.get(name, 0) for name, n in site.restarts().items()}
    assert counted == result["proxies_restarted"] == predicted["proxies_restarted"]
    assert case.written() == Counter(
        {
            "POST virtualproxyconfig": 1,
            "PUT virtualproxyconfig": 1,
            "PUT proxyservice": 3,
            "DELETE virtualproxyconfig": 2,
        }
    )
    site.clear_requests()
    again = case.done(virtual_proxies=wanted, **PRUNE)
    assert again["changed"] is False
    assert len(case.log()) <= 4


def test_tag_is_made_once_and_set_on_all_but_the_default_one(case: Case, site: Simulator) -> None:
    site.clear_requests()
    wanted = [*entries(3), entry("own", tags=["a", "b"]), {"prefix": ""}]
    result = case.done(virtual_proxies=wanted, prune_tag="ours")
    assert result["requests"] == len(case.log()) <= 4 + 5 + 1 + 3
    assert case.written()["POST tag"] == 3
    assert tags_of(site, "own") == ["a", "b", "ours"]
    assert tags_of(site, "portal-001") == ["ours"]
    assert tags_of(site, "") == []
    assert case.done(virtual_proxies=wanted, prune_tag="ours")["changed"] is False
    # Given again without the tag, the list is the whole list, yet the task's own tag stays.
    assert (
        case.done(virtual_proxies=[entry("own", tags=["b"])], prune_tag="ours")["changed"] is True
    )
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
    case: Case, site: Simulator, wanted: list[Json], options: Json, words: list[str]
) -> None:
    mark(site, "ours", *(f"old-{n}" for n in range(6)))
    message = case.rejected(virtual_proxies=wanted, **options)
    assert all(word in message for word in words), message


def test_prune_refuses_a_list_that_may_be_cut(case: Case, site: Simulator) -> None:
    mark(site, "ours", *(f"old-{n:03}" for n in range(120)))
    site.switch(full_limit=100)
    wanted: list[Json] = [{"prefix": f"old-{n:03}", "tags": ["ours"]} for n in range(119)]
    assert "so the list is not complete" in case.rejected(virtual_proxies=wanted, **PRUNE)
    site.switch(full_limit="none")
    assert case.done(virtual_proxies=wanted, **PRUNE)["pruned"] == ["old-119"]


def test_prune_needs_a_central_node(case: Case, site: Simulator) -> None:
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
    assert "rights" in case.rejected(virtual_proxies=[{"prefix": "x", **entry("x")}], **PRUNE)


@pytest.mark.parametrize("nth", [1, 2])
def test_prune_that_broke_off_is_finished_by_the_next_run(
    case: Case, site: Simulator, nth: int
) -> None:
    mark(site, "ours", "old-1", "old-2", "old-3")
    fault: Json = {"action": "status", "status": 403, "nth": nth, "times": 9}
    site.fault(port="qrs", method="DELETE", path="/virtualproxyconfig/", **fault)
    wanted = [entry("new", tags=["ours"])]
    result = case.run(virtual_proxies=wanted, **PRUNE)
    assert result["failed"]
    assert result["failure"]["not_done"] == ["old-1", "old-2", "old-3"][nth - 1 :]
    site.clear_faults()
    case.done(virtual_proxies=wanted, **PRUNE)
    assert prefixes(site) == served(site) == ["new"]
    assert case.done(virtual_proxies=wanted, **PRUNE)["changed"] is False
