# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxy against the simulated repository: requests, refusals, faults."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from support import tls_server as ca
from support.module_runner import Result, connection, run_module
from support.simulator import Simulator

Json = dict[str, t.Any]
NAME = "qlik_virtual_proxy"
CERTIFICATE = ca.certificate("tokens")
JWT: Json = {
    "prefix": "jwt",
    "jwt_certificate": CERTIFICATE,
    "jwt_attribute_user_id": "userId",
    "jwt_attribute_user_directory": "userDirectory",
}


def run(site: Simulator, *, check: bool = False, **options: t.Any) -> Result:
    return run_module(NAME, {**connection(site), **options}, check=check)


def done(site: Simulator, **options: t.Any) -> Result:
    result = run(site, **options)
    assert not result.get("failed"), result.get("msg")
    return result


def refused(site: Simulator, **options: t.Any) -> str:
    """The sentence of a run that must fail, and must not write anything."""
    site.clear_requests()
    before = site.state()["entities"]
    result = run(site, **options)
    assert result.get("failed"), result
    assert site.state()["entities"] == before
    assert writes(site) == []
    assert "Traceback" not in str(result)
    return str(result["msg"])


def log(site: Simulator) -> list[str]:
    return [f"{item['method']} {item['path']}" for item in site.requests(port="qrs")]


def writes(site: Simulator) -> list[str]:
    return [line for line in log(site) if not line.startswith("GET")]


def stored(site: Simulator, prefix: str = "jwt") -> Json:
    return site.entity("virtualproxyconfig", prefix=prefix)


def linked(site: Simulator, prefix: str = "jwt") -> list[str]:
    own = stored(site, prefix)["id"]
    return sorted(
        service["serverNodeConfiguration"]["name"]
        for service in site.entities("proxyservice")
        if own in [item["id"] for item in service["settings"]["virtualProxies"]]
    )


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
        ({"authentication_module_redirect_uri": "nowhere"}, ["absolute URI"]),
        ({"additional_response_headers": {"a b": "c"}}, ["additional_response_headers", "'a b'"]),
        ({"additional_response_headers": {"a": "b\nc"}}, ["several lines"]),
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


@pytest.mark.parametrize("rights", ["none", "part"])
def test_missing_rights_are_not_absence(site: Simulator, rights: str) -> None:
    done(site, **JWT)
    site.switch(read_rights=rights)
    message = refused(site, **JWT)
    assert "rights" in message or "central" in message


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 503])
@pytest.mark.parametrize("body", ["text", "json", "empty"])
def test_error_is_never_taken_for_absence(site: Simulator, status: int, body: str) -> None:
    site.switch(error_body=body)
    for path in ("virtualproxyconfig", "proxyservice", "servernodeconfiguration"):
        site.clear_faults()
        site.fault(
            port="qrs", method="GET", path=f"/{path}/", action="status", status=status, times=9
        )
        message = refused(site, **JWT, retries=0)
        assert f"answered {status}" in message
        assert path in message


@pytest.mark.parametrize("action", ["html", "truncate", "reset_before", "reset_after"])
def test_broken_answers_to_reads_are_named(site: Simulator, action: str) -> None:
    site.fault(port="qrs", method="GET", path="/proxyservice/", action=action, times=9)
    assert refused(site, **JWT, retries=0)


def test_passing_fault_is_survived(site: Simulator) -> None:
    site.fault(port="qrs", method="GET", path="/virtualproxyconfig/", action="reset_before")
    site.fault(port="qrs", method="GET", path="/proxyservice/", action="status", status=503)
    assert done(site, **JWT)["changed"] is True
    assert linked(site) == ["Central"]


def test_conflict_with_another_field_is_merged(site: Simulator) -> None:
    done(site, **JWT)
    own = stored(site)["id"]
    site.fault(
        port="qrs",
        method="PUT",
        path="/virtualproxyconfig/",
        action="edit_between",
        type="virtualproxyconfig",
        id=own,
        change={"sessionInactivityTimeout": 99},
    )
    done(site, **JWT, description="ours")
    assert stored(site)["description"] == "ours"
    assert stored(site)["sessionInactivityTimeout"] == 99


def test_edit_of_the_same_field_is_an_error_that_names_them(site: Simulator) -> None:
    done(site, **JWT)
    own = stored(site)["id"]
    site.fault(
        port="qrs",
        method="PUT",
        path="/virtualproxyconfig/",
        action="edit_between",
        type="virtualproxyconfig",
        id=own,
        change={"description": "theirs"},
    )
    result = run(site, **JWT, description="ours")
    assert result["failed"]
    assert stored(site)["description"] == "theirs"
    assert stored(site)["modifiedByUserName"] in result["msg"]
    assert "description" in result["msg"]


def test_link_of_another_administrator_is_not_lost(site: Simulator) -> None:
    other = site.seed(
        virtualproxyconfig=[{"prefix": "other", "sessionCookieHeaderName": "X-Other"}]
    )["virtualproxyconfig"][0]
    proxy = site.entity("proxyservice", id=site.node()["proxy_id"])
    settings = dict(proxy["settings"])
    settings["virtualProxies"] = [*settings["virtualProxies"], {"id": other["id"]}]
    site.fault(
        port="qrs",
        method="PUT",
        path="/proxyservice/",
        action="edit_between",
        type="proxyservice",
        id=proxy["id"],
        change={"settings": settings},
    )
    done(site, **JWT)
    assert linked(site) == ["Central"]
    assert linked(site, "other") == ["Central"]


@pytest.mark.parametrize("status", [400, 403, 500])
def test_creation_that_cannot_be_linked_is_taken_back(site: Simulator, status: int) -> None:
    fault = {"port": "qrs", "path": "/proxyservice/", "action": "status", "status": status}
    site.fault(method="PUT", times=9, **fault)
    result = run(site, **JWT)
    assert result["failed"]
    assert "was removed again" in result["msg"]
    assert site.entities("virtualproxyconfig", prefix="jwt") == []
    site.clear_faults()
    assert done(site, **JWT)["changed"] is True
    assert linked(site) == ["Central"]


def test_half_done_work_is_said_and_finished_by_the_next_run(site: Simulator) -> None:
    for method, path in (("PUT", "/proxyservice/"), ("DELETE", "/virtualproxyconfig/")):
        site.fault(port="qrs", method=method, path=path, action="status", status=400, times=9)
    result = run(site, **JWT)
    assert result["failed"]
    assert "created the virtual proxy 'jwt'" in result["msg"]
    assert "Run again to finish, with the option proxies" in result["msg"]
    assert linked(site) == []
    site.clear_faults()
    assert "no proxy service serves" in str(done(site, **JWT)["warnings"])
    assert done(site, **JWT, proxies=["central"])["changed"] is True
    assert linked(site) == ["Central"]


@pytest.mark.parametrize("action", ["reset_after", "truncate"])
@pytest.mark.parametrize("verb", ["POST /virtualproxyconfig", "PUT /proxyservice/"])
def test_lost_answer_to_a_creation_is_cleared_up(site: Simulator, action: str, verb: str) -> None:
    method, path = verb.split()
    site.fault(port="qrs", method=method, path=path, action=action)
    assert done(site, **JWT)["changed"] is True
    assert len(site.entities("virtualproxyconfig", prefix="jwt")) == 1
    assert linked(site) == ["Central"]
    assert done(site, **JWT)["changed"] is False


@pytest.mark.parametrize("action", ["reset_before", "reset_after", "truncate", "html"])
def test_lost_answer_to_a_change_is_cleared_up(site: Simulator, action: str) -> None:
    done(site, **JWT)
    site.fault(port="qrs", method="PUT", path="/virtualproxyconfig/", action=action)
    assert done(site, **JWT, description="x")["changed"] is True
    assert stored(site)["description"] == "x"


def test_creation_that_may_still_be_under_way_is_not_sent_twice(site: Simulator) -> None:
    site.fault(port="qrs", method="POST", path="/virtualproxyconfig", action="reset_before")
    result = run(site, **JWT)
    assert result["failed"]
    assert "is not known" in result["msg"]
    assert [line.split()[0] for line in writes(site)] == ["POST"]
    assert done(site, **JWT)["changed"] is True


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


def test_key_beside_a_certificate_is_hidden_and_the_certificate_is_not(site: Simulator) -> None:
    both = Path(site.certificates["client_cert"]).read_text()
    both += Path(site.certificates["client_key"]).read_text()
    arguments = {**connection(site), **JWT, "client_cert_content": both}
    del arguments["client_cert_path"], arguments["client_key_path"]
    result = run_module(NAME, arguments)
    assert result["virtual_proxy"]["jwt_certificate"] == CERTIFICATE
    assert "PRIVATE KEY" not in str(result)
    pasted = run_module(NAME, {**arguments, "jwt_certificate": both})
    assert pasted["failed"]
    assert "PRIVATE KEY" not in str(pasted)


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


def test_bad_content_is_named_by_its_option(site: Simulator) -> None:
    arguments = {**connection(site), **JWT, "client_cert_content": "nothing"}
    del arguments["client_cert_path"]
    failure = run_module(NAME, arguments)["failure"]
    assert failure["option"] == "client_cert_content"


@pytest.mark.parametrize("refusal", ["403", "tls"])
def test_foreign_client_certificate_is_named(site: Simulator, refusal: str) -> None:
    site.switch(client_cert_refusal=refusal)
    message = refused(
        site,
        **JWT,
        client_cert_path=site.certificates["foreign_client_cert"],
        client_key_path=site.certificates["foreign_client_key"],
        retries=0,
    )
    assert "client certificate" in message


def test_connection_faults_are_sentences(site: Simulator, tmp_path: Path) -> None:
    vault = tmp_path / "key.pem"
    vault.write_text("$ANSIBLE_VAULT;1.1;AES256\n3132\n")
    for options, word in (
        ({"port": 1}, "refused"),
        ({"host": "no-such-host.invalid"}, "resolved"),
        ({"ca_path": site.proxy_ca}, "root.pem"),
        ({"client_key_path": str(vault)}, "vault"),
        ({"client_key_path": str(tmp_path / "missing")}, "client_key_path"),
        ({"client_cert_path": str(tmp_path)}, "directory"),
        ({"tls_server_name": "elsewhere"}, "name"),
    ):
        assert word in refused(site, **{**JWT, "retries": 0, **options})


def test_environment_is_silenced_by_the_option_of_its_pair(
    site: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QLIK_CLIENT_CERT", "/nowhere/client.pem")
    monkeypatch.setenv("QLIK_CLIENT_KEY", site.certificates["client_key"])
    monkeypatch.setenv("QLIK_HOST", site.host)
    monkeypatch.setenv("QLIK_PORT", str(site.qrs_port))
    monkeypatch.setenv("QLIK_CA", site.certificates["root"])
    content = Path(site.certificates["client_cert"]).read_text()
    arguments = {**JWT, "client_cert_content": content}
    assert not run_module(NAME, arguments).get("failed")
    assert "/nowhere/client.pem" in run_module(NAME, dict(JWT))["msg"]


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
