# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection options and what is secret in them, as qlik_virtual_proxy uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from modules.virtual_proxy_case import CERTIFICATE, JWT
from support.case import Case, without
from support.module_runner import connection
from support.simulator import Simulator

NAME = "qlik_virtual_proxy"


@pytest.fixture
def case(site: Simulator) -> Case:
    return Case(NAME, site)


def test_key_beside_a_certificate_is_hidden_and_the_certificate_is_not(site: Simulator) -> None:
    both = Path(site.certificates["client_cert"]).read_text()
    both += Path(site.certificates["client_key"]).read_text()
    paths = ("client_cert_path", "client_key_path")
    case = Case(NAME, site, {**without(connection(site), *paths), "client_cert_content": both})
    result = case.done(**JWT)
    assert result["virtual_proxy"]["jwt_certificate"] == CERTIFICATE
    assert "PRIVATE KEY" not in str(result)
    pasted = case.run(**{**JWT, "jwt_certificate": both})
    assert pasted["failed"]
    assert "PRIVATE KEY" not in str(pasted)


def test_bad_content_is_named_by_its_option(site: Simulator) -> None:
    standing = {**without(connection(site), "client_cert_path"), "client_cert_content": "nothing"}
    failure = Case(NAME, site, standing).run(**JWT)["failure"]
    assert failure["option"] == "client_cert_content"


@pytest.mark.parametrize("refusal", ["403", "tls"])
def test_foreign_client_certificate_is_named(case: Case, site: Simulator, refusal: str) -> None:
    site.switch(client_cert_refusal=refusal)
    message = case.rejected(
        **JWT,
        client_cert_path=site.certificates["foreign_client_cert"],
        client_key_path=site.certificates["foreign_client_key"],
        retries=0,
    )
    assert "client certificate" in message


def test_connection_faults_are_sentences(case: Case, site: Simulator, tmp_path: Path) -> None:
    vault = tmp_path / "key.pem"
    vault.write_text("$ANSIBLE_VAULT;1.1;AES256\n3132\n")
    for options, word in (
        ({"port": 1}, "refused"),
        ({"host": "no-such-host.invalid"}, "resolved"),
        ({"ca_path": site.proxy_ca}, "root.pem"),
        ({"client_key_path": str(vault)}, "vault"),
        ({"client_key_path": str(tmp_path / "missing")}, "client_key_path"),
        ({"client_cert_path": str(tmp_path)}, "directory"),
        ({"tls_server_name": "elsewhere"}, "name"),
    ):
        assert word in case.rejected(**{**JWT, "retries": 0, **options})


def test_environment_is_silenced_by_the_option_of_its_pair(
    site: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QLIK_CLIENT_CERT", "/nowhere/client.pem")
    monkeypatch.setenv("QLIK_CLIENT_KEY", site.certificates["client_key"])
    monkeypatch.setenv("QLIK_HOST", site.host)
    monkeypatch.setenv("QLIK_PORT", str(site.qrs_port))
    monkeypatch.setenv("QLIK_CA", site.certificates["root"])
    content = Path(site.certificates["client_cert"]).read_text()
    case = Case(NAME, site, {})
    case.done(**JWT, client_cert_content=content)
    assert "/nowhere/client.pem" in case.run(**JWT)["msg"]
