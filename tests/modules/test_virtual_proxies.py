# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxies against the simulated repository: requests, order, refusals, results."""

from __future__ import annotations

from collections import Counter

import pytest

from modules.virtual_proxy_case import CERTIFICATE, entries, entry, prefixes, served
from support import key_material as km
from support import tls_server as ca
from support.case import Case, Json
from support.simulator import Simulator


@pytest.fixture
def case(site: Simulator) -> Case:
    return Case("qlik_virtual_proxies", site)


def test_each_changed_one_is_written_once(case: Case, site: Simulator) -> None:
    case.done(virtual_proxies=entries(10))
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
    before = site.restarts()
    predicted = case.check(virtual_proxies=changes)
    result = case.done(virtual_proxies=changes)
    assert case.written() == expected
    assert [item["changed"] for item in result["virtual_proxies"]] == [True] * 8
    # Four writes that Central notices, then one that also lets the two go which are deleted.
    assert result["proxies_restarted"] == {"Central": 5, "rim1": 1}
    assert predicted["proxies_restarted"] == result["proxies_restarted"]
    counted = {name: n - before.get(name, 0) for name, n in site.restarts().items()}
    assert counted == result["proxies_restarted"]
    assert predicted["diff"] == result["diff"]
    assert "fresh" in served(site)
    assert served(site, "rim1") == [f"portal-00{n}" for n in (0, 1, 2, 3, 5)]


def test_one_in_a_list_costs_what_it_costs_alone(case: Case) -> None:
    assert case.done(virtual_proxies=[entry("jwt")])["requests"] == 5
    assert case.done(virtual_proxies=[entry("jwt")])["requests"] == 2
    assert case.done(virtual_proxies=[entry("jwt", description="new")])["requests"] == 3
    assert case.done(virtual_proxies=[{"prefix": "jwt", "state": "absent"}])["requests"] == 3


def test_deleting_many_restarts_once(case: Case, site: Simulator) -> None:
    case.done(virtual_proxies=entries(20))
    site.clear_requests()
    gone = [{"prefix": item["prefix"], "state": "absent"} for item in entries(20)]
    result = case.done(virtual_proxies=gone)
    assert result["proxies_restarted"] == {"Central": 1}
    assert site.restarts() == {"Central": 2}
    assert case.written() == Counter({"PUT proxyservice": 1, "DELETE virtualproxyconfig": 20})
    assert prefixes(site) == []


@pytest.mark.parametrize("delete_linked", ["cascade", "400"])
def test_cookie_name_of_one_that_goes_can_be_taken(
    case: Case, site: Simulator, delete_linked: str
) -> None:
    case.done(virtual_proxies=[entry("old", session_cookie_header_name="X-Portal")])
    site.switch(delete_linked=delete_linked)
    wanted = [
        entry("new", session_cookie_header_name="X-Portal"),
        {"prefix": "old", "state": "absent"},
    ]
    case.done(virtual_proxies=wanted)
    assert prefixes(site) == served(site) == ["new"]
    assert case.done(virtual_proxies=wanted)["changed"] is False


def test_links_that_go(case: Case, site: Simulator) -> None:
    case.done(virtual_proxies=entries(3, proxies=["all"]))
    site.clear_requests()
    result = case.done(virtual_proxies=entries(3, proxies=["Central"], proxies_mode="replace"))
    assert case.written() == Counter({"PUT proxyservice": 2})
    assert served(site, "rim1") == []
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
    case: Case, site: Simulator, wanted: list[Json], words: list[str]
) -> None:
    site.seed(virtualproxyconfig=[{"prefix": "other", "sessionCookieHeaderName": "X-Other"}])
    message = case.rejected(virtual_proxies=wanted)
    assert all(word in message for word in words), message
    assert "PRIVATE KEY-----" not in message


def test_certificate_that_cannot_verify_a_token_is_refused(case: Case) -> None:
    text = km.certificate_pem(km.certificate(km.ec_key())).decode()
    message = case.rejected(virtual_proxies=[entry("a"), entry("b", jwt_certificate=text)])
    assert "'b'" in message
    assert "RSA" in message


@pytest.mark.parametrize("rights", ["none", "part"])
def test_missing_rights_are_not_absence(case: Case, site: Simulator, rights: str) -> None:
    case.done(virtual_proxies=entries(4))
    site.switch(read_rights=rights)
    assert "rights" in case.rejected(virtual_proxies=entries(5))
    assert "rights" in case.rejected(virtual_proxies=entries(4), prune=True, prune_tag="ours")


def test_site_without_default_virtual_proxy_is_not_taken_for_one(
    case: Case, site: Simulator
) -> None:
    default = site.entity("virtualproxyconfig", prefix="")
    site.delete("virtualproxyconfig", default["id"])
    message = case.rejected(virtual_proxies=entries(2))
    assert "default virtual proxy" in message
    assert "rights" in message


def test_list_that_stays_short_is_refused(case: Case, site: Simulator) -> None:
    """The server counts more than it lists in any form: what is absent cannot be told."""
    case.done(virtual_proxies=entries(3))
    site.fault(
        port="qrs",
        method="GET",
        path="/virtualproxyconfig/count",
        action="status",
        status=200,
        body='{"value": 400}',
        times=9,
    )
    message = case.rejected(virtual_proxies=entries(4))
    assert "400 virtual proxies" in message
    assert "qlik_virtual_proxy" in message
    assert case.done(virtual_proxies=entries(3))["changed"] is False


@pytest.mark.parametrize("where", ["entry", "task"])
def test_restart_can_be_forbidden(case: Case, where: str) -> None:
    case.done(virtual_proxies=entries(2))
    own: Json = {"allow_restart": False} if where == "entry" else {}
    task: Json = {"allow_restart": False} if where == "task" else {}
    wanted = [entries(1)[0], entry("portal-001", description="x", **own)]
    message = case.rejected(virtual_proxies=wanted, **task)
    assert "'portal-001'" in message
    assert "Central" in message
    assert case.done(virtual_proxies=entries(2, **own), **task)["changed"] is False


def test_result_of_each_entry(case: Case, site: Simulator) -> None:
    case.done(virtual_proxies=entries(2))
    wanted = [entries(1)[0], entry("portal-001", description="x"), entry("new", proxies=[])]
    wanted.append({"prefix": "nobody", "state": "absent"})
    result = case.done(virtual_proxies=wanted)
    same, changed, new, absent = result["virtual_proxies"]
    assert (same["changed"], same["links"]) == (False, ["Central"])
    of_changed, of_new = result["before"]
    assert (of_changed["prefix"], of_changed["entity"]["description"]) == ("portal-001", "")
    assert of_changed["proxies"] == [site.node()["proxy_id"]]
    assert changed["virtual_proxy"]["description"] == "x"
    assert new["id"] == site.entity("virtualproxyconfig", prefix="new")["id"]
    assert (of_new["prefix"], of_new["entity"], of_new["proxies"]) == ("new", None, [])
    assert "'new', so logins to it are not possible" in str(result["warnings"])
    assert (absent["changed"], absent["virtual_proxy"], absent["id"]) == (False, None, None)
    assert [item["before_header"] for item in result["diff"]] == [
        "virtual proxy 'portal-001'",
        "virtual proxy 'new'",
    ]
    assert same["virtual_proxy"]["jwt_certificate"] == CERTIFICATE


def test_pasted_key_is_hidden_and_a_certificate_is_not(case: Case) -> None:
    key = ca.key_pem("pasted")
    result = case.run(virtual_proxies=[entry("a"), entry("b", jwt_certificate=CERTIFICATE + key)])
    assert result["failed"]
    assert not any(line in str(result) for line in key.splitlines()[1:-1])


def test_nothing_to_do_for_an_empty_list(case: Case) -> None:
    assert case.done(virtual_proxies=[])["changed"] is False
