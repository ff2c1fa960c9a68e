# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection to a site, as the variables describe it."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import connection
from ansible_collections.qlikops.sense.plugins.plugin_utils.variables import Variables

Json = dict[str, t.Any]


def variables(**own: t.Any) -> Variables:
    """The variables of the host "central", in a play of all hosts: ``hosts`` are the others."""
    environment, others = own.pop("environment", {}), own.pop("hosts", {})
    hostvars: Json = {"central": {k: v for k, v in own.items() if k != "play"}, **others}
    raw = {
        "inventory_hostname": "central",
        "ansible_playbook_python": "/usr/bin/python3",
        "hostvars": hostvars,
        "ansible_play_hosts_all": [*hostvars],
        "ansible_play_batch": ["central"],
        **own,
        **own.get("play", {}),
    }
    return Variables(raw, environment=environment, directory="/srv/play")


@pytest.mark.parametrize(
    ("own", "host"),
    [
        ({}, "central"),
        ({"ansible_host": "10.0.0.1"}, "10.0.0.1"),
        ({"ansible_host": "10.0.0.1", "qlik_host": "qlik.example.com"}, "qlik.example.com"),
        ({"ansible_host": "10.0.0.1", "qlik_host": ""}, "10.0.0.1"),
    ],
)
def test_host(own: Json, host: str) -> None:
    assert connection.host(variables(**own)) == host
    assert connection.options(variables(**own)) == {"host": host}
    assert connection.url(variables(**own)) == f"https://{host}"


def test_the_host_of_a_delegated_task_is_that_of_the_target() -> None:
    """In such a task, ansible_host is the delegate's."""
    own = variables(ansible_host="10.0.0.1", play={"ansible_host": "localhost"})
    assert connection.host(own) == "10.0.0.1"


@pytest.mark.parametrize(
    ("own", "address"),
    [
        ({"qlik_host": "Qlik.Example.com"}, "qlik.example.com:4242"),
        ({"qlik_auth": "jwt"}, "central:443"),
        ({"qlik_auth": "jwt", "qlik_port": "8443"}, "central:8443"),
        ({"qlik_port": 4343}, "central:4343"),
        ({"qlik_port": None}, "central:4242"),
    ],
)
def test_address(own: Json, address: str) -> None:
    assert connection.address(variables(**own)) == address


def test_url_leaves_qlik_url_of_the_environment_alone() -> None:
    environment = {"QLIK_URL": "https://other"}
    assert connection.url(variables(environment=environment)) == ""
    own = variables(environment=environment, qlik_url="https://a")
    assert connection.url(own) == "https://a"


NODE = {
    "qrs_credentials_client_cert_content": "CERT",
    "qrs_credentials_client_key_content": "KEY",
    "qrs_credentials_ca_content": "CA",
    "qrs_credentials_host_name": "node",
}


@pytest.mark.parametrize(
    ("own", "read"),
    [
        (
            {},
            {
                "client_cert_content": "CERT",
                "client_key_content": "KEY",
                "ca_content": "CA",
                "tls_server_name": "node",
            },
        ),
        ({"qlik_ca_path": "/ca"}, {"client_cert_content", "client_key_content", "tls_server_name"}),
        ({"qlik_client_cert_path": "/c"}, {"ca_content", "tls_server_name"}),
        ({"qlik_client_key_content": "k"}, {"ca_content", "tls_server_name"}),
        ({"qlik_auth": "ntlm"}, set()),
        ({"qlik_auth": ""}, {"client_cert_content", "client_key_content", "ca_content"}),
    ],
)
def test_what_the_node_holds_is_used_where_the_variables_leave_it_open(
    own: Json, read: Json | set[str]
) -> None:
    options = connection.options(variables(**own, **NODE))
    found = {k: v for k, v in options.items() if v in NODE.values()}
    if isinstance(read, dict):
        assert found == read
    else:
        assert read <= found.keys()
        if not read:
            assert found == {}


def test_a_variable_wins_over_the_name_of_the_node() -> None:
    own = variables(qlik_tls_server_name="mine", **NODE)
    assert connection.options(own)["tls_server_name"] == "mine"


def test_relative_paths_begin_where_the_controller_was_called() -> None:
    own = {"qlik_ca_path": "ca.pem", "jwt_keypair_private_key_path": "keys/jwt.key"}
    assert connection.options(variables(**own))["ca_path"] == "/srv/play/ca.pem"
    assert connection.key_path(variables(**own)) == "/srv/play/keys/jwt.key"
    there = variables(**own, qlik_api_host="linux", hosts={"linux": {}})
    assert connection.options(there)["ca_path"] == "ca.pem"
    assert connection.key_path(there) == "keys/jwt.key"


def test_tasks_run_on_the_controller() -> None:
    windows = {"ansible_connection": "winrm", "ansible_shell_type": "powershell"}
    assert connection.delegate(variables(**windows, ansible_become=True)) == {
        "plugin": "local",
        "shell_type": "sh",
        "python": "/usr/bin/python3",
        "become": False,
    }


def test_tasks_run_on_another_host_with_its_own_connection() -> None:
    hosts = {"linux": {"ansible_become": True, "ansible_python_interpreter": "/opt/python"}}
    own = variables(qlik_api_host="linux", hosts=hosts, ansible_connection="winrm")
    assert connection.delegate(own) == {
        "plugin": "ssh",
        "shell_type": "sh",
        "python": "/opt/python",
        "become": True,
    }


def test_a_task_can_name_its_delegate() -> None:
    own = variables(qlik_api_host="linux", qrs_connection_delegate="127.0.0.1")
    assert connection.is_local(own)


SITE = {"address": "central:4242", "host": "central"}


@pytest.mark.parametrize(
    ("own", "other", "twins"),
    [
        ({}, {"qrs_connection_site": {"address": "central:4242", "host": "b"}}, ["b", "central"]),
        ({}, {"qrs_connection_site": {"address": "b:4242", "host": "b"}}, ["central"]),
        # Under run_once, the fact of one host is given to all.
        ({}, {"qrs_connection_site": SITE}, ["central"]),
        # A later batch of serial.
        ({}, {"qlik_host": "CENTRAL"}, ["b", "central"]),
        ({}, {"ansible_host": "central"}, ["b", "central"]),
        ({}, {"qlik_host": "central", "qlik_port": 4243}, ["central"]),
        ({}, {}, ["central"]),
        # The play sets the host, so the inventory says nothing about later hosts.
        ({"play": {"qlik_host": "central"}}, {"ansible_host": "central"}, ["central"]),
    ],
)
def test_twins(own: Json, other: Json, twins: list[str]) -> None:
    assert connection.twins(variables(**own, qrs_connection_site=SITE, hosts={"b": other})) == twins


def test_described_prefixes() -> None:
    own = variables(
        jwt_virtual_proxy_definitions='[{"prefix": "a"}, {"prefix": 7}, {}, {"prefix": "a"}]'
    )
    assert connection.described(own) == ["a", "7"]
    assert connection.described(variables(jwt_virtual_proxy_prefix="p")) == ["p"]
    assert connection.described(variables(jwt_virtual_proxy_definitions="p")) == []


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ({"jwt_virtual_proxy_prefix": "p"}, ["p"]),
        ({"jwt_virtual_proxy_prefix": "p", "jwt_virtual_proxy_jwt_certificate": "OWN"}, []),
        ({"jwt_virtual_proxy_prefix": "p", "jwt_virtual_proxy_jwt_certificate": " PAIR\n"}, ["p"]),
        (
            {
                "jwt_virtual_proxy_definitions": [
                    {"prefix": "a", "jwt_certificate": "OWN"},
                    {"prefix": "b", "jwt_certificate": "PAIR"},
                    {"prefix": "c"},
                    {"description": "no prefix"},
                ]
            },
            ["b", "c"],
        ),
    ],
)
def test_prefixes_that_the_pair_is_for(own: Json, found: list[str]) -> None:
    assert connection.for_pair(variables(**own), certificate="PAIR\n") == found


def test_the_pair_of_another_site_is_for_no_prefix() -> None:
    result = {"site": "other:4242", "prefixes": ["a"], "private_key_path": "/k"}
    assert connection.pair_prefixes(variables(jwt_keypair_result=result)) == []
    own = variables(jwt_keypair_result={**result, "site": "central:4242"})
    assert connection.pair_prefixes(own) == ["a"]


@pytest.mark.parametrize(
    ("path", "of_result", "is_other"),
    [("/a", "/b", True), ("/a", "/a", False), ("/a", None, False), ("", "/b", False)],
)
def test_another_key_than_that_of_the_fact(
    path: str, of_result: str | None, is_other: bool
) -> None:
    own = variables(
        jwt_keypair_private_key_path=path, jwt_keypair_result={"private_key_path": of_result}
    )
    assert connection.is_other_key(own) is is_other


def test_tasks_are_also_loaded_without_a_host() -> None:
    nothing = Variables({}, environment={})
    assert connection.api_host(nothing) == "localhost"
    assert connection.delegate(nothing)["plugin"] == "local"
    assert connection.options(nothing) == {"host": ""}
