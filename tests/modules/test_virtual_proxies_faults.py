# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxies when a request fails or others write: what is said, what is left."""

from __future__ import annotations

from collections import Counter

import pytest

from modules.other_administrator import edits, links_another
from modules.virtual_proxy_case import entries, entry, prefixes, served
from support.case import Case, Json
from support.simulator import Simulator


@pytest.fixture
def case(site: Simulator) -> Case:
    return Case("qlik_virtual_proxies", site)


@pytest.mark.parametrize("status", [400, 403, 500])
def test_failure_half_way_says_what_was_done_and_what_was_not(
    case: Case, site: Simulator, status: int
) -> None:
    case.done(virtual_proxies=entries(2))
    fault: Json = {"port": "qrs", "method": "POST", "path": "/virtualproxyconfig", "times": 9}
    site.fault(**fault, action="status", status=status, nth=3)
    wanted = [
        *entries(2, description="new"),
        *[entry(f"new-{n}") for n in range(5)],
        {"prefix": "gone", "state": "absent"},
    ]
    site.seed(virtualproxyconfig=[{"prefix": "gone"}])
    result = case.run(virtual_proxies=wanted)
    assert result["failed"]
    message = result["msg"]
    assert f"answered {status}" in message
    assert "'new-0', 'new-1', created just before, were removed again" in message
    assert "changed the virtual proxy 'portal-000'" in message
    assert message.endswith("Not done: 'new-0', 'new-1', 'new-2', 'new-3', 'new-4' and 1 more.")
    assert result["failure"]["not_done"] == [*(f"new-{n}" for n in range(5)), "gone"]
    assert prefixes(site) == ["gone", "portal-000", "portal-001"]
    site.clear_faults()
    case.done(virtual_proxies=wanted)
    assert served(site) == sorted(item["prefix"] for item in wanted if item["prefix"] != "gone")
    assert case.done(virtual_proxies=wanted)["changed"] is False


def test_creations_that_cannot_be_linked_are_taken_back(case: Case, site: Simulator) -> None:
    site.fault(
        port="qrs", method="PUT", path="/proxyservice/", action="status", status=400, times=9
    )
    result = case.run(virtual_proxies=entries(8))
    assert result["failed"]
    assert "'portal-004' and 3 more, created just before, were removed again" in result["msg"]
    assert prefixes(site) == []


def test_half_made_ones_that_stay_are_said(case: Case, site: Simulator) -> None:
    for method, path in (("PUT", "/proxyservice/"), ("DELETE", "/virtualproxyconfig/")):
        site.fault(port="qrs", method=method, path=path, action="status", status=400, times=99)
    result = case.run(virtual_proxies=entries(3))
    assert result["failed"]
    assert "with the option proxies" in result["msg"]
    assert len(prefixes(site)) == 3
    # One refusal is enough to know.
    assert case.written()["DELETE virtualproxyconfig"] == 1
    site.clear_faults()
    assert "no proxy service serves" in str(case.done(virtual_proxies=entries(3))["warnings"])
    case.done(virtual_proxies=entries(3, proxies=["central"]))
    assert len(served(site)) == 3


def test_one_that_some_proxy_service_serves_stays(case: Case, site: Simulator) -> None:
    rim = site.node("rim1")["proxy_id"]
    site.fault(
        port="qrs", method="PUT", path=f"/proxyservice/{rim}", action="status", status=400, times=9
    )
    wanted = entries(3, proxies=["all"])
    result = case.run(virtual_proxies=wanted)
    assert result["failed"]
    assert "removed again" not in result["msg"]
    assert "linked 'portal-000', 'portal-001', 'portal-002' and the proxy on Central" in str(result)
    assert len(served(site)) == 3
    site.clear_faults()
    case.done(virtual_proxies=wanted)
    assert len(served(site, "rim1")) == len(served(site, "rim2")) == 3


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
    case: Case, site: Simulator, action: str, method: str, path: str, nth: int
) -> None:
    case.done(virtual_proxies=entries(5))
    wanted = [
        *entries(3, description="new"),
        *[entry(f"new-{n}") for n in range(6)],
        {"prefix": "portal-003", "state": "absent"},
    ]
    before = site.restarts()
    site.clear_requests()
    site.fault(port="qrs", method=method, path=path, action=action, nth=nth)
    result = case.done(virtual_proxies=wanted)
    assert case.written() == Counter(
        {
            "POST virtualproxyconfig": 6,
            "PUT virtualproxyconfig": 3,
            "PUT proxyservice": 1,
            "DELETE virtualproxyconfig": 1,
        }
    )
    counted = {name: n - before[name] for name, n in site.restarts().items()}
    assert counted == result["proxies_restarted"]
    assert case.done(virtual_proxies=wanted)["changed"] is False
    assert len(served(site)) == 10


def test_creation_that_may_still_be_under_way_is_not_sent_twice(
    case: Case, site: Simulator
) -> None:
    site.fault(port="qrs", method="POST", path="/virtualproxyconfig", action="reset_before", nth=3)
    result = case.run(virtual_proxies=entries(5))
    assert result["failed"]
    assert "is not known" in result["msg"]
    assert case.written()["POST virtualproxyconfig"] == 3
    case.done(virtual_proxies=entries(5))
    assert served(site) == prefixes(site) == [item["prefix"] for item in entries(5)]


def test_link_of_another_administrator_is_not_lost(case: Case, site: Simulator) -> None:
    links_another(site)
    case.done(virtual_proxies=entries(5))
    assert served(site) == ["other", *(item["prefix"] for item in entries(5))]


def test_edit_of_the_same_field_is_an_error_that_names_them(case: Case, site: Simulator) -> None:
    case.done(virtual_proxies=entries(3))
    second = site.entity("virtualproxyconfig", prefix="portal-001")
    edits(site, "virtualproxyconfig", second, {"description": "theirs"}, nth=2)
    result = case.run(virtual_proxies=entries(3, description="ours"))
    assert result["failed"]
    assert "description of the virtual proxy 'portal-001' was changed by" in result["msg"]
    assert result["failure"]["not_done"] == ["portal-001", "portal-002"]
    assert site.entity("virtualproxyconfig", prefix="portal-001")["description"] == "theirs"
