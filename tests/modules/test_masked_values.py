# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masked values are never written to a site, and a result is never damaged without a message."""

from __future__ import annotations

import typing as t
from pathlib import Path
from unittest import mock

import pytest

from ansible.module_utils import basic

from support import key_material as km
from support import tls_server as ca
from support.case import Case, Json
from support.module_runner import MASKED_RESULTS, connection, run_module
from support.simulator import Simulator

MARKS = (
    "********.example.com",
    "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER",
    "$REDACTED$.example.com",
    "$encrypted$",
    "(a private key, not shown)",
)
CERTIFICATE = ca.certificate("tokens")
JWT: Json = {
    "prefix": "portal",
    "jwt_certificate": CERTIFICATE,
    "jwt_attribute_user_id": "userId",
    "jwt_attribute_user_directory": "userDirectory",
    "host_allow_list": ["qlik.example.com"],
    "description": "from qlik",
}
masking = pytest.mark.skipif(not MASKED_RESULTS, reason="this ansible-core masks only output")


def option(mark: str) -> dict[str, t.Any]:
    """A value with a mark, for every option of a virtual proxy that takes a text."""
    return {
        "description": mark,
        "session_cookie_header_name": mark,
        "session_cookie_domain": mark,
        "jwt_certificate": CERTIFICATE.replace("MII", "********", 1),
        "jwt_attribute_user_id": mark,
        "jwt_attribute_user_directory": mark,
        "jwt_audience": mark,
        "jwt_attribute_map": [{"jwt_attribute": "g", "sense_attribute": mark}],
        "load_balancing_nodes": [mark],
        "host_allow_list": ["a.example.com", mark],
        "proxies": [mark],
        "authentication_module_redirect_uri": f"https://{mark}/",
        "additional_response_headers": {"X-One": mark},
        "windows_authentication_enabled_device_pattern": mark,
        "tags": [mark],
        "custom_properties": {"env": [mark]},
    }


@pytest.fixture
def portal(site: Simulator) -> Case:
    """The module for one virtual proxy, with one that is there."""
    site.seed(custompropertydefinition=[{"name": "env", "objectTypes": ["VirtualProxyConfig"]}])
    case = Case("qlik_virtual_proxy", site)
    case.done(**JWT)
    return case


@pytest.mark.parametrize("name", option(""))
def test_no_option_of_a_virtual_proxy_takes_one(portal: Case, name: str) -> None:
    for mark in MARKS:
        said = portal.rejected(prefix="portal", **{name: option(mark)[name]})
        assert name in said
        assert "in place of a secret" in said
    many = Case("qlik_virtual_proxies", portal.site)
    for prefix in ("portal", "new"):
        wish = {**JWT, "prefix": prefix, name: option(MARKS[0])[name]}
        said = many.rejected(virtual_proxies=[wish, {"prefix": "", "tags": ["x"]}])
        assert name in said
        assert "in place of a secret" in said


def test_a_name_in_a_mapping_counts(portal: Case) -> None:
    for name in ("additional_response_headers", "custom_properties"):
        assert name in portal.rejected(prefix="portal", **{name: {"X-********": "1"}})


@pytest.mark.parametrize("mark", MARKS)
def test_no_prefix_and_no_tag_is_one(portal: Case, mark: str) -> None:
    many = Case("qlik_virtual_proxies", portal.site)
    for state in ("present", "absent"):
        assert "in place of a secret" in portal.rejected(prefix=mark, state=state)
        said = many.rejected(virtual_proxies=[{"prefix": mark, "state": state}])
        assert said.startswith("virtual_proxies[0].prefix ")
    prune = {"virtual_proxies": [{"prefix": "portal"}], "prune": True, "prune_tag": mark}
    assert many.rejected(**prune).startswith("prune_tag ")
    assert Case("qlik_virtual_proxy_info", portal.site).rejected(prefix=mark).startswith("prefix ")


def test_stars_that_the_site_has_already_stay(portal: Case) -> None:
    stars = "******** do not touch ********"
    portal.site.patch(
        "virtualproxyconfig",
        portal.site.entity("virtualproxyconfig", prefix="portal")["id"],
        {"description": stars, "websocketCrossOriginWhiteList": ["********.example.com"]},
    )
    shown = Case("qlik_virtual_proxy_info", portal.site).done(prefix="portal")
    many = Case("qlik_virtual_proxies", portal.site)
    assert many.done(virtual_proxies=shown["virtual_proxies"])["changed"] is False
    changed = many.done(virtual_proxies=[{**shown["virtual_proxies"][0], "jwt_audience": "x"}])
    assert changed["changed"]
    longer = {"host_allow_list": ["b.example.com"], "host_allow_list_mode": "append"}
    result = portal.done(prefix="portal", **longer)
    assert result["virtual_proxy"]["host_allow_list"] == ["********.example.com", "b.example.com"]
    assert portal.done(restore=result["before"])["changed"]


@pytest.mark.parametrize("mark", MARKS[:-1])
@pytest.mark.parametrize("gone", [False, True])
def test_it_is_not_restored(portal: Case, mark: str, gone: bool) -> None:
    before = portal.done(prefix="portal", description="x")["before"]
    if gone:
        portal.done(prefix="portal", state="absent")
    before["entity"]["description"] = mark
    many = Case("qlik_virtual_proxies", portal.site)
    for said in (portal.rejected(restore=before), many.rejected(restore=[before])):
        assert "restore: description in the 'before' of the virtual proxy 'portal'" in said
        assert "in place of a secret" in said


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("name", ["directory", "id", "name", "roles"])
def test_no_option_of_a_user_takes_one(site: Simulator, name: str, mark: str) -> None:
    case = Case("qlik_user", site)
    wish = {"directory": "ACME", "id": "jdoe", name: [mark] if name == "roles" else mark}
    said = case.rejected(**wish)
    assert said.startswith(name)
    assert "in place of a secret" in said


@pytest.mark.parametrize("name", ["proxies", "ssl_browser_certificate_thumbprint"])
def test_no_option_of_a_proxy_service_takes_one(site: Simulator, name: str) -> None:
    case = Case("qlik_proxy_service", site)
    for mark in MARKS:
        wish = {"proxies": ["central"], name: [mark] if name == "proxies" else mark}
        said = case.rejected(**wish)
        assert said.startswith(name)
        assert "in place of a secret" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("user_id", "********"),
        ("user_directory", "$REDACTED$"),
        ("audience", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"),
        ("attributes", {"groups": ["a", "********"]}),
        ("attributes", {"******** group": "a"}),
        ("path", "/tmp/********/token"),
        ("private_key_passphrase", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"),
    ],
)
def test_no_token_carries_one(name: str, value: t.Any) -> None:
    options = {
        "private_key_content": km.key_pem(km.rsa_key()).decode(),
        "user_id": "jdoe",
        "user_directory": "ACME",
        name: value,
    }
    result = run_module("qlik_jwt_token", options, no_log=True)
    assert result["failed"]
    assert result["msg"].startswith(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("common_name", "********.example.com"),
        ("owner", "$REDACTED$"),
        ("passphrase", "$REDACTED$"),
        ("passphrase", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"),
        ("certificate_path", "********.crt"),
    ],
)
def test_no_key_pair_is_made_with_one(tmp_path: Path, name: str, value: str) -> None:
    options = {"private_key_path": str(tmp_path / "key"), "size": 2048, name: value}
    result = run_module("qlik_keypair", options)
    assert result["failed"]
    assert result["msg"].startswith(name)
    assert list(tmp_path.iterdir()) == []


def test_a_secret_may_consist_of_stars(tmp_path: Path) -> None:
    options = {"private_key_path": str(tmp_path / "key"), "size": 2048, "passphrase": "*" * 8}
    assert not run_module("qlik_keypair", options).get("failed")


@masking
@pytest.mark.parametrize("secret", ["qlik", "ortal", "o", "1"])
def test_a_secret_in_what_is_read_is_an_error(portal: Case, secret: str) -> None:
    case = Case("qlik_virtual_proxy_info", portal.site)
    result = case.run(client_key_passphrase=secret)
    assert result["failed"]
    assert "the value of client_key_passphrase also occurs in the result (" in result["msg"]
    assert "virtual_proxies" not in result
    assert result["failure"]["kind"] == "Damaged"
    assert "*" not in result["msg"]


@masking
def test_a_secret_in_before_stops_the_write(portal: Case) -> None:
    secret = {"client_key_passphrase": "qlik"}
    for case, wish in (
        (portal, {"prefix": "portal", "description": "x"}),
        (portal, {"prefix": "portal", "state": "absent"}),
        (portal, {**JWT, "prefix": "new"}),
        (Case("qlik_virtual_proxies", portal.site), {"virtual_proxies": [{**JWT, "tags": ["a"]}]}),
    ):
        said = case.rejected(**wish, **secret)
        assert "client_key_passphrase" in said
    assert "Nothing was written." in portal.rejected(prefix="portal", description="x", **secret)


@masking
def test_a_secret_in_other_results_stops_the_write(site: Simulator) -> None:
    site.seed(user=[{"userDirectory": "ACME", "userId": "qlik", "name": "x"}])
    user = {"directory": "ACME", "id": "qlik", "name": "new"}
    assert "client_key_passphrase" in Case("qlik_user", site).rejected(
        **user, client_key_passphrase="qlik"
    )
    service = {"proxies": ["central"], "keep_alive_timeout_seconds": 77}
    assert "client_key_passphrase" in Case("qlik_proxy_service", site).rejected(
        **service, client_key_passphrase="entral"
    )


@masking
def test_a_probe_reports_it_too(portal: Case) -> None:
    case = Case("qlik_jwt_probe", portal.site)
    options = {
        "url": portal.site.node()["url"],
        "url_ca_path": portal.site.proxy_ca,
        "prefix": "portal",
        "private_key_content": ca.key_pem("tokens"),
        "user_id": "jdoe",
        "user_directory": "ACME",
        "allow_user_creation": True,
    }
    assert case.run(**options)["verdict"] == "access_granted"
    result = case.run(**options, client_key_passphrase="granted")
    assert result["failure"]["kind"] == "Damaged"
    assert "(verdict" in result["msg"]
    assert case.run(**{**options, "prefix": MARKS[0]})["msg"].startswith("prefix ")


@pytest.mark.parametrize("verbose", [{}, {"_ansible_verbosity": 4}])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("qlik_virtual_proxy", {**JWT, "jwt_certificate": ca.key_pem("x")}),
        ("qlik_virtual_proxy", {**JWT, "jwt_certificate": CERTIFICATE + ca.key_pem("x", "pw")}),
        ("qlik_virtual_proxy", {**JWT, "jwt_certificate": "A" * 900, "secret": 1}),
        ("qlik_virtual_proxy", {**JWT, "description": ca.key_pem("x"), "host_allow_list": {}}),
        ("qlik_virtual_proxy", {"restore": {"entity": {"a": [ca.key_pem("x")]}}}),
        ("qlik_virtual_proxy", {"restore": '{"entity": "' + ca.key_pem("x") + '"}'}),
        ("qlik_virtual_proxies", {"restore": [{"entity": {ca.key_pem("x"): 1}}]}),
        (
            "qlik_virtual_proxies",
            {"virtual_proxies": [{**JWT, "jwt_certificate": ca.key_pem("x")}]},
        ),
        ("qlik_virtual_proxy_info", {"ca_path": None, "ca_content": ca.key_pem("x")}),
        ("qlik_virtual_proxy_info", {"client_key_path": ca.key_pem("x")}),
        ("qlik_virtual_proxy_info", {"client_key_contents": ca.key_pem("x")}),
        ("qlik_jwt_probe", {"url": "https://a", "prefix": "a", "url_ca_content": ca.key_pem("x")}),
    ],
)
def test_a_private_key_is_rejected_before_it_is_logged(
    site: Simulator, name: str, options: Json, verbose: Json
) -> None:
    given = {k: v for k, v in {**connection(site), **options, **verbose}.items() if v is not None}
    with mock.patch.object(basic.AnsibleModule, "log") as log:
        result = run_module(name, given)
    assert result["failed"]
    assert log.call_count == 0
    secret = "AAAAAAAA" if "secret" in options else ca.key_pem("x").splitlines()[1]
    assert secret not in str(result)
    assert "private key" in result["msg"] or "no certificate in PEM format" in result["msg"]


def test_a_key_in_the_file_of_the_client_certificate_is_not_logged(site: Simulator) -> None:
    both = Path(site.certificates["client_cert"]).read_text()
    both += Path(site.certificates["client_key"]).read_text()
    given = {**connection(site), "client_cert_content": both}
    del given["client_cert_path"], given["client_key_path"]
    with mock.patch.object(basic.AnsibleModule, "log") as log:
        result = run_module("qlik_virtual_proxy_info", given)
    assert not result.get("failed"), result
    assert log.call_count > 0
    assert "PRIVATE KEY" not in str(log.call_args_list)
    assert "PRIVATE KEY" not in str(result)


def test_public_texts_are_no_secrets(portal: Case) -> None:
    """Their words are not masked in the output of a run."""
    before = portal.done(prefix="portal", session_inactivity_timeout=31)["before"]
    root = Path(portal.site.certificates["root"]).read_text()
    client = Path(portal.site.certificates["client_cert"]).read_text()
    given = {**connection(portal.site), "ca_content": root, "client_cert_content": client}
    del given["ca_path"], given["client_cert_path"]
    registered: list[str] = []
    update = basic.AnsibleModule.exit_json

    def exit_json(module: basic.AnsibleModule, **result: t.Any) -> None:
        registered.extend(module.no_log_values)
        update(module, **result)

    with mock.patch.object(basic.AnsibleModule, "exit_json", exit_json):
        result = run_module("qlik_virtual_proxy", {**given, "restore": before})
        assert result["virtual_proxy"]["session_inactivity_timeout"] == 30
        run_module("qlik_virtual_proxy", {**given, **JWT})
    assert registered == []
