# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_keypair: which of its texts are secrets, and secrets that occur in other texts."""

from __future__ import annotations

import base64
import typing as t
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from ansible.module_utils.basic import AnsibleModule

from support import key_material as km
from support.module_runner import MASKED_RESULTS, Result, run_module

KEY = km.rsa_key()
PLAIN = km.key_pem(KEY).decode()
CERTIFICATE = km.certificate_pem(km.certificate(KEY)).decode()
masking = pytest.mark.skipif(not MASKED_RESULTS, reason="this ansible-core masks only output")


def pfx(password: str) -> str:
    protection = serialization.BestAvailableEncryption(password.encode())
    content = pkcs12.serialize_key_and_certificates(
        b"jwt", KEY, km.certificate(KEY), None, protection
    )
    return base64.b64encode(content).decode()


@pytest.fixture
def logged() -> Iterator[mock.Mock]:
    """What Ansible writes to the log of the node."""
    with mock.patch.object(AnsibleModule, "log") as log:
        yield log


def run(directory: Path, *, no_log: bool = False, **options: t.Any) -> Result:
    given = {"private_key_path": str(directory / "jwt.key"), **options}
    used = {name: value for name, value in given.items() if value is not None}
    return run_module("qlik_keypair", used, no_log=no_log)


@masking
@pytest.mark.parametrize("no_log", [False, True])
def test_a_short_pfx_password_is_an_error(tmp_path: Path, no_log: bool) -> None:
    source = {"source": "pkcs12", "src_content": pfx("1"), "src_passphrase": "1"}
    result = run(tmp_path, no_log=no_log, return_content=no_log, **source)
    assert result["failed"]
    assert "the value of src_passphrase also occurs in the result (" in result["msg"]
    assert "Nothing was written." in result["msg"]
    assert list(tmp_path.iterdir()) == []


@masking
def test_so_is_a_short_passphrase_of_the_new_key(tmp_path: Path) -> None:
    result = run(tmp_path, size=2048, passphrase="A")
    assert "the value of passphrase also occurs in the result (" in result["msg"]
    assert list(tmp_path.iterdir()) == []


@masking
def test_what_is_left_out_after_a_write_is_named(tmp_path: Path) -> None:
    """The names of the backups are known only after the write."""
    place = tmp_path / "secret place"
    place.mkdir()
    assert not run(place, size=2048).get("failed")
    again = run(place, size=2048, regenerate="always", backup=True, passphrase="secret place")
    assert not again.get("failed"), again
    assert again["backup_files"] == [None]
    assert "the value of passphrase also occurs in the result (" in str(again["warnings"])


def test_a_certificate_as_source_is_public(tmp_path: Path, logged: mock.Mock) -> None:
    place = {"private_key_path": None, "certificate_path": str(tmp_path / "jwt.crt")}
    options: dict[str, t.Any] = {"source": "pem", "src_content": CERTIFICATE, **place}
    result = run(tmp_path, **options)
    assert result["certificate"] == CERTIFICATE
    assert logged.call_count == 1
    assert CERTIFICATE.splitlines()[1] in str(logged.call_args)


@pytest.mark.parametrize(
    "source",
    [
        {"source": "pem", "src_content": PLAIN + CERTIFICATE},
        {"source": "pem", "src_content": km.key_pem(KEY, passphrase="of the key").decode()},
        {"source": "pkcs12", "src_content": pfx("of the key")},
    ],
)
def test_a_key_as_source_is_a_secret(
    tmp_path: Path, logged: mock.Mock, source: dict[str, t.Any]
) -> None:
    plain = source["src_content"].startswith(PLAIN)
    passphrase = None if plain else "of the key"
    result = run(tmp_path, **source, src_passphrase=passphrase)
    assert not result.get("failed"), result
    assert logged.call_count == 1
    secret = source["src_content"].splitlines()[1 if "BEGIN" in source["src_content"] else 0]
    assert secret not in str(logged.call_args)
    if MASKED_RESULTS:
        assert secret not in str(result)
    wrong = run(tmp_path, **source, src_passphrase=passphrase, size="wrong")
    assert wrong["failed"]
    assert secret not in str(wrong)
