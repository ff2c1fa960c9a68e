# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Owners on a Windows node: whose files a key may lie beside."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils.variables import Variables
from ansible_collections.qlikops.sense.plugins.plugin_utils.windows_owners import (
    complaints,
    foreign,
    pairs,
    windows_parents,
)

WHO = {
    "account": {"domain_name": "QLIKNODE", "account_name": "admin", "sid": "S-1-5-21-1-2-3-1000"},
    "groups": [
        {"domain_name": "VORDEFINIERT", "account_name": "Benutzer", "sid": "S-1-5-32-545"},
        {"domain_name": "NT-AUTORITÄT", "account_name": "NETZWERK", "sid": "S-1-5-2"},
        {"domain_name": "", "account_name": "Jeder", "sid": "S-1-1-0"},
    ],
}
SYSTEM = [
    {"stat": {"exists": True, "owner": "NT-AUTORITÄT\\SYSTEM"}},
    {"stat": {"exists": True, "owner": "NT SERVICE\\TrustedInstaller"}},
]


def stat(owner: str | None, **more: t.Any) -> dict[str, t.Any]:
    return {"stat": {"exists": True, "path": "D:\\keys", "owner": owner, **more}}


@pytest.mark.parametrize(
    "owner",
    [
        "NT-AUTORITÄT\\SYSTEM",
        "NT SERVICE\\TrustedInstaller",
        "VORDEFINIERT\\Administratoren",
        "qliknode\\ADMIN",
    ],
)
def test_trusted_owners(owner: str) -> None:
    assert complaints([stat(owner)], WHO, SYSTEM) == []


OTHERS = pytest.mark.parametrize(
    "owner",
    [
        "QLIKNODE\\guest",
        "ACME\\admin",
        "admin",
        "NT-AUTORITÄT\\NETZWERKDIENST",
        "VORDEFINIERT\\Benutzer",
        "S-1-5-21-9-9-9-1001",
        "Jeder",
    ],
)


@OTHERS
def test_other_owners(owner: str) -> None:
    found = complaints([stat(owner)], WHO, SYSTEM, owned=["D:\\", "D:\\keys\\jwt.key"])
    assert found == [f"D:\\keys belongs to {owner}"]


@OTHERS
def test_files_of_one_more_account(owner: str) -> None:
    assert complaints([stat(owner)], WHO, SYSTEM, owned=["D:\\keys"]) == []
    linked = complaints([stat(owner, islnk=True)], WHO, SYSTEM, owned=["D:\\keys"])
    assert linked == ["D:\\keys is a link"]


def test_what_cannot_be_judged() -> None:
    trusted = "NT-AUTORITÄT\\SYSTEM"
    assert complaints([{"stat": {"exists": False}}], WHO, SYSTEM) == []
    assert complaints([stat(None)], WHO, SYSTEM) == [
        "D:\\keys has an owner that this account cannot see"
    ]
    assert complaints([stat(trusted, islnk=True)], WHO, SYSTEM) == ["D:\\keys is a link"]
    assert complaints([stat(trusted, isjunction=True)], WHO, SYSTEM) == ["D:\\keys is a link"]
    mounted = stat(trusted, isjunction=True, lnk_target="\\\\?\\Volume{1234}\\")
    assert complaints([mounted], WHO, SYSTEM) == []
    nobody = [{"stat": {"exists": True, "owner": None}}]
    assert complaints([stat("None")], WHO, nobody) == ["D:\\keys belongs to None"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("D:\\qlik\\keys", ["D:\\", "D:\\qlik", "D:\\qlik\\keys"]),
        ("D:/qlik//keys/", ["D:\\", "D:\\qlik", "D:\\qlik\\keys"]),
        ("D:\\", ["D:\\"]),
        ("D:", ["D:\\"]),
        (
            "\\\\files\\share\\qlik\\keys",
            ["\\\\files\\share", "\\\\files\\share\\qlik", "\\\\files\\share\\qlik\\keys"],
        ),
    ],
)
def test_parents(path: str, expected: list[str]) -> None:
    assert windows_parents(path) == expected


OWN = [
    {"qrs_connection_path": "D:\\keys", **stat("QLIKNODE\\guest")},
    {"qrs_connection_path": "D:\\new", "stat": {"exists": False}},
]
OWNERS = [*SYSTEM, *OWN]


def test_doubtful_paths_are_compared_with_each_trusted_account() -> None:
    variables = Variables({"jwt_keypair_windows_owner": "svc"})
    services: list[dict[str, t.Any]] = [
        {"username": "QLIK\\service"},
        {"username": None},
        {"username": "svc"},
    ]
    assert pairs(variables, owners=OWNERS, who=WHO, services=services) == [
        {"user": "svc", "path": "D:\\keys"},
        {"user": "QLIK\\service", "path": "D:\\keys"},
    ]
    assert pairs(Variables({}), owners=OWNERS, who=WHO) == []


@pytest.mark.parametrize(
    ("result", "is_proven"),
    [
        ({"changed": False}, True),
        ({"changed": True}, False),
        ({"changed": False, "msg": "unknown account"}, False),
        ({"skipped": True}, False),
    ],
)
def test_only_an_owner_that_windows_confirms_is_proven(
    result: dict[str, t.Any], is_proven: bool
) -> None:
    compared = [{"qrs_connection_pair": {"path": "D:\\keys"}, **result}]
    found = foreign(Variables({}), owners=OWNERS, who=WHO, compared=compared)
    assert (found == []) is is_proven


def test_what_was_read_has_to_be_there() -> None:
    found = foreign(Variables({}), owners=OWNERS, who=WHO, is_source=True)
    assert found == ["D:\\keys belongs to QLIKNODE\\guest", "D:\\new cannot be examined"]
