# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sentences about names and types of variables."""

from __future__ import annotations

import typing as t

import pytest
import yaml

from ansible_collections.qlikops.sense.plugins.plugin_utils import validation
from ansible_collections.qlikops.sense.plugins.plugin_utils.variables import Variables

Json = dict[str, t.Any]


def site(*hosts: str, **own: t.Any) -> Variables:
    """The variables of a host in a play with others of the same address."""
    fact = {"address": "central:4242", "host": "central"}
    raw = {
        "inventory_hostname": "central",
        "ansible_play_hosts_all": ["central", *hosts],
        "ansible_play_batch": ["central", *hosts],
        "qrs_connection_site": fact,
        **own,
    }
    others = {host: {"qrs_connection_site": {**fact, "host": host}} for host in hosts}
    return Variables({**raw, "hostvars": {"central": raw, **others}}, environment={})


@pytest.mark.parametrize(
    ("role", "own", "sentence"),
    [
        (
            "qrs_connection",
            {"qlik_validate_certs": "maybe"},
            "qlik_validate_certs: give true or false.",
        ),
        ("qrs_connection", {"qlik_timeout": "1.5"}, "qlik_timeout: give a whole number."),
        ("qrs_connection", {"qlik_port": [1]}, "qlik_port: give a whole number."),
        ("jwt_keypair", {"jwt_keypair_backup": 2}, "jwt_keypair_backup: give true or false."),
        ("jwt_verify", {"jwt_verify_attributes": "a"}, ""),
        ("qrs_connection", {"jwt_verify_attributes": "a"}, "jwt_verify_attributes: give a mapping"),
        ("qrs_connection", {"jwt_restore_before": "{a: b}"}, "jwt_restore_before: give a list of"),
        ("qrs_connection", {"jwt_restore_before": [1]}, "jwt_restore_before: give a list of"),
        ("jwt_verify", {"jwt_verify_prefx": "a"}, "Did you mean jwt_verify_prefix?"),
    ],
)
def test_faults(role: str, own: Json, sentence: str) -> None:
    found = " ".join(validation.faults(Variables(own), role))
    assert sentence in found if sentence else found == ""


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"qlik_validate_certs": "False", "qlik_port": "4242", "qlik_timeout": ""},
        {"qlik_validate_certs": None, "qlik_retries": 0},
        {"jwt_restore_before": "", "jwt_verify_attributes": "{}"},
        {"jwt_verify_prefx": "a", "qlik_allow_unknown_variables": "yes"},
        {"foreign": "x", "jwt_secret": "of another collection"},
    ],
)
def test_valid(own: Json) -> None:
    assert validation.faults(Variables(own)) == []


def test_what_only_roles_pass_is_an_error_in_an_inventory() -> None:
    passed = {"jwt_keypair_rotation": {"content": "KEY"}}
    raw = {"inventory_hostname": "central", **passed}
    assert validation.faults(Variables({**raw, "hostvars": {"central": {}}})) == []
    found = validation.faults(Variables({**raw, "hostvars": {"central": passed}}))
    assert "jwt_keypair_rotation: only roles of this collection set it." in found


def test_a_site_is_one_host_of_the_play() -> None:
    assert validation.site_faults(site()) == []
    (sentence,) = validation.site_faults(site("b"))
    assert sentence.startswith("qlik_host: b, central are all the site central:4242")
    assert "--limit b" in sentence


@pytest.mark.parametrize(("auth", "count"), [("jwt", 0), ("", 0), (None, 0), ("basic", 1)])
def test_authentication_method(auth: t.Any, count: int) -> None:
    found = validation.site_faults(site(qlik_auth=auth))
    assert len(found) == count
    assert all("qlik_auth: give one of certificate, jwt, header, ntlm." in one for one in found)


def test_the_names_of_options_are_found_without_a_parser() -> None:
    for path in validation.ROLES.glob("*/meta/argument_specs.yml"):
        role = path.parent.parent.name
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values()
        names = {name for entry in entries for name in entry.get("options", {})}
        assert role in validation.SHARED or validation.options()[role] == names
