# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A misspelled variable fails a run before anything is changed."""

from __future__ import annotations

import json

import pytest

from playbooks.runs import Json, Workplace


def untouched(workplace: Workplace) -> bool:
    """Whether a run neither wrote a key nor spoke to the site."""
    return not workplace.key.exists() and workplace.simulator.requests() == []


@pytest.mark.parametrize(
    ("playbook", "name", "meant"),
    [
        ("jwt_setup", "jwt_virtual_proxy_allow_restarts", "jwt_virtual_proxy_allow_restart"),
        # Of the last role, before the first one writes.
        ("jwt_setup", "jwt_verify_usr_id", "jwt_verify_user_id"),
        ("jwt_setup", "qlik_client_certpath", "qlik_client_cert_path"),
        ("jwt_setup", "jwt_virtual_proxy__allow_restart", "jwt_virtual_proxy_allow_restart"),
        ("jwt_setup", "JWT_Virtual_Proxy_allow_restart", "jwt_virtual_proxy_allow_restart"),
        ("jwt_verify", "qlik_uri", "qlik_url"),
        ("jwt_verify", "QLIK_URL", "qlik_url"),
        ("jwt_rotate_key", "jwt_rotate_key_methode", "jwt_rotate_key_method"),
        ("jwt_remove", "jwt_remove_prefixs", "jwt_remove_prefix"),
        ("jwt_report", "jwt_report_failed_on", "jwt_report_fail_on"),
        ("jwt_restore", "jwt_restore_befor", "jwt_restore_before"),
    ],
)
def test_a_misspelled_variable_fails_the_run(
    workplace: Workplace, playbook: str, name: str, meant: str
) -> None:
    run = workplace.run(
        f"qlikops.sense.{playbook}", hosts={"dev": workplace.login(**{name: "hidden"})}
    ).failed()

    assert f"{name}: unknown variable. Did you mean {meant}?" in run.failures[0]
    assert "hidden" not in run.output
    assert untouched(workplace)


def test_only_the_variables_of_the_host_count(workplace: Workplace) -> None:
    """Other hosts go on, and what is not ours is not compared."""
    mine = {"qlik_users": [], "jwt_portal_team": "BI", "awx_job_id": 7, "jwt_keypair_result": {}}
    play = {
        "hosts": "qlik",
        "gather_facts": False,
        "vars": mine,
        "tasks": [{"ansible.builtin.import_role": {"name": "qlikops.sense.qrs_connection"}}],
    }
    hosts = {
        "dev": workplace.login(),
        "test": {**workplace.login(jwt_virtual_proxy_host_allow_lst=["*"]), "qlik_host": "other"},
    }

    run = workplace.run([play], hosts=hosts).failed()

    assert run.failed_on("dev") == []
    assert "jwt_virtual_proxy_host_allow_list?" in run.failed_on("test")[0]


def test_every_include_is_checked(workplace: Workplace) -> None:
    """Of a role that runs twice, and of a later play."""
    play: Json = {"hosts": "qlik", "gather_facts": False, "tasks": []}
    for variables in ({}, {"jwt_keypair_regenerat": "always"}):
        play["tasks"].append(
            {
                "ansible.builtin.include_role": {"name": "qlikops.sense.jwt_keypair"},
                "vars": variables,
            }
        )

    for plays in ([play], [{**play, "tasks": [task]} for task in play["tasks"]]):
        run = workplace.run(plays, hosts={"dev": workplace.login()}).failed()
        assert "jwt_keypair_regenerate?" in run.failures[0]


@pytest.mark.parametrize("allowed", [True, pytest.param("yes", marks=pytest.mark.long)])
def test_the_check_can_be_switched_off(workplace: Workplace, allowed: object) -> None:
    variables = {"jwt_verify_usr_id": "x", "qlik_uri": "x", "qlik_allow_unknown_variables": allowed}

    workplace.run(
        "qlikops.sense.jwt_setup", "-e", json.dumps(variables), hosts={"dev": workplace.login()}
    ).ok()


@pytest.mark.parametrize("switch", ["", None, False, "no"])
def test_an_empty_answer_does_not_switch_it_off(workplace: Workplace, switch: object) -> None:
    variables = {"jwt_verify_usr_id": "x", "qlik_allow_unknown_variables": switch}

    run = workplace.run(
        "qlikops.sense.jwt_setup", "-e", json.dumps(variables), hosts={"dev": workplace.login()}
    ).failed()

    assert "jwt_verify_user_id?" in run.failures[0]


def test_the_certificate_is_not_read_for_a_misspelled_variable(workplace: Workplace) -> None:
    play = {
        "hosts": "qlik",
        "gather_facts": False,
        "tasks": [{"ansible.builtin.include_role": {"name": "qlikops.sense.qrs_credentials"}}],
    }
    host = workplace.login(qrs_credentials_dir="C:\\certificates", ansible_connection="local")

    run = workplace.run([play], hosts={"dev": host}).failed()

    assert "qrs_credentials_directory" in run.failures[0]
