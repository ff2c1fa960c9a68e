# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxy_info against the simulated repository."""

from __future__ import annotations

import typing as t

import pytest

from support import key_material as km
from support import tls_server as ca
from support.case import Case, Json
from support.module_runner import Result, run_module
from support.simulator import Simulator

JWT: Json = {
    "prefix": "jwt",
    "description": "Grüße & 'Küsse'",
    "jwt_certificate": ca.certificate("tokens"),
    "jwt_attribute_user_id": "userId",
    "jwt_attribute_user_directory": "[JWT]",
    "jwt_attribute_map": [
        {"jwt_attribute": "Group", "sense_attribute": "group", "mandatory": True}
    ],
    "additional_response_headers": {"X-One": "1", "X-Two": ["a", "b"]},
    "host_allow_list": ["a.example", "B.example"],
    "load_balancing_nodes": ["rim1", "Central"],
    "proxies": ["all"],
}


def info(site: Simulator, **options: t.Any) -> Result:
    case = Case("qlik_virtual_proxy_info", site)
    site.clear_requests()
    result = case.run(**options)
    assert case.writes() == []
    return result


def seed(site: Simulator) -> None:
    Case("qlik_virtual_proxy", site).done(**JWT)


def test_every_virtual_proxy_is_described(site: Simulator) -> None:
    seed(site)
    result = info(site)
    assert result["changed"] is False
    assert sorted(item["prefix"] for item in result["virtual_proxies"]) == ["", "jwt"]
    found = next(item for item in result["virtual_proxies"] if item["prefix"] == "jwt")
    assert found["id"] == site.entity("virtualproxyconfig", prefix="jwt")["id"]
    for option, value in JWT.items():
        expected = ["Central", "rim1", "rim2"] if option == "proxies" else value
        assert found[option] == expected, option
    assert result["requests"] == len(site.requests(port="qrs")) == 5
    assert result["about"]["schemaPath"] == "About"


def test_proxies_and_nodes_are_listed(site: Simulator) -> None:
    seed(site)
    result = info(site)
    assert [(n["name"], n["central"]) for n in result["nodes"]] == [
        ("Central", True),
        ("rim1", False),
        ("rim2", False),
    ]
    for proxy, node in zip(result["proxies"], site.nodes, strict=True):
        assert proxy["id"] == node["proxy_id"]
        assert proxy["node"] == node["name"]
        assert sorted(proxy["prefixes"]) == ["", "jwt"]
        assert proxy["allow_http"] is False


def test_what_is_returned_can_be_given_back_without_a_change(site: Simulator) -> None:
    seed(site)
    site.seed(
        virtualproxyconfig=[
            {
                "prefix": "Odd/One",
                "sessionCookieHeaderName": "X-Odd",
                "jwtPublicKeyCertificate": "no certificate",
                "additionalResponseHeaders": "no colon\r\nX: y\r\n",
                "authenticationMethod": 3,
                "link": ["rim1"],
            }
        ]
    )
    for found in info(site)["virtual_proxies"]:
        given = {key: value for key, value in found.items() if key != "id"}
        assert Case("qlik_virtual_proxy", site).done(**given)["changed"] is False


@pytest.mark.parametrize("filter_case", ["insensitive", "sensitive"])
def test_one_by_its_prefix(site: Simulator, filter_case: str) -> None:
    site.switch(filter_case=filter_case)
    seed(site)
    assert [item["prefix"] for item in info(site, prefix="jwt")["virtual_proxies"]] == ["jwt"]
    assert [item["prefix"] for item in info(site, prefix="")["virtual_proxies"]] == [""]
    assert info(site, prefix="JWT")["virtual_proxies"] == []
    assert info(site, prefix="none")["virtual_proxies"] == []


@pytest.mark.parametrize("rights", ["none", "part"])
def test_missing_rights_are_said(site: Simulator, rights: str) -> None:
    seed(site)
    site.switch(read_rights=rights)
    result = info(site)
    assert result["failed"]
    assert "rights" in result["msg"]


def test_what_the_repository_proves_is_said_without_a_login(site: Simulator) -> None:
    bare = km.public_pem(km.rsa_key()).decode()
    weak = km.certificate_pem(km.certificate(km.rsa_key(1024))).decode()
    common = {"authenticationMethod": 4, "loadBalancingServerNodes": [{"id": site.node()["id"]}]}
    service = site.entity("proxyservice", id=site.node("rim1")["proxy_id"])
    site.patch("proxyservice", service["id"], {"settings": {"allowHttp": True}})
    seed(site)
    site.seed(
        virtualproxyconfig=[
            {**common, "prefix": "bare", "jwtPublicKeyCertificate": bare, "link": ["Central"]},
            {
                **common,
                "prefix": "open",
                "jwtPublicKeyCertificate": weak,
                "anonymousAccessMode": 2,
                "websocketCrossOriginWhiteList": ["*.example.com", "https://a.example.com/"],
                "authenticationModuleRedirectUri": "https://login.example.com",
                "sessionCookieHeaderName": "X-Qlik-Session-bare",
                "loadBalancingServerNodes": [],
                "link": ["rim1"],
            },
            {**common, "prefix": "dead", "sessionCookieHeaderName": "X-Dead", "link": []},
            {"prefix": "saml", "authenticationMethod": 3, "link": []},
        ]
    )

    told = {one["prefix"]: one for one in info(site, judge=True)["judgements"]}

    codes = {
        prefix: {
            finding["code"]: finding["level"]
            for finding in one["findings"]
            # Certificates of tests are short-lived, or long over.
            if not finding["code"].startswith("certificate_expire")
        }
        for prefix, one in told.items()
    }
    assert codes["jwt"] == {"insecure_transport": "info"}
    assert codes["bare"].items() >= {("certificate_bare_public_key", "error")}
    assert codes["dead"] == {"not_linked": "error", "certificate_missing": "error"}
    assert codes["open"] == {
        "not_linked_to_central": "error",
        "anonymous_access": "error",
        "redirect_uri_ignored": "warning",
        "session_cookie_conflict": "warning",
        "weak_key": "warning",
        "allow_list_wildcard": "warning",
        "allow_list_entry_invalid": "warning",
        "no_load_balancing_node": "warning",
        "insecure_transport": "info",
    }
    assert told["bare"]["certificate"] is told["bare"]["days_left"] is None
    assert told["open"]["certificate"]["size"] == 1024
    assert set(told) == {"jwt", "bare", "open", "dead"}
    assert site.state()["sessions"] == []


def test_a_certificate_is_judged_by_today(site: Simulator) -> None:
    seed(site)

    (one,) = info(site, prefix="jwt", judge=True)["judgements"]

    told = run_module("qlik_keypair", {"source": "pem", "src_content": JWT["jwt_certificate"]})
    for name in ("fingerprint", "certificate_fingerprint", "not_after", "size"):
        assert one["certificate"][name] == told[name], name
    assert one["days_left"] == told["days_left"]
    assert "judgements" not in info(site)
