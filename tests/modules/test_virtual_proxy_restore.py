# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was there is put back: by whom it may be, from what it may not, and through every fault."""

from __future__ import annotations

import json
import typing as t

import pytest

from modules.site_case import FAULTS, Case, Json, fault, without
from support import tls_server as ca
from support.module_runner import connection, run_module
from support.simulator import Simulator

CERTIFICATE = ca.certificate("tokens")
OWN = ("id", "createdDate", "modifiedDate", "modifiedByUserName")
JWT: Json = {
    "prefix": "portal",
    "jwt_certificate": CERTIFICATE,
    "jwt_attribute_user_id": "userId",
    "jwt_attribute_user_directory": "userDirectory",
    "proxies": ["Central", "rim1"],
    "tags": ["mine"],
}
GONE: Json = {"prefix": "portal", "state": "absent"}
RULES: list[Json] = [{"jwtAttribute": "g", "senseAttribute": "group", "isMandatory": True}]


@pytest.fixture
def one(site: Simulator) -> Case:
    """The module for one virtual proxy, with one that is there."""
    site.seed(custompropertydefinition=[{"name": "env", "objectTypes": ["VirtualProxyConfig"]}])
    case = Case("qlik_virtual_proxy", site)
    case.done(**JWT, custom_properties={"env": "prod"})
    site.patch(
        "virtualproxyconfig",
        stored(site)["id"],
        {"oidcClientSecret": "hush-hush", "oidcClientId": "client", "samlAttributeMap": [],
         "jwtAttributeMap": RULES, "unknownToUs": {"a": [1]}},
    )  # fmt: skip
    return case


@pytest.fixture
def many(one: Case) -> Case:
    """The module for many of them."""
    return Case("qlik_virtual_proxies", one.site)


def stored(site: Simulator, prefix: str = "portal") -> Json:
    return site.entity("virtualproxyconfig", prefix=prefix)


def content(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {key: content(item) for key, item in without(value, *OWN).items()}
    return [content(item) for item in value] if isinstance(value, list) else value


def links(site: Simulator, prefix: str = "portal") -> list[str]:
    own = stored(site, prefix)["id"]
    served = {
        item["id"]: [entry["id"] for entry in item["settings"]["virtualProxies"]]
        for item in site.entities("proxyservice")
    }
    return [node["name"] for node in site.nodes if own in served[node["proxy_id"]]]


def methods(site: Simulator) -> list[str]:
    return [item["method"] for item in site.requests(port="qrs") if item["method"] != "GET"]


def refused(case: Case, restore: t.Any, **options: t.Any) -> str:
    return case.refused(restore=restore, **options)


def test_a_change_is_undone_in_one_write_for_each(one: Case) -> None:
    was = stored(one.site)
    changed = one.done(
        prefix="portal", description="x", tags=[], custom_properties={}, host_allow_list=["b"],
        load_balancing_nodes=["rim2"], proxies=["rim2"], proxies_mode="replace",
        jwt_attribute_map=[],
    )  # fmt: skip
    one.site.clear_requests()
    result = one.done(restore=changed["before"])
    assert content(stored(one.site)) == content(was)
    assert stored(one.site)["id"] == was["id"]
    assert links(one.site) == ["Central", "rim1"]
    assert methods(one.site) == ["PUT"] * 4  # it, and three proxy services
    assert result["virtual_proxy"]["custom_properties"] == {"env": ["prod"]}
    assert result["diff"]["before"]["description"] == "x"
    # The undoing can be undone, too.
    one.done(restore=result["before"])
    assert (stored(one.site)["description"], links(one.site)) == ("x", ["rim2"])


def test_what_was_deleted_is_made_anew(one: Case) -> None:
    was = stored(one.site)
    before = one.done(**GONE)["before"]
    result = one.done(restore=json.dumps(before))
    now = stored(one.site)
    lost = ("oidcClientSecret", "unknownToUs")
    assert content(without(now, *lost)) == content(without(was, *lost))
    assert now["id"] != was["id"]
    assert now["oidcClientSecret"] == ""
    assert links(one.site) == ["Central", "rim1"]
    assert "made anew without its oidcClientSecret" in str(result["warnings"])
    assert "had unknownToUs, which this server does not store" in str(result["warnings"])
    assert one.done(restore=before)["changed"] is False


def test_what_was_created_is_removed(one: Case) -> None:
    created = one.done(**{**JWT, "prefix": "new"})
    assert created["before"]["entity"] is None
    assert one.done(restore=created["before"])["changed"] is True
    assert one.site.entities("virtualproxyconfig", prefix="new") == []
    one.site.clear_requests()
    assert one.done(restore=created["before"])["changed"] is False
    assert methods(one.site) == []


def test_before_holds_no_secret_and_the_servers_stay(one: Case) -> None:
    key = ca.key_pem("pasted")
    definition = {"name": "a secret", "objectTypes": ["VirtualProxyConfig"]}
    one.site.seed(custompropertydefinition=[definition])
    one.done(prefix="portal", custom_properties={"env": "prod", "a secret": "pssst"})
    one.site.patch(
        "virtualproxyconfig", stored(one.site)["id"], {"jwtPublicKeyCertificate": CERTIFICATE + key}
    )
    was = stored(one.site)
    before = one.done(prefix="portal", description="x")["before"]
    assert "PRIVATE KEY-----" not in str(before)
    assert not any(secret in str(before) for secret in ("hush-hush", "pssst"))
    named = ["customProperties", "jwtPublicKeyCertificate", "oidcClientSecret"]
    assert sorted(before["left_out"]) == named
    one.site.patch("virtualproxyconfig", was["id"], {"oidcClientSecret": "newer"})
    one.done(restore=before)
    assert content(stored(one.site)) == content({**was, "oidcClientSecret": "newer"})
    one.site.clear_requests()
    assert one.done(restore=before)["changed"] is False


def test_what_somebody_else_changed_since_is_put_back(one: Case) -> None:
    was = stored(one.site)
    before = one.done(prefix="portal", description="x")["before"]
    one.site.patch(
        "virtualproxyconfig",
        was["id"],
        {"description": "theirs", "samlEntityId": "theirs", "unknownToUs": 2,
         "samlAttributeMap": [{"samlAttribute": "a", "senseAttribute": "b", "isMandatory": True}]},
    )  # fmt: skip
    one.done(restore=before)
    assert content(stored(one.site)) == content(was)


def test_settings_that_a_newer_server_has_are_left_alone(one: Case) -> None:
    before = one.done(prefix="portal", description="x")["before"]
    del before["entity"]["samlEntityId"]
    one.site.patch("virtualproxyconfig", stored(one.site)["id"], {"samlEntityId": "new"})
    one.done(restore=before)
    assert (stored(one.site)["description"], stored(one.site)["samlEntityId"]) == ("", "new")


def test_tags_are_made_anew_by_name(one: Case) -> None:
    before = one.done(**GONE)["before"]
    (tag,) = one.site.entities("tag", name="mine")
    one.site.delete("tag", tag["id"])
    one.done(restore=before)
    (anew,) = one.site.entities("tag", name="mine")
    assert anew["id"] != tag["id"]
    assert [item["id"] for item in stored(one.site)["tags"]] == [anew["id"]]


def test_the_default_virtual_proxy_stays_linked(site: Simulator) -> None:
    case = Case("qlik_virtual_proxy", site)
    (rim,) = (n for n in site.nodes if n["name"] == "rim1")
    service = site.entity("proxyservice", id=rim["proxy_id"])
    site.patch("proxyservice", rim["proxy_id"], {
        "settings": {**service["settings"], "virtualProxies": []}
    })  # fmt: skip
    before = case.done(prefix="", session_inactivity_timeout=77)["before"]
    case.done(prefix="", proxies=["all"])
    case.done(restore=before)
    assert stored(site, "")["sessionInactivityTimeout"] != 77
    assert links(site, "") == ["Central", "rim1", "rim2"]


def test_a_dead_one_comes_back_dead_without_a_warning(one: Case) -> None:
    one.site.seed(virtualproxyconfig=[{"prefix": "dead"}])
    before = one.done(prefix="dead", proxies=["rim2"])["before"]
    result = one.done(restore=before)
    assert links(one.site, "dead") == []
    assert "'dead'" not in str(result.get("warnings"))


def test_restart_can_be_forbidden(one: Case) -> None:
    before = one.done(prefix="portal", description="x")["before"]
    sentence = refused(one, before, allow_restart=False)
    assert "'portal' (description) restarts the proxy service on Central, rim1" in sentence
    many = Case("qlik_virtual_proxies", one.site)
    assert "allow_restart is false" in refused(many, [before], allow_restart=False)
    one.done(restore=before)
    assert one.done(restore=before, allow_restart=False)["changed"] is False


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"prefix": "portal"}, "leave out prefix."),
        ({"state": "absent"}, "leave out state."),
        ({"description": "", "tags": [], "tags_mode": "append"}, "description, tags, tags_mode."),
    ],
)
def test_it_stands_alone(one: Case, options: Json, said: str) -> None:
    before = one.done(prefix="portal", description="x")["before"]
    assert said in refused(one, before, **options)


def test_one_of_both_is_needed(one: Case, many: Case) -> None:
    assert "one of the following is required: prefix, restore" in one.refused(description="x")
    assert "virtual_proxies, restore" in many.refused()
    prune = {"prune": True, "prune_tag": "t"}
    assert "leave out prune, prune_tag." in many.refused(restore=[], **prune)


def of_another_site(before: Json, site: Simulator) -> Json:
    return {**before, "site": ["00000000-0000-0000-0000-000000000001"]}


def of_a_lost_proxy(before: Json, site: Simulator) -> Json:
    return {**before, "proxies": ["11111111-0000-0000-0000-000000000000"]}


def of_a_lost_node(before: Json, site: Simulator) -> Json:
    lost = [{"id": "22222222-0000-0000-0000-000000000000", "name": "rim9"}]
    return {**before, "entity": {**before["entity"], "loadBalancingServerNodes": lost}}


def of_a_lost_property(before: Json, site: Simulator) -> Json:
    (definition,) = site.entities("custompropertydefinition", name="env")
    site.delete("custompropertydefinition", definition["id"])
    return before


LOST: dict[t.Callable[[Json, Simulator], Json], str] = {
    of_another_site: "of another site",
    of_a_lost_proxy: "the proxy service 11111111-0000-0000-0000-000000000000, which served",
    of_a_lost_node: "the node 'rim9', which balanced the load",
    of_a_lost_property: "no custom property 'env'",
}


@pytest.mark.parametrize("change", [{"custom_properties": {}, "description": "x"}, GONE])
@pytest.mark.parametrize("lose", LOST, ids=lambda f: f.__name__)
def test_what_is_gone_is_said_before_anything_is_written(
    one: Case, many: Case, lose: t.Callable[[Json, Simulator], Json], change: Json
) -> None:
    before = one.done(**{"prefix": "portal", **change})["before"]
    lost = lose(before, one.site)
    assert LOST[lose] in refused(one, lost)
    created = one.done(**{**JWT, "prefix": "new"})["before"]
    sentence = refused(many, [created, lost])
    assert LOST[lose] in sentence
    assert "virtual proxy 'portal'" in sentence


WHOLE: Json = {"prefix": "a", "entity": None, "proxies": [], "site": ["x"], "left_out": []}
ENTITY: Json = {"id": "1", "prefix": "a", "sessionCookieHeaderName": "X-a"}


@pytest.mark.parametrize(
    "restore",
    [
        {},
        {"entity": None},
        {"entity": None, "proxies": []},
        {**WHOLE, "prefix": 1},
        {**WHOLE, "proxies": "Central"},
        {**WHOLE, "site": [1]},
        {**WHOLE, "more": 1},
        {**WHOLE, "entity": []},
        {**WHOLE, "entity": {}},
        {**WHOLE, "entity": {**ENTITY, "prefix": "b"}},
        {**WHOLE, "entity": {**ENTITY, "sessionCookieHeaderName": None}},
        {**WHOLE, "entity": {**ENTITY, "tags": ["one"]}},
        {**WHOLE, "entity": {**ENTITY, "tags": 7}},
        {**WHOLE, "entity": {**ENTITY, "customProperties": {"env": "prod"}}},
        {**WHOLE, "entity": {**ENTITY, "loadBalancingServerNodes": ["Central"]}},
        {**WHOLE, "entity": {**ENTITY, "jwtAttributeMap": [1]}},
        {**WHOLE, "entity": {**ENTITY, "websocketCrossOriginWhiteList": [1]}},
        {**WHOLE, "entity": {**ENTITY, "jwtPublicKeyCertificate": 5}},
        {**WHOLE, "entity": {**ENTITY, "additionalResponseHeaders": 5}},
        {**WHOLE, "entity": {**ENTITY, "description": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}},
        {**WHOLE, "entity": {**ENTITY, "description": "the ******** portal"}},
        {"censored": "the output has been hidden", "changed": True},
        "some=text",
    ],
)
def test_what_is_no_before_is_refused(site: Simulator, restore: t.Any) -> None:
    for name, given in (("qlik_virtual_proxy", restore), ("qlik_virtual_proxies", [restore])):
        case = Case(name, site)
        assert case.refused(restore=given).startswith("restore: ")
        assert case.log() == []


@pytest.mark.parametrize("restore", ["no mapping", "{", "[1]", 5, [1]])
def test_what_is_no_mapping_is_refused(site: Simulator, restore: t.Any) -> None:
    for name in ("qlik_virtual_proxy", "qlik_virtual_proxies"):
        assert "restore" in Case(name, site).refused(restore=restore)


def test_a_private_key_in_it_is_refused_and_hidden(site: Simulator) -> None:
    key = ca.key_pem("pasted")
    restore = {**WHOLE, "entity": {**ENTITY, "jwtPublicKeyCertificate": key}}
    arguments = {**connection(site), "restore": restore}
    result = run_module("qlik_virtual_proxy", arguments)
    assert "holds a private key" in result["msg"]
    assert key.splitlines()[1] not in str(result)


def test_a_secret_of_the_connection_stays_hidden(one: Case) -> None:
    before = one.done(prefix="portal", description="pass-phrase")["before"]
    before["entity"]["description"] = "pass-phrase"
    result = one.run(restore=before, client_key_passphrase="pass-phrase")
    assert "pass-phrase" not in str(result)
    assert result["virtual_proxy"]["jwt_certificate"] == CERTIFICATE


def test_the_whole_site_is_undone(many: Case) -> None:
    site = many.site
    single = Case("qlik_virtual_proxy", site)
    for prefix in ("a", "b", "old"):
        single.done(**{**JWT, "prefix": prefix, "tags": ["list"]})
    was = {item["prefix"]: content(item) for item in site.entities("virtualproxyconfig")}
    wanted = [
        {**JWT, "prefix": "a", "description": "x", "proxies": ["all"]},
        {**JWT, "prefix": "b", "proxies": ["Central"], "tags": ["list"]},
        {**JWT, "prefix": "new"},
    ]
    changed = many.done(virtual_proxies=wanted, prune=True, prune_tag="list")
    assert changed["pruned"] == ["old"]
    assert [item["prefix"] for item in changed["before"]] == ["a", "new", "old"]
    site.clear_requests()
    result = many.done(restore=changed["before"])
    assert {i["prefix"]: content(i) for i in site.entities("virtualproxyconfig")} == was
    assert all(links(site, prefix) == ["Central", "rim1"] for prefix in ("a", "b", "old"))
    # One POST, one PUT, one DELETE of virtual proxies, and each proxy service once.
    assert sorted(methods(site)) == ["DELETE", "POST", "PUT", "PUT", "PUT", "PUT"]
    assert result["pruned"] == []
    assert [item["prefix"] for item in result["virtual_proxies"]] == ["a", "new", "old"]
    assert many.done(restore=changed["before"])["changed"] is False
    assert many.done(restore=[])["changed"] is False


def test_the_same_one_twice_is_refused(one: Case, many: Case) -> None:
    before = one.done(prefix="portal", description="x")["before"]
    assert "restore: the prefix 'portal' is there 2 times" in refused(many, [before, before])


def test_a_cookie_name_goes_back_to_whom_it_was(many: Case) -> None:
    site = many.site
    single = Case("qlik_virtual_proxy", site)
    single.done(**{**JWT, "prefix": "late", "session_cookie_header_name": "X-Shared"})
    wanted = [
        {"prefix": "late", "state": "absent"},
        {"prefix": "portal", "session_cookie_header_name": "X-Shared"},
    ]
    before = many.done(virtual_proxies=wanted)["before"]
    many.done(restore=before)
    names = {i["prefix"]: i["sessionCookieHeaderName"] for i in site.entities("virtualproxyconfig")}
    assert (names["late"], names["portal"]) == ("X-Shared", "X-Qlik-Session-portal")


def test_cookie_names_move_on_in_one_task(many: Case) -> None:
    Case("qlik_virtual_proxy", many.site).done(**{**JWT, "prefix": "b"})
    wanted = [
        {"prefix": "b", "session_cookie_header_name": "X-Qlik-Session-portal"},
        {"prefix": "portal", "session_cookie_header_name": "X-Next"},
    ]
    before = many.done(virtual_proxies=wanted)["before"]
    assert stored(many.site, "b")["sessionCookieHeaderName"] == "X-Qlik-Session-portal"
    many.done(restore=before)
    assert stored(many.site, "b")["sessionCookieHeaderName"] == "X-Qlik-Session-b"
    wanted[1]["session_cookie_header_name"] = "X-Qlik-Session-b"
    assert "already used by" in many.refused(virtual_proxies=wanted)


def test_somebody_else_at_the_same_moment(one: Case) -> None:
    before = one.done(prefix="portal", description="x")["before"]
    one.site.fault(port="qrs", method="PUT", nth=1, **FAULTS["409"])
    assert one.done(restore=before)["changed"] is True
    assert stored(one.site)["description"] == ""


def arrange_faults(site: Simulator) -> list[Json]:
    """A change of three virtual proxies, one of each kind; what was before."""
    site.reset(nodes=("Central", "rim1", "rim2"))
    single, many = Case("qlik_virtual_proxy", site), Case("qlik_virtual_proxies", site)
    for prefix in ("a", "gone"):
        single.done(**{**JWT, "prefix": prefix})
    wanted = [
        {"prefix": "a", "description": "x", "proxies": ["rim2"], "proxies_mode": "replace"},
        {"prefix": "gone", "state": "absent"},
        {**JWT, "prefix": "new"},
    ]
    before: list[Json] = many.done(virtual_proxies=wanted)["before"]
    return before


def restored(site: Simulator) -> bool:
    found = sorted(item["prefix"] for item in site.entities("virtualproxyconfig"))
    return (
        found == ["", "a", "gone"]
        and stored(site, "a")["description"] == ""
        and all(links(site, prefix) == ["Central", "rim1"] for prefix in ("a", "gone"))
    )


SOME = ("reset after", "500", "409")
HEALED = ("reset after", "truncated", "409")


@pytest.mark.parametrize(
    "kind",
    [kind if kind in SOME else pytest.param(kind, marks=pytest.mark.long) for kind in FAULTS],
)
def test_an_error_in_the_middle_says_what_was_done(simulator: Simulator, kind: str) -> None:
    site, many = simulator, Case("qlik_virtual_proxies", simulator)
    before = arrange_faults(site)
    site.clear_requests()
    many.done(restore=before)
    assert restored(site)
    total, failures = len(many.log()), 0
    for number in range(1, total + 1):
        before = arrange_faults(site)
        site.clear_requests()
        fault(site, number, kind)
        result = many.run(restore=before)
        wrote = [line for line in many.log() if not line.startswith("GET")]
        site.clear_faults()
        if result.get("failed"):
            failures += 1
            assert "Traceback" not in str(result)
            assert "Not done: " in result["msg"] or len(wrote) == 0
            assert len(wrote) < 2 or "Before that, this run" in result["msg"]
            assert not many.run(restore=before).get("failed")
        assert restored(site), (number, result)
        site.clear_requests()
        assert many.done(restore=before)["changed"] is False
        assert many.writes() == []
    # A conflict and a lost answer are cleared up within the run.
    assert failures or kind in HEALED
