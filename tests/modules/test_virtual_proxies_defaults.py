# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of qlik_virtual_proxies for each entry: defaults, clear, default_jwt_certificate."""

from __future__ import annotations

import pytest

from modules.virtual_proxy_case import CERTIFICATE
from support import key_material as km
from support.case import Case, Json
from support.simulator import Simulator

CLAIMS = {"jwt_attribute_user_id": "userId", "jwt_attribute_user_directory": "[D]"}


@pytest.fixture
def case(site: Simulator) -> Case:
    return Case("qlik_virtual_proxies", site)


def of_site(site: Simulator, prefix: str) -> Json:
    """A virtual proxy of the site."""
    return next(e for e in site.entities("virtualproxyconfig") if e["prefix"] == prefix)


def test_each_entry_has_what_it_does_not_set(case: Case, site: Simulator) -> None:
    options: Json = {
        "virtual_proxies": [
            {"prefix": "a"},
            {"prefix": "b", "description": "own", "allow_restart": True},
            {"prefix": "c", "authentication_method": "ticket"},
        ],
        "defaults": {
            **CLAIMS,
            "description": "all",
            "state": "present",
            "session_inactivity_timeout": "20",
            "host_allow_list": "a.example.com, b.example.com",
            "tags": None,
        },
        "default_jwt_certificate": CERTIFICATE,
    }
    assert case.done(**options)["changed"]
    assert of_site(site, "a")["description"] == "all"
    assert of_site(site, "a")["sessionInactivityTimeout"] == 20
    assert of_site(site, "a")["jwtPublicKeyCertificate"].strip() == CERTIFICATE.strip()
    assert of_site(site, "b")["description"] == "own"
    assert of_site(site, "b")["websocketCrossOriginWhiteList"] == ["a.example.com", "b.example.com"]
    assert not of_site(site, "c")["jwtPublicKeyCertificate"]
    assert not case.done(**options)["changed"]


def test_state_and_modes_are_defaults_too(case: Case, site: Simulator) -> None:
    entries = [{"prefix": "a", "tags": ["x"]}, {"prefix": "b", "tags": ["x"]}]
    defaults = {**CLAIMS, "jwt_certificate": CERTIFICATE}
    case.done(virtual_proxies=entries, defaults=defaults)
    entries = [
        {"prefix": "a", "tags": ["y"], "tags_mode": "append"},
        {"prefix": "b", "tags": ["y"]},
    ]
    case.done(virtual_proxies=entries, defaults={"tags_mode": "replace"})
    assert sorted(tag["name"] for tag in of_site(site, "a")["tags"]) == ["x", "y"]
    assert [tag["name"] for tag in of_site(site, "b")["tags"]] == ["y"]
    case.done(
        virtual_proxies=[{"prefix": "a"}, {"prefix": "b", "state": "present"}],
        defaults={"state": "absent"},
    )
    assert {e["prefix"] for e in site.entities("virtualproxyconfig")} == {"", "b"}


def test_cleared_options(case: Case, site: Simulator) -> None:
    entry = {"prefix": "a", **CLAIMS, "jwt_certificate": CERTIFICATE}
    case.done(virtual_proxies=[{**entry, "description": "x", "tags": ["t"], "jwt_audience": "y"}])
    case.done(virtual_proxies=[{"prefix": "a", "jwt_audience": "z"}], clear="description, tags")
    found = of_site(site, "a")
    assert (found["description"], found["tags"], found["jwtAudience"]) == ("", [], "z")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"defaults": {"prefix": "x"}}, "defaults: prefix cannot be set for all entries."),
        ({"defaults": {"descripton": "x"}}, "defaults: descripton cannot be set"),
        ({"clear": ["prefix"]}, "clear: prefix cannot be empty."),
        ({"clear": ["tags"], "defaults": {"tags": ["x"]}}, "clear: tags is given, too."),
        ({"defaults": {"description": 3, "state": "there"}}, "must be one of: present, absent"),
        ({"defaults": {"jwt_certificate": km.key_pem(km.rsa_key()).decode()}}, "private key"),
        ({"default_jwt_certificate": km.key_pem(km.rsa_key()).decode()}, "private key"),
        ({"default_jwt_certificate": "no certificate", "defaults": CLAIMS}, "certificate"),
    ],
)
def test_wrong_options_write_nothing(
    case: Case, site: Simulator, options: Json, sentence: str
) -> None:
    message = case.rejected(virtual_proxies=[{"prefix": "a"}], **options)
    assert sentence in message
    assert "PRIVATE KEY" not in message
    assert case.written() == {}


def test_restore_stands_alone(case: Case) -> None:
    assert "defaults" in case.rejected(restore=[], defaults={"description": "x"})
