# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which options of the ways in to the repository go together; nothing is sent here."""

from __future__ import annotations

import sys
import typing as t

import pytest

from support.module_runner import connection, run_module
from support.simulator import Simulator
from support.ways_in import prepare, way_in

Json = dict[str, t.Any]

#: Where nobody listens: whoever gets so far has passed every check of the options.
NOWHERE: Json = {"host": "127.0.0.1", "port": 1, "retries": 0, "use_proxy": False}

COMPLETE: dict[str, Json] = {
    "jwt": {"auth": "jwt", "api_token": "a.b.c"},
    "header": {"auth": "header", "api_header_name": "X-User", "api_user_id": "kim"},
    "ntlm": {"auth": "ntlm", "api_user_id": "kim", "api_password": "secret"},
}

ENVIRONMENT = {
    "QLIK_CLIENT_CERT": "/nowhere/client.pem",
    "QLIK_CLIENT_KEY": "/nowhere/client_key.pem",
    "QLIK_CLIENT_KEY_PASSPHRASE": "of another key",
    "QLIK_API_TOKEN": "x.y.z",
    "QLIK_API_HEADER_NAME": "X-Other",
    "QLIK_API_PASSWORD": "another secret",
    "QLIK_API_PREFIX": "other",
    "QLIK_API_USER_DIRECTORY": "OTHER",
    "QLIK_API_USER_ID": "other",
}


def said(options: Json) -> str:
    """The sentence of a run that fails."""
    result = run_module("qlik_virtual_proxy_info", {**NOWHERE, **options})
    assert result["failed"]
    assert "Traceback" not in str(result)
    return str(result["msg"])


@pytest.mark.parametrize(
    ("auth", "options", "words"),
    [
        ("certificate", {"api_token": "a.b.c"}, ["api_token is for auth 'jwt'", "'certificate'"]),
        ("certificate", {"api_password": "hidden!"}, ["api_password is for auth 'ntlm'"]),
        ("certificate", {"api_header_name": "X"}, ["api_header_name is for auth 'header'"]),
        ("certificate", {"api_prefix": "x"}, ["api_prefix is for auth 'jwt' or 'header'"]),
        ("jwt", {"client_cert_path": "/x"}, ["client_cert_path is for auth 'certificate'"]),
        ("jwt", {"client_cert_content": "x"}, ["client_cert_content is for auth"]),
        ("jwt", {"client_key_path": "/x"}, ["client_key_path is for auth 'certificate'"]),
        ("jwt", {"client_key_content": "hidden!"}, ["client_key_content is for auth"]),
        ("jwt", {"client_key_passphrase": "hidden!"}, ["client_key_passphrase is for auth"]),
        ("jwt", {"api_user_id": "kim"}, ["api_user_id is for", "The token names the user."]),
        ("jwt", {"api_password": "hidden!"}, ["api_password is for auth 'ntlm'"]),
        ("jwt", {"api_token": None}, ["api_token is missing: auth 'jwt' needs it"]),
        ("jwt", {"api_token": ""}, ["api_token is missing"]),
        ("header", {"api_token": "hidden!"}, ["api_token is for auth 'jwt', and auth is 'header'"]),
        ("header", {"api_header_name": ""}, ["api_header_name is missing"]),
        ("header", {"api_user_id": None}, ["api_user_id is missing"]),
        ("ntlm", {"api_header_name": "X"}, ["api_header_name is for auth 'header'"]),
        ("ntlm", {"api_password": None}, ["api_password is missing: auth 'ntlm' needs it"]),
        ("ntlm", {"api_user_id": ""}, ["api_user_id is missing"]),
    ],
)
def test_what_makes_no_sense_together(auth: str, options: Json, words: list[str]) -> None:
    message = said({**COMPLETE.get(auth, {}), **options})
    for word in words:
        assert word in message
    assert "hidden!" not in message


@pytest.mark.parametrize("auth", COMPLETE)
def test_the_environment_may_be_for_another_purpose(
    auth: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    assert "refused the connection" in said(COMPLETE[auth])
    # What the task itself says is another matter, unless it says the same.
    assert "client_key_passphrase is for" in said(
        {**COMPLETE[auth], "client_key_passphrase": "of my key"}
    )


def test_the_environment_alone(site: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(site)
    for way in ("jwt", "header", "ntlm"):
        with monkeypatch.context() as patch:
            options = way_in(site, way)
            for name, value in ENVIRONMENT.items():
                patch.setenv(name, value)
            patch.delenv("QLIK_API_PREFIX")
            for name in [name for name in options if name.startswith(("api_", "auth"))]:
                patch.setenv(f"QLIK_{name.upper()}", options.pop(name))
            result = run_module("qlik_virtual_proxy_info", options)
            assert not result.get("failed"), (way, result.get("msg"))


@pytest.mark.parametrize(
    ("auth", "port"), [("certificate", 4242), ("jwt", 443), ("header", 443), ("ntlm", 443)]
)
def test_the_default_port(site: Simulator, auth: str, port: int) -> None:
    shown = connection(site) if auth == "certificate" else COMPLETE[auth]
    options = {**NOWHERE, **shown, "host": "qlik.invalid", "port": None}
    assert f"qlik.invalid:{port} " in run_module("qlik_virtual_proxy_info", options)["msg"]


def test_a_missing_library_is_named_only_where_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("requests_ntlm", "spnego"):
        monkeypatch.setitem(sys.modules, name, None)
    assert "requests_ntlm (missing)" in said(COMPLETE["ntlm"])
    assert "refused the connection" in said(COMPLETE["jwt"])
