# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which hosts ensure their key pairs at the same time."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import shared_key
from ansible_collections.qlikops.sense.plugins.plugin_utils.variables import Variables
from unit.plugin_utils.hosts import Json, variables

KEY = "jwt_keypair_private_key_path"


def of_play(own: Json, **others: str) -> Variables:
    """The variables of a host after all hosts set their facts; ``others`` are their keys."""
    fact = {"qrs_connection_site": shared_key.site(variables(own))}
    hosts = {host: {"qrs_connection_site": {"key": key}} for host, key in others.items()}
    return variables({**fact, **own}, hosts=hosts)


def test_site() -> None:
    found = shared_key.site(variables({KEY: "keys/jwt.key", "qlik_host": "Q"}))
    assert found == {"address": "q:4242", "host": "central", "key": "/srv/play/keys/jwt.key"}


@pytest.mark.parametrize(
    ("own", "others", "throttle"),
    [
        ({KEY: "/keys/a"}, {}, 0),
        ({KEY: "/keys/a"}, {"b": "/keys/b"}, 0),
        ({KEY: "/keys/a"}, {"b": "/keys/a"}, 1),
        ({KEY: "/keys/../keys/a"}, {"b": "/keys/a"}, 1),
        # Links on another host can lead to the same file.
        ({KEY: "/keys/a", "qlik_api_host": "tools"}, {"b": "/keys/b"}, 1),
        # What a host does not say can be the same key.
        ({KEY: "/keys/a"}, {"b": ""}, 1),
        ({}, {"b": "/keys/b"}, 1),
        ({KEY: "/keys/a", "jwt_keypair_store_tasks": "vault.yml"}, {"b": "/keys/b"}, 1),
    ],
)
def test_hosts_wait_if_they_may_share_a_key(own: Json, others: Json, throttle: int) -> None:
    assert shared_key.throttle(of_play(own, **others)) == throttle


def test_a_link_leads_to_the_same_key(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "keys")
    own = of_play({KEY: str(tmp_path / "link" / "a")}, b=str(tmp_path / "keys" / "a"))
    assert shared_key.throttle(own) == 1


def test_the_key_of_the_task_is_not_that_of_the_fact() -> None:
    own = of_play({KEY: "/keys/a"}, b="/keys/b")
    assert shared_key.throttle(Variables({**own, KEY: "/keys/b"})) == 1
    assert shared_key.throttle(Variables({**own, KEY: "/keys/new"})) == 1


def test_a_variable_that_fails_ends_no_run() -> None:
    def evaluate(value: t.Any) -> t.Any:
        if value == "{{ undefined }}":
            raise ValueError
        return value

    raw = {**variables({KEY: "{{ undefined }}"}), "ansible_playbook_python": "python"}
    assert shared_key.site(Variables(raw, evaluate))["key"] == ""
    assert shared_key.throttle(Variables(raw, evaluate)) == 1
    assert shared_key.throttle(Variables({}, evaluate)) == 1
