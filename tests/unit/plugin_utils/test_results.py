# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary of a run, and what the playbook jwt_setup validates."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import results, setup
from unit.plugin_utils.hosts import Json, variables

FAILURE = {"site_results_failure": {"host": "b", "msg": "no route"}}


@pytest.mark.parametrize(
    ("result", "hidden", "reason"),
    [
        ({"msg": " no \n"}, False, "no"),
        (
            {"results": [{"msg": "fine"}, {"failed": True, "msg": "bad"}], "msg": "All"},
            False,
            "bad",
        ),
        ({"msg": "secret"}, True, 'The task "T" failed. The output of the run says why.'),
        ({"msg": "secret"}, "True", 'The task "T" failed. The output of the run says why.'),
        ({}, False, 'The task "T" failed. The output of the run says why.'),
    ],
)
def test_reason(result: Json, hidden: t.Any, reason: str) -> None:
    assert results.reason(variables(), result=result, name="T", hidden=hidden) == reason


def test_summary_of_good_failed_and_lost_sites() -> None:
    own = {
        "jwt_keypair_result": {"changed": False},
        "jwt_virtual_proxy_result": {
            "changed": True,
            "proxies_restarted": {"Central": 2, "Rim": 1},
        },
        "jwt_remove_result": {"warnings": ["left over"]},
    }
    hosts: Json = {"b": FAILURE, "c": {}, "d": {}}
    lines = results.summary(variables(own, hosts=hosts, lost=["c"]))
    *others, idle = lines
    assert idle.startswith("WARNING: no role that leaves a result has run on d.")
    assert others == [
        "2 of 4 sites done: central, d",
        "central: changed",
        "central: restarted the proxy of Central 2 times",
        "central: restarted the proxy of Rim",
        "b failed: no route",
        "c was lost. The output of the run says why.",
        "WARNING: left over",
    ]


def test_check_mode_says_what_would_happen() -> None:
    restarts = {"Central": 1, "Rim": 1}
    own = {
        "ansible_check_mode": True,
        "jwt_virtual_proxy_result": {
            "changed": True,
            "proxies_restarted": restarts,
            "sessions_ending": {"Central": 17, "Rim": None},
        },
    }
    assert results.summary(variables(own))[1:] == [
        "central: would change",
        "central: would restart the proxy of Central, which ends 17 sessions",
        "central: would restart the proxy of Rim, which ends its sessions",
    ]
    unchanged = {"ansible_check_mode": True, "jwt_keypair_result": {"changed": False}}
    assert results.summary(variables(unchanged))[1:] == ["central: would not change"]


def test_under_run_once_all_hosts_have_the_fact_of_one() -> None:
    hosts = {"b": FAILURE, "c": FAILURE}
    assert results.failures(variables(hosts=hosts)) == [FAILURE["site_results_failure"]]


REPORTS = {"jwt_verify_report_directory": "/r"}


@pytest.mark.parametrize(
    ("own", "hosts", "playbook", "more"),
    [
        ({}, {}, "jwt_setup", False),
        ({}, {"b": FAILURE}, "jwt_verify", True),
        (REPORTS, {}, "jwt_setup", True),
        ({}, {"b": REPORTS}, "jwt_setup", True),
        (REPORTS, {}, "jwt_verify", False),
        ({**REPORTS, "ansible_run_tags": ["jwt_keypair"]}, {}, "jwt_setup", False),
        ({**REPORTS, "ansible_skip_tags": ["jwt_verify"]}, {}, "jwt_setup", False),
        ({}, {"b": {"qrs_credentials_client_key_content": "KEY"}}, "jwt_verify", True),
        ({"qrs_credentials_client_key_content": ""}, {}, "jwt_setup", False),
    ],
)
def test_more_than_the_summary(own: Json, hosts: Json, playbook: str, more: bool) -> None:
    assert results.has_more(variables(own, hosts=hosts), playbook=playbook) is more


def test_reports_of_hosts_that_failed_before_their_logins() -> None:
    silent = variables(REPORTS, hosts={"b": FAILURE})
    assert results.writes_reports(silent, playbook="jwt_verify")
    told = variables(REPORTS, hosts={"b": {**FAILURE, "jwt_verify__proof": {}}})
    assert not results.writes_reports(told, playbook="jwt_verify")


SET_UP: Json = {
    "qlik_client_cert_path": "/c",
    "jwt_keypair_private_key_path": "/k",
    "jwt_virtual_proxy_prefix": "p",
    "jwt_verify_user_id": "u",
    "jwt_verify_user_directory": "D",
}


def test_a_complete_set_up() -> None:
    assert setup.faults(variables(SET_UP)) == []


def test_all_that_is_missing_is_in_one_sentence() -> None:
    (sentence,) = setup.faults(variables())
    for name in ("qlik_client_cert_path", "private_key_path", "virtual_proxy_prefix", "user_id"):
        assert name in sentence
    assert "for central" in sentence


@pytest.mark.parametrize(
    ("left_out", "environment", "own"),
    [
        ("qlik_client_cert_path", {"QLIK_CLIENT_CERT": "/c"}, {}),
        ("qlik_client_cert_path", {}, {"qlik_auth": "jwt"}),
        ("qlik_client_cert_path", {}, {"qrs_credentials_enabled": "true"}),
        ("qlik_client_cert_path", {}, {"qlik_api_host": "linux"}),
        ("jwt_keypair_private_key_path", {"QLIK_JWT_PRIVATE_KEY": "/k"}, {}),
        ("jwt_keypair_private_key_path", {}, {"jwt_keypair_store_tasks": "s.yml"}),
        ("jwt_virtual_proxy_prefix", {}, {"jwt_virtual_proxy_definitions": [{"prefix": "p"}]}),
        ("jwt_verify_user_id", {}, {"jwt_verify_token": "t"}),
    ],
)
def test_what_stands_in_for_a_required_variable(
    left_out: str, environment: dict[str, str], own: Json
) -> None:
    given = {name: value for name, value in SET_UP.items() if name != left_out}
    assert setup.required(variables(given, environment=environment)) != [] or environment
    assert setup.required(variables({**given, **own}, environment=environment)) == []


@pytest.mark.parametrize(
    ("own", "sentences"),
    [
        ({"jwt_verify_expect": "bogus"}, ["value of jwt_verify_expect must be one of"]),
        ({"jwt_virtual_proxy_anonymous_access_mode": "x"}, ["must be one of"]),
        (
            {"jwt_keypair_size": "big", "jwt_verify_wait": "soon", "jwt_virtual_proxy_prune": 7},
            ["jwt_keypair_size", "jwt_verify_wait", "jwt_virtual_proxy_prune"],
        ),
        ({"jwt_verify_usr_id": "x"}, ["Did you mean jwt_verify_user_id?", "Correct the name"]),
    ],
)
def test_the_variables_of_all_roles_are_validated_at_once(own: Json, sentences: list[str]) -> None:
    found = setup.faults(variables({**SET_UP, **own}))
    assert len(found) == len(sentences)
    assert all(sentence in " ".join(found) for sentence in sentences)


def test_only_the_roles_that_tags_select_are_validated() -> None:
    tags = {"ansible_run_tags": ["jwt_keypair"]}
    assert setup.faults(variables({"jwt_keypair_private_key_path": "/k", **tags})) == []
    assert setup.faults(variables({"jwt_verify_expect": "bogus", **tags})) != []


def test_a_pair_of_an_earlier_play_is_not_given_to_other_virtual_proxies() -> None:
    pair = {"certificate": "C", "prefixes": ["q"], "site": "central:4242", "private_key_path": "/k"}
    own = {**SET_UP, "jwt_keypair_result": pair}
    assert setup.faults(variables(own)) == []
    (sentence,) = setup.faults(variables({**own, "ansible_skip_tags": ["jwt_keypair"]}))
    assert "was not made for p" in sentence
