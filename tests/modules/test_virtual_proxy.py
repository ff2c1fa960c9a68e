# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxy against the simulated repository: requests, refusals, results."""

from __future__ import annotations

import pytest

from modules.virtual_proxy_case import (
    CERTIFICATE,
    JWT,
    Json,
    done,
    linked,
    log,
    refused,
    run,
    stored,
    writes,
)
from support import tls_server as ca
from support.module_runner import connection, run_module
from support.simulator import Simulator


def single(site: Simulator) -> Simulator:
    site.reset(nodes=["Central"])
    return site


def test_requests_on_a_site_with_one_proxy(site: Simulator) -> None:
    single(site)
    done(site, **JWT)
    assert log(site) == [
        "GET /qrs/virtualproxyconfig/full",
        "GET /qrs/proxyservice/full",
        "GET /qrs/servernodeconfiguration/full",
        "POST /qrs/virtualproxyconfig",
        f"PUT /qrs/proxyservice/{site.node()['proxy_id']}",
    ]
    site.clear_requests()
    again = {**JWT, "proxies": ["central"], "load_balancing_nodes": ["central"]}
    assert done(site, **again)["changed"] is False
    assert log(site) == ["GET /qrs/virtualproxyconfig/full", "GET /qrs/proxyservice/full"]
    site.clear_requests()
    assert done(site, **JWT, description="new")["requests"] == 3
    assert writes(site) == [f"PUT /qrs/virtualproxyconfig/{stored(site)['id']}"]
    site.clear_requests()
    assert done(site, prefix="jwt", state="absent")["requests"] == 3
    assert [line.split("/")[0] for line in writes(site)] == ["DELETE "]


def test_requests_on_a_site_with_several_proxies(site: Simulator) -> None:
    wanted = {**JWT, "proxies": ["all"], "load_balancing_nodes": ["rim1", "rim2"]}
    assert done(site, **wanted)["requests"] == 4 + 3
    assert linked(site) == ["Central", "rim1", "rim2"]
    site.clear_requests()
    assert done(site, **wanted)["requests"] == 2
    # Which node is central stands in no condensed form: one more, and still no write.
    assert done(site, **{**wanted, "proxies": ["central"]})["requests"] == 3
    assert done(site, **{**wanted, "load_balancing_nodes": ["all"]})["requests"] == 4
    assert sorted(n["name"] for n in stored(site)["loadBalancingServerNodes"]) == [
        "Central",
        "rim1",
        "rim2",
    ]


def test_central_is_not_guessed_before_a_write(site: Simulator) -> None:
    single(site)
    site.seed(virtualproxyconfig=[{"prefix": "jwt", "sessionCookieHeaderName": "X-J", "link": []}])
    result = done(site, prefix="jwt", proxies=["central"])
    assert result["requests"] == 4
    assert linked(site) == ["Central"]


def test_certificate_in_other_clothes_is_no_change(site: Simulator) -> None:
    done(site, **JWT)
    site.clear_requests()
    for text in (
        CERTIFICATE.replace("\n", "\r\n"),
        "Bag Attributes\n  friendlyName: x\n" + CERTIFICATE + "\n\n",
        "".join(f"  {line}\n" for line in CERTIFICATE.splitlines()),
        "\ufeff" + CERTIFICATE,
    ):
        assert done(site, **{**JWT, "jwt_certificate": text})["changed"] is False
    assert writes(site) == []


CERT_WITH_KEY = CERTIFICATE + ca.key_pem("tokens")


BARE = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"prefix": "JWT/"}, ["prefix", "'jwt'", "no slash"]),
        ({"prefix": "a b"}, ["prefix", "'ab'"]),
        ({"prefix": "x" * 101}, ["prefix", "1 to 100"]),
        ({"prefix": "hub"}, ["prefix", "reserved word"]),
        ({"load_balancing_nodes": ["nowhere"]}, ["'nowhere'", "Central (localhost)", "rim1"]),
        ({"proxies": ["nowhere"]}, ["proxies", "'nowhere'", "rim2"]),
        ({"session_cookie_header_name": "X-Qlik-Session"}, ["already used", "''"]),
        ({"session_cookie_header_name": "x-OTHER"}, ["already used", "'other'"]),
        ({"session_cookie_header_name": "a b"}, ["session_cookie_header_name", "character"]),
        ({"jwt_certificate": ca.key_pem("tokens")}, ["jwt_certificate", "private key"]),
        ({"jwt_certificate": CERT_WITH_KEY}, ["jwt_certificate", "private key"]),
        ({"jwt_certificate": BARE}, ["jwt_certificate", "public key"]),
        ({"jwt_certificate": CERTIFICATE * 2}, ["jwt_certificate", "several"]),
        ({"jwt_certificate": CERTIFICATE[:200]}, ["jwt_certificate"]),
        ({"jwt_certificate": "$ANSIBLE_VAULT;1.1;AES256\n313233\n"}, ["vault"]),
        ({"jwt_certificate": ""}, ["jwt_certificate", "required", "JWT certificate"]),
        ({"jwt_attribute_user_id": ""}, ["jwt_attribute_user_id", "required"]),
        ({"jwt_attribute_user_id": "x" * 256}, ["jwt_attribute_user_id", "255"]),
        ({"authentication_method": "saml"}, ["'saml'", "QMC"]),
        ({"session_inactivity_timeout": 0}, ["session_inactivity_timeout", "1 to 71582"]),
        ({"host_allow_list": ["a", " "]}, ["host_allow_list", "empty entry"]),
        ({"authentication_module_redirect_uri": "nowhere"}, ["absolute http or https URI"]),
        ({"additional_response_headers": {"a b": "c"}}, ["additional_response_headers", "'a b'"]),
        ({"additional_response_headers": {"a": "b\nc"}}, ["line break (U+000A)"]),
        (
            {"jwt_attribute_map": [{"jwt_attribute": "", "sense_attribute": "x"}]},
            ["jwt_attribute_map", "1 to 255"],
        ),
        (
            {"jwt_attribute_map": [{"jwt_attribute": "a", "sense_attribute": "x"}] * 2},
            ["jwt_attribute_map", "twice"],
        ),
        ({"host": "https://qlik.example.com"}, ["host", "name alone"]),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
@pytest.mark.parametrize("exists", [False, True], ids=["new", "existing"])
def test_bad_option_is_refused_in_a_sentence(
    site: Simulator, options: Json, words: list[str], exists: bool
) -> None:
    site.seed(virtualproxyconfig=[{"prefix": "other", "sessionCookieHeaderName": "X-Other"}])
    if exists:
        done(site, **JWT)
    message = refused(site, **{**JWT, **options})
    assert all(word in message for word in words), message
    assert "PRIVATE KEY-----" not in message
    assert len(message) < 600


def test_default_virtual_proxy_can_be_changed_but_not_removed(site: Simulator) -> None:
    done(site, prefix="", session_inactivity_timeout=45)
    assert stored(site, "")["sessionInactivityTimeout"] == 45
    assert "cannot be removed" in refused(site, prefix="", state="absent")
    message = refused(site, prefix="", proxies=["central"], proxies_mode="replace")
    assert "stays linked" in message


def test_prefix_that_differs_in_case_only_is_refused(site: Simulator) -> None:
    site.seed(virtualproxyconfig=[{"prefix": "Old", "sessionCookieHeaderName": "X-Old"}])
    assert "'Old'" in refused(site, **{**JWT, "prefix": "old"})
    # One that the site stores as it is can be managed as it is.
    assert done(site, prefix="Old", description="x")["changed"] is True


def test_two_with_one_prefix_are_not_guessed_between(site: Simulator) -> None:
    site.switch(unique_scope="off")
    seeds = [{"prefix": "jwt", "sessionCookieHeaderName": f"X-{n}"} for n in range(2)]
    site.seed(virtualproxyconfig=seeds)
    assert "2 virtual proxies" in refused(site, **JWT)
    assert "2 virtual proxies" in refused(site, prefix="jwt", state="absent")


@pytest.mark.parametrize("delete_linked", ["cascade", "400"])
def test_removal_whatever_the_server_says_of_links(site: Simulator, delete_linked: str) -> None:
    done(site, **JWT, proxies=["all"])
    site.switch(delete_linked=delete_linked)
    assert run(site, prefix="jwt", state="absent", check=True)["changed"] is True
    result = done(site, prefix="jwt", state="absent")
    assert result["changed"] is True
    assert site.entities("virtualproxyconfig", prefix="jwt") == []
    assert all(
        len(service["settings"]["virtualProxies"]) == 1 for service in site.entities("proxyservice")
    )
    assert done(site, prefix="jwt", state="absent")["changed"] is False


def test_restart_can_be_forbidden(site: Simulator) -> None:
    done(site, **JWT)
    message = refused(site, **JWT, description="x", allow_restart=False)
    assert "Central" in message
    assert "allow_restart" in message
    assert done(site, **JWT, allow_restart=False)["changed"] is False


def test_field_that_the_server_lacks_is_named(site: Simulator) -> None:
    done(site, **JWT)
    entity = stored(site)
    site.call("PATCH", f"/entities/virtualproxyconfig/{entity['id']}", {"jwtAudience": None})
    # An unset text may be null; that is no missing field.
    assert done(site, **JWT, jwt_audience="")["changed"] is False


def test_before_holds_the_whole_entity_and_no_secret(site: Simulator) -> None:
    done(site, **JWT)
    site.patch(
        "virtualproxyconfig",
        stored(site)["id"],
        {"oidcClientSecret": "hush-hush", "unknownToUs": [1]},
    )
    result = done(site, **JWT, description="x")
    assert result["before"]["entity"]["unknownToUs"] == [1]
    assert result["before"]["proxies"] == [site.node()["proxy_id"]]
    assert "hush-hush" not in str(result)
    assert stored(site)["oidcClientSecret"] == "hush-hush"


def test_key_that_lies_open_on_the_site_is_hidden_and_said(site: Simulator) -> None:
    done(site, **JWT)
    key = ca.key_pem("pasted")
    site.patch("virtualproxyconfig", stored(site)["id"], {"jwtPublicKeyCertificate": key})
    read = run_module("qlik_virtual_proxy_info", connection(site))
    for result in (read, run(site, **JWT, check=True), done(site, **JWT)):
        assert not result.get("failed"), result
        assert not any(line in str(result) for line in key.splitlines()[1:-1])
        assert "held a private key" in str(result["warnings"])
    assert stored(site)["jwtPublicKeyCertificate"] == CERTIFICATE


def test_advice_on_the_allow_list_is_a_warning(site: Simulator) -> None:
    result = done(
        site, **JWT, host_allow_list=["ok.example", "https://a", "10.0.0.1", "b:8080", "c/d", "*.e"]
    )
    text = " ".join(str(item) for item in result["warnings"])
    for word in ("scheme", "IP address", "port", "path", "wildcard"):
        assert word in text
    assert "ok.example" not in text
    assert stored(site)["websocketCrossOriginWhiteList"][0] == "ok.example"


@pytest.mark.parametrize("switches", [{"filter_case": "sensitive"}, {"upper_prefix": "store"}])
def test_switches_of_unproven_behaviour_change_nothing(site: Simulator, switches: Json) -> None:
    site.switch(**switches)
    done(site, **JWT)
    assert done(site, **JWT)["changed"] is False
