# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role jwt_rotate_key gives to modules, and what it prints."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import (
    rotation,
    rotation_faults,
    rotation_hosts,
    rotation_keys,
    rotation_obstacles,
    rotation_proxies,
    rotation_texts,
)
from ansible_collections.qlikops.sense.plugins.plugin_utils.variables import Variables
from unit.plugin_utils.hosts import variables

Json = dict[str, t.Any]
KEY = "/keys/jwt.key"
FILES: Json = {
    "jwt_keypair_private_key_path": KEY,
    "jwt_virtual_proxy_prefix": "portal",
    "jwt_verify_user_id": "login_test",
    "jwt_verify_user_directory": "PORTAL",
}
VAULT: Json = {
    **FILES,
    "jwt_keypair_private_key_path": "",
    "jwt_keypair_store_tasks": "store.yml",
    "jwt_keypair__brought": "PEM",
}
OVERLAP: Json = {**FILES, "jwt_rotate_key_method": "overlap", "jwt_rotate_key_phase": "begin"}
FINISH: Json = {**OVERLAP, "jwt_rotate_key_phase": "finish"}
ENTITY: Json = {
    "id": "1",
    "prefix": "portal",
    "description": "clicked",
    "session_cookie_header_name": "X-Qlik-Session-portal",
    "jwt_certificate": "certificate of old",
    "proxies": ["Central"],
    "tags": ["managed", "reviewed"],
}


def site(**keys: str) -> Json:
    """What qlik_virtual_proxy_info returned, by prefix and key."""
    names = {prefix.replace("_", "-"): key for prefix, key in keys.items()}
    return {
        "virtual_proxies": [
            {**ENTITY, "prefix": prefix, "jwt_certificate": f"certificate of {key}"}
            for prefix, key in names.items()
        ],
        "judgements": [
            {"prefix": prefix, "certificate": {"fingerprint": key}} for prefix, key in names.items()
        ],
    }


def read(own: Json, trusts: Json, **keys: str) -> Variables:
    """The variables after the tasks of read.yml; ``keys`` are the fingerprints in files."""
    named = [one["name"] for one in rotation.paths(variables(own)) if one["name"] in keys]
    tasks: Json = {
        "jwt_rotate_key__stats": {
            "results": [
                {"jwt_rotate_key__file": {"name": name}, "stat": {"exists": True}} for name in named
            ]
        },
        "jwt_rotate_key__files": {
            "results": [
                {"jwt_rotate_key__file": {"name": name}, "fingerprint": keys[name]}
                if keys[name]
                else {"jwt_rotate_key__file": {"name": name}, "msg": f"{name} is encrypted."}
                for name in named
            ]
        },
        "jwt_rotate_key__site": trusts,
        "jwt_rotate_key__old_secret": {
            "fingerprint": keys.get("vault"),
            "private_key": "OLD",
            "not_before": "2026",
        }
        if "vault" in keys
        else {},
        "jwt_rotate_key__made": {"fingerprint": "new", "certificate": "certificate of new"},
        "jwt_rotate_key__new_secret": {
            "fingerprint": "new",
            "private_key": "NEW",
            "certificate": "CERTIFICATE",
        },
        "ansible_check_mode": own.get("ansible_check_mode", False),
    }
    known = {**own, **tasks}
    known["jwt_rotate_key__state"] = rotation.read(variables(known))
    known["jwt_rotate_key__place"] = rotation_hosts.place(variables(known))
    return variables(known)


def again(before: Variables, hosts: Json | None = None, **more: t.Any) -> Variables:
    """The same variables and more, with other hosts in the play."""
    own = {name: value for name, value in before.items() if name not in variables({})}
    return variables({**own, **more}, hosts=hosts)


def at(before: Variables, step: str, **more: t.Any) -> Variables:
    """The same in the tasks of a step."""
    return again(before, jwt_rotate_key__step=step, **more)


VALID: list[Json] = [FILES, VAULT, OVERLAP, FINISH, {**VAULT, "jwt_rotate_key_force": "yes"}]


@pytest.mark.parametrize("own", VALID)
def test_valid_variables(own: Json) -> None:
    assert rotation_faults.faults(variables(own)) == []


INVALID: list[tuple[Json, str]] = [
    ({**FILES, "jwt_keypair_private_key_path": None}, "jwt_keypair_private_key_path: set"),
    ({**FILES, "jwt_keypair_source": "pem", "jwt_keypair_src_path": "/a"}, "jwt_keypair_source:"),
    ({**FILES, "jwt_keypair_regenerate": "always"}, "jwt_keypair_regenerate:"),
    ({**FILES, "jwt_virtual_proxy_jwt_certificate": "PEM"}, "jwt_certificate: portal sets"),
    ({**VAULT, "jwt_rotate_key_keep_previous": "yes"}, "jwt_rotate_key_keep_previous: a vault"),
    ({**VAULT, "jwt_keypair_store_tasks": ""}, "jwt_keypair_store_tasks:"),
    ({**FILES, "jwt_verify_token": "a.b.c", "jwt_verify_user_id": ""}, "jwt_verify_user_id:"),
    ({**FILES, "jwt_rotate_key_phase": "begin"}, "jwt_rotate_key_phase: set"),
    ({**OVERLAP, "jwt_rotate_key_phase": ""}, "jwt_rotate_key_phase: set"),
    ({**OVERLAP, "jwt_keypair_store_tasks": "a.yml"}, "jwt_rotate_key_method: overlap needs"),
    (
        {
            **OVERLAP,
            "jwt_virtual_proxy_prefix": "",
            "jwt_virtual_proxy_definitions": [{"prefix": "a"}, {"prefix": "b"}],
            "jwt_rotate_key_next_prefix": "c",
        },
        "jwt_rotate_key_next_prefix: it is for one",
    ),
    (
        {
            **OVERLAP,
            "jwt_virtual_proxy_prefix": "",
            "jwt_virtual_proxy_definitions": [{"prefix": "a"}, {"prefix": "a-next"}],
        },
        "jwt_rotate_key_next_prefix: a-next is described",
    ),
    ({**FILES, "jwt_rotate_key_force": "perhaps"}, "jwt_rotate_key_force: give true or false."),
]


@pytest.mark.parametrize(("own", "start"), INVALID)
def test_variables_that_are_not_valid(own: Json, start: str) -> None:
    (sentence,) = rotation_faults.faults(variables(own))
    assert sentence.startswith(start)


def test_a_key_that_a_job_of_awx_loses() -> None:
    known = variables(FILES, environment={"AWX_PRIVATE_DATA_DIR": "/runner"})
    assert any("a job of AWX loses" in one for one in rotation_faults.faults(known))


OBSTACLES: list[tuple[Json, Json, dict[str, str], str]] = [
    (FILES, site(portal="old"), {}, f"jwt_keypair_private_key_path: there is no key {KEY} on"),
    (FILES, site(portal="old"), {"key": ""}, "jwt_keypair_private_key_path: key is encrypted."),
    (VAULT, site(portal="old"), {"vault": ""}, "jwt_keypair_private_key_content: the value from"),
    (FILES, site(portal="old", other="lost"), {"key": "old", "next": ""}, f"{KEY}.next is the new"),
    (FILES, site(portal="third"), {"key": "old"}, "No described virtual proxy with JWT on this"),
    (FILES, site(portal="old", other="old"), {"key": "old"}, "other: not described, but trusts"),
    (
        FILES,
        site(portal="old", other="new"),
        {"key": "old", "next": "new"},
        "jwt_rotate_key_method: other trusts the new key, so an overlap is under way.",
    ),
    (
        {**FILES, "jwt_virtual_proxy_allow_restart": "no"},
        site(portal="old"),
        {"key": "old"},
        "jwt_virtual_proxy_allow_restart: a rotation restarts Central,",
    ),
    (
        OVERLAP,
        site(portal="new"),
        {"key": "old", "next": "new"},
        "jwt_rotate_key_method: a rotation with replace was interrupted.",
    ),
    (
        OVERLAP,
        site(portal="old", portal_next="third"),
        {"key": "old"},
        "jwt_rotate_key_next_prefix: there is a virtual proxy portal-next already",
    ),
    (
        OVERLAP,
        site(portal="old", other="new"),
        {"key": "old", "next": "new"},
        "jwt_rotate_key_next_prefix: other trusts the new key, so the overlap began",
    ),
    (
        FINISH,
        site(portal="old"),
        {"key": "old", "next": "new"},
        "jwt_rotate_key_phase: no virtual proxy portal-next trusts",
    ),
    (FINISH, site(portal="old", portal_next="lost"), {"key": "old"}, "portal-next does not trust"),
]


@pytest.mark.parametrize(("own", "trusts", "keys", "start"), OBSTACLES)
def test_obstacles(own: Json, trusts: Json, keys: dict[str, str], start: str) -> None:
    known = again(read(own, trusts, **keys), qrs_connection_api_host="localhost")
    (sentence,) = rotation_obstacles.faults(known)
    assert sentence.startswith(start)


def test_no_obstacles() -> None:
    for own, trusts, keys in (
        (FILES, site(portal="old"), {"key": "old"}),
        (VAULT, site(portal="old"), {"vault": "old"}),
        (OVERLAP, site(portal="old", portal_next="new"), {"key": "old", "next": "new"}),
        (FINISH, site(portal="old", portal_next="new"), {"key": "old", "next": "new"}),
        (FINISH, site(portal_next="old"), {"key": "old"}),
        # No described virtual proxy restarts.
        ({**FINISH, "jwt_virtual_proxy_allow_restart": False}, site(other="x"), {"key": "old"}),
    ):
        assert rotation_obstacles.faults(read(own, trusts, **keys)) == []


def test_an_untrusted_file_comes_first() -> None:
    known = read(FILES, site(portal="third"), key="old")
    known["jwt_rotate_key__files"]["results"][0].update(msg="Planted.", failure={"untrusted": True})
    assert rotation_obstacles.faults(known) == ["Planted."]


def test_hosts_that_share_a_vault_key() -> None:
    place = {"host": "east", "key": "vault:old", "state": "begun"}
    east = {"inventory_hostname": "east", "jwt_rotate_key__place": place}
    known = again(read(VAULT, site(portal="old"), vault="old"), {"east": east})
    (sentence,) = rotation_obstacles.faults(known)
    assert "the vault has one key for central, east" in sentence


def test_hosts_that_share_a_path() -> None:
    own = read(FILES, site(portal="old"), key="old")
    for hosts, expected in (
        ({"east": {"jwt_keypair_private_key_path": KEY}}, ["east"]),
        ({"east": {"jwt_keypair_private_key_path": "/keys/east.key"}}, []),
        ({"east": {"jwt_keypair_private_key_path": KEY, "qlik_api_host": "tools"}}, []),
        ({"east": {"jwt_rotate_key__place": {"key": f"localhost:{KEY}", "state": "proven"}}}, []),
        (
            {"east": {"jwt_rotate_key__place": {"key": f"localhost:{KEY}", "state": "begun"}}},
            ["east"],
        ),
    ):
        place = {**own["jwt_rotate_key__place"], "state": "ready"}
        known = again(own, hosts, jwt_rotate_key__place=place)
        assert rotation_hosts.laggards(known) == expected
        assert (rotation_hosts.faults(known) == []) == (expected == [])


def test_a_path_of_the_play_is_that_of_every_silent_host() -> None:
    """It is not in the variables of the other hosts, unless the path contains the name."""
    for path, expected in ((KEY, ["east"]), ("/keys/central.key", [])):
        own = read({**FILES, "jwt_keypair_private_key_path": path}, site(portal="old"), key="old")
        place = {**own["jwt_rotate_key__place"], "state": "ready"}
        known = again(own, {"east": {}}, jwt_rotate_key__place=place)
        of_host = {name: value for name, value in known.items() if "keypair" not in name}
        raw = {**known, "hostvars": {"central": of_host, "east": {}}}
        assert rotation_hosts.laggards(Variables(raw, directory="/srv/play")) == expected


def test_the_options_for_files() -> None:
    own = {**FILES, "jwt_keypair_passphrase": "hidden", "jwt_keypair_size": 3072}
    known = read(own, site(portal="old"), key="old")
    assert rotation_keys.candidate(known) == {
        "private_key_path": KEY + ".next",
        "certificate_path": "/keys/jwt.crt.next",
        "passphrase": "hidden",
        "size": 3072,
        "regenerate": "full_idempotence",
        "backup": False,
    }
    assert rotation_keys.promoted(known) == {
        "private_key_path": KEY,
        "src_path": KEY + ".next",
        "src_passphrase": "hidden",
        "passphrase": "hidden",
    }
    assert rotation_keys.kept(known)["src_path"] == KEY
    assert rotation_keys.kept(known)["private_key_path"] == KEY + ".previous"
    assert rotation_keys.rest(known) == {
        "content": "",
        "source": {"source": "pem", "src_path": KEY, "src_passphrase": "hidden"},
        "retired": "old",
    }


@pytest.mark.parametrize(
    ("trusts", "keys"),
    [(site(portal="old"), {"next": "new"}), (site(portal="new"), {"next": "new"})],
)
def test_a_new_key_that_exists_is_not_replaced(trusts: Json, keys: dict[str, str]) -> None:
    known = read(FILES, trusts, key="old", **keys)
    assert rotation_keys.candidate(known)["regenerate"] == "never"


def test_the_options_for_a_vault() -> None:
    known = read({**VAULT, "jwt_keypair_valid_days": 30}, site(portal="old"), vault="old")
    assert rotation_keys.new_source(known) == {"valid_days": 30}
    assert rotation_keys.old_source(known) == {"src_content": "PEM"}
    assert rotation_keys.rest(known) == {
        "content": "NEWCERTIFICATE",
        "source": {},
        "retired": "old",
    }
    stored = rotation_keys.pair_to_store(at(known, "store"))
    assert stored["private_key"] == "NEW"
    back = rotation_keys.pair_to_store(at(known, "store_old"))
    assert (back["private_key"], back["certificate"]) == ("OLD", "certificate of old")


def test_the_virtual_proxies_of_each_step() -> None:
    known = read(FILES, site(portal="old"), key="old")
    entries = rotation_proxies.virtual_proxies
    changed = [{"prefix": "portal", "jwt_certificate": "certificate of new"}]
    assert entries(at(known, "change")) == changed
    old = [{"prefix": "portal", "jwt_certificate": "certificate of old"}]
    assert entries(at(known, "restore")) == old
    assert entries(at(known, "remove_first")) == [{"prefix": "portal", "state": "absent"}]

    continued = read(FILES, site(portal="new"), key="old", next="new")
    files = {"results": [{"fingerprint": "old"}, {"certificate": "certificate of old"}]}
    assert entries(at(continued, "restore", jwt_rotate_key__old=files)) == old


def test_second_virtual_proxies_are_copies() -> None:
    own = {**OVERLAP, "jwt_virtual_proxy_prune_tag": "managed"}
    (entry,) = rotation_proxies.virtual_proxies(
        at(read(own, site(portal="old"), key="old"), "change")
    )
    assert entry == {
        "prefix": "portal-next",
        "description": "clicked",
        "jwt_certificate": "certificate of new",
        "proxies": ["Central"],
        "tags": ["reviewed"],
        "tags_mode": "replace",
    }
    both = read(own, site(portal="old", portal_next="new"), key="old", next="new")
    (entry,) = rotation_proxies.virtual_proxies(at(both, "change"))
    assert entry == {
        "prefix": "portal-next",
        "jwt_certificate": "certificate of new",
        "proxies": ["Central"],
    }
    assert rotation_proxies.virtual_proxies(at(both, "remove_second")) == []


def test_restarts_and_retries_on_the_way_back() -> None:
    known = read({**FILES, "jwt_virtual_proxy_allow_restart": False}, site(portal="old"), key="old")
    for step, allowed, retries in (
        ("change", False, 0),
        ("remove_first", False, 0),
        ("restore", True, 2),
        ("remove_second", True, 2),
    ):
        assert rotation_proxies.allow_restart(at(known, step)) is allowed
        assert rotation_proxies.retries(at(known, step)) == retries


def test_logins() -> None:
    own = {**FILES, "jwt_verify_expect": "failure", "jwt_verify_fail_on": "never"}
    known = read(own, site(portal="old"), key="old")
    login = rotation_proxies.login(at(known, "verify_old"))
    assert login == {
        "user_id": "login_test",
        "user_directory": "PORTAL",
        "wait": 120,
        "checks": ["session", "identity", "negative"],
        "fail_on": "error",
        "private_key_path": KEY,
    }
    assert rotation_proxies.login(at(known, "verify_new"))["private_key_path"] == KEY + ".next"
    vault = read(VAULT, site(portal="old"), vault="old")
    assert rotation_proxies.login(at(vault, "verify_old"))["private_key_content"] == "OLD"
    assert rotation_proxies.login(at(vault, "verify_new"))["private_key_content"] == "NEW"


def test_logins_of_an_overlap() -> None:
    known = read(OVERLAP, site(portal="old"), key="old")
    for step, prefix in (("verify_old", "portal"), ("verify_new", "portal-next")):
        assert [one["prefix"] for one in rotation_proxies.logins(at(known, step))] == [prefix]


OUTCOMES: list[tuple[Json, Json, dict[str, str], str, str]] = [
    (FILES, site(portal="old"), {"key": "old"}, "rotated", "new"),
    (FILES, site(portal="new"), {"key": "new", "next": "new"}, "finished", "new"),
    (OVERLAP, site(portal="old"), {"key": "old"}, "begun", "new"),
    (FINISH, site(portal="old"), {"key": "old"}, "nothing", "old"),
    (VAULT, site(portal="old"), {"vault": "old"}, "rotated", "new"),
    (VAULT, site(portal="old"), {"vault": "newer"}, "finished", "newer"),
    ({**FILES, "ansible_check_mode": True}, site(portal="old"), {"key": "old"}, "predicted", "new"),
]


@pytest.mark.parametrize(("own", "trusts", "keys", "outcome", "fingerprint"), OUTCOMES)
def test_results(
    own: Json, trusts: Json, keys: dict[str, str], outcome: str, fingerprint: str
) -> None:
    known = read(own, trusts, **keys)
    result = rotation_texts.result(known)
    assert (result["outcome"], result["fingerprint"]) == (outcome, fingerprint)
    assert (result["previous_fingerprint"] is None) == (outcome == "finished")
    back = rotation_texts.result(known, ended="rolled_back")
    assert back["outcome"] == "rolled_back"
    assert rotation_texts.summary(known)


def test_a_hidden_reason_is_not_repeated() -> None:
    known = at(
        read(FILES, site(portal="old"), key="old"),
        "",
        ansible_failed_result={"failed": True, "msg": "-----BEGIN"},
    )
    assert "BEGIN" in rotation_texts.not_complete(known)
    for hidden in (True, "True"):
        assert "BEGIN" not in rotation_texts.not_complete(known, is_hidden=hidden)


def test_why_names_each_failed_item() -> None:
    results = [{"failed": True, "msg": "one"}, {"failed": False, "msg": "two"}, {"failed": True}]
    known = variables({"ansible_failed_result": {"failed": True, "msg": "all", "results": results}})
    assert rotation_texts.why(known).strip() == "one"
