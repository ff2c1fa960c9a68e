# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that end in headers, cookies, and addresses; and what a site holds already."""

from __future__ import annotations

import typing as t

import pytest

from modules.restore_case import JWT, stored
from support.case import Case, Json
from support.module_runner import connection, run_module
from support.simulator import Simulator

#: Everything that splits lines somewhere, and other control characters.
BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
CONTROL = BREAKS + "\x00\x01\x08\x1b\x1f\x7f\x80\x9f"

TEXTS = (
    "session_cookie_header_name",
    "session_cookie_domain",
    "jwt_attribute_user_id",
    "jwt_attribute_user_directory",
    "jwt_audience",
    "authentication_module_redirect_uri",
    "windows_authentication_enabled_device_pattern",
)
HOLDERS: dict[str, t.Callable[[str], t.Any]] = {
    **{name: lambda text: text for name in TEXTS},
    "host_allow_list": lambda text: ["a.example.com", text],
    "tags": lambda text: [text],
    "additional_response_headers": lambda text: {"X-A": text},
    "custom_properties": lambda text: {"env": [text]},
    "jwt_attribute_map": lambda text: [{"jwt_attribute": "g", "sense_attribute": text}],
}
BAD: list[tuple[str, t.Any, str]] = [
    ("session_cookie_domain", "example.com; Secure", "not a domain name"),
    ("session_cookie_domain", "a.example.com,b.example.com", "not a domain name"),
    ("session_cookie_domain", "a b", "not a domain name"),
    ("session_cookie_domain", "https://example.com", "not a domain name"),
    ("session_cookie_domain", "example.com:443", "not a domain name"),
    ("session_cookie_domain", "..", "not a domain name"),
    ("session_cookie_domain", "example.com\r\nSet-Cookie: a=b", "line break (U+000D)"),
    ("session_cookie_header_name", "X-Qlik;a", "no cookie name"),
    ("session_cookie_header_name", "X=Qlik", "no cookie name"),
    ("session_cookie_header_name", "Sitzung-ü", "no cookie name"),
    ("authentication_module_redirect_uri", "javascript:alert(1)", "not an absolute http"),
    ("authentication_module_redirect_uri", "data:text/html,x", "not an absolute http"),
    ("authentication_module_redirect_uri", "file:///etc/passwd", "not an absolute http"),
    ("authentication_module_redirect_uri", "//host/path", "not an absolute http"),
    ("authentication_module_redirect_uri", "/login", "not an absolute http"),
    ("authentication_module_redirect_uri", "https://", "not an absolute http"),
    ("authentication_module_redirect_uri", "https:///login", "not an absolute http"),
    ("authentication_module_redirect_uri", "https://host/a b", "not an absolute http"),
    ("authentication_module_redirect_uri", 'https://host/"><', "not an absolute http"),
    ("authentication_module_redirect_uri", "https://host/\u200b", "not an absolute http"),
    ("host_allow_list", ["a.example.com b.example.com"], "with a space"),
    ("host_allow_list", ["a.example.com\r\nX-A: b"], "line break (U+000D)"),
    ("additional_response_headers", {"X-A\r\nX-B": "c"}, "as a header's name"),
    ("additional_response_headers", {"X-A:": "c"}, "as a header's name"),
    ("additional_response_headers", {"": "c"}, "as a header's name"),
    ("additional_response_headers", {"X-Ä": "c"}, "as a header's name"),
    ("additional_response_headers", {"X-A": ["b", "c\u2028d"]}, "line break (U+2028)"),
    ("description", "a\x00b", "control character (U+0000)"),
    ("description", "a\u2029b", "line break (U+2029)"),
]
GOOD: list[tuple[str, t.Any]] = [
    ("session_cookie_domain", ".example.com"),
    ("session_cookie_domain", "qlik_prod.corp"),
    ("session_cookie_domain", ""),
    ("authentication_module_redirect_uri", "HTTPS://login.example.com:8443/a?b=c&d=%20#e"),
    ("authentication_module_redirect_uri", "http://[2001:db8::1]/x"),
    ("authentication_module_redirect_uri", ""),
    ("description", "two\nlines\tand a tab, Grüße"),
    ("additional_response_headers", {"X-A": "tab\tand \u00fc", "X-B": True, "X-C": ["1", "2"]}),
    ("custom_properties", {"env": "Größe"}),
]


@pytest.fixture
def case(site: Simulator) -> Case:
    definition = {"name": "env", "objectTypes": ["VirtualProxyConfig"]}
    site.seed(custompropertydefinition=[definition])
    return Case("qlik_virtual_proxy", site)


@pytest.mark.parametrize("option", HOLDERS)
def test_control_characters(case: Case, option: str) -> None:
    for number, char in enumerate(CONTROL):
        wanted = {**JWT, option: HOLDERS[option](f"a{char}b")}
        result = case.run(check=number > 0, **wanted)
        assert result["failed"], result
        assert option in result["msg"]
        assert f"U+{ord(char):04X}" in result["msg"]
        assert all(odd not in result["msg"] for odd in CONTROL)
    assert case.writes() == []


@pytest.mark.parametrize(("option", "value", "said"), BAD)
def test_what_is_rejected(case: Case, option: str, value: t.Any, said: str) -> None:
    assert said in case.rejected(**{**JWT, option: value})
    case.done(**JWT)
    assert said in case.rejected(prefix="portal", **{option: value})


@pytest.mark.parametrize(("option", "value"), GOOD)
def test_what_is_accepted(case: Case, option: str, value: t.Any) -> None:
    case.done(**{**JWT, option: value})
    assert case.done(prefix="portal", **{option: value})["changed"] is False


@pytest.mark.parametrize("char", CONTROL)
def test_options_of_other_modules(site: Simulator, char: str) -> None:
    user = Case("qlik_user", site)
    who = {"directory": "PORTAL", "id": "x"}
    for options in (
        {"directory": f"a{char}b"},
        {"id": f"a{char}b"},
        {"name": f"a{char}b"},
        {"roles": [f"a{char}b"]},
    ):
        assert f"U+{ord(char):04X}" in user.rejected(**{**who, **options})
    many = Case("qlik_virtual_proxies", site)
    tag = many.rejected(virtual_proxies=[{**JWT}], prune_tag=f"a{char}b")
    assert f"U+{ord(char):04X}" in tag
    for option in ("api_user_directory", "api_user_id"):
        arguments = {**connection(site), "prefix": "portal", option: f"a{char}b"}
        result = run_module("qlik_virtual_proxy_info", arguments)
        assert f"{option} holds" in result["msg"]


@pytest.mark.parametrize("name", ["a\x00b", "a\r\nb", "a b", "https://a", "a/b"])
def test_a_server_name_for_tls(site: Simulator, name: str) -> None:
    arguments = {**connection(site), "tls_server_name": name}
    said = run_module("qlik_virtual_proxy_info", arguments)["msg"]
    assert said.startswith("tls_server_name: ")
    assert "is not a host name" in said
    probe = {"url": "https://localhost:1", "prefix": "jwt", "token": "a.b.c"}
    probe["url_tls_server_name"] = name
    assert run_module("qlik_jwt_probe", probe)["msg"].startswith("url_tls_server_name: ")


def test_values_in_messages_start_no_line(case: Case) -> None:
    odd = "a\r\nok: [host]\x1b[0m\u2028"
    theirs = {"prefix": "theirs", "description": odd, "sessionCookieHeaderName": "X-Theirs"}
    case.site.seed(virtualproxyconfig=[theirs])
    for options in (
        {"session_cookie_header_name": "X-Theirs"},
        {"prefix": odd},
        {"proxies": [odd]},
        {"load_balancing_nodes": [odd]},
        {"host": odd},
    ):
        said = case.rejected(**{**JWT, **options})
        assert "ok: [host]" in said
        assert not set(said) & set(CONTROL)


#: As another tool left it: what nobody could give as an option today.
ODD: Json = {
    "description": "a\x00b",
    "sessionCookieDomain": "a.example.com, b.example.com",
    "jwtAudience": "a\nb",
    "authenticationModuleRedirectUri": "javascript:alert(1)",
    "additionalResponseHeaders": "X-A : b\u2028c\r\nno colon\r\nX B: d",
    "websocketCrossOriginWhiteList": [" ", "a b", "a\r\nb", "A.example.com"],
    "jwtAttributeMap": [
        {"jwtAttribute": "a\nb", "senseAttribute": "", "isMandatory": False},
        {"jwtAttribute": "a\nb", "senseAttribute": "", "isMandatory": False},
    ],
    "tags": [{"name": "odd\n"}, {"name": " "}],
    "windowsAuthenticationEnabledDevicePattern": "\x1b",
}


@pytest.fixture
def odd(case: Case) -> Case:
    case.done(**JWT)
    tags = case.site.seed(tag=ODD["tags"])["tag"]
    change = {**ODD, "tags": [{"id": tag["id"]} for tag in tags]}
    case.site.patch("virtualproxyconfig", stored(case.site)["id"], change)
    return case


def kept(case: Case, *but: str) -> None:
    now = stored(case.site)
    for name, value in ODD.items():
        if name == "tags":
            assert [tag["name"] for tag in now[name]][:2] == [tag["name"] for tag in value]
        elif name == "jwtAttributeMap":
            assert [item["jwtAttribute"] for item in now[name]][:2] == ["a\nb", "a\nb"]
        elif name not in but:
            assert now[name] == value, name


def test_what_the_site_holds_is_given_back(odd: Case) -> None:
    (found,) = Case("qlik_virtual_proxy_info", odd.site).done(prefix="portal")["virtual_proxies"]
    del found["id"]
    odd.site.clear_requests()
    assert odd.done(**found)["changed"] is False
    many = Case("qlik_virtual_proxies", odd.site)
    assert many.done(virtual_proxies=[found])["changed"] is False
    assert odd.writes() == []
    assert odd.done(**{**found, "session_inactivity_timeout": 9})["changed"] is True
    kept(odd)


def test_lists_are_extended(odd: Case) -> None:
    odd.done(
        prefix="portal",
        host_allow_list=["new.example.com"],
        host_allow_list_mode="append",
        tags=["new"],
        tags_mode="append",
    )
    kept(odd, "websocketCrossOriginWhiteList")
    (entries, tags) = (
        stored(odd.site)["websocketCrossOriginWhiteList"],
        [tag["name"] for tag in stored(odd.site)["tags"]],
    )
    assert entries == [*ODD["websocketCrossOriginWhiteList"], "new.example.com"]
    assert tags == ["odd\n", " ", "new"]
    rejected = odd.rejected(prefix="portal", host_allow_list=["c d"], host_allow_list_mode="append")
    assert "'c d' with a space" in rejected


def test_other_entries_are_added_by_hand(odd: Case) -> None:
    (found,) = Case("qlik_virtual_proxy_info", odd.site).done(prefix="portal")["virtual_proxies"]
    headers = {**found["additional_response_headers"], "X-New": "1"}
    rule = {"jwt_attribute": "g", "sense_attribute": "group"}
    odd.done(
        prefix="portal",
        additional_response_headers=headers,
        jwt_attribute_map=[*found["jwt_attribute_map"], rule],
        host_allow_list=[*found["host_allow_list"], "new.example.com"],
    )
    lines = ODD["additionalResponseHeaders"].split("\r\n")
    now = stored(odd.site)
    assert now["additionalResponseHeaders"] == "\n".join([*lines, "X-New: 1"])
    assert len(now["jwtAttributeMap"]) == 3
    kept(odd, "additionalResponseHeaders", "websocketCrossOriginWhiteList")


def test_odd_values_are_restored(odd: Case) -> None:
    was = stored(odd.site)
    changes: tuple[Json, ...] = (
        {
            "description": "x",
            "session_cookie_domain": "",
            "authentication_module_redirect_uri": "https://host/",
            "host_allow_list": [],
            "additional_response_headers": {},
            "jwt_audience": "",
            "jwt_attribute_map": [],
            "tags": [],
        },
        {"state": "absent"},
    )
    for change in changes:
        before = odd.done(prefix="portal", **change)["before"]
        odd.done(restore=before)
        kept(odd)
        assert stored(odd.site)["tags"] == was["tags"]
