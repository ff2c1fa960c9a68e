# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of a module's options that are given as text, and entries that cannot be meant so."""

from __future__ import annotations

import json
import typing as t

import pytest

from modules.restore_case import JWT, links, stored
from support.case import Case
from support.module_runner import run_module
from support.simulator import Simulator


@pytest.fixture
def case(site: Simulator) -> Case:
    return Case("qlik_virtual_proxy", site)


def texts(*entries: str) -> list[str]:
    """The forms in which people write a list as text."""
    return [
        ",".join(entries),
        ", ".join(entries),
        "\n".join(entries),
        "\r\n".join(entries) + "\r\n",
        json.dumps(entries),
        json.dumps(entries, indent=2),
        f"[{', '.join(entries)}]",
        "[" + ", ".join(f"'{entry}'" for entry in entries) + "]",
        "".join(f"- {entry}\n" for entry in entries),
        "---\n" + "".join(f'- "{entry}"\n' for entry in entries),
    ]


@pytest.mark.parametrize("number", range(10))
def test_one_virtual_proxy(case: Case, number: int) -> None:
    case.done(
        **{
            **JWT,
            "host_allow_list": texts("a.example.com", "b.example.com")[number],
            "tags": texts("prod", "portal")[number],
            "load_balancing_nodes": texts("central", "rim1")[number],
            "proxies": texts("Central", "rim2")[number],
        }
    )
    found = stored(case.site)
    assert found["websocketCrossOriginWhiteList"] == ["a.example.com", "b.example.com"]
    assert {tag["name"] for tag in found["tags"]} == {"prod", "portal"}
    assert {node["name"] for node in found["loadBalancingServerNodes"]} == {"Central", "rim1"}
    assert links(case.site) == ["Central", "rim2"]


def test_several_virtual_proxies(site: Simulator) -> None:
    case = Case("qlik_virtual_proxies", site)
    one = {**JWT, "tags": '["prod", "portal"]', "host_allow_list": "a.example.com\nb.example.com"}
    case.done(virtual_proxies=[one])
    assert {tag["name"] for tag in stored(site)["tags"]} == {"prod", "portal"}
    assert len(stored(site)["websocketCrossOriginWhiteList"]) == 2
    said = case.rejected(virtual_proxies=[{**JWT, "tags": '["prod'}])
    assert said.startswith("virtual_proxies[0].tags begins like a list")


def test_other_modules(site: Simulator) -> None:
    service = Case("qlik_proxy_service", site).run(
        proxies="Central\nrim1", keep_alive_timeout_seconds=11
    )
    assert not service.get("failed"), service
    kept = [item["settings"]["keepAliveTimeoutSeconds"] for item in site.entities("proxyservice")]
    assert kept.count(11) == 2
    user = Case("qlik_user", site)
    user.done(directory="PORTAL", id="x", roles='["ContentAdmin", "HubAdmin"]')
    (found,) = [item for item in site.entities("user") if item["userId"] == "x"]
    assert set(found["roles"]) == {"ContentAdmin", "HubAdmin"}
    probe = {"url": "https://localhost:1", "prefix": "jwt", "token": "a.b.c"}
    result = run_module("qlik_jwt_probe", {**probe, "checks": "session\nidentity"})
    assert result["verdict"] == "tcp_refused"
    said = run_module("qlik_jwt_probe", {**probe, "trusted_hosts": "a.example.com\nb c"})["msg"]
    assert "'b c' is not a host name" in said


@pytest.mark.parametrize("text", ["", " ", ",", "[]", "\n"])
def test_an_empty_text_clears(case: Case, text: str) -> None:
    case.done(**{**JWT, "host_allow_list": ["a.example.com"]})
    case.done(prefix="portal", host_allow_list=text, tags=text)
    assert stored(case.site)["websocketCrossOriginWhiteList"] == stored(case.site)["tags"] == []


BAD: list[tuple[str, t.Any, str]] = [
    (
        "host_allow_list",
        ["a.example.com, b.example.com"],
        "'a.example.com, b.example.com' with a space",
    ),
    ("host_allow_list", ["a.example.com,b.example.com"], "with the character ,"),
    ("host_allow_list", ['["a","b"]'], "with the character ["),
    ("host_allow_list", ["a;b"], "with the character ;"),
    ("host_allow_list", ["'a'"], "with the character '"),
    ("host_allow_list", ["[a"], "with the character ["),
    ("host_allow_list", ["{{ host }}"], "with a space"),
    ("host_allow_list", ["a$b"], "with the character $"),
    ("host_allow_list", '["a', "begins like a list"),
    ("tags", ['["a","b"]'], "is a list written as text"),
    ("tags", ["[ 'a', 'b' ]"], "is a list written as text"),
    ("tags", "- a: 1", "begins like a list"),
    ("load_balancing_nodes", ["Central,rim1"], "has no node 'Central,rim1'"),
    ("proxies", ['["Central"]'], "has no node '[\"Central\"]'"),
    ("prefix", "a,b", "'a,b' cannot be a prefix"),
]


@pytest.mark.parametrize(("option", "value", "said"), BAD)
def test_what_is_rejected(case: Case, option: str, value: t.Any, said: str) -> None:
    sentence = case.rejected(**{**JWT, option: value})
    assert sentence.startswith(option)
    assert said in sentence


def test_what_is_accepted(case: Case) -> None:
    hosts = [
        "[2001:db8::1]",
        "::1",
        "https://a",
        "b:8080",
        "c/d",
        "*.example.com",
        "ü.example.com",
        "a_b",
    ]
    tags = ["Finance, EMEA", "[prod]", "[a, b]"]
    result = case.done(**{**JWT, "host_allow_list": hosts, "tags": tags})
    assert stored(case.site)["websocketCrossOriginWhiteList"] == hosts
    assert {tag["name"] for tag in stored(case.site)["tags"]} == set(tags)
    assert "'ü.example.com' is not ASCII" in str(result["warnings"])


def test_what_the_site_has_stays(case: Case) -> None:
    case.done(**JWT)
    odd = ["a.example.com, b.example.com", '["c"]', ""]
    (tag,) = case.site.seed(tag=[{"name": '["a","b"]'}])["tag"]
    change = {"websocketCrossOriginWhiteList": odd, "tags": [{"id": tag["id"]}]}
    case.site.patch("virtualproxyconfig", stored(case.site)["id"], change)
    one = {
        "prefix": "portal",
        "host_allow_list": [*odd, "d.example.com"],
        "tags": ['["a","b"]', "c"],
    }
    assert case.done(**one)["changed"]
    assert stored(case.site)["websocketCrossOriginWhiteList"] == [*odd, "d.example.com"]
