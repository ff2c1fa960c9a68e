# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_proxy_service against the simulated repository: requests, settings, refusals."""

from __future__ import annotations

import typing as t

import pytest

from modules.proxy_service_case import NODES, service, stored
from support.case import DATES, Case, Json, without
from support.simulator import Simulator

THUMBPRINT = "0123456789abcdef0123456789ABCDEF01234567"


#: Option, a value that differs from the default, its property, what is stored.
SETTINGS: list[tuple[str, t.Any, str, t.Any]] = [
    ("allow_http", True, "allowHttp", True),
    ("http_port", 8080, "unencryptedListenPort", 8080),
    ("https_port", 8443, "listenPort", 8443),
    ("max_header_size_bytes", 131072, "maxHeaderSizeBytes", 131072),
    ("max_header_size_bytes", 512, "maxHeaderSizeBytes", 512),
    ("max_header_lines", 1000, "maxHeaderLines", 1000),
    ("max_header_lines", 20, "maxHeaderLines", 20),
    ("keep_alive_timeout_seconds", 300, "keepAliveTimeoutSeconds", 300),
    ("keep_alive_timeout_seconds", 1, "keepAliveTimeoutSeconds", 1),
    (
        "ssl_browser_certificate_thumbprint",
        THUMBPRINT,
        "sslBrowserCertificateThumbprint",
        THUMBPRINT,
    ),
    ("kerberos_authentication", True, "kerberosAuthentication", True),
]


@pytest.fixture
def case(site: Simulator) -> Case:
    return Case("qlik_proxy_service", site)


def furnish(site: Simulator) -> None:
    """What nobody may lose: links, templates, log levels, keys that no client knows."""
    site.seed(
        virtualproxyconfig=[
            {"prefix": "other", "sessionCookieHeaderName": "X-Other", "link": ["Central", "rim1"]}
        ]
    )
    for node in NODES:
        entity = service(site, node)
        settings = {
            **entity["settings"],
            "errorPageTemplate": "<h1>Oh</h1>",
            "useWsTrace": True,
            "unknownSetting": {"keep": ["me"]},
        }
        site.patch("proxyservice", entity["id"], {"settings": settings, "unknownToUs": [1, None]})


def frozen(entity: Json, *names: str) -> Json:
    """A proxy service without those settings, dates and editor."""
    settings = without(entity["settings"], *names, *DATES)
    return {**without(entity, *DATES), "settings": settings}


def test_requests_on_a_site_with_one_proxy(case: Case) -> None:
    case.site.reset(nodes=["Central"])
    get, nodes = "GET /qrs/proxyservice/full", "GET /qrs/servernodeconfiguration/full"
    put = f"PUT /qrs/proxyservice/{case.site.node()['proxy_id']}"
    for proxies in (["central"], ["all"], ["Central"], ["localhost"]):
        wanted = {"proxies": proxies, "allow_http": True}
        case.site.clear_requests()
        assert case.run(check=True, **wanted)["changed"] is True
        assert case.writes() == []
        case.site.clear_requests()
        result = case.done(**wanted)
        # Which node is central is not guessed before a write.
        sure = [] if proxies[0] in ("Central", "localhost") else [nodes]
        assert case.log() == [get, *sure, put]
        assert result["requests"] == len(case.log())
        case.site.clear_requests()
        again = case.done(**wanted)
        assert (again["changed"], again["requests"], case.log()) == (False, 1, [get])
        assert again["proxies_restarted"] == {}
        assert "diff" not in again
        case.done(**{**wanted, "allow_http": False})


def test_requests_on_a_site_with_several_proxies(case: Case) -> None:
    wanted = {"allow_http": True, "max_header_lines": 50}
    assert case.done(proxies=["all"], **wanted)["requests"] == 2 + 3
    assert len(case.writes()) == 3
    case.site.clear_requests()
    assert case.done(proxies=["all"], **wanted)["requests"] == 1
    assert case.done(proxies=["rim1", "RIM2"], **wanted)["requests"] == 1
    # Which node is central stands in no condensed form: one more, and still no write.
    assert case.done(proxies=["central"], **wanted)["requests"] == 2
    assert case.writes() == []


@pytest.mark.parametrize(("option", "value", "name", "expected"), SETTINGS)
def test_setting_is_changed_and_nothing_else(
    case: Case, option: str, value: t.Any, name: str, expected: t.Any
) -> None:
    furnish(case.site)
    before = {node: service(case.site, node) for node in NODES}
    restarts = case.site.state()["restarts"]
    predicted = case.run(check=True, proxies=["central", "rim1"], **{option: value})
    assert {node: service(case.site, node) for node in NODES} == before
    result = case.done(proxies=["central", "rim1"], **{option: value})
    for key in ("changed", "diff", "proxy_services", "before", "proxies_restarted"):
        assert result[key] == predicted[key], key
    assert result["proxies_restarted"] == {"Central": 1, "rim1": 1}
    assert result["diff"]["after"] == {node: {option: expected} for node in ("Central", "rim1")}
    assert [item[option] for item in result["proxy_services"]] == [expected] * 2
    assert service(case.site, "rim2") == before["rim2"]
    for node in ("Central", "rim1"):
        now = service(case.site, node)
        assert now["settings"][name] == expected
        assert frozen(now, name) == frozen(before[node], name)
        proxy = case.site.node(node)["proxy_id"]
        counted = [seen.get(proxy, 0) for seen in (restarts, case.site.state()["restarts"])]
        assert counted[1] == counted[0] + 1


def test_result_tells_what_was_and_what_is(case: Case) -> None:
    result = case.done(proxies=["rim1"], https_port=8443, allow_http=True)
    (before,), (after,) = result["before"], result["proxy_services"]
    assert before == {
        "node": "rim1",
        "id": case.site.node("rim1")["proxy_id"],
        "host_name": "rim1",
        "allow_http": False,
        "http_port": 80,
        "https_port": 443,
        "max_header_size_bytes": 16384,
        "max_header_lines": 100,
        "keep_alive_timeout_seconds": 10,
        "ssl_browser_certificate_thumbprint": "",
        "kerberos_authentication": False,
    }
    assert after == {**before, "https_port": 8443, "allow_http": True}
    # What was can be given back, and is then what is.
    given = without(before, "node", "id", "host_name")
    assert case.done(proxies=["rim1"], **given)["proxy_services"] == [before]


def test_nothing_given_is_nothing_changed(case: Case) -> None:
    result = case.done(proxies=["all"])
    assert (result["changed"], result["requests"]) == (False, 1)
    assert [item["node"] for item in result["proxy_services"]] == list(NODES)


@pytest.mark.parametrize(
    "text",
    [
        THUMBPRINT.upper(),
        "\u200e" + THUMBPRINT,
        " ".join(THUMBPRINT[i : i + 2] for i in range(0, 40, 2)),
        ":".join(THUMBPRINT[i : i + 2] for i in range(0, 40, 2)),
    ],
)
def test_thumbprint_in_other_clothes(case: Case, text: str) -> None:
    wanted = {"proxies": ["central"], "ssl_browser_certificate_thumbprint": text}
    assert case.done(**wanted)["changed"] is True
    name = "sslBrowserCertificateThumbprint"
    assert stored(case.site, name)["Central"].lower() == THUMBPRINT.lower()
    plain = {**wanted, "ssl_browser_certificate_thumbprint": THUMBPRINT}
    assert case.done(**plain)["changed"] is False
    assert case.done(**{**plain, "ssl_browser_certificate_thumbprint": ""})["changed"] is True
    assert stored(case.site, name)["Central"] == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"proxies": []}, ["proxies", "empty", "'central'"]),
        ({"proxies": ["nowhere"]}, ["proxies", "'nowhere'", "Central (localhost)", "rim2"]),
        ({"http_port": 0}, ["http_port", "0", "1 to 65535"]),
        ({"http_port": 65536}, ["http_port", "65536", "1 to 65535"]),
        ({"https_port": -1}, ["https_port", "1 to 65535"]),
        ({"https_port": 70000}, ["https_port", "1 to 65535"]),
        ({"max_header_size_bytes": 511}, ["max_header_size_bytes", "512 to 131072"]),
        ({"max_header_size_bytes": 131073}, ["max_header_size_bytes", "512 to 131072"]),
        ({"max_header_lines": 19}, ["max_header_lines", "20 to 1000"]),
        ({"max_header_lines": 1001}, ["max_header_lines", "20 to 1000"]),
        ({"keep_alive_timeout_seconds": 0}, ["keep_alive_timeout_seconds", "1 to 300"]),
        ({"keep_alive_timeout_seconds": 301}, ["keep_alive_timeout_seconds", "1 to 300"]),
        ({"ssl_browser_certificate_thumbprint": "server.pem"}, ["thumbprint", "40 hexadecimal"]),
        ({"ssl_browser_certificate_thumbprint": "AB" * 19}, ["thumbprint", "40 hexadecimal"]),
        ({"http_port": 8443, "https_port": 8443}, ["8443", "https_port", "different port"]),
        ({"http_port": 443}, ["http_port", "443", "https_port"]),
        ({"https_port": 4243}, ["https_port", "4243", "REST API"]),
        ({"https_port": 4244}, ["https_port", "4244", "authentication"]),
        ({"http_port": 4248}, ["http_port", "4248", "authentication"]),
        # One good option does not go through when another one is bad.
        ({"allow_http": True, "max_header_lines": 5}, ["max_header_lines"]),
        ({"allow_http": True, "allow_restart": False}, ["allow_http", "allow_restart", "rim1"]),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_bad_option_is_refused_in_a_sentence(case: Case, options: Json, words: list[str]) -> None:
    message = case.rejected(**{"proxies": ["all"], **options})
    assert all(word in message for word in words), message


def test_ports_can_be_swapped(case: Case) -> None:
    case.done(proxies=["rim1"], http_port=443, https_port=80)
    assert stored(case.site, "listenPort")["rim1"] == 80


def test_ports_that_clash_already_are_nobody_s_fault(case: Case) -> None:
    entity = service(case.site)
    settings = {**entity["settings"], "unencryptedListenPort": 443}
    case.site.patch("proxyservice", entity["id"], {"settings": settings})
    assert case.done(proxies=["Central"], max_header_lines=50)["changed"] is True


def test_restart_can_be_forbidden(case: Case) -> None:
    case.done(proxies=["Central"], allow_http=True)
    message = case.rejected(proxies=["all"], allow_http=True, allow_restart=False)
    assert "on rim1, rim2 and" in message
    assert case.done(proxies=["Central"], allow_http=True, allow_restart=False)["changed"] is False


@pytest.mark.parametrize("omitted", ["default", "keep"])
@pytest.mark.parametrize("restart_on", ["both", "virtual_proxy", "proxy_service"])
def test_switches_of_unproven_behaviour_change_nothing(
    case: Case, omitted: str, restart_on: str
) -> None:
    furnish(case.site)
    case.site.switch(omitted_on_put=omitted, restart_on=restart_on, filter_case="sensitive")
    before = service(case.site)
    assert case.done(proxies=["central"], allow_http=True)["changed"] is True
    assert frozen(service(case.site), "allowHttp") == frozen(before, "allowHttp")
    assert case.done(proxies=["central"], allow_http=True)["changed"] is False


@pytest.mark.parametrize("rights", ["none", "part"])
@pytest.mark.parametrize("proxies", [["central"], ["rim2"], ["all", "rim2"]])
def test_missing_rights_are_not_absence(case: Case, rights: str, proxies: list[str]) -> None:
    case.site.switch(read_rights=rights)
    if (rights, proxies) == ("part", ["central"]):
        # The older half holds the central node, so nothing is missing.
        assert case.done(proxies=proxies, allow_http=True)["changed"] is True
        return
    message = case.rejected(proxies=proxies, allow_http=True)
    assert "rights" in message or "no node 'rim2'" in message


def test_ordinary_user_cannot_change_anything(case: Case) -> None:
    case.site.seed(user=[{"userDirectory": "PORTAL", "userId": "clerk"}])
    message = case.rejected(
        proxies=["central"], allow_http=True, api_user_directory="PORTAL", api_user_id="clerk"
    )
    assert "rights" in message


def test_setting_that_the_server_lacks_is_named(case: Case) -> None:
    entity = service(case.site)
    old = without(entity["settings"], "maxHeaderLines")
    body = [{**entity, "settings": old}]
    case.site.fault(
        port="qrs", path="/proxyservice/full", action="status", status=200, body=body, times=9
    )
    message = case.rejected(proxies=["Central"], max_header_lines=50)
    assert "max_header_lines" in message
    assert "no such setting" in message
