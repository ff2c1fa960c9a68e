# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters windows_owners and windows_parents: whose files a key may lie beside."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.filter.windows_owners import (
    windows_owners,
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
    assert windows_owners([stat(owner)], WHO, SYSTEM) == []


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
    found = windows_owners([stat(owner)], WHO, SYSTEM, owned=["D:\\", "D:\\keys\\jwt.key"])
    assert found == [f"D:\\keys belongs to {owner}"]


@OTHERS
def test_files_of_one_more_account(owner: str) -> None:
    assert windows_owners([stat(owner)], WHO, SYSTEM, owned=["D:\\keys"]) == []
    linked = windows_owners([stat(owner, islnk=True)], WHO, SYSTEM, owned=["D:\\keys"])
    assert linked == ["D:\\keys is a link"]


def test_what_cannot_be_judged() -> None:
    trusted = "NT-AUTORITÄT\\SYSTEM"
    assert windows_owners([{"stat": {"exists": False}}], WHO, SYSTEM) == []
    assert windows_owners([stat(None)], WHO, SYSTEM) == [
        "D:\\keys has an owner that this account cannot see"
    ]
    assert windows_owners([stat(trusted, islnk=True)], WHO, SYSTEM) == ["D:\\keys is a link"]
    assert windows_owners([stat(trusted, isjunction=True)], WHO, SYSTEM) == ["D:\\keys is a link"]
    mounted = stat(trusted, isjunction=True, lnk_target="\\\\?\\Volume{1234}\\")
    assert windows_owners([mounted], WHO, SYSTEM) == []
    nobody = [{"stat": {"exists": True, "owner": None}}]
    assert windows_owners([stat("None")], WHO, nobody) == ["D:\\keys belongs to None"]


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
