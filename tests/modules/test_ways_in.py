# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other ways in to the repository: read, create, change, link; and what the proxy refuses."""

from __future__ import annotations

import typing as t

import pytest

from support import key_material as km
from support.case import Case, Json
from support.module_runner import Result
from support.simulator import Simulator
from support.ways_in import LOGIN_COST, PASSWORD, WAYS, prepare, token, way_in

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


class Through(Case):
    """A module that reaches the repository through a proxy. Only its last run is in the log."""

    def run(self, *, check: bool = False, **options: t.Any) -> Result:
        self.site.clear_requests()
        return super().run(check=check, **options)

    def done(self, **options: t.Any) -> Result:
        """The result of a run that must succeed. It counts all its requests."""
        result = super().done(**options)
        assert result["requests"] == len(self.site.requests())
        return result


def through(
    site: Simulator, way: str, *, module: str = "qlik_virtual_proxy", **changes: t.Any
) -> Through:
    """That module through a proxy, with an authentication method."""
    return Through(module, site, way_in(site, way, **changes))


def answers(site: Simulator) -> list[tuple[str, int]]:
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
        result = through(ready, way).done(**options)
        assert result["changed"] is changed
        assert result["requests"] == requests + extra
        assert sessions(ready) == [*before, ("kim", prefix)]
        assert all(item["headers"].get("Cookie") for item in ready.requests()[1 + extra :])
    assert ready.entities("virtualproxyconfig", prefix="portal") == []


@two_ways
def test_the_repository_acts_as_that_user(ready: Simulator, way: str) -> None:
    through(ready, way).done(**PORTAL)
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
        said = through(ready, way, user="ord").rejected_once(**options)
        assert "rights" in said
    user = {"directory": "CORP", "id": "kim", "inactive": True}
    assert "rights" in through(ready, way, user="ord", module="qlik_user").rejected_once(**user)


@pytest.mark.parametrize("name", ["qlik_proxy_service", "qlik_user", "qlik_virtual_proxies"])
@one_way
def test_other_modules(ready: Simulator, name: str, way: str) -> None:
    choices: dict[str, Json] = {
        "qlik_proxy_service": {"proxies": ["rim1"], "max_header_lines": 200},
        "qlik_user": {"directory": "PORTAL", "id": "login_test", "name": "Test"},
        "qlik_virtual_proxies": {"virtual_proxies": [PORTAL]},
    }
    options = choices[name]
    assert through(ready, way, module=name).done(**options)["changed"] is True
    assert through(ready, way, module=name).done(**options)["changed"] is False


@two_ways
def test_of_a_site_at_once_through_the_proxy_that_restarts(ready: Simulator, way: str) -> None:
    """Each change ends the session and closes the port for a while; nothing is written twice."""
    second = {**PORTAL, "prefix": "second", "proxies": ["Central"]}
    own = {"prefix": "token" if way != "jwt" else "static", "description": "Changed"}
    ready.switch(restart_seconds=1)
    options: Json = {"virtual_proxies": [own, {**PORTAL, "proxies": ["Central"]}, second]}
    case = through(ready, way, module="qlik_virtual_proxies")
    result = case.run(**options)
    assert not result.get("failed"), result.get("msg")
    assert sorted(answers(ready)) == [("POST", 201), ("POST", 201), ("PUT", 200), ("PUT", 200)]
    assert result["proxies_restarted"]["Central"] == 2
    ready.switch(restart_seconds=0)
    assert case.done(**options)["changed"] is False


@pytest.mark.parametrize("status", [500, 401])
@two_ways
def test_a_session_that_ended_is_opened_again(ready: Simulator, way: str, status: int) -> None:
    """A question finds it out, so that no write is refused, cut off or sent twice."""
    through(ready, way).done(**{**PORTAL, "proxies": ["Central"]})
    ready.switch(unknown_cookie=status)
    through(ready, way).done(**{**CHANGED, "proxies": ["rim1"]})
    assert ready.entity("virtualproxyconfig", prefix="portal")["description"] == "Changed"
    assert answers(ready) == [("PUT", 200)] * 2


@pytest.mark.parametrize("wanted", ["writes", "all"])
@one_way
def test_a_server_that_wants_the_csrf_token(ready: Simulator, way: str, wanted: str) -> None:
    ready.switch(qrs_csrf=wanted)
    assert through(ready, way).done(**PORTAL)["changed"] is True
    asked = [item["path"].rpartition("/")[2] for item in ready.requests()]
    assert asked.count("csrftoken") == 1
    assert answers(ready).count(("POST", 201)) == answers(ready).count(("PUT", 200)) == 1
    ready.switch(csrf="absent")
    assert "403" in through(ready, way).rejected_once(**CHANGED)


@two_ways
def test_the_way_in_is_not_cut_off(ready: Simulator, way: str) -> None:
    case = through(ready, way)
    prefix = way_in(ready, way).get("api_prefix", "").strip("/")
    if not prefix:
        assert "default virtual proxy" in case.rejected_once(prefix="", **GONE_ITSELF)
        return
    unlinked = {"proxies": [], "proxies_mode": "replace"}
    for change in (GONE_ITSELF, unlinked):
        said = case.rejected_once(prefix=prefix, **change)
        assert "api_prefix" in said
    result = case.done(prefix=prefix, description="Mind the gap")
    assert "locks it out" in str(result["warnings"])
    other = Case("qlik_virtual_proxy", ready)
    assert other.done(prefix=prefix, **unlinked)["changed"] is True


@pytest.mark.parametrize(
    ("way", "changes", "words"),
    [
        ("jwt", {"api_token": "abc"}, ["api_token", "three parts"]),
        ("jwt", {"api_token": token(lifetime=-3600)}, ["api_token expired at"]),
        ("jwt", {"api_token": token(key=km.rsa_key(number=2))}, ["rejected api_token"]),
        ("jwt", {"api_prefix": "nowhere"}, ["'/nowhere/'", "api_prefix", "linked"]),
        ("jwt", {"host": "127.0.0.1", "tls_server_name": "localhost"}, ["host allow list"]),
        ("jwt", {"api_prefix": "dynamic"}, ["does not use JWT", "api_prefix and auth"]),
        ("jwt", {"api_prefix": None}, ["does not use JWT", "api_prefix and auth"]),
        ("jwt", {"api_prefix": "a b"}, ["api_prefix: 'a b' is not a valid prefix"]),
        ("jwt", {"api_token": "a b"}, ["api_token", "alone"]),
        ("header", {"api_header_name": "X-Other"}, ["X-Other", "api_header_name"]),
        ("header", {"api_user_directory": ""}, ["api_user_directory", "dynamic"]),
        ("header", {"api_prefix": "token"}, ["X-Portal-User", "api_prefix"]),
        (
            "header",
            {"api_header_name": "X User"},
            ["api_header_name is not a valid HTTP header name"],
        ),
        ("header", {"api_user_id": "kim\r\nX: y"}, ["api_user_id"]),
        ("ntlm", {"api_password": "wrong"}, ["api_password", "401"]),
        ("ntlm", {"api_user_id": "nobody"}, ["api_user_id", "401"]),
        ("ntlm", {"api_prefix": "token"}, ["Windows", "api_prefix"]),
    ],
)
def test_what_the_proxy_does_not_take(
    ready: Simulator, way: str, changes: Json, words: list[str]
) -> None:
    said = through(ready, way, **changes).rejected_once(**PORTAL)
    for word in words:
        assert word in said
    for secret in (PASSWORD, changes.get("api_token") or PASSWORD, "<html", "doctype"):
        assert secret not in said


@pytest.mark.parametrize("release", ["current", "classic"])
def test_a_token_that_expired_on_every_release(ready: Simulator, release: str) -> None:
    ready.reset(release=release)
    prepare(ready)
    case = through(ready, "jwt", api_token=token(lifetime=-3600))
    assert "api_token expired at" in case.rejected_once(**PORTAL)


@one_way
def test_somebody_who_may_not_log_in(ready: Simulator, way: str) -> None:
    ready.patch("user", ready.entity("user", userId="ord")["id"], {"inactive": True})
    assert "activate the user" in through(ready, way, user="ord").rejected_once(**PORTAL)


@one_way
def test_a_page_in_place_of_the_repository(ready: Simulator, way: str) -> None:
    ready.fault(port="https", path="/qrs/", action="html")
    said = through(ready, way).rejected_once(**PORTAL)
    assert "web page" in said
    assert "api_prefix" in said


def test_a_windows_login_that_is_no_ntlm(ready: Simulator) -> None:
    answer = {"action": "status", "status": 401, "headers": {"WWW-Authenticate": "NTLM"}}
    ready.fault(port="https", path="internal_windows", nth=2, **answer)
    assert "NTLM" in through(ready, "ntlm").rejected_once(**PORTAL)
    ready.clear_faults()
    answer["headers"] = {}
    ready.fault(port="https", path="internal_windows", nth=2, **answer)
    assert "NTLM" in through(ready, "ntlm").rejected_once(**PORTAL)


def test_a_windows_login_whose_pattern_leads_to_a_form(ready: Simulator) -> None:
    default = ready.entity("virtualproxyconfig", defaultVirtualProxy=True)
    pattern = {"windowsAuthenticationEnabledDevicePattern": "Nobody"}
    ready.patch("virtualproxyconfig", default["id"], pattern)
    assert "pattern" in through(ready, "ntlm").rejected_once(**PORTAL)


def test_nobody_deactivates_the_user_of_the_token(ready: Simulator) -> None:
    case = through(ready, "jwt", module="qlik_user")
    assert "api_token" in case.rejected_once(directory="CORP", id="KIM", inactive=True)
    case.done(directory="CORP", id="ord", inactive=True)
    case.done(directory="PORTAL", id="KIM", inactive=True)
    wanted = {"directory": "CORP", "id": "kim", "inactive": True}
    whole = {"api_user_directory": "", "api_user_id": "CORP\\kim"}
    for case in (
        through(ready, "header", module="qlik_user", **whole),
        through(ready, "static header", module="qlik_user"),
    ):
        assert "api_user_id" in case.rejected_once(**wanted)


def test_the_probe_reads_the_repository_so(ready: Simulator) -> None:
    probe = {
        "url": ready.node()["url"],
        "url_ca_path": ready.proxy_ca,
        "prefix": "token",
        "token": token("ord"),
        "checks": ["session", "identity"],
    }
    case = through(ready, "jwt", module="qlik_jwt_probe")
    result = case.run(**probe)
    assert result["verdict"] == "access_granted", result
    assert "repository" in result["user"]["sources"]
    result = case.run(**probe, end_session="own")
    assert "certificate" in result["msg"]
