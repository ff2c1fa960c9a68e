# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_jwt_token: minted for the right user, kept while it is good, seen by nobody."""

from __future__ import annotations

import stat
import time
import typing as t
from pathlib import Path

import jwt
import pytest

from support import key_material as km
from support.module_runner import Result, run_module

KEY = km.rsa_key()
PLAIN = km.key_pem(KEY)


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QLIK_JWT_PRIVATE_KEY", "QLIK_JWT_PRIVATE_KEY_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)


def run(*, no_log: bool = False, check: bool = False, **options: t.Any) -> Result:
    arguments = {
        "private_key_content": PLAIN.decode(),
        "user_id": "jdoe",
        "user_directory": "ACME",
        **options,
    }
    given = {name: value for name, value in arguments.items() if value is not None}
    return run_module("qlik_jwt_token", given, no_log=no_log, check=check)


def verified(token: str) -> dict[str, t.Any]:
    claims = jwt.decode(token, KEY.public_key(), algorithms=["RS256", "RS512"], audience="qlik")
    return dict(claims)


def test_returned_to_a_hidden_task_only(tmp_path: Path) -> None:
    refused = run()
    assert refused["failed"]
    assert "no_log: true" in refused["msg"]
    result = run(no_log=True, audience="qlik", attributes={"Group": ["a"]}, lifetime=60)
    claims = verified(result["token"])
    assert claims == result["claims"]
    assert claims["Group"] == ["a"]
    assert abs(claims["exp"] - time.time() - 60) < 30
    assert not result["changed"]
    with_path = run(path=str(tmp_path / "token"))
    assert "token" not in with_path
    assert run(path=str(tmp_path / "token"), no_log=True)["token"] == (
        (tmp_path / "token").read_text().strip()
    )


def test_kept_while_it_is_good(tmp_path: Path) -> None:
    path = tmp_path / "token"
    options: dict[str, t.Any] = {"path": str(path), "lifetime": 1000, "renew_before": 900}
    predicted = run(check=True, **options)
    assert predicted["changed"]
    assert list(tmp_path.iterdir()) == []
    result = run(**options)
    assert result["diff"] == predicted["diff"]
    text = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    jwt.decode(text.strip(), KEY.public_key(), algorithms=["RS256"])
    again = run(**options)
    assert not again["changed"]
    assert again["expires_at"] == result["expires_at"]
    assert path.read_text() == text
    assert text.strip() not in repr((predicted, result, again))
    assert list(tmp_path.iterdir()) == [path]
    path.chmod(0o644)
    assert run(**options, check=True)["changed"]
    assert run(**options)["changed"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == text


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": "other"},
        {"user_id_claim": "sub"},
        {"attributes": {"a": "b"}},
        {"audience": "qlik"},
        {"issuer": "portal"},
        {"algorithm": "RS512"},
        {"lifetime": 600},
        {"private_key_content": km.key_pem(km.rsa_key(number=1)).decode()},
    ],
)
def test_replaced_when_the_options_ask_for_it(tmp_path: Path, change: dict[str, t.Any]) -> None:
    path = tmp_path / "token"
    run(path=str(path))
    before = path.read_text()
    result = run(path=str(path), **change)
    assert result["changed"]
    assert path.read_text() != before
    assert not run(path=str(path), **change)["changed"]


def test_replaced_when_it_is_about_to_expire(tmp_path: Path) -> None:
    path = tmp_path / "token"
    now = int(time.time())
    claims = {"userId": "jdoe", "userDirectory": "ACME", "exp": now + 200, "iat": now}
    path.write_text(jwt.encode(claims, KEY, algorithm="RS256"))
    path.chmod(0o600)
    assert not run(path=str(path), renew_before=100)["changed"]
    assert run(path=str(path))["changed"]


@pytest.mark.parametrize("content", [PLAIN, b"notes\n", km.VAULT])
def test_something_else_in_the_file_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "token"
    path.write_bytes(content)
    result = run(path=str(path))
    assert "does not contain a token, so it was not changed" in result["msg"]
    assert path.read_bytes() == content


def test_keys_from_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "jwt.key"
    path.write_bytes(km.key_pem(KEY, traditional=True, passphrase=km.PASSPHRASE))
    without: dict[str, t.Any] = {"private_key_content": None, "no_log": True, "audience": "qlik"}
    missing = run(**without)
    assert "QLIK_JWT_PRIVATE_KEY" in missing["msg"]
    assert "no passphrase" in run(**without, private_key_path=str(path))["msg"]
    opened = run(**without, private_key_path=str(path), private_key_passphrase=km.PASSPHRASE)
    assert verified(opened["token"])
    monkeypatch.setenv("QLIK_JWT_PRIVATE_KEY", str(path))
    monkeypatch.setenv("QLIK_JWT_PRIVATE_KEY_PASSPHRASE", km.PASSPHRASE)
    assert verified(run(**without)["token"])
    monkeypatch.setenv("QLIK_JWT_PRIVATE_KEY", PLAIN.decode())
    shown = run(private_key_content=None, path=str(tmp_path / "token"), audience="qlik")
    assert verified((tmp_path / "token").read_text().strip())
    assert not any(line in repr(shown) for line in km.body_lines(PLAIN))
    # The task's own option silences the environment.
    monkeypatch.setenv("QLIK_JWT_PRIVATE_KEY", "/no/such/file")
    assert verified(run(no_log=True, audience="qlik")["token"])
    assert "/no/such/file does not exist" in run(**without)["msg"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"user_id": None}, "user_id is empty"),
        ({"attributes": {"exp": 1}}, "claim 'exp'"),
        ({"lifetime": 0}, "0 seconds"),
        ({"lifetime": 100, "renew_before": 100}, "less than lifetime"),
        ({"private_key_content": km.public_pem(KEY).decode()}, "is a public key"),
        ({"private_key_content": km.certificate_pem(km.certificate(KEY)).decode()}, "certificate"),
        ({"private_key_content": km.VAULT.decode()}, "unvault"),
        ({"private_key_content": PLAIN.decode()[:300]}, "ends before"),
    ],
)
def test_refused(tmp_path: Path, options: dict[str, t.Any], words: str) -> None:
    result = run(path=str(tmp_path / "token"), **options)
    assert result["failed"]
    assert words in result["msg"]
    assert not any(line in repr(result) for line in km.body_lines(PLAIN))
    assert list(tmp_path.iterdir()) == []
