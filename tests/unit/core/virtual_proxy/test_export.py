# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which options an export leaves out, and how it writes the others."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy.export import (
    exported,
)
from support import tls_server as ca

NODES = [{"name": "Main", "central": True}, {"name": "rim1", "central": False}]
NEW: dict[str, t.Any] = {
    "prefix": "portal",
    "id": "1",
    "description": "",
    "session_cookie_header_name": "X-Qlik-Session-portal",
    "session_cookie_domain": "",
    "session_inactivity_timeout": 30,
    "authentication_method": "jwt",
    "anonymous_access_mode": "none",
    "jwt_certificate": ca.certificate("one"),
    "jwt_attribute_map": [],
    "host_allow_list": [],
    "use_sticky_load_balancing": False,
    "additional_response_headers": {},
    "windows_authentication_enabled_device_pattern": "Windows",
    "secure_attribute_https": True,
    "same_site_attribute_https": "lax",
    "same_site_attribute_http": "no_attribute",
    "tags": [],
    "custom_properties": {},
    "load_balancing_nodes": ["Main"],
    "proxies": ["Main"],
}


def definition(**changes: t.Any) -> dict[str, t.Any]:
    """The definition of one virtual proxy, without what it always has."""
    (found,) = exported([{**NEW, **changes}], NODES)
    return {name: value for name, value in found.items() if name != "prefix"}


def test_only_what_differs() -> None:
    assert definition() == {"jwt_certificate": NEW["jwt_certificate"]}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("session_inactivity_timeout", 31),
        ("session_cookie_header_name", "X-Qlik-Session-Portal"),
        ("use_sticky_load_balancing", True),
        ("secure_attribute_https", False),
        ("load_balancing_nodes", []),
        ("load_balancing_nodes", ["rim1"]),
        ("proxies", ["Main", "rim1"]),
        ("same_site_attribute_https", "no_attribute"),
        ("custom_properties", {"env": []}),
        # A value of the wrong type is not taken for a default.
        ("description", None),
        ("secure_attribute_https", 1),
        ("jwt_certificate", ""),
        ("jwt_certificate", "no certificate"),
        ("of_a_newer_release", ""),
    ],
)
def test_what_differs_is_exported(option: str, value: t.Any) -> None:
    assert definition(**{option: value})[option] == value


def test_another_method_needs_no_certificate() -> None:
    found = definition(authentication_method="saml", jwt_certificate="")
    assert found == {"authentication_method": "saml"}


def test_a_certificate_is_readable() -> None:
    one = ca.certificate("one")
    for text in (one.replace("\n", "\r\n"), one.strip(), f"subject: one\n{one}"):
        assert definition(jwt_certificate=text)["jwt_certificate"].strip() == one.strip()


def test_optional_attributes_do_not_say_so() -> None:
    rows = [
        {"jwt_attribute": "a", "sense_attribute": "b", "mandatory": False},
        {"jwt_attribute": "c", "sense_attribute": "d", "mandatory": True},
    ]
    assert definition(jwt_attribute_map=rows)["jwt_attribute_map"] == [
        {"jwt_attribute": "a", "sense_attribute": "b"},
        rows[1],
    ]


def test_sorted_and_each_prefix_once() -> None:
    found = exported([{**NEW, "prefix": prefix} for prefix in ("b", "", "a")], NODES)
    assert [item["prefix"] for item in found] == ["", "a", "b"]
    with pytest.raises(InvalidInput, match="2 virtual proxies with the prefix 'b'"):
        exported([{**NEW, "prefix": "b"}] * 2, NODES)
