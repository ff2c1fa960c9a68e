# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several runs at the same moment: every link is there in the end, nobody is overruled unseen."""

from __future__ import annotations

import pytest

from modules.virtual_proxy_case import entry
from support.case import Json
from support.module_processes import simultaneously
from support.module_runner import connection
from support.simulator import Simulator

NODES = ("Central", "rim1", "rim2")
MANY = 20
ADMINISTRATORS = ("alice", "bob")
FEW_OR_TEN_TIMES_MANY = [4, *(pytest.param(MANY, marks=pytest.mark.long) for dummy in range(10))]


def served(site: Simulator, node: str) -> list[str]:
    """The prefixes that a node's proxy service serves, as often as they are in its list."""
    names = {item["id"]: item["prefix"] for item in site.entities("virtualproxyconfig")}
    service = site.entity("proxyservice", id=site.node(node)["proxy_id"])
    return sorted(names[item["id"]] for item in service["settings"]["virtualProxies"])


@pytest.mark.parametrize("number", FEW_OR_TEN_TIMES_MANY)
def test_links_of_simultaneous_runs_are_all_there(site: Simulator, number: int) -> None:
    present = [{"prefix": f"there-{n}", "description": "theirs"} for n in range(0, number, 2)]
    site.seed(virtualproxyconfig=[{"prefix": "other", "link": "all"}, *present])
    orders = []
    for n in range(number):
        wanted = entry(f"new-{n}") if n % 2 else {"prefix": f"there-{n}"}
        arguments = {**connection(site, timeout=60), **wanted, "proxies": ["all"]}
        orders.append(("qlik_virtual_proxy", arguments))
    results = simultaneously(orders)
    assert [result["msg"] for result in results if result.get("failed")] == []
    assert all(result["changed"] for result in results)
    prefixes = sorted(["", "other", *(arguments["prefix"] for dummy, arguments in orders)])
    assert sorted(item["prefix"] for item in site.entities("virtualproxyconfig")) == prefixes
    assert [served(site, node) for node in NODES] == [prefixes] * 3
    # Each run links once, whatever number of conflicts that took.
    assert {tuple(result["proxies_restarted"].values()) for result in results} == {(1, 1, 1)}
    assert len(site.entities("virtualproxyconfig", description="theirs")) == len(present)


def administrators(site: Simulator) -> list[Json]:
    """Connection options of two administrators; both have read before either of them writes."""
    site.seed(
        user=[
            {"userDirectory": "IT", "userId": name, "roles": ["RootAdmin"]}
            for name in ADMINISTRATORS
        ]
    )
    site.clear_requests()
    site.fault(port="qrs", method="PUT", action="delay", seconds=1, times=2)
    return [connection(site, api_user_directory="IT", api_user_id=name) for name in ADMINISTRATORS]


TIMES = [1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 11))]


@pytest.mark.parametrize("attempt", TIMES)
@pytest.mark.parametrize("module", ["qlik_virtual_proxy", "qlik_proxy_service"])
def test_of_two_values_one_wins_and_the_other_run_says_whose(
    site: Simulator, module: str, attempt: int
) -> None:
    site.seed(virtualproxyconfig=[{"prefix": "jwt", "link": "all"}])
    wishes: list[Json] = [{"proxies": ["Central"], "max_header_lines": n} for n in (50, 60)]
    if module == "qlik_virtual_proxy":
        wishes = [{"prefix": "jwt", "session_inactivity_timeout": n} for n in (50, 60)]
    names = administrators(site)
    orders = [(module, {**name, **wish}) for name, wish in zip(names, wishes, strict=True)]
    results = simultaneously(orders)
    failed = [bool(result.get("failed")) for result in results]
    assert sorted(failed) == [False, True], results
    message = str(results[failed.index(True)]["msg"])
    winner = failed.index(False)
    assert f"was changed by IT\\{ADMINISTRATORS[winner]} at" in message
    assert "Nothing was overwritten" in message
    if module == "qlik_virtual_proxy":
        stored = site.entity("virtualproxyconfig", prefix="jwt")["sessionInactivityTimeout"]
    else:
        service = site.entity("proxyservice", id=site.node()["proxy_id"])
        stored = service["settings"]["maxHeaderLines"]
    assert stored == (50, 60)[winner]


@pytest.mark.parametrize("attempt", TIMES)
def test_changes_of_different_things_all_come_through(site: Simulator, attempt: int) -> None:
    site.seed(virtualproxyconfig=[{"prefix": "jwt", "link": []}])
    names = administrators(site)
    results = simultaneously(
        [
            ("qlik_proxy_service", {**names[0], "proxies": ["Central"], "max_header_lines": 50}),
            ("qlik_proxy_service", {**names[1], "proxies": ["Central"], "allow_http": True}),
            ("qlik_virtual_proxy", {**names[0], "prefix": "jwt", "proxies": ["Central"]}),
            ("qlik_virtual_proxy", {**names[1], "prefix": "jwt", "description": "x"}),
        ]
    )
    assert [result["msg"] for result in results if result.get("failed")] == []
    settings = site.entity("proxyservice", id=site.node()["proxy_id"])["settings"]
    assert (settings["maxHeaderLines"], settings["allowHttp"]) == (50, True)
    assert served(site, "Central") == ["", "jwt"]
    assert site.entity("virtualproxyconfig", prefix="jwt")["description"] == "x"


@pytest.mark.parametrize("attempt", TIMES)
def test_removal_by_two_runs_is_no_error(site: Simulator, attempt: int) -> None:
    site.seed(virtualproxyconfig=[{"prefix": f"jwt-{n}", "link": "all"} for n in range(3)])
    wanted = [{"prefix": f"jwt-{n}", "state": "absent"} for n in range(3)]
    order = ("qlik_virtual_proxies", {**connection(site), "virtual_proxies": wanted})
    results = simultaneously([order] * 3)
    assert [result["msg"] for result in results if result.get("failed")] == []
    assert [served(site, node) for node in NODES] == [[""]] * 3
    assert [item["prefix"] for item in site.entities("virtualproxyconfig")] == [""]


@pytest.mark.parametrize("attempt", TIMES)
def test_creation_by_two_runs_makes_one(site: Simulator, attempt: int) -> None:
    order = ("qlik_virtual_proxy", {**connection(site), **entry("jwt")})
    results = simultaneously([order] * 3)
    assert not all(result.get("failed") for result in results)
    assert len(site.entities("virtualproxyconfig", prefix="jwt")) == 1
    assert served(site, "Central") == ["", "jwt"]
    for result in results:
        assert "must be unique" in result.get("msg", "must be unique")
