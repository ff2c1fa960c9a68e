# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was there is put back, whatever became of it."""

from __future__ import annotations

import json

import pytest

from modules.other_administrator import edits
from modules.restore_case import GONE, JWT, links, methods, stored
from modules.virtual_proxy_case import CERTIFICATE
from support import tls_server as ca
from support.case import Case, Json, content, without
from support.simulator import Simulator


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
    assert "re-created without its oidcClientSecret" in str(result["warnings"])
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
    sentence = one.rejected(restore=before, allow_restart=False)
    assert "'portal' (description) restarts the proxy service on Central, rim1" in sentence
    many = Case("qlik_virtual_proxies", one.site)
    assert "allow_restart is false" in many.rejected(restore=[before], allow_restart=False)
    one.done(restore=before)
    assert one.done(restore=before, allow_restart=False)["changed"] is False


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
    assert "restore: the prefix 'portal' is there 2 times" in many.rejected(
        restore=[before, before]
    )


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
    assert "already used by" in many.rejected(virtual_proxies=wanted)


def test_a_change_that_failed_in_the_middle_can_be_undone(one: Case, many: Case) -> None:
    was = content(one.site.entities("virtualproxyconfig"))
    change = {"prefix": "portal", "description": "x", "proxies": ["rim2"]}
    for case, options in ((one, change), (many, {"virtual_proxies": [change]})):
        one.site.fault(port="qrs", method="PUT", nth=2, action="status", status=403)
        failed = case.run(**options)
        one.site.clear_faults()
        assert "Before that, this run changed the virtual proxy 'portal'" in failed["msg"]
        assert stored(one.site)["description"] == "x"
        case.done(restore=failed["before"])
        assert content(one.site.entities("virtualproxyconfig")) == was


@pytest.mark.parametrize(
    ("change", "goes_on"), [({"description": "third"}, False), ({"samlEntityId": "x"}, True)]
)
def test_somebody_else_in_between(one: Case, change: Json, goes_on: bool) -> None:
    before = one.done(prefix="portal", description="x")["before"]
    edits(one.site, "virtualproxyconfig", stored(one.site), change)
    result = one.run(restore=before)
    assert result.get("failed", False) is not goes_on
    assert goes_on or "description of the virtual proxy 'portal' was changed by" in result["msg"]
    one.site.clear_faults()
    one.done(restore=before)
    assert (stored(one.site)["description"], stored(one.site)["samlEntityId"]) == ("", "")


DROPPED: list[tuple[str, Json]] = [
    ("default", {"properties": ["samlEntityId", "oidcClientId"]}),
    ("another value", {"properties": ["samlEntityId"], "instead": {"samlEntityId": "other"}}),
    ("gone", {"properties": ["samlEntityId", "magicLinkFriendlyName"], "gone": True}),
]


@pytest.mark.parametrize(("way", "fault"), DROPPED)
@pytest.mark.parametrize("change", [GONE, {"prefix": "portal", "description": "x"}])
def test_a_property_without_an_option_does_not_block_the_way_back(
    one: Case, many: Case, way: str, fault: Json, change: Json
) -> None:
    site = one.site
    theirs = {"samlEntityId": "idp", "magicLinkFriendlyName": "m"}
    for case in (one, many):
        site.patch("virtualproxyconfig", stored(site)["id"], theirs)
        before = one.done(**change)["before"]
        if change is not GONE:
            lost = dict.fromkeys(theirs, "")
            site.patch("virtualproxyconfig", stored(site)["id"], lost)
        for method in ("POST", "PUT"):
            site.fault(
                port="qrs", method=method, path="/virtualproxyconfig", action="not_stored",
                type="virtualproxyconfig", **fault,
            )  # fmt: skip
        result = case.done(restore=before if case is one else [before])
        site.clear_faults()
        said = str(result["warnings"])
        assert "had" in said
        assert "samlEntityId" in said
        assert "which this server does not store" in said
        assert stored(site)["description"] == ""
        assert links(site) == ["Central", "rim1"]


@pytest.mark.parametrize("change", [GONE, {"prefix": "portal", "description": "x"}])
def test_a_property_that_the_site_does_not_have_is_written_once(one: Case, change: Json) -> None:
    site = one.site
    site.patch("virtualproxyconfig", stored(site)["id"], {"samlEntityId": "idp"})
    before = one.done(**change)["before"]
    for method in ("POST", "PUT"):
        site.fault(
            port="qrs", method=method, path="/virtualproxyconfig", action="not_stored",
            type="virtualproxyconfig", properties=["samlEntityId"], gone=True,
        )  # fmt: skip
    assert one.done(restore=before)["changed"]
    assert "samlEntityId" not in stored(site)
    site.clear_requests()
    assert one.done(restore=before)["changed"] is False
    assert one.writes() == []
    site.clear_faults()


@pytest.mark.parametrize(
    ("dropped", "named"),
    [
        ("jwtAudience", "jwt_audience"),
        ("jwtPublicKeyCertificate", "jwt_certificate"),
        ("loadBalancingServerNodes", "load_balancing_nodes"),
        ("websocketCrossOriginWhiteList", "host_allow_list"),
    ],
)
def test_an_option_that_is_not_stored_is_an_error(one: Case, dropped: str, named: str) -> None:
    one.done(prefix="portal", jwt_audience="a", host_allow_list=["a.example.com"])
    before = one.done(**GONE)["before"]
    one.site.fault(
        port="qrs", method="POST", path="/virtualproxyconfig", action="not_stored",
        type="virtualproxyconfig", properties=[dropped],
    )  # fmt: skip
    result = one.run(restore=before)
    assert result["failed"]
    assert f"does not carry {named} as it was sent" in result["msg"]
    assert "was removed again" in result["msg"]
    assert one.site.entities("virtualproxyconfig", prefix="portal") == []


@pytest.mark.parametrize(
    "instead",
    [
        {"prefix": "PORTAL"},
        {"jwtPublicKeyCertificate": CERTIFICATE.replace("\n", "\r\n")},
        {"description": "two\r\nlines"},
        {"additionalResponseHeaders": "X-A: b\r\nX-C: d\r\n"},
        {"websocketCrossOriginWhiteList": ["a.example.com"]},
        {"loadBalancingAlgorithm": 1, "addedByTheServer": {"a": 1}},
    ],
)
def test_what_a_server_writes_differently_is_no_loss(one: Case, instead: Json) -> None:
    headers = {"X-A": "b", "X-C": "d"}
    one.done(
        prefix="portal", description="two\nlines", additional_response_headers=headers,
        host_allow_list=["A.example.com"],
    )  # fmt: skip
    before = one.done(**GONE)["before"]
    if "loadBalancingAlgorithm" in instead:
        del before["entity"]["loadBalancingAlgorithm"]
    one.site.fault(
        port="qrs", method="POST", path="/virtualproxyconfig", action="not_stored",
        type="virtualproxyconfig", properties=list(instead), instead=instead,
    )  # fmt: skip
    one.done(restore=before)
    assert links(one.site, str(instead.get("prefix", "portal"))) == ["Central", "rim1"]


def test_text_that_is_not_a_certificate_may_get_other_line_ends(one: Case) -> None:
    bare = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"
    one.site.patch("virtualproxyconfig", stored(one.site)["id"], {"jwtPublicKeyCertificate": bare})
    before = one.done(**GONE)["before"]
    instead = {"jwtPublicKeyCertificate": bare.replace("\n", "\r\n").strip()}
    one.site.fault(
        port="qrs", method="POST", path="/virtualproxyconfig", action="not_stored",
        type="virtualproxyconfig", properties=list(instead), instead=instead,
    )  # fmt: skip
    one.done(restore=before)
    assert one.done(restore=before)["changed"] is False
