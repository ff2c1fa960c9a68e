# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of variables that no role has."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest
import yaml

from ansible_collections.qlikops.sense.plugins.module_utils._core.variables.names import (
    edits,
    problems,
)
from ansible_collections.qlikops.sense.plugins.plugin_utils.validation import (
    options,
    private,
    unknown_names,
)

ROOT = Path(__file__).resolve().parents[4]
#: The names in ``vars/main.yml`` of each role.
VARIABLES = {
    path.parent.parent.name: {*yaml.safe_load(path.read_text(encoding="utf-8"))}
    for path in (ROOT / "roles").glob("*/vars/main.yml")
}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("jwt_virtual_proxy_allow_restarts", "jwt_virtual_proxy_allow_restart"),
        ("jwt_virtualproxy_prefix", "jwt_virtual_proxy_prefix"),
        ("jwt_key_pair_size", "jwt_keypair_size"),
        ("jwt_keypair_szie", "jwt_keypair_size"),
        ("jwt_rotate_keys_force", "jwt_rotate_key_force"),
        ("jwt_report_reports_directory", "jwt_report_report_directory"),
        ("jwt_remove_confirmed", "jwt_remove_confirm"),
        ("jwt_restore_befor", "jwt_restore_before"),
        ("qrs_credential_enabled", "qrs_credentials_enabled"),
        ("qlik_client_certpath", "qlik_client_cert_path"),
        ("qlik_client_certificate_path", "qlik_client_cert_path"),
        ("qlik_cert_client_path", "qlik_client_cert_path"),
        ("qlik_client_key_pass_phrase", "qlik_client_key_passphrase"),
        ("qlik_validate_cert", "qlik_validate_certs"),
        ("qlik_hosts", "qlik_host"),
        ("qlik_uri", "qlik_url"),
        ("qlik_retires", "qlik_retries"),
        ("qlik_time_out", "qlik_timeout"),
        ("qlik_targets", "qlik_target"),
        ("qlik_allow_unkown_variables", "qlik_allow_unknown_variables"),
        # Repeated underscores and upper-case letters.
        ("jwt_virtual_proxy__allow_restart", "jwt_virtual_proxy_allow_restart"),
        ("jwt__virtual_proxy_allow_restart", "jwt_virtual_proxy_allow_restart"),
        ("jwt_virtual__proxy___allow____restart", "jwt_virtual_proxy_allow_restart"),
        ("jwt_virtual_proxy__allow_restarts", "jwt_virtual_proxy_allow_restart"),
        ("jwt_virtual_proxy_allow_restart__", "jwt_virtual_proxy_allow_restart"),
        ("JWT_virtual_proxy_allow_restart", "jwt_virtual_proxy_allow_restart"),
        ("jwt_Virtual_Proxy_allow_restart", "jwt_virtual_proxy_allow_restart"),
        ("jwt_virtual_proxy_allow_Restarts", "jwt_virtual_proxy_allow_restart"),
        ("JWT_VIRTUAL_PROXY__ALLOW_RESTART", "jwt_virtual_proxy_allow_restart"),
        ("jwt_keypair__size", "jwt_keypair_size"),
        ("Jwt_Keypair__Src_Path", "jwt_keypair_src_path"),
        ("qrs_credentials__enabled", "qrs_credentials_enabled"),
        ("QLIK_HOST", "qlik_host"),
        ("qlik__host", "qlik_host"),
        ("Qlik_Hosts", "qlik_host"),
    ],
)
def test_a_near_miss_names_what_was_meant(name: str, meant: str) -> None:
    assert unknown_names([name]) == [f"{name}: unknown variable. Did you mean {meant}?"]


@pytest.mark.parametrize(
    ("name", "role", "similar"),
    [
        ("jwt_verify_users_list", "jwt_verify", "jwt_verify_user_id"),
        ("jwt_virtual_proxy_host_list", "jwt_virtual_proxy", "jwt_virtual_proxy_host_allow_list"),
        ("jwt_keypair_x", "jwt_keypair", ""),
        ("qrs_credentials_folder", "qrs_credentials", ""),
        ("qrs_credentials__folder", "qrs_credentials", ""),
        ("JWT_keypair__X", "jwt_keypair", ""),
        ("jwt_virtual_proxy__host_list", "jwt_virtual_proxy", "jwt_virtual_proxy_host_allow_list"),
    ],
)
def test_a_name_with_the_prefix_of_a_role(name: str, role: str, similar: str) -> None:
    (sentence,) = unknown_names([name])

    assert sentence.startswith(f"{name}: unknown variable. The prefix {role}_ belongs to the role ")
    assert f" of its variables is {similar or role}" in sentence


@pytest.mark.parametrize(
    "name",
    [
        # Other collections, documentation, and what people have of their own.
        "qlik_users",
        "qlik_user",
        "qlik_license_key",
        "qlik_site_virtual_proxies",
        "qlik_sense_version",
        "qlik_version",
        "qlik_portal",
        "qlik_host_name",
        "qlik_install_dir",
        "qlik_central_node",
        "qlik_api_key",
        "qlik_api_port",
        "qlik_before",
        "qlik_ca",
        "qlik_domain",
        "jwt_portal_team",
        "jwt_secret",
        "jwt__secret",
        "JWT_SECRET",
        "QLIK_SENSE_VERSION",
        "qlik_sense__version",
        "awx_job_id",
        "tower_job_id",
        # What playbooks, roles and later jobs set.
        "qlik_target",
        "qlik_serial",
        "jwt_keypair_result",
        "jwt_report_result",
        "jwt_keypair_new",
        "jwt_keypair__brought",
        "jwt_restore_of_0123456789abcdef",
        "jwt_restore_set_up_of_0123456789abcdef",
        "jwt_restore_verify_of_0123456789abcdef",
        "jwt_restore_set_up_failed",
        "jwt_restore_job",
        "qrs_credentials_client_key_content",
        "qrs_connection_names",
        "site_reports_written",
        "site_results_failure",
    ],
)
def test_a_name_that_is_not_ours_or_known(name: str) -> None:
    assert unknown_names([name]) == []


def test_every_variable_of_a_role_is_known() -> None:
    assert unknown_names([name for known in options().values() for name in known]) == []


def names_set(part: object) -> set[str]:
    """The names that tasks set as facts, register, loop over, or pass."""
    if isinstance(part, list):
        return {name for inner in part for name in names_set(inner)}
    if not isinstance(part, dict):
        return set()
    here = {part[key] for key in ("register", "loop_var") if key in part}
    for key in ("ansible.builtin.set_fact", "vars"):
        here |= {*part.get(key, {})}
    return here | names_set([*part.values()])


def test_what_the_roles_and_playbooks_use_is_known() -> None:
    tasks = [*(ROOT / "roles").glob("*/tasks/*.yml"), *(ROOT / "playbooks").glob("*.yml")]
    names = {*chain(*VARIABLES.values())}
    for path in tasks:
        text = path.read_text(encoding="utf-8")
        names |= names_set(yaml.safe_load(text)) | {*re.findall(r"\b(?:qlik|jwt)_\w+", text)}

    roles = {path.name for path in (ROOT / "roles").iterdir()}
    modules = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")}
    assert "jwt_keypair_result" in names
    assert {name for name in names if "__" in name} == private() >= {"jwt_keypair__found"}
    assert unknown_names(sorted(names - roles - modules)) == []


def test_a_private_name_belongs_to_the_role_that_sets_it() -> None:
    for role, names in VARIABLES.items():
        assert all(name.startswith(role + "_") for name in names), role


def test_a_private_name_is_never_suggested() -> None:
    misspelled = [name.replace("__", "___") for name in private()]

    assert not any("__" in said.partition(":")[2] for said in unknown_names(misspelled))


def test_several_are_said_once_each_and_in_order() -> None:
    found = unknown_names(["qlik_uri", "jwt_keypair_sizes", "qlik_uri"])

    assert [sentence.partition(":")[0] for sentence in found] == ["jwt_keypair_sizes", "qlik_uri"]


def test_a_role_that_is_added_owns_its_prefix() -> None:
    assert problems(["jwt_new_option"], options()) == []
    (sentence,) = problems(["jwt_new_opt_in"], {**options(), "jwt_new": {"jwt_new_thing"}})
    assert "jwt_new_thing" in sentence


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "", 0), ("abc", "", 3), ("abc", "acb", 1), ("host", "hosts", 1), ("port", "host", 2)],
)
def test_edits(one: str, other: str, count: int) -> None:
    assert edits(one, other) == count
    assert edits(*reversed((one, other))) == count
