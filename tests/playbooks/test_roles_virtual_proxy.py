# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role jwt_virtual_proxy against a simulated site."""

from __future__ import annotations

import json
import typing as t

import pytest

from playbooks.runs import Json, Workplace
from support import key_material as km
from support.simulator import Simulator

KEY = km.rsa_key()
CERTIFICATE = km.certificate_pem(km.certificate(KEY)).decode()

PLAY: list[Json] = [
    {
        "name": "Virtual proxies",
        "hosts": "qlik",
        "gather_facts": False,
        "tasks": [
            {
                "name": "Ensure the virtual proxies",
                "ansible.builtin.import_role": {"name": "qlikops.sense.jwt_virtual_proxy"},
            }
        ],
    }
]
PORTAL: Json = {
    "jwt_virtual_proxy_prefix": "portal",
    "jwt_virtual_proxy_jwt_certificate": CERTIFICATE,
    "jwt_virtual_proxy_jwt_attribute_user_id": "userId",
    "jwt_virtual_proxy_jwt_attribute_user_directory": "userDirectory",
}


def proxy(site: Simulator, prefix: str = "portal") -> Json:
    return site.entity("virtualproxyconfig", prefix=prefix)


def writes(site: Simulator) -> list[tuple[str, str]]:
    return [(r["method"], r["path"]) for r in site.requests() if r["method"] != "GET"]


def test_strings_of_a_job_template_are_what_they_stand_for(workplace: Workplace) -> None:
    survey = {
        "jwt_virtual_proxy_session_inactivity_timeout": "45",
        "jwt_virtual_proxy_extended_security_environment": "True",
        "jwt_virtual_proxy_use_sticky_load_balancing": "False",
        "jwt_virtual_proxy_host_allow_list": "qlik.example.com,\r\n portal.example.com\n\n",
        "jwt_virtual_proxy_jwt_attribute_map": "- jwt_attribute: Group\n  sense_attribute: group\n",
        "jwt_virtual_proxy_additional_response_headers": '{"X-Frame-Options": "DENY"}',
        "jwt_virtual_proxy_same_site_attribute_https": "strict",
        "jwt_virtual_proxy_tags": '["portals", "by code"]',
        "jwt_virtual_proxy_custom_properties": "Team: analytics",
        "qlik_port": str(workplace.simulator.qrs_port),
        "qlik_validate_certs": "True",
        "qlik_timeout": "30",
    }
    hosts = {"dev": workplace.site(**{**PORTAL, **survey})}
    workplace.simulator.seed(
        custompropertydefinition=[
            {
                "name": "Team",
                "choiceValues": ["analytics", "sales"],
                "objectTypes": ["VirtualProxyConfig"],
            }
        ]
    )

    workplace.run(PLAY, hosts=hosts).ok()

    made = proxy(workplace.simulator)
    assert made["sessionInactivityTimeout"] == 45
    assert made["extendedSecurityEnvironment"] is True
    assert made["useStickyLoadBalancing"] is False
    assert made["websocketCrossOriginWhiteList"] == ["qlik.example.com", "portal.example.com"]
    assert [(m["jwtAttribute"], m["senseAttribute"]) for m in made["jwtAttributeMap"]] == [
        ("Group", "group")
    ]
    assert "X-Frame-Options" in made["additionalResponseHeaders"]
    assert made["sameSiteAttributeHttps"] == 3
    assert sorted(tag["name"] for tag in made["tags"]) == ["by code", "portals"]
    assert [(c["definition"]["name"], c["value"]) for c in made["customProperties"]] == [
        ("Team", "analytics")
    ]

    workplace.simulator.clear_requests()
    again = workplace.run(PLAY, hosts=hosts).ok()
    assert again.changed == 0
    assert writes(workplace.simulator) == []


def test_empty_answers_clear_nothing(workplace: Workplace) -> None:
    full = {
        "jwt_virtual_proxy_description": "Login for the portal",
        "jwt_virtual_proxy_jwt_audience": "portal",
        "jwt_virtual_proxy_host_allow_list": ["qlik.example.com"],
        "jwt_virtual_proxy_extended_security_environment": True,
        "jwt_virtual_proxy_additional_response_headers": {"X-Frame-Options": "DENY"},
    }
    workplace.run(PLAY, hosts={"dev": workplace.site(**{**PORTAL, **full})}).ok()
    before = proxy(workplace.simulator)
    nothing = {
        **dict.fromkeys([*full, *PORTAL, "qlik_tls_server_name", "qlik_retries", "qlik_auth"], ""),
        "jwt_virtual_proxy_prefix": "portal",
        "jwt_virtual_proxy_state": "",
        "jwt_virtual_proxy_session_inactivity_timeout": "",
        "jwt_virtual_proxy_proxies": "",
        "jwt_virtual_proxy_jwt_attribute_map": "",
        "jwt_virtual_proxy_clear": "",
        "jwt_virtual_proxy_definitions": [],
    }

    again = workplace.run(PLAY, hosts={"dev": workplace.site(**nothing)}).ok()

    assert again.changed == 0
    assert proxy(workplace.simulator) == before


@pytest.mark.long
def test_clearing_is_asked_for(workplace: Workplace) -> None:
    full = {
        "jwt_virtual_proxy_description": "Login for the portal",
        "jwt_virtual_proxy_jwt_audience": "portal",
        "jwt_virtual_proxy_host_allow_list": ["qlik.example.com"],
        "jwt_virtual_proxy_additional_response_headers": {"X-Frame-Options": "DENY"},
        "jwt_virtual_proxy_tags": ["portals"],
    }
    workplace.run(PLAY, hosts={"dev": workplace.site(**{**PORTAL, **full})}).ok()
    before = proxy(workplace.simulator)
    hosts = {
        "dev": workplace.site(
            jwt_virtual_proxy_prefix="portal",
            jwt_virtual_proxy_clear="jwt_audience\nhost_allow_list\ntags\nadditional_response_headers\n",
        )
    }

    assert workplace.run(PLAY, hosts=hosts).ok().changed == 1

    cleared = ("jwtAudience", "websocketCrossOriginWhiteList", "tags", "additionalResponseHeaders")
    dates = ("modifiedDate", "modifiedByUserName")
    after = proxy(workplace.simulator)
    assert [after[name] for name in cleared] == ["", [], [], ""]
    assert {n for n in after if after[n] != before[n]} - {*dates} == {*cleared}
    assert workplace.run(PLAY, hosts=hosts).ok().changed == 0


@pytest.mark.long
def test_definitions_share_what_the_single_options_say(workplace: Workplace) -> None:
    common = {name: value for name, value in PORTAL.items() if not name.endswith("_prefix")}
    definitions: list[Json] = [
        {"prefix": "portal", "description": "Portal"},
        {"prefix": "report", "jwt_attribute_user_id": "sub", "host_allow_list": ["r.example.com"]},
        {"prefix": "gone", "state": "absent"},
    ]
    site = workplace.simulator
    site.seed(virtualproxyconfig=[{"prefix": "gone", "sessionCookieHeaderName": "X-Gone"}])
    pruning = {"jwt_virtual_proxy_prune": "True", "jwt_virtual_proxy_prune_tag": "by code"}
    variables = {**common, **pruning, "jwt_virtual_proxy_definitions": definitions}
    hosts = {"dev": workplace.site(**variables)}

    first = workplace.run(PLAY, hosts=hosts).ok()

    assert {e["prefix"] for e in site.entities("virtualproxyconfig")} == {"", "portal", "report"}
    assert proxy(site, "portal")["jwtAttributeUserId"] == "userId"
    assert proxy(site, "report")["jwtAttributeUserId"] == "sub"
    fact = first.result("Set the result")["ansible_facts"]["jwt_virtual_proxy_result"]
    assert fact["changed"] is True
    assert [(v["prefix"], v["changed"]) for v in fact["virtual_proxies"]] == [
        ("portal", True),
        ("report", True),
        ("gone", True),
    ]
    assert fact["virtual_proxies"][0]["id"] == proxy(site, "portal")["id"]
    assert [one["prefix"] for one in fact["before"]] == ["portal", "report", "gone"]
    assert fact["before"][2]["entity"]["prefix"] == "gone"
    # One write for the links of all of them, and one restart.
    central = site.node()["proxy_id"]
    assert site.state()["restarts"] == {central: 1}
    assert fact["proxies_restarted"] == {"Central": 1}

    site.clear_requests()
    again = workplace.run(PLAY, hosts=hosts).ok()
    assert again.changed == 0
    assert writes(site) == []
    # In a definition, an empty value clears, as it does in the module. What left the list goes.
    definitions[0]["description"] = ""
    del definitions[1]
    workplace.run(PLAY, hosts=hosts).ok()
    assert proxy(site, "portal")["description"] == ""
    assert {e["prefix"] for e in site.entities("virtualproxyconfig")} == {"", "portal"}


def test_one_definition_that_cannot_be_keeps_all_from_being_written(workplace: Workplace) -> None:
    common = {name: value for name, value in PORTAL.items() if not name.endswith("_prefix")}
    definitions = [{"prefix": "portal"}, {"prefix": "UPPER"}]
    hosts = {"dev": workplace.site(**common, jwt_virtual_proxy_definitions=definitions)}

    run = workplace.run(PLAY, hosts=hosts).failed()

    assert any("'UPPER' cannot be a prefix" in message for message in run.failures)
    assert writes(workplace.simulator) == []


NO_LIST = ": give a list of mappings, or such a list as YAML or JSON text."
NO_MAPPING = ": give a mapping, or a mapping as YAML or JSON text."
REFUSED: dict[str, tuple[Json, str]] = {
    "nothing": ({}, "jwt_virtual_proxy_prefix: set the prefix of the virtual proxy"),
    "both": ({**PORTAL, "jwt_virtual_proxy_definitions": [{"prefix": "b"}]}, "not both"),
    "list": ({**PORTAL, "jwt_virtual_proxy_prefix": ["a", "b"]}, "one text, not a list."),
    "twice": (
        {"jwt_virtual_proxy_definitions": [{"prefix": "b"}, {"prefix": "b"}]},
        "each prefix can occur once. These occur: b, b.",
    ),
    "clear": (
        {**PORTAL, "jwt_virtual_proxy_clear": ["state", "prfix"]},
        "prfix, state cannot be empty. These can: description,",
    ),
    "given": (
        {
            **PORTAL,
            "jwt_virtual_proxy_description": "x",
            "jwt_virtual_proxy_clear": ["description"],
        },
        "description is given, too.",
    ),
    "key": (
        {**PORTAL, "jwt_virtual_proxy_jwt_certificate": km.key_pem(KEY).decode()},
        "this is a private key. Nothing was sent",
    ),
    "choice": ({**PORTAL, "jwt_virtual_proxy_authentication_method": "none"}, "must be one of"),
    "text": (
        {"jwt_virtual_proxy_definitions": "portal"},
        f"jwt_virtual_proxy_definitions{NO_LIST}",
    ),
    "cut off": ({"jwt_virtual_proxy_definitions": '[{"prefix": "b"'}, NO_LIST),
    "mapping": ({"jwt_virtual_proxy_definitions": {"prefix": "b"}}, NO_LIST),
    "prefixes": ({"jwt_virtual_proxy_definitions": '["a", "b"]'}, NO_LIST),
    "map": (
        {**PORTAL, "jwt_virtual_proxy_jwt_attribute_map": "groups"},
        f"jwt_virtual_proxy_jwt_attribute_map{NO_LIST}",
    ),
    "headers": (
        {**PORTAL, "jwt_virtual_proxy_additional_response_headers": "X-Frame-Options"},
        f"jwt_virtual_proxy_additional_response_headers{NO_MAPPING}",
    ),
    "properties": (
        {**PORTAL, "jwt_virtual_proxy_custom_properties": "{env"},
        f"jwt_virtual_proxy_custom_properties{NO_MAPPING}",
    ),
    "typo in text": (
        {"jwt_virtual_proxy_definitions": '[{"prefix": "b", "prefx": "c"}]'},
        "jwt_virtual_proxy_definitions.prefx",
    ),
    "typo": ({"jwt_virtual_proxy_definitions": [{"prefix": "b", "prefx": "c"}]}, "prefx"),
    "user": (
        {**PORTAL, "jwt_virtual_proxy_user": "directory: PORTAL"},
        "jwt_virtual_proxy_user: set a mapping with directory and id",
    ),
    "no mapping": (
        {**PORTAL, "jwt_virtual_proxy_user": "login_test"},
        "jwt_virtual_proxy_user: set a mapping",
    ),
    "unnamed": ({"jwt_virtual_proxy_definitions": [{"description": "b"}]}, "prefix"),
}


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            json.dumps([{"prefix": "portal", "tags": ["a", "b"]}, {"prefix": "other"}]), id="json"
        ),
        pytest.param("- {prefix: portal, tags: [a, b]}\n- prefix: other\n", id="yaml"),
    ],
)
def test_definitions_as_text(workplace: Workplace, text: str) -> None:
    common = {name: value for name, value in PORTAL.items() if "prefix" not in name}
    hosts = {"dev": workplace.site(**common, jwt_virtual_proxy_definitions=text)}

    workplace.run(PLAY, hosts=hosts).ok()

    assert [tag["name"] for tag in proxy(workplace.simulator)["tags"]] == ["a", "b"]
    assert proxy(workplace.simulator, "other")["jwtAttributeUserId"] == "userId"
    assert workplace.run(PLAY, hosts=hosts).ok().changed == 0


def test_refuses_before_anything_is_sent(workplace: Workplace) -> None:
    hosts = {
        name: workplace.site(**{**variables, "qlik_host": f"{name}.invalid"})
        for name, (variables, dummy) in REFUSED.items()
    }

    run = workplace.run(PLAY, "-vvvv", hosts=hosts).failed()

    for name, (dummy, sentence) in REFUSED.items():
        assert any(sentence in message for message in run.failed_on(name)), (name, run.output)
    assert not run.results("Ensure the virtual proxies")
    assert not run.results("Ensure the user")
    assert not [line for line in km.body_lines(km.key_pem(KEY)) if line in run.output]


def test_takes_the_certificate_of_the_key_pair_where_it_is_for_jwt(workplace: Workplace) -> None:
    fact = {"certificate": CERTIFICATE}
    common = {name: value for name, value in PORTAL.items() if not name.endswith("_certificate")}
    common.pop("jwt_virtual_proxy_prefix")
    definitions = [{"prefix": "portal"}, {"prefix": "desk", "authentication_method": "ticket"}]
    hosts = {
        "dev": workplace.site(
            **common, jwt_keypair_result=fact, jwt_virtual_proxy_definitions=definitions
        )
    }

    workplace.run(PLAY, hosts=hosts).ok()

    assert "BEGIN CERTIFICATE" in proxy(workplace.simulator, "portal")["jwtPublicKeyCertificate"]
    assert not proxy(workplace.simulator, "desk")["jwtPublicKeyCertificate"]


def test_check_mode_predicts_and_sends_nothing(workplace: Workplace) -> None:
    hosts: dict[str, t.Any] = {"dev": workplace.site(**PORTAL)}

    predicted = workplace.run(PLAY, "--check", "--diff", hosts=hosts).ok()
    assert writes(workplace.simulator) == []
    real = workplace.run(PLAY, "--diff", hosts=hosts).ok()

    of_check, of_run = (run.result("Ensure the virtual proxies") for run in (predicted, real))
    assert of_check["changed"] is of_run["changed"] is True
    assert of_check["diff"] == of_run["diff"]
    links = [one["links"] for result in (of_check, of_run) for one in result["virtual_proxies"]]
    assert links == [["Central"], ["Central"]]


@pytest.mark.long
def test_user_and_plain_http_come_along_when_they_are_given(workplace: Workplace) -> None:
    site = workplace.simulator
    more = {
        "jwt_virtual_proxy_allow_http": "True",
        "jwt_virtual_proxy_user": "directory: PORTAL\nid: login_test\nroles: [ContentAdmin]\n",
    }
    hosts = {"dev": workplace.site(**PORTAL, **more)}

    predicted = workplace.run(PLAY, "--check", hosts=hosts).ok()
    assert writes(site) == []
    first = workplace.run(PLAY, hosts=hosts).ok()

    assert predicted.changed == first.changed == 3
    user = site.entity("user", userDirectory="PORTAL")
    assert (user["userId"], user["roles"]) == ("login_test", ["ContentAdmin"])
    served = [s["settings"]["allowHttp"] for s in site.entities("proxyservice")]
    assert served[0] is True
    assert not any(served[1:])
    fact = first.result("Set the result")["ansible_facts"]["jwt_virtual_proxy_result"]
    assert fact["changed"] is True
    assert fact["user"]["id"] == "login_test"
    assert [item["allow_http"] for item in fact["proxy_services"]] == [True]

    # Not given, a user is not even asked about; and no session ends unasked.
    site.clear_requests()
    closed = {"jwt_virtual_proxy_user": "", "jwt_virtual_proxy_allow_restart": False}
    closed["jwt_virtual_proxy_allow_http"] = False
    refused = workplace.run(PLAY, hosts={"dev": workplace.site(**PORTAL, **closed)}).failed()
    assert any("allow_restart" in message for message in refused.failures)
    assert writes(site) == []
    assert not [r for r in site.requests() if r["path"].startswith("/qrs/user")]
