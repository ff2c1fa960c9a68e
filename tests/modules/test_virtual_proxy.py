# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxy against the simulated repository: requests, refusals, results."""

from __future__ import annotations

import pytest

from modules.virtual_proxy_case import CERTIFICATE, JWT, linked, stored
from support import tls_server as ca
from support.case import Case, Json
from support.simulator import Simulator


@pytest.fixture
def case(site: Simulator) -> Case:
    return Case("qlik_virtual_proxy", site)


def single(site: Simulator) -> Simulator:
    site.reset(nodes=["Central"])
    return site


def test_requests_on_a_site_with_one_proxy(case: Case, site: Simulator) -> None:
    single(site)
    case.done(**JWT)
    assert case.log() == [
        "GET /qrs/virtualproxyconfig/full",
        "GET /qrs/proxyservice/full",
        "GET /qrs/servernodeconfiguration/full",
        "POST /qrs/virtualproxyconfig",
        f"PUT /qrs/proxyservice/{site.node()['proxy_id']}",
    ]
    site.clear_requests()
    again = {**JWT, "proxies": ["central"], "load_balancing_nodes": ["central"]}
    assert case.done(**again)["changed"] is False
    assert case.log() == ["GET /qrs/virtualproxyconfig/full", "GET /qrs/proxyservice/full"]
    site.clear_requests()
    assert case.done(**JWT, description="new")["requests"] == 3
    assert case.writes() == [f"PUT /qrs/virtualproxyconfig/{stored(site)['id']}"]
    site.clear_requests()
    assert case.done(prefix="jwt", state="absent")["requests"] == 3
    assert [line.split("/")[0] for line in case.writes()] == ["DELETE "]


def test_requests_on_a_site_with_several_proxies(case: Case, site: Simulator) -> None:
    wanted = {**JWT, "proxies": ["all"], "load_balancing_nodes": ["rim1", "rim2"]}
    assert case.done(**wanted)["requests"] == 4 + 3
    assert linked(site) == ["Central", "rim1", "rim2"]
    site.clear_requests()
    assert case.done(**wanted)["requests"] == 2
    # Which node is central stands in no condensed form: one more, and still no write.
    assert case.done(**{**wanted, "proxies": ["central"]})["requests"] == 3
    assert case.done(**{**wanted, "load_balancing_nodes": ["all"]})["requests"] == 4
    assert sorted(n["name"] for n in stored(site)["loadBalancingServerNodes"]) == [
        "Central",
        "rim1",
        "rim2",
    ]


def test_central_is_not_guessed_before_a_write(case: Case, site: Simulator) -> None:
    single(site)
    site.seed(virtualproxyconfig=[{"prefix": "jwt", "sessionCookieHeaderName": "X-J", "link": []}])
    result = case.done(prefix="jwt", proxies=["central"])
    assert result["requests"] == 4
    assert linked(site) == ["Central"]


def test_certificate_in_other_clothes_is_no_change(case: Case, site: Simulator) -> None:
    case.done(**JWT)
    site.clear_requests()
    for text in (
        CERTIFICATE.replace("\n", "\r\n"),
        "Bag Attributes\n  friendlyName: x\n" + CERTIFICATE + "\n\n",
        "".join(f"  {line}\n" for line in CERTIFICATE.splitlines()),
        "\ufeff" + CERTIFICATE,
    ):
        assert case.done(**{**JWT, "jwt_certificate": text})["changed"] is False
    assert case.writes() == []


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
    case: Case, site: Simulator, options: Json, words: list[str], exists: bool
) -> None:
    site.seed(virtualproxyconfig=[{"prefix": "other", "sessionCookieHeaderName": "X-Other"}])
    if exists:
        case.done(**JWT)
    message = case.rejected(**{**JWT, **options})
    assert all(word in message for word in words), message
    assert "PRIVATE KEY-----" not in message
    assert len(message) < 600


def test_default_virtual_proxy_can_be_changed_but_not_removed(case: Case, site: Simulator) -> None:
    case.done(prefix="", session_inactivity_timeout=45)
    assert stored(site, "")["sessionInactivityTimeout"] == 45
    assert "cannot be removed" in case.rejected(prefix="", state="absent")
    message = case.rejected(prefix="", proxies=["central"], proxies_mode="replace")
    assert "stays linked" in message


def test_prefix_that_differs_in_case_only_is_refused(case: Case, site: Simulator) -> None:
    site.seed(virtualproxyconfig=[{"prefix": "Old", "sessionCookieHeaderName": "X-Old"}])
    assert "'Old'" in case.rejected(**{**JWT, "prefix": "old"})
    # One that the site stores as it is can be managed as it is.
    assert case.done(prefix="Old", description="x")["changed"] is True


def test_two_with_one_prefix_are_not_guessed_between(case: Case, site: Simulator) -> None:
    site.switch(unique_scope="off")
    seeds = [{"prefix": "jwt", "sessionCookieHeaderName": f"X-{n}"} for n in range(2)]
    site.seed(virtualproxyconfig=seeds)
    assert "2 virtual proxies" in case.rejected(**JWT)
    assert "2 virtual proxies" in case.rejected(prefix="jwt", state="absent")


@pytest.mark.parametrize("delete_linked", ["cascade", "400"])
def test_removal_whatever_the_server_says_of_links(
    case: Case, site: Simulator, delete_linked: str
) -> None:
    case.done(**JWT, proxies=["all"])
    site.switch(delete_linked=delete_linked)
    assert case.check(prefix="jwt", state="absent")["changed"] is True
    result = case.done(prefix="jwt", state="absent")
    assert result["changed"] is True
    assert site.entities("virtualproxyconfig", prefix="jwt") == []
    assert all(
        len(service["settings"]["virtualProxies"]) == 1 for service in site.entities("proxyservice")
    )
    assert case.done(prefix="jwt", state="absent")["changed"] is False


def test_restart_can_be_forbidden(case: Case) -> None:
    case.done(**JWT)
    message = case.rejected(**JWT, description="x", allow_restart=False)
    assert "Central" in message
    assert "allow_restart" in message
    assert case.done(**JWT, allow_restart=False)["changed"] is False


def test_field_that_the_server_lacks_is_named(case: Case, site: Simulator) -> None:
    case.done(**JWT)
    entity = stored(site)
    site.call("PATCH", f"/entities/virtualproxyconfig/{entity['id']}", {"jwtAudience": None})
    # An unset text may be null; that is no missing field.
    assert case.done(**JWT, jwt_audience="")["changed"] is False


def test_before_holds_the_whole_entity_and_no_secret(case: Case, site: Simulator) -> None:
    case.done(**JWT)
    site.patch(
        "virtualproxyconfig",
        stored(site)["id"],
        {"oidcClientSecret": "hush-hush", "unknownToUs": [1]},
    )
    result = case.done(**JWT, description="x")
    assert result["before"]["entity"]["unknownToUs"] == [1]
    assert result["before"]["proxies"] == [site.node()["proxy_id"]]
    assert "hush-hush" not in str(result)
    assert stored(site)["oidcClientSecret"] == "hush-hush"


def test_key_that_lies_open_on_the_site_is_hidden_and_said(case: Case, site: Simulator) -> None:
    case.done(**JWT)
    key = ca.key_pem("pasted")
    site.patch("virtualproxyconfig", stored(site)["id"], {"jwtPublicKeyCertificate": key})
    read = Case("qlik_virtual_proxy_info", site).run()
    for result in (read, case.check(**JWT), case.done(**JWT)):
        assert not result.get("failed"), result
        assert not any(line in str(result) for line in key.splitlines()[1:-1])
        assert "held a private key" in str(result["warnings"])
    assert stored(site)["jwtPublicKeyCertificate"] == CERTIFICATE


def test_advice_on_the_allow_list_is_a_warning(case: Case, site: Simulator) -> None:
    result = case.done(
        **JWT, host_allow_list=["ok.example", "https://a", "10.0.0.1", "b:8080", "c/d", "*.e"]
    )
    text = " ".join(str(item) for item in result["warnings"])
    for word in ("scheme", "IP address", "port", "path", "wildcard"):
        assert word in text
    assert "ok.example" not in text
    assert stored(site)["websocketCrossOriginWhiteList"][0] == "ok.example"


@pytest.mark.parametrize("switches", [{"filter_case": "sensitive"}, {"upper_prefix": "store"}])
def test_switches_of_unproven_behaviour_change_nothing(
    case: Case, site: Simulator, switches: Json
) -> None:
    site.switch(**switches)
    case.done(**JWT)
    assert case.done(**JWT)["changed"] is False
