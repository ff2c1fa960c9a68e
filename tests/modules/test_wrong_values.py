# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of the repository that no release has: one sentence, and nothing is written."""

from __future__ import annotations

import typing as t

import pytest

from modules.restore_case import JWT, RULES, links, stored
from support.case import Case, Json
from support.changed_answers import GONE, SURROGATE, WRONG, Path, answers_changed, nested, replaced
from support.probe_bench import PREFIX, Bench
from support.quick_clock import quick_clock
from support.simulator import Simulator

VIRTUAL_PROXIES, SERVICES = "GET /qrs/virtualproxyconfig/full", "GET /qrs/proxyservice/full"
USERS, NODES = "GET /qrs/user/full", "GET /qrs/servernodeconfiguration/full"
WHO: Json = {"directory": "PORTAL", "id": "login_test"}
CHANGE: Json = {"prefix": "portal", "description": "x", "proxies": ["rim2"]}


def at(place: Path, value: t.Any, prefix: str = "portal") -> t.Callable[[t.Any], t.Any]:
    """What changes one place of that virtual proxy, or of the first entity of another kind."""

    def change(answer: t.Any) -> t.Any:
        if not isinstance(answer, list):
            return replaced(answer, place, value)
        found = [n for n, item in enumerate(answer) if item.get("prefix", prefix) == prefix]
        return replaced(answer, (found[0], *place), value) if found else answer

    return change


def sentence(result: Json) -> str:
    assert result.get("failed"), result
    said = str(result["msg"])
    assert len(said) < 700
    for word in ("expected: ", "QMC, ", "host and port"):
        assert word in said
    return said


VIRTUAL_PROXY_FAULTS: list[tuple[Path, t.Any, str]] = [
    (("id",), 7, "a number as id; expected: an id"),
    (("id",), "../tag", "text that is not an id as id; expected: an id"),
    (("prefix",), None, "null as prefix; expected: text"),
    (("prefix",), GONE, "nothing as prefix; expected: a value"),
    (("modifiedDate",), GONE, "nothing as modifiedDate"),
    (("description",), 7, "a number as description; expected: text"),
    (("sessionCookieHeaderName",), [], "a list as sessionCookieHeaderName; expected: text"),
    (("sessionInactivityTimeout",), "30", "text as sessionInactivityTimeout"),
    (("sessionInactivityTimeout",), 0.5, "a number that is not whole as session"),
    (("authenticationMethod",), True, "true or false as authenticationMethod"),
    (("useStickyLoadBalancing",), "no", "text as useStickyLoadBalancing"),
    (("defaultVirtualProxy",), {}, "an object as defaultVirtualProxy"),
    (("tags",), "mine", "text as tags; expected: a list"),
    (("tags", 0), "mine", "text as tags[0]; expected: an object"),
    (("tags", 0, "name"), None, "null as tags[0].name; expected: text"),
    (("tags", 0, "id"), GONE, "nothing as tags[0].id"),
    (("customProperties", 0, "definition"), None, "null as customProperties[0].definition"),
    (("customProperties", 0, "definition", "name"), 7, "customProperties[0].definition.name"),
    (("customProperties", 0, "value"), [], "a list as customProperties[0].value"),
    (("loadBalancingServerNodes", 0, "id"), None, "loadBalancingServerNodes[0].id"),
    (("websocketCrossOriginWhiteList",), [None], "null as websocketCrossOriginWhiteList[0]"),
    (("jwtAttributeMap", 0), 7, "a number as jwtAttributeMap[0]; expected: an object"),
    (("jwtAttributeMap", 0, "isMandatory"), "yes", "jwtAttributeMap[0].isMandatory"),
    (("unknownToUs",), nested(80), "deeply nested data as unknownToUs"),
]


@pytest.mark.parametrize(("place", "value", "said"), VIRTUAL_PROXY_FAULTS)
def test_a_managed_virtual_proxy(one: Case, place: Path, value: t.Any, said: str) -> None:
    many = Case("qlik_virtual_proxies", one.site)
    info = Case("qlik_virtual_proxy_info", one.site)
    with answers_changed(VIRTUAL_PROXIES, at(place, value)):
        assert said in one.rejected(**CHANGE)
        assert said in many.rejected(virtual_proxies=[CHANGE, {**JWT, "prefix": "new"}])
        assert said in one.rejected(prefix="portal", state="absent") or place == ("prefix",)
        assert said in sentence(info.run(prefix="portal"))
        assert said in sentence(info.run())


@pytest.mark.parametrize(
    ("place", "value"),
    [fault[:2] for fault in VIRTUAL_PROXY_FAULTS if fault[0][0] not in ("id", "prefix")],
)
def test_another_virtual_proxy_does_not_stop_a_task(one: Case, place: Path, value: t.Any) -> None:
    one.done(**{**JWT, "prefix": "other"})
    many = Case("qlik_virtual_proxies", one.site)
    before = stored(one.site)
    wanted = {"prefix": "other", "description": f"{place}", "tags": ["mine", "new"]}
    with answers_changed(VIRTUAL_PROXIES, at(place, value)):
        gone = {"prefix": "nobody", "state": "absent"}
        assert many.done(virtual_proxies=[wanted, gone])["changed"] is True
    assert stored(one.site, "other")["description"] == str(place)
    assert stored(one.site) == before


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("tags",), 7, "a number as tags; expected: a list"),
        (("authenticationMethod",), "JWT", "text as authenticationMethod"),
        (("description",), 7, ""),
    ],
)
def test_prune_does_not_guess(one: Case, place: Path, value: t.Any, said: str) -> None:
    many = Case("qlik_virtual_proxies", one.site)
    options = {"virtual_proxies": [{**JWT, "prefix": "new"}], "prune": True, "prune_tag": "other"}
    with answers_changed(VIRTUAL_PROXIES, at(place, value)):
        if said:
            assert said in many.rejected(**options)
        else:
            assert many.done(**options)["pruned"] == []


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("settings",), 7, "a number as settings; expected: an object"),
        (("settings", "virtualProxies"), {}, "an object as settings.virtualProxies"),
        (("settings", "virtualProxies", 0), "x", "text as settings.virtualProxies[0]"),
        (("settings", "virtualProxies", 0, "id"), None, "settings.virtualProxies[0].id"),
        (("serverNodeConfiguration",), None, "null as serverNodeConfiguration"),
        (("serverNodeConfiguration", "id"), GONE, "nothing as serverNodeConfiguration.id"),
        (("serverNodeConfiguration", "hostName"), 7, "serverNodeConfiguration.hostName"),
        (("modifiedByUserName",), [], "a list as modifiedByUserName"),
        (("unknownToUs",), nested(80), "deeply nested data as unknownToUs"),
    ],
)
def test_a_proxy_service(one: Case, place: Path, value: t.Any, said: str) -> None:
    service = Case("qlik_proxy_service", one.site)
    with answers_changed(SERVICES, at(place, value)):
        assert said in one.rejected(**CHANGE)
        assert said in service.rejected(proxies=["all"], max_header_lines=77)
        assert said in sentence(Case("qlik_virtual_proxy_info", one.site).run())


@pytest.mark.parametrize("value", ["443", True, [], 0.5])
@pytest.mark.parametrize("port", ["listenPort", "restListenPort"])
def test_ports(one: Case, port: str, value: t.Any) -> None:
    service = Case("qlik_proxy_service", one.site)
    with answers_changed(SERVICES, at(("settings", port), value)):
        for options in ({"max_header_lines": 77}, {"https_port": 4444}):
            assert f"as settings.{port}" in service.rejected(proxies=["all"], **options)
        # A task about a virtual proxy needs no port; unknown is how many sessions it ends.
        predicted = one.run(check=True, **CHANGE)
        assert not predicted.get("failed")
        assert one.done(**CHANGE)["changed"] is True
    if port == "restListenPort":
        assert predicted["sessions_ending"]["Central"] is None


def user(site: Simulator) -> Case:
    site.seed(user=[{"userDirectory": "PORTAL", "userId": "login_test", "roles": ["A"]}])
    return Case("qlik_user", site)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("id",), None, "null as id"),
        (("userId",), 7, "a number as userId; expected: text"),
        (("roles",), {}, "an object as roles; expected: a list"),
        (("roles",), [None], "null as roles[0]"),
        (("inactive",), "no", "text as inactive"),
        (("deleteProhibited",), [], "a list as deleteProhibited"),
        (("name",), 7, "a number as name"),
        (("userDirectoryConnectorName",), 7, "userDirectoryConnectorName"),
    ],
)
def test_a_user(site: Simulator, place: Path, value: t.Any, said: str) -> None:
    case = user(site)
    with answers_changed(USERS, at(place, value)):
        assert said in case.rejected(**WHO, name="After")
        assert said in case.rejected(**WHO, state="absent")


@pytest.mark.parametrize("value", [None, "3", {"value": True}, {"value": -1}, {"value": 0.5}, []])
def test_a_count(site: Simulator, value: t.Any) -> None:
    with answers_changed("GET /qrs/[a-z]+/count", lambda _: value):
        assert "other than a number" in Case("qlik_user", site).rejected(**WHO)
        assert "other than a number" in Case("qlik_virtual_proxy_info", site).run()["msg"]


@pytest.mark.parametrize(
    ("kind", "place", "value", "said"),
    [
        ("servernodeconfiguration", ("id",), 7, "a number as id"),
        ("servernodeconfiguration", ("name",), [], "a list as name"),
        ("servernodeconfiguration", ("isCentral",), "yes", "text as isCentral"),
        ("tag", ("id",), None, "null as id"),
        ("tag", ("name",), 7, "a number as name"),
        ("custompropertydefinition", ("objectTypes",), "all", "text as objectTypes"),
        ("custompropertydefinition", ("choiceValues",), [7], "a number as choiceValues[0]"),
        ("custompropertydefinition", ("id",), {}, "an object as id"),
    ],
)
def test_what_is_referred_to(one: Case, kind: str, place: Path, value: t.Any, said: str) -> None:
    one.site.seed(tag=[{"name": "spare"}])
    wanted = {"custom_properties": {"env": "dev"}, "tags": ["spare"], "proxies": ["all"]}
    with answers_changed(f"GET /qrs/{kind}/full", at(place, value)):
        result = one.run(**CHANGE | wanted)
    assert said in sentence(result)
    assert one.writes() == [] or one.entities()


@pytest.mark.parametrize("value", [7, [], None, nested(80), "text"])
def test_about(site: Simulator, value: t.Any) -> None:
    case = Case("qlik_virtual_proxy_info", site)
    with answers_changed("GET /qrs/about", lambda _: value):
        assert "GET /qrs/about answered with something other than an object" in case.run()["msg"]


@pytest.mark.parametrize("name", [n for n in WRONG if n not in ("surrogate", "lines", "missing")])
def test_an_answer_to_a_write_is_read_again(one: Case, name: str) -> None:
    """Whatever the answer was, the repository knows what it stored."""
    change = at(("description",), WRONG[name])
    with quick_clock(), answers_changed("PUT /qrs/virtualproxyconfig/", change, times=1):
        result = one.run(**CHANGE)
    assert result["before"]["entity"]["description"] == ""
    assert stored(one.site)["description"] == "x"
    if not result.get("failed"):
        assert result["virtual_proxy"]["description"] == "x"
        assert links(one.site) == ["Central", "rim1", "rim2"]


@pytest.mark.parametrize("place", [("tags",), ("id",), ("jwtAttributeMap",)])
def test_before_survives_wrong_answers_to_the_end(one: Case, place: Path) -> None:
    """The answer to the write is wrong, and so is what is read then."""
    wrong = at(place, 7)
    with (
        quick_clock(),
        answers_changed("PUT /qrs/virtualproxyconfig/", wrong),
    ):
        asked: list[t.Any] = []

        def later(answer: t.Any) -> t.Any:
            asked.append(answer)
            return wrong(answer) if len(asked) > 1 else answer

        with answers_changed(VIRTUAL_PROXIES, later):
            result = one.run(**CHANGE)
    assert result["failed"]
    assert result["before"]["entity"]["description"] == ""
    assert "is not known" in result["msg"]
    assert "Reading it failed as well" in result["msg"]
    one.done(restore=result["before"])
    assert stored(one.site)["description"] == ""


def test_a_user_and_a_proxy_service_return_before_as_well(site: Simulator) -> None:
    case = user(site)
    with quick_clock(), answers_changed("PUT /qrs/user/", at(("roles",), 7)):
        result = case.run(**WHO, name="After")
    assert not result.get("failed")
    site.fault(port="qrs", method="PUT", nth=2, action="status", status=403)
    service = Case("qlik_proxy_service", site)
    result = service.run(proxies=["Central", "rim1"], max_header_lines=77)
    assert result["failed"]
    assert [item["max_header_lines"] for item in result["before"]] == [100, 100]
    site.clear_faults()
    site.fault(port="qrs", method="PUT", action="status", status=403)
    result = case.run(**WHO, name="Later")
    assert result["before"]["entity"]["name"] == "After"


@pytest.mark.parametrize("place", ["description", "unknownToUs"])
def test_half_of_a_surrogate_pair_is_written_back_as_it_was(one: Case, place: str) -> None:
    key = stored(one.site)["id"]
    one.site.patch("virtualproxyconfig", key, {place: SURROGATE, "jwtAttributeMap": RULES})
    shown = "half \ufffd of a pair"
    result = one.done(prefix="portal", session_inactivity_timeout=9)
    assert stored(one.site)[place] == SURROGATE
    assert result["before"]["entity"][place] == shown
    (found,) = Case("qlik_virtual_proxy_info", one.site).done(prefix="portal")["virtual_proxies"]
    given_back = {k: v for k, v in found.items() if k != "id"}
    assert one.done(**given_back)["changed"] is False
    one.done(restore=result["before"])
    assert stored(one.site)["sessionInactivityTimeout"] == 30
    assert stored(one.site)[place] == SURROGATE


def test_half_of_a_surrogate_pair_elsewhere(site: Simulator) -> None:
    site.seed(virtualproxyconfig=[{"prefix": f"odd{SURROGATE}", "description": SURROGATE}])
    node = site.node("rim1")["id"]
    site.patch("servernodeconfiguration", node, {"name": SURROGATE, "hostName": SURROGATE})
    tasks: dict[str, Json] = {
        "qlik_virtual_proxy_info": {"judge": True},
        "qlik_proxy_service": {"proxies": ["all"], "max_header_lines": 77},
        "qlik_virtual_proxy": {**JWT, "proxies": ["all"]},
        "qlik_virtual_proxies": {"virtual_proxies": [{**JWT, "proxies": ["rim2"]}]},
    }
    for name, options in tasks.items():
        for check in (True, False):
            result = Case(name, site).run(check=check, **options)
            assert not result.get("failed"), result["msg"]


@pytest.mark.parametrize("option", ["tags", "host_allow_list", "custom_properties", "restore"])
def test_half_of_a_surrogate_pair_as_an_option(site: Simulator, option: str) -> None:
    """Texts that are not in a list or mapping do not get past Ansible itself."""
    case = Case("qlik_virtual_proxy", site)
    value: t.Any = {"env": SURROGATE} if option in ("custom_properties", "restore") else [SURROGATE]
    options = {option: value} if option == "restore" else {**JWT, option: value}
    assert case.rejected(**options).startswith(f"{option} holds text that is not valid Unicode")


@pytest.fixture
def bench(simulator: Simulator) -> Bench:
    found = Bench(simulator)
    found.prepare()
    return found


def test_the_probe_goes_on_without_the_repository(bench: Bench) -> None:
    for request, place, value in (
        ("GET /qrs/virtualproxyconfig/full", ("jwtAttributeMap",), 7),
        ("GET /qrs/virtualproxyconfig/full", ("authenticationMethod",), "JWT"),
        ("GET /qrs/virtualproxyconfig/full", ("websocketCrossOriginWhiteList",), [None]),
        ("GET /qrs/proxyservice/full", ("settings", "maxHeaderSizeBytes"), 0.5),
        ("GET /qrs/proxyservice/full", ("serverNodeConfiguration", "hostName"), []),
        ("GET /qrs/user/full", ("inactive",), "no"),
    ):
        bench.prepare()
        with answers_changed(request, at(place, value, prefix=PREFIX)) as given:
            result = bench.run()
        assert given, request
        assert result["verdict"] == "access_granted"
        (finding,) = [f for f in result["findings"] if f["level"] == "warning"]
        assert finding["code"] == "repository_unreachable"
        assert "expected: " in str(finding)
