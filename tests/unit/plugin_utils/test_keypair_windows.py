# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The copy of the key pair on a Windows node."""

from __future__ import annotations

import base64
import hashlib
import typing as t

from ansible_collections.qlikops.sense.plugins.plugin_utils import keypair_windows
from unit.plugin_utils.hosts import Json, variables

OUTCOME: Json = {"certificate": "CERTIFICATE", "public_key": "PUBLIC", "diff": {"after": {}}}
OWN: Json = {
    "jwt_keypair_private_key_path": "/keys/portal.key",
    "jwt_keypair_windows_directory": "D:\\qlik\\keys",
    "jwt_keypair_outcome": OUTCOME,
    "jwt_keypair__key": {"content": base64.b64encode(b"KEY").decode()},
}
WHO: Json = {
    "account": {"domain_name": "ACME", "account_name": "ops", "sid": "S-1-5-21-1"},
    "groups": [
        {"domain_name": "VORDEFINIERT", "account_name": "Administratoren", "sid": "S-1-5-32-544"},
        {"domain_name": "VORDEFINIERT", "account_name": "Benutzer", "sid": "S-1-5-32-545"},
    ],
}


def of(**more: t.Any) -> t.Any:
    """The variables after the key was read."""
    return variables({**OWN, **more})


def state(**checksums: str) -> Json:
    """The files on the node, by what they contain; empty if a file does not exist."""
    results = [
        {
            "jwt_keypair__item": {"kind": kind},
            "stat": {"checksum": hashlib.sha256(text.encode()).hexdigest()} if text else {},
        }
        for kind, text in checksums.items()
    ]
    return {"results": results}


def test_paths() -> None:
    assert keypair_windows.paths(of()) == {
        "private_key": "D:\\qlik\\keys\\portal.key",
        "certificate": "D:\\qlik\\keys\\portal.crt",
    }
    assert keypair_windows.owned(of())[:2] == ["D:\\", "D:\\qlik"]
    assert keypair_windows.owned_again(of()) == ["D:\\qlik\\keys", "D:\\qlik\\keys\\portal.key"]
    assert keypair_windows.accounts(of()) == ["S-1-5-18", "S-1-5-32-544"]
    assert keypair_windows.accounts(of(jwt_keypair_windows_owner="ACME\\svc"))[-1] == "ACME\\svc"


def test_the_private_key() -> None:
    assert keypair_windows.key(of()) == "KEY"
    in_memory = {
        "jwt_keypair_private_key_path": "",
        "jwt_keypair__brought_key": {"private_key": "B"},
    }
    assert keypair_windows.key(of(**in_memory)) == "B"
    (sentence,) = keypair_windows.key_faults(of(jwt_keypair__key={"msg": "denied"}))
    assert sentence.endswith("the private key at /keys/portal.key cannot be read (denied).")
    assert keypair_windows.key_faults(of()) == []


def test_check_mode_knows_no_key_that_would_be_replaced() -> None:
    check = {"ansible_check_mode": True}
    replaced = {**OUTCOME, "diff": {"after": {"private_key": {"reason": "expired"}}}}
    assert keypair_windows.key(of(**check)) == "KEY"
    assert keypair_windows.key(of(**check, jwt_keypair_outcome=replaced)) == ""
    assert keypair_windows.key(of(**check, jwt_keypair__foretold=True)) == ""
    assert keypair_windows.key_faults(of(**check, jwt_keypair__key={})) == []


def test_files_that_differ() -> None:
    same = state(private_key="KEY", certificate="CERTIFICATE")
    assert keypair_windows.stale(of(jwt_keypair__windows_files=same)) == []
    other = state(private_key="", certificate="OLD")
    known = of(jwt_keypair__windows_files=other)
    assert sorted(keypair_windows.stale(known)) == ["certificate", "private_key"]
    assert keypair_windows.stale_public(known) == [
        {"kind": "certificate", "path": "D:\\qlik\\keys\\portal.crt"}
    ]
    # Only if the variables name a file for it.
    with_public = of(jwt_keypair_public_key_path="/keys/portal.pub")
    assert [one["kind"] for one in keypair_windows.kinds(with_public)] == [
        "private_key",
        "certificate",
        "public_key",
    ]


def test_files_that_could_not_be_written() -> None:
    files = {"jwt_keypair__windows_files": state(private_key="", certificate="")}
    for written in ({"changed": True}, {"skipped": True}):
        assert keypair_windows.written_faults(of(**files, jwt_keypair__written=written)) == []
    failed = of(**files, jwt_keypair__written={"msg": " full "})
    (sentence,) = keypair_windows.written_faults(failed)
    assert sentence.endswith("portal.key on central (full).")
    done = {"results": [{"changed": True}]}
    assert keypair_windows.public_faults(of(**files, jwt_keypair__written=done)) == []
    failures: list[Json] = [{"results": [{"msg": "full"}]}, {"unreachable": True, "msg": "full"}]
    for failure in failures:
        (sentence,) = keypair_windows.public_faults(of(**files, jwt_keypair__written=failure))
        assert sentence.startswith("The certificate could not be written to D:\\qlik\\keys")
        assert "(full)" in sentence
    nothing = {"jwt_keypair__windows_files": state(private_key="", certificate="CERTIFICATE")}
    skipped = {"skipped": True, "results": []}
    assert keypair_windows.public_faults(of(**nothing, jwt_keypair__written=skipped)) == []


def test_the_way_to_the_node() -> None:
    private = {"jwt_keypair__private_directory": {"path": "C:\\temp\\x"}}
    assert keypair_windows.way(of(**private)) == "C:\\temp\\x"
    assert keypair_windows.way(of(**private, ansible_check_mode=True)) == "%TEMP%"


def test_private_directories() -> None:
    assert keypair_windows.private_accounts(of(jwt_keypair__who=WHO)) == ["S-1-5-21-1"]
    sender = {"account": {"sid": "S-1-5-21-2"}}
    both = of(jwt_keypair__who=WHO, jwt_keypair__connecting=sender)
    assert keypair_windows.private_accounts(both) == ["S-1-5-21-1", "S-1-5-21-2"]
    again = of(jwt_keypair__who=WHO, jwt_keypair__connecting={})
    assert keypair_windows.private_accounts(again) == ["S-1-5-21-1"]
    found = {
        "files": [
            {"path": "a", "owner": "ACME\\ops"},
            {"path": "b", "owner": "VORDEFINIERT\\Administratoren"},
            {"path": "c", "owner": "VORDEFINIERT\\Benutzer"},
            {"path": "d", "owner": "ACME\\other"},
        ]
    }
    known = of(jwt_keypair__who=WHO, jwt_keypair__private_found=found)
    assert keypair_windows.own_private_directories(known) == ["a", "b"]
