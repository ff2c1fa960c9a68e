# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other ways in to the repository: read, create, change, link; and what the proxy refuses."""

from __future__ import annotations

import typing as t

import pytest

from support import key_material as km
from support.module_runner import Result, connection, run_module
from support.simulator import Simulator
from support.ways_in import LOGIN_COST, PASSWORD, WAYS, prepare, token, way_in

Json = dict[str, t.Any]

#: A virtual proxy for an application, made through another one.
PORTAL: Json = {
    "prefix": "portal",
    "jwt_certificate": km.certificate_pem(km.certificate(km.rsa_key(number=1))).decode(),
    "jwt_attribute_user_id": "userId",
    "jwt_attribute_user_directory": "userDirectory",
    "proxies": ["rim1"],
}
CHANGED: Json = {"prefix": "portal", "description": "Changed"}
GONE: Json = {"prefix": "portal", "state": "absent"}
GONE_ITSELF: Json = {"state": "absent"}

ways = pytest.mark.parametrize("way", WAYS)


def some(*chosen: str) -> pytest.MarkDecorator:
    """These ways, and the rest on request."""
    rest = [pytest.param(way, marks=pytest.mark.long) for way in WAYS if way not in chosen]
    return pytest.mark.parametrize("way", [*chosen, *rest])


#: The two that differ most.
two_ways = some("jwt", "ntlm")
one_way = some("jwt")


@pytest.fixture
def ready(site: Simulator) -> Simulator:
    """The site, with virtual proxies that lead to its repository."""
    prepare(site)
    return site


def run(site: Simulator, options: Json, name: str = "qlik_virtual_proxy") -> Result:
    """The result of one run, whose requests alone are in the log then."""
    site.clear_requests()
    return run_module(name, options)


def done(site: Simulator, options: Json, name: str = "qlik_virtual_proxy") -> Result:
    """The result of a run that must succeed; it knows what it sent."""
    result = run(site, options, name)
    assert not result.get("failed"), result.get("msg")
    assert result["requests"] == len(site.requests())
    return result


def refused(site: Simulator, options: Json, name: str = "qlik_virtual_proxy") -> str:
    """The sentence of a run that must fail without writing."""
    before = site.state()["entities"]
    result = run(site, options, name)
    assert result.get("failed"), result
    assert "Traceback" not in str(result)
    assert site.state()["entities"] == before
    assert len(result["msg"]) < 600
    return str(result["msg"])


def writes(site: Simulator) -> list[tuple[str, int]]:
    """What was asked that changes something, with the answers."""
    asked = [item for item in site.requests() if item["method"] != "GET"]
    return [(item["method"], item["status"]) for item in asked]


def sessions(site: Simulator) -> list[tuple[str, str]]:
    """Whose sessions there are, and where."""
    return [(item["user_id"], item["prefix"]) for item in site.state()["sessions"]]


@ways
def test_what_a_run_costs(ready: Simulator, way: str) -> None:
    """As much as with the certificate, whatever it does; only a Windows login has steps more."""
    extra = LOGIN_COST.get(way, 0)
    prefix = {"jwt": "token", "header": "dynamic", "static header": "static", "ntlm": ""}[way]
    for options, changed, requests in (
        (PORTAL, True, 5),
        (PORTAL, False, 2),
        (CHANGED, True, 3),
        (GONE, True, 3),
        (GONE, False, 2),
    ):
        before = sessions(ready)
        result = done(ready, {**way_in(ready, way), **options})
        assert result["changed"] is changed
        assert result["requests"] == requests + extra
        assert sessions(ready) == [*before, ("kim", prefix)]
        assert all(item["headers"].get("Cookie") for item in ready.requests()[1 + extra :])
    assert ready.entities("virtualproxyconfig", prefix="portal") == []


@two_ways
def test_the_repository_acts_as_that_user(ready: Simulator, way: str) -> None:
    done(ready, {**way_in(ready, way), **PORTAL})
    entity = ready.entity("virtualproxyconfig", prefix="portal")
    assert entity["modifiedByUserName"].upper() == "CORP\\KIM"
    links = ready.entity("proxyservice", id=ready.node("rim1")["proxy_id"])
    assert entity["id"] in [item["id"] for item in links["settings"]["virtualProxies"]]
    # The token goes out once, to open the session.
    shown = [item for item in ready.requests() if "Authorization" in item["headers"]]
    assert len(shown) == {"jwt": 1, "ntlm": 2}.get(way, 0)
    assert not any("X-Qlik-User" in item["headers"] for item in ready.requests())


@one_way
def test_an_ordinary_user_is_not_told_that_there_is_nothing(ready: Simulator, way: str) -> None:
    for options in (PORTAL, CHANGED, GONE, {"prefix": "token", "state": "absent"}):
        said = refused(ready, {**way_in(ready, way, "ord"), **options})
        assert "rights" in said
    user = {"directory": "CORP", "id": "kim", "inactive": True}
    assert "rights" in refused(ready, {**way_in(ready, way, "ord"), **user}, "qlik_user")


@pytest.mark.parametrize("name", ["qlik_proxy_service", "qlik_user", "qlik_virtual_proxies"])
@one_way
def test_other_modules(ready: Simulator, name: str, way: str) -> None:
    choices: dict[str, Json] = {
        "qlik_proxy_service": {"proxies": ["rim1"], "max_header_lines": 200},
        "qlik_user": {"directory": "PORTAL", "id": "login_test", "name": "Test"},
        "qlik_virtual_proxies": {"virtual_proxies": [PORTAL]},
    }
    options = choices[name]
    assert done(ready, {**way_in(ready, way), **options}, name)["changed"] is True
    assert done(ready, {**way_in(ready, way), **options}, name)["changed"] is False


@two_ways
def test_of_a_site_at_once_through_the_proxy_that_restarts(ready: Simulator, way: str) -> None:
    """Each change ends the session and closes the port for a while; nothing is written twice."""
    second = {**PORTAL, "prefix": "second", "proxies": ["Central"]}
    through = {"prefix": "token" if way != "jwt" else "static", "description": "Changed"}
    ready.switch(restart_seconds=1)
    options = {"virtual_proxies": [through, {**PORTAL, "proxies": ["Central"]}, second]}
    result = run(ready, {**way_in(ready, way), **options}, "qlik_virtual_proxies")
    assert not result.get("failed"), result.get("msg")
    assert sorted(writes(ready)) == [("POST", 201), ("POST", 201), ("PUT", 200), ("PUT", 200)]
    assert result["proxies_restarted"]["Central"] == 2
    ready.switch(restart_seconds=0)
    assert (
        done(ready, {**way_in(ready, way), **options}, "qlik_virtual_proxies")["changed"] is False
    )


@pytest.mark.parametrize("status", [500, 401])
@two_ways
def test_a_session_that_ended_is_opened_again(ready: Simulator, way: str, status: int) -> None:
    """A question finds it out, so that no write is refused, cut off or sent twice."""
    done(ready, {**way_in(ready, way), **PORTAL, "proxies": ["Central"]})
    ready.switch(unknown_cookie=status)
    done(ready, {**way_in(ready, way), **CHANGED, "proxies": ["rim1"]})
    assert ready.entity("virtualproxyconfig", prefix="portal")["description"] == "Changed"
    assert writes(ready) == [("PUT", 200)] * 2


@pytest.mark.parametrize("wanted", ["writes", "all"])
@one_way
def test_a_server_that_wants_the_csrf_token(ready: Simulator, way: str, wanted: str) -> None:
    ready.switch(qrs_csrf=wanted)
    assert done(ready, {**way_in(ready, way), **PORTAL})["changed"] is True
    asked = [item["path"].rpartition("/")[2] for item in ready.requests()]
    assert asked.count("csrftoken") == 1
    assert writes(ready).count(("POST", 201)) == writes(ready).count(("PUT", 200)) == 1
    ready.switch(csrf="absent")
    assert "403" in refused(ready, {**way_in(ready, way), **CHANGED})


@two_ways
def test_the_way_in_is_not_cut_off(ready: Simulator, way: str) -> None:
    options = way_in(ready, way)
    prefix = options.get("api_prefix", "").strip("/")
    if not prefix:
        assert "default virtual proxy" in refused(ready, {**options, "prefix": "", **GONE_ITSELF})
        return
    unlinked = {"proxies": [], "proxies_mode": "replace"}
    for change in (GONE_ITSELF, unlinked):
        said = refused(ready, {**options, "prefix": prefix, **change})
        assert "api_prefix" in said
    result = done(ready, {**options, "prefix": prefix, "description": "Mind the gap"})
    assert "locks it out" in str(result["warnings"])
    other = run_module("qlik_virtual_proxy", {**connection(ready), "prefix": prefix, **unlinked})
    assert other["changed"] is True


@pytest.mark.parametrize(
    ("way", "changes", "words"),
    [
        ("jwt", {"api_token": "abc"}, ["api_token", "three parts"]),
        ("jwt", {"api_token": token(lifetime=-3600)}, ["api_token expired at"]),
        ("jwt", {"api_token": token(key=km.rsa_key(number=2))}, ["did not take api_token"]),
        ("jwt", {"api_prefix": "nowhere"}, ["'/nowhere/'", "api_prefix", "linked"]),
        ("jwt", {"host": "127.0.0.1", "tls_server_name": "localhost"}, ["host allow list"]),
        ("jwt", {"api_prefix": "dynamic"}, ["none for JWT", "api_prefix and auth"]),
        ("jwt", {"api_prefix": None}, ["none for JWT", "api_prefix and auth"]),
        ("jwt", {"api_prefix": "a b"}, ["api_prefix: 'a b' is no prefix"]),
        ("jwt", {"api_token": "a b"}, ["api_token", "alone"]),
        ("header", {"api_header_name": "X-Other"}, ["X-Other", "api_header_name"]),
        ("header", {"api_user_directory": ""}, ["api_user_directory", "dynamic"]),
        ("header", {"api_prefix": "token"}, ["X-Portal-User", "api_prefix"]),
        ("header", {"api_header_name": "X User"}, ["api_header_name is no name"]),
        ("header", {"api_user_id": "kim\r\nX: y"}, ["api_user_id"]),
        ("ntlm", {"api_password": "wrong"}, ["api_password", "401"]),
        ("ntlm", {"api_user_id": "nobody"}, ["api_user_id", "401"]),
        ("ntlm", {"api_prefix": "token"}, ["Windows", "api_prefix"]),
    ],
)
def test_what_the_proxy_does_not_take(
    ready: Simulator, way: str, changes: Json, words: list[str]
) -> None:
    options = way_in(ready, way, **changes)
    said = refused(ready, {**options, **PORTAL})
    for word in words:
        assert word in said
    for secret in (PASSWORD, options.get("api_token") or PASSWORD, "<html", "doctype"):
        assert secret not in said


@pytest.mark.parametrize("release", ["current", "classic"])
def test_a_token_that_expired_on_every_release(ready: Simulator, release: str) -> None:
    ready.reset(release=release)
    prepare(ready)
    options = way_in(ready, "jwt", api_token=token(lifetime=-3600))
    assert "api_token expired at" in refused(ready, {**options, **PORTAL})


@one_way
def test_somebody_who_may_not_log_in(ready: Simulator, way: str) -> None:
    ready.patch("user", ready.entity("user", userId="ord")["id"], {"inactive": True})
    assert "activate the user" in refused(ready, {**way_in(ready, way, "ord"), **PORTAL})


@one_way
def test_a_page_in_place_of_the_repository(ready: Simulator, way: str) -> None:
    ready.fault(port="https", path="/qrs/", action="html")
    said = refused(ready, {**way_in(ready, way), **PORTAL})
    assert "web page" in said
    assert "api_prefix" in said


def test_a_windows_login_that_is_no_ntlm(ready: Simulator) -> None:
    answer = {"action": "status", "status": 401, "headers": {"WWW-Authenticate": "NTLM"}}
    ready.fault(port="https", path="internal_windows", nth=2, **answer)
    assert "NTLM" in refused(ready, {**way_in(ready, "ntlm"), **PORTAL})
    ready.clear_faults()
    answer["headers"] = {}
    ready.fault(port="https", path="internal_windows", nth=2, **answer)
    assert "NTLM" in refused(ready, {**way_in(ready, "ntlm"), **PORTAL})


def test_a_windows_login_whose_pattern_leads_to_a_form(ready: Simulator) -> None:
    default = ready.entity("virtualproxyconfig", defaultVirtualProxy=True)
    pattern = {"windowsAuthenticationEnabledDevicePattern": "Nobody"}
    ready.patch("virtualproxyconfig", default["id"], pattern)
    assert "pattern" in refused(ready, {**way_in(ready, "ntlm"), **PORTAL})


def test_nobody_deactivates_the_user_of_the_token(ready: Simulator) -> None:
    options = {**way_in(ready, "jwt"), "directory": "CORP", "id": "KIM", "inactive": True}
    assert "api_token" in refused(ready, options, "qlik_user")
    done(ready, {**options, "id": "ord"}, "qlik_user")
    done(ready, {**options, "directory": "PORTAL"}, "qlik_user")
    whole = {**way_in(ready, "header"), "api_user_directory": "", "api_user_id": "CORP\\kim"}
    wanted = {"directory": "CORP", "id": "kim", "inactive": True}
    assert "api_user_id" in refused(ready, {**whole, **wanted}, "qlik_user")
    static = {**way_in(ready, "static header"), "directory": "CORP", "id": "kim", "inactive": True}
    assert "api_user_id" in refused(ready, static, "qlik_user")


def test_the_probe_reads_the_repository_so(ready: Simulator) -> None:
    probe = {
        "url": ready.node()["url"],
        "url_ca_path": ready.proxy_ca,
        "prefix": "token",
        "token": token("ord"),
        "checks": ["session", "identity"],
    }
    result = run(ready, {**way_in(ready, "jwt"), **probe}, "qlik_jwt_probe")
    assert result["verdict"] == "access_granted", result
    assert "repository" in result["user"]["sources"]
    result = run(ready, {**way_in(ready, "jwt"), **probe, "end_session": "own"}, "qlik_jwt_probe")
    assert "certificate" in result["msg"]
