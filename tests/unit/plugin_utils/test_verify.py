# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The logins that the variables describe, and what came out of them."""

from __future__ import annotations

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import login_results, verify
from unit.plugin_utils.hosts import Json, variables

USER = {"jwt_verify_user_id": "u", "jwt_verify_user_directory": "D"}
PAIR = {"private_key_path": "/made.key", "prefixes": ["p"], "site": "central:4242"}


def test_the_described_virtual_proxies_with_jwt() -> None:
    own = variables(
        {
            "jwt_virtual_proxy_jwt_audience": "all",
            "jwt_virtual_proxy_definitions": [
                {"prefix": "a"},
                {"prefix": "b", "state": "absent"},
                {"prefix": "c", "authentication_method": "ticket"},
                {"prefix": "d", "jwt_audience": "own"},
            ],
        }
    )
    assert verify.described(own) == [
        {"prefix": "a", "jwt_audience": "all"},
        {"prefix": "d", "jwt_audience": "own"},
    ]


@pytest.mark.parametrize(
    ("own", "signer"),
    [
        ({}, {}),
        ({"jwt_verify_token": "t"}, {}),
        ({"jwt_keypair_private_key_path": "/k"}, {"private_key_path": "/k"}),
        (
            {
                "jwt_keypair_private_key_path": "/k",
                "jwt_keypair_passphrase": "p",
                "jwt_keypair_owner": "o",
            },
            {"private_key_path": "/k", "private_key_passphrase": "p", "private_key_owner": "o"},
        ),
        (
            {"jwt_keypair_private_key_content": "K", "jwt_keypair_src_passphrase": "p"},
            {"private_key_content": "K", "private_key_passphrase": "p"},
        ),
        ({"jwt_keypair_result": PAIR}, {"private_key_path": "/made.key"}),
        # The pair was made for another site, or for other virtual proxies.
        ({"jwt_keypair_result": {**PAIR, "site": "other:4242"}}, {}),
        ({"jwt_keypair_result": {**PAIR, "prefixes": ["q"]}}, {}),
        (
            {"jwt_keypair_result": PAIR, "jwt_keypair_private_key_content": "K"},
            {"private_key_content": "K"},
        ),
    ],
)
def test_who_signs(own: Json, signer: Json) -> None:
    assert verify.signer(variables({"jwt_virtual_proxy_prefix": "p", **own})) == signer


def test_one_login_for_each_address_and_prefix() -> None:
    own: Json = {
        "jwt_virtual_proxy_definitions": [{"prefix": "a"}, {"prefix": "b"}],
        "jwt_verify_urls": "https://x\nhttps://y\nhttps://x",
    }
    assert [(one["url"], one["prefix"]) for one in verify.targets(variables(own))] == [
        ("https://x", "a"), ("https://x", "b"), ("https://y", "a"), ("https://y", "b"),
    ]  # fmt: skip
    del own["jwt_verify_urls"]
    environment = {"QLIK_URL": "https://env"}
    assert {one["url"] for one in verify.targets(variables(own, environment=environment))} == {
        "https://env"
    }
    own["jwt_verify_prefix"] = "c"
    assert verify.targets(variables(own)) == [{"url": "https://central", "prefix": "c"}]


@pytest.mark.parametrize(
    ("result", "exists", "skipped"),
    [
        ({}, True, []),
        ({}, False, ["a", "b"]),
        ({"virtual_proxies": [{"prefix": "b", "changed": True}]}, True, ["b"]),
    ],
)
def test_check_mode_skips_what_is_only_predicted(
    result: Json, exists: bool, skipped: list[str]
) -> None:
    own = {
        "jwt_virtual_proxy_definitions": [{"prefix": "a"}, {"prefix": "b"}],
        "jwt_virtual_proxy_result": result,
    }
    key = {"stat": {"exists": exists}}
    assert verify.skipped(variables({**own, "ansible_check_mode": True}), key) == skipped
    assert verify.skipped(variables(own), key) == []


def test_options_of_a_login() -> None:
    own = {
        **USER,
        "jwt_virtual_proxy_prefix": "p",
        "jwt_virtual_proxy_jwt_attribute_user_id": "uid",
        "jwt_virtual_proxy_result": {"changed": True},
        "jwt_verify_checks": "session, identity",
        "qlik_timeout": 5,
        "qlik_ca_path": "/ca",
    }
    target = {"url": "https://x", "prefix": "p"}
    assert verify.probe(variables(own), target) == {
        "host": "central", "timeout": 5, "ca_path": "/ca", "lifetime": 300, "wait": 120,
        "url": "https://x", "prefix": "p", "user_id_claim": "uid", "user_id": "u",
        "user_directory": "D", "checks": ["session", "identity"],
    }  # fmt: skip
    alone = verify.probe(
        variables({**own, "jwt_verify_repository": "no", "jwt_verify_wait": 1}), target
    )
    assert (alone["host"], alone["timeout"], alone["wait"]) == ("", 5, 1)
    assert "ca_path" not in alone


def test_a_rotation_names_logins_and_options() -> None:
    own = {
        **USER,
        "jwt_verify_prefix": "p",
        "qrs_connection_logins": [{"prefix": "q"}],
        "qrs_connection_login": {"private_key_path": "/next"},
    }
    (target,) = verify.targets(variables(own))
    assert target["prefix"] == "q"
    found = verify.probe(variables(own), target)
    assert found["private_key_path"] == "/next"
    assert "user_id" not in found


@pytest.mark.parametrize(
    ("own", "environment", "sentence"),
    [
        (USER, {}, "jwt_verify_prefix: set the prefix to log in through"),
        ({"jwt_verify_prefix": "p"}, {}, "jwt_verify_user_id: set jwt_verify_user_id"),
        (
            {**USER, "jwt_verify_prefix": "q", "jwt_keypair_result": PAIR},
            {},
            "signs for q. The role jwt_keypair made",
        ),
        (
            {**USER, "jwt_verify_prefix": "p", "qlik_url": "https://a:b@x"},
            {},
            "qlik_url: remove the user name",
        ),
        (
            {**USER, "jwt_verify_prefix": "p", "jwt_verify_urls": ["https://a@x"]},
            {},
            "jwt_verify_urls: remove",
        ),
        ({**USER, "jwt_verify_prefix": "p", "jwt_verify_wait": "soon"}, {}, "give a whole number"),
    ],
)
def test_faults(own: Json, environment: dict[str, str], sentence: str) -> None:
    found = " ".join(verify.faults(variables(own, environment=environment)))
    assert sentence in found
    assert "a:b" not in found


@pytest.mark.parametrize(
    ("own", "environment"),
    [
        ({**USER, "jwt_verify_prefix": "p"}, {}),
        ({"jwt_verify_prefix": "p", "jwt_verify_token": "t"}, {}),
        (
            {**USER, "jwt_verify_prefix": "q", "jwt_keypair_result": PAIR},
            {"QLIK_JWT_PRIVATE_KEY": "/k"},
        ),
        ({**USER, "jwt_verify_prefix": "p", "jwt_keypair_result": PAIR}, {}),
    ],
)
def test_valid(own: Json, environment: dict[str, str]) -> None:
    assert verify.faults(variables(own, environment=environment)) == []


GRANTED: Json = {
    "ok": True, "verdict": "access_granted", "findings": [], "steps": [],
    "claims": {"sub": "secret"},
    "user": {"directory": "D", "id": "u"}, "session_cookie_name": "c",
}  # fmt: skip
WARNED = {**GRANTED, "findings": [{"level": "warning"}]}
FAILED = {**GRANTED, "ok": False, "verdict": "key_mismatch", "msg": "no", "failed": True}
BROKEN = {"msg": "Traceback", "failed": True}


def item(prefix: str, outcome: Json) -> Json:
    return {"jwt_verify__target": {"url": "https://x", "prefix": prefix}, **outcome}


def test_the_worst_login_comes_first_and_gives_the_status() -> None:
    results = [item("a", GRANTED), item("b", WARNED), item("c", BROKEN), item("d", FAILED)]
    proof = login_results.proof(variables(), {"results": results}, ended="now")
    assert [(one["prefix"], one["status"]) for one in proof["logins"]] == [
        ("d", "failed"), ("c", "not_probed"), ("b", "warning"), ("a", "ok"),
    ]  # fmt: skip
    assert (proof["status"], proof["reason"]) == ("failed", "")
    assert "secret" not in str(proof)
    assert login_results.proof(variables(), {}, ended="now")["status"] == "not_probed"


def test_result_and_what_is_said_about_it() -> None:
    outcome = {"results": [item("a", GRANTED), item("d", FAILED)], "failed": True}
    result = login_results.result(variables({"jwt_verify_prefix": "a"}), outcome)
    assert (result["ok"], result["skipped"]) == (False, [])
    assert result["logins"][0]["claims"] == {"sub": "secret"}
    said = login_results.sentences(variables({"jwt_verify_result": {**result, "skipped": ["z"]}}))
    assert said[0] == r"Login through 'a': access_granted, D\u"
    assert "the login through 'z' is skipped" in said[-1]


def test_the_message_of_failed_logins() -> None:
    results = [item("a", GRANTED), item("d", FAILED)]
    outcome = {"results": results, "failed": True, "msg": "One or more items failed"}
    assert login_results.failure(variables(), outcome) == "no"
    several = variables({"jwt_verify_urls": "https://x"})
    assert login_results.failure(several, outcome) == (
        "1 of 2 logins failed. Through 'd' at https://x: no"
    )
    assert login_results.failure(variables(), {"msg": "undefined"}) == "undefined"
