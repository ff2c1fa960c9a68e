# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""At -vvvv, in good runs and in failing ones: no key, passphrase or token anywhere."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from pathlib import Path

import jwt
import pytest

from playbooks.leaks import files_with, leaks, parts
from playbooks.runs import Json, Run, Workplace
from support import key_material as km
from support import ways_in

SETUP = "qlikops.sense.jwt_setup"
KEY = km.rsa_key(number=2)
PASSPHRASE = "correct horse battery staple"
TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")


def watched(workplace: Workplace, hosts: dict[str, Json], play: str | list[Json] = SETUP) -> Run:
    """A run whose output, log, processes and leftovers can be looked through."""
    log = {"ANSIBLE_LOG_PATH": str(workplace.directory / "log")}
    return workplace.run(play, "-vvvv", "--diff", hosts=hosts, environment=log, watch=True)


def assert_kept(workplace: Workplace, run: Run, secrets: dict[str, str], *keepers: Path) -> None:
    """None of the secrets is in anything that the run left, but in the files that hold them."""
    assert len(run.arguments) > 5
    seen = run.output.encode() + b"\n".join(run.arguments)
    holders = {str(path) for path in (workplace.directory / "inventory.yml", *keepers)}
    for name, secret in secrets.items():
        assert parts(secret)
        assert leaks(secret, seen) == [], name
        assert set(files_with(secret, workplace.directory)) <= holders, name
    assert not TOKEN.search(seen)
    assert not TOKEN.search((workplace.directory / "log").read_bytes())


@pytest.fixture
def given(workplace: Workplace) -> tuple[dict[str, Json], dict[str, str]]:
    """A host with every secret given as a variable, and the secrets."""
    client_key = Path(workplace.simulator.certificates["client_key"]).read_text()
    encrypted = km.key_pem(KEY, passphrase=PASSPHRASE).decode()
    host = workplace.login(
        qlik_client_key_content=client_key,
        qlik_client_cert_content=Path(workplace.simulator.certificates["client_cert"]).read_text(),
        jwt_keypair_source="pem",
        jwt_keypair_src_content=encrypted,
        jwt_keypair_src_passphrase=PASSPHRASE,
        jwt_keypair_passphrase=PASSPHRASE,
    )
    for name in ("qlik_client_key_path", "qlik_client_cert_path", "jwt_keypair_size"):
        del host[name]
    plain = km.key_pem(KEY).decode()
    traditional = km.key_pem(KEY, traditional=True).decode()
    secrets = {
        "client key": client_key,
        "encrypted key": encrypted,
        "key": plain,
        "traditional key": traditional,
        "passphrase": PASSPHRASE,
    }
    return {"dev": host}, secrets


def test_of_a_run_that_succeeds(
    workplace: Workplace, given: tuple[dict[str, Json], dict[str, str]]
) -> None:
    hosts, secrets = given

    run = watched(workplace, hosts).ok()

    assert_kept(workplace, run, secrets, workplace.key)
    left = [p for p in (workplace.directory / "home").rglob("*") if p.is_file()]
    assert left == []


@pytest.mark.long
def test_of_a_run_whose_login_fails(
    workplace: Workplace, given: tuple[dict[str, Json], dict[str, str]]
) -> None:
    """With a token of another key, given as a variable, and the key as a variable, too."""
    hosts, secrets = given
    token = foreign_token()
    hosts["dev"]["jwt_verify_token"] = token

    run = watched(workplace, hosts).failed()

    assert "key_mismatch" in run.output
    assert_kept(workplace, run, {**secrets, "token": token}, workplace.key)


def foreign_token() -> str:
    """A token that a virtual proxy with ``KEY`` refuses."""
    claims = {"userId": "jdoe", "userDirectory": "ACME"}
    return jwt.encode(claims, km.key_pem(km.rsa_key(number=1)), algorithm="RS256")


@pytest.mark.parametrize(
    "mistake",
    [
        "half a client key",
        *(
            pytest.param(mistake, marks=pytest.mark.long)
            for mistake in ("a token as key", "wrong passphrase")
        ),
    ],
)
def test_of_a_run_that_is_given_rubbish(
    workplace: Workplace, given: tuple[dict[str, Json], dict[str, str]], mistake: str
) -> None:
    hosts, secrets = given
    host = hosts["dev"]
    if mistake == "half a client key":
        host["qlik_client_key_content"] = host["qlik_client_key_content"][:-80]
    elif mistake == "a token as key":
        host["jwt_verify_private_key_content"] = secrets["token"] = foreign_token()
    else:
        host["jwt_keypair_src_passphrase"] = secrets["other passphrase"] = "wrong horse battery"

    run = watched(workplace, hosts).failed()

    assert_kept(workplace, run, secrets, workplace.key)


VIRTUAL_PROXY: list[Json] = [
    {
        "name": "Bring a virtual proxy in order",
        "hosts": "qlik",
        "gather_facts": False,
        "roles": [{"role": "qlikops.sense.jwt_virtual_proxy"}],
    }
]


def through_a_proxy(workplace: Workplace, way: str) -> tuple[Json, dict[str, str]]:
    """A host whose repository is reached by that way in, and the secrets of it."""
    site = workplace.simulator
    ways_in.prepare(site)
    options = ways_in.way_in(site, way)
    host = {f"qlik_{name}": value for name, value in options.items()}
    host.update(jwt_virtual_proxy_prefix="token", jwt_virtual_proxy_description="Changed")
    if way != "jwt":
        # Read on the node for another way in: the proxy has nothing to do with it.
        for name in ("client_cert", "client_key"):
            text = Path(site.certificates[name]).read_text()
            host[f"qrs_credentials_{name}_content"] = text
        host["qrs_credentials_host_name"] = "central"
    secrets = [options[name] for name in ("api_token", "api_password") if name in options]
    return host, {"secret": secrets[0]} if secrets else {}


@pytest.mark.parametrize(
    "way", ["jwt", *(pytest.param(way, marks=pytest.mark.long) for way in ("header", "ntlm"))]
)
def test_of_a_run_through_a_proxy(workplace: Workplace, way: str) -> None:
    host, secrets = through_a_proxy(workplace, way)
    run = watched(workplace, {"dev": host}, VIRTUAL_PROXY).ok()
    assert run.changed == 1
    written = workplace.simulator.requests(method="PUT")
    assert [item["port"] for item in written] == ["https"]
    assert_kept(workplace, run, secrets)


@pytest.mark.long
@pytest.mark.parametrize("way", ["jwt", "header", "ntlm"])
def test_of_a_run_that_the_proxy_refuses(workplace: Workplace, way: str) -> None:
    host, secrets = through_a_proxy(workplace, way)
    if way == "jwt":
        foreign = ways_in.token(key=km.rsa_key(number=2))
        host["qlik_api_token"] = secrets["foreign"] = foreign
    elif way == "ntlm":
        host["qlik_api_password"] = secrets["wrong"] = "wrong horse battery"
    else:
        host["qlik_api_header_name"] = "X-Other"

    failed = watched(workplace, {"dev": host}, VIRTUAL_PROXY).failed()

    assert any("api_" in message for message in failed.failures)
    assert_kept(workplace, failed, secrets)


@pytest.mark.long
def test_of_a_whole_setup_through_a_proxy(workplace: Workplace) -> None:
    ways_in.prepare(workplace.simulator)
    options = ways_in.way_in(workplace.simulator, "jwt")
    host = workplace.login(**{f"qlik_{name}": value for name, value in options.items()})
    for name in ("qlik_client_key_path", "qlik_client_cert_path"):
        del host[name]
    host["jwt_verify_end_session"] = "user"

    run = watched(workplace, {"dev": host}).ok()

    assert workplace.simulator.requests(port="qrs") == []
    assert_kept(workplace, run, {"token": options["api_token"]}, workplace.key)


def test_the_search_finds_each_form_of_a_secret() -> None:
    key = km.key_pem(KEY).decode()
    token = foreign_token()
    for secret in (key, token, PASSPHRASE):
        for text in (
            secret,
            json.dumps({"msg": secret}),
            urllib.parse.quote(secret, safe=""),
            base64.b64encode(secret.encode()).decode(),
            base64.b64encode(b"x" + secret.encode()).decode(),
        ):
            assert leaks(secret, text.encode())
    assert leaks(token, token.rpartition(".")[2].encode())
    assert not leaks(token, token.rpartition(".")[0].encode())
    assert not leaks(key, km.key_pem(km.rsa_key(number=1)))
