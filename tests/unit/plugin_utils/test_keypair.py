# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The key pair that the variables describe."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import (
    keypair,
    keypair_awx,
    keypair_faults,
    keypair_result,
    results,
)
from ansible_collections.qlikops.sense.plugins.plugin_utils.variables import Variables
from unit.plugin_utils.hosts import Json, variables

KEY = {"jwt_keypair_private_key_path": "/keys/jwt.key"}
AWX = {"AWX_PRIVATE_DATA_DIR": "/runner"}


def of(environment: dict[str, str] | None = None, **own: t.Any) -> t.Any:
    """Variables of the role, without its prefix."""
    prefixed = {n if "__" in n else f"jwt_keypair_{n}": value for n, value in own.items()}
    return variables(prefixed, environment=environment)


def test_the_certificate_is_kept_beside_the_key() -> None:
    assert keypair.options(of(private_key_path="keys/a.b.key")) == {
        "private_key_path": "/srv/play/keys/a.b.key",
        "certificate_path": "/srv/play/keys/a.b.crt",
    }
    assert (
        keypair.options(of(private_key_path="/k", certificate_path="/c"))["certificate_path"]
        == "/c"
    )
    assert keypair.options(of()) == {}


def test_what_was_read_elsewhere_takes_the_place_of_the_source() -> None:
    found = {"source": "pem", "src_content": "PAIR"}
    own = of(
        source="pkcs12", src_path="C:/x", src_passphrase="p", size=2048, jwt_keypair__found=found
    )
    assert keypair.options(own) == {"size": 2048, **found}
    brought = of(jwt_keypair__brought="KEY", src_passphrase="p")
    assert keypair.options(brought) == {
        "source": "pem", "src_content": "KEY", "src_passphrase": "p",
    }  # fmt: skip
    assert keypair.memory_options(of(private_key_path="/k", size=2048, mode="0600")) == {
        "size": 2048
    }


def test_what_a_rotation_passes_takes_precedence() -> None:
    passed = {"source": "pem", "src_path": "/keys/jwt.key"}
    own = of(
        rotation={"content": "", "source": passed}, jwt_keypair__brought="KEY",
        jwt_keypair__found={"source": "pem"},
    )  # fmt: skip
    assert keypair.options(own) == passed
    assert keypair.brought(own) == ""
    own = of(rotation={"content": "NEW", "source": {}}, jwt_keypair__brought="KEY")
    assert keypair.options(own) == {"source": "pem", "src_content": "NEW"}
    retired = variables({**KEY, "jwt_keypair_rotation": {"retired": "old"}})
    assert keypair_result.result(retired, OUTCOME)["predecessors"] == ["old"]


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ({}, "/env/key"),
        ({"private_key_path": "/k"}, ""),
        ({"source": "pem"}, ""),
        ({"private_key_content": ""}, ""),
    ],
)
def test_the_environment_counts_where_the_variables_leave_it_open(own: Json, found: str) -> None:
    assert keypair.environment(of({"QLIK_JWT_PRIVATE_KEY": "/env/key"}, **own)) == found


@pytest.mark.parametrize(
    ("own", "source"),
    [
        ({}, ""),
        ({"source": "certificate_store"}, "certificate_store"),
        ({"source": "local_certificates"}, "local_certificates"),
        ({"source": "pem", "src_path": "C:\\\\a.pem"}, "file"),
        ({"source": "pkcs12", "src_path": "d:/a.pfx"}, "file"),
        ({"source": "pem", "src_path": "\\\\\\\\server\\\\a.pem"}, "file"),
        ({"source": "pem", "src_path": "/etc/a.pem"}, ""),
        ({"source": "certificate_store", "jwt_keypair__brought": "KEY"}, ""),
    ],
)
def test_what_is_read_on_the_node(own: Json, source: str) -> None:
    assert keypair.node_source(of(**own)) == source


@pytest.mark.parametrize(
    ("own", "elsewhere"),
    [
        (KEY, False),
        ({**KEY, "jwt_keypair_private_key_content": ""}, False),
        ({"jwt_keypair_private_key_content": "KEY"}, True),
        ({**KEY, "jwt_keypair_store_tasks": "store.yml"}, True),
        ({**KEY, "jwt_keypair_windows_directory": "D:/keys"}, True),
        ({"jwt_keypair_source": "certificate_store"}, True),
    ],
)
def test_files_alone_need_neither_vault_nor_node(own: Json, elsewhere: bool) -> None:
    assert keypair.is_elsewhere(variables(own)) is elsewhere


@pytest.mark.parametrize(
    ("environment", "own", "lost"),
    [
        ({}, {}, False),
        (AWX, {}, True),
        (AWX, {"kept_directories": "/mnt\n/keys"}, False),
        (AWX, {"kept_directories": ["/key"]}, True),
        (AWX, {"kept_directories": ["/"]}, False),
        ({"AWX_PRIVATE_DATA_DIR": "/keys"}, {"kept_directories": ["/"]}, True),
        (
            {**AWX, "AWX_ISOLATED_DATA_DIR": "/keys/artifacts/7"},
            {"kept_directories": ["/keys"]},
            True,
        ),
        (AWX, {"store_tasks": "store.yml"}, False),
        (AWX, {"jwt_keypair__brought": "KEY"}, False),
        (AWX, {"source": "pem"}, False),
    ],
)
def test_a_key_that_a_job_of_awx_would_lose(
    environment: dict[str, str], own: Json, lost: bool
) -> None:
    assert keypair_awx.is_lost(of(environment, private_key_path="/keys/jwt.key", **own)) is lost


def test_a_key_that_is_there_is_lost_only_if_it_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "jwt.key"
    path.write_text("KEY")
    assert not keypair_awx.is_lost(of(AWX, private_key_path=str(path)))
    assert keypair_awx.is_lost(of(AWX, private_key_path=str(path), regenerate="always"))


OUTCOME = {**dict.fromkeys(keypair_result.RETURNED, "x"), "fingerprint": "new", "certificate": "C"}


def test_result_and_the_keys_before_it() -> None:
    earlier = {
        "fingerprint": "old",
        "predecessors": ["older", "new"],
        "private_key_path": "/keys/jwt.key",
    }
    own = {**KEY, "jwt_virtual_proxy_prefix": "p", "jwt_keypair_result": earlier}
    diff = {"before": {"private_key": {"fingerprint": "replaced"}}}
    found = keypair_result.result(variables(own), {**OUTCOME, "changed": True, "diff": diff})
    assert found["predecessors"] == ["replaced", "old", "older"]
    assert (found["prefixes"], found["site"]) == (["p"], "central:4242")
    assert found["certificate_path"] == "/keys/jwt.crt"
    assert found["public_key_path"] is None
    other = {**own, "jwt_keypair_result": {**earlier, "private_key_path": "/other"}}
    assert keypair_result.result(variables(other), OUTCOME)["predecessors"] == []
    assert keypair_result.result(variables({**own, "jwt_keypair_is_told": True}), OUTCOME) == {}


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({}, "jwt_keypair_private_key_path: set the path"),
        ({"private_key_content": {"a": 1}}, "give the private key as text in PEM"),
        ({"source": "certificate_store"}, "Which certificate of the store?"),
        (
            {"source": "certificate_store", "thumbprint": "A", "friendly_name": "b"},
            "Which certificate of the store?",
        ),
        ({"source": "certificate_store", "thumbprint": "12"}, "has 40 hexadecimal digits, and 12"),
        ({"windows_directory": "D:/keys"}, "gets a copy of the key pair"),
        (
            {"windows_directory": "D:/k", "private_key_content": "KEY", "passphrase": "p"},
            "jwt_keypair_passphrase: give jwt_keypair_private_key_path, too.",
        ),
        (
            {
                "windows_directory": "D:/k",
                "private_key_path": "/a/k",
                "certificate_path": "/b/k",
            },
            "the same name in different directories, k, k.",
        ),
        ({"windows_directory": "%TEMP%", "private_key_path": "/k"}, "%TEMP% is not valid."),
        ({"windows_directory": "D:/%a%", "private_key_path": "/k"}, "D:/%a% is not valid."),
        ({"private_key_path": "/k", "size": "big"}, "jwt_keypair_size: give a whole number."),
    ],
)
def test_faults(own: Json, sentence: str) -> None:
    assert sentence in " ".join(keypair_faults.faults(of(**own)))


def test_without_a_key_the_message_names_the_credential_of_awx() -> None:
    (sentence,) = keypair_faults.faults(of(AWX))
    assert 'add the credential of the type "Qlik Sense JWT signing key"' in sentence


@pytest.mark.parametrize(
    "own",
    [
        {"private_key_path": "/k"},
        {"private_key_content": "KEY"},
        {"store_tasks": "store.yml"},
        {"source": "certificate_store", "thumbprint": "\u200e12 " + "ab" * 19},
        {"source": "certificate_store", "friendly_name": "x", "private_key_content": ""},
        {"windows_directory": "D:\\keys", "private_key_path": "/k"},
    ],
)
def test_valid(own: Json) -> None:
    assert keypair_faults.faults(of(**own)) == []


def test_without_a_host_no_variable_is_evaluated() -> None:
    def evaluate(value: t.Any) -> t.Any:
        raise AssertionError(value)

    play = Variables({"jwt_keypair_private_key_path": "{{ inventory_hostname }}.key"}, evaluate)
    assert not keypair.is_elsewhere(play)
    assert not results.has_more(play, "jwt_setup")
