# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose files the roles read and write: accounts in each form of a name, and sources of others."""

from __future__ import annotations

import typing as t

import pytest

from playbooks.runs import Json
from playbooks.windows import LOCAL, WindowsPlace

PLAY: list[Json] = [
    {"hosts": "qlik", "gather_facts": False, "roles": [{"role": "qlikops.sense.jwt_keypair"}]}
]
DIRECTORY = r"D:\keys"
KEY = rf"{DIRECTORY}\jwt.key"
OTHER = "S-1-5-21-1004336348-1177238915-682003330-1099"
CREDENTIALS: list[Json] = [
    {"hosts": "qlik", "gather_facts": False, "roles": [{"role": "qlikops.sense.qrs_credentials"}]}
]
#: A key pair that another account may have planted.
PEM = rf"{DIRECTORY}\portal.pem"
SOURCE: Json = {"jwt_keypair_source": "pem", "jwt_keypair_src_path": PEM}


def sid_of_service(place: WindowsPlace) -> str:
    names = t.cast("dict[str, str]", place.node.state()["accounts"])
    return next(sid for sid, name in names.items() if name.endswith("\\qliksvc"))


def german(place: WindowsPlace, owner: str) -> Json:
    """A host where the directory and the key file belong to the service's account."""
    place.node.reset(language="de")
    place.node.seed(
        files=[
            {"path": DIRECTORY, "owner": "qliksvc"},
            {"path": KEY, "content": "", "owner": "qliksvc"},
        ]
    )
    return place.host(jwt_keypair_windows_directory=DIRECTORY, jwt_keypair_windows_owner=owner)


@pytest.mark.long
@pytest.mark.parametrize(
    "name",
    [
        None,
        pytest.param("qliksvc", marks=pytest.mark.long),
        pytest.param(r".\QlikSvc", marks=pytest.mark.long),
        pytest.param(r"QLIKNODE\qliksvc", marks=pytest.mark.long),
    ],
)
def test_the_account_is_recognized(place: WindowsPlace, name: str | None) -> None:
    place.node.reset(language="de")
    host = german(place, name or sid_of_service(place))

    place.run(host, playbook=PLAY).ok()
    assert place.read(KEY) == place.workplace.key.read_bytes()
    assert place.run(host, playbook=PLAY).ok().changed == 0


@pytest.mark.parametrize("owner", [OTHER, pytest.param(r"ACME\qliksvc", marks=pytest.mark.long)])
def test_another_account_is_not(place: WindowsPlace, owner: str) -> None:
    run = place.run(german(place, owner), playbook=PLAY).failed()

    message = " ".join(run.failures)
    assert rf"{DIRECTORY} belongs to QLIKNODE\qliksvc" in message
    assert rf"{KEY} belongs to QLIKNODE\qliksvc" in message
    assert place.read(KEY) == b""


def planted(place: WindowsPlace, path: str, owner: str = OTHER) -> None:
    """The key pair in PEM, where the file or directory belongs to someone."""
    key: Json = {"path": PEM, "content": place.local("server_key.pem")}
    other: Json = {"path": path, "owner": owner}
    place.node.seed(files=[key | other] if path == PEM else [key, other])


def assert_rejected(place: WindowsPlace, host: Json, path: str, *, owner: str = OTHER) -> None:
    """The role fails in one sentence, and nothing was used."""
    play = PLAY if "jwt_keypair_source" in host else CREDENTIALS
    (message,) = place.run(host, playbook=play).failed().failures

    assert f"{path} belongs to {owner}" in message
    assert "make Administrators the owner" in message
    assert "set jwt_keypair_windows_owner to the owner" in message
    assert "{{" not in message
    assert not place.workplace.key.exists()


@pytest.mark.parametrize("path", [PEM, pytest.param(DIRECTORY, marks=pytest.mark.long)])
def test_a_source_of_another_account(place: WindowsPlace, path: str) -> None:
    planted(place, path)
    host = place.host(**SOURCE)

    assert_rejected(place, host, path)
    assert_rejected(place, host | {"jwt_keypair_windows_owner": "qliksvc"}, path)

    place.run(host | {"jwt_keypair_windows_owner": OTHER}, playbook=PLAY).ok()
    assert place.workplace.key.exists()


@pytest.mark.long
@pytest.mark.parametrize(
    ("source", "src_path"),
    [("pkcs12", rf"{DIRECTORY}\server.pem"), ("local_certificates", DIRECTORY)],
)
def test_every_other_source(place: WindowsPlace, source: str, src_path: str) -> None:
    path = rf"{DIRECTORY}\server.pem"
    key = {"path": rf"{DIRECTORY}\server_key.pem", "content": place.local("server_key.pem")}
    content = place.local("server.pem")
    place.node.seed(files=[key, {"path": path, "content": content, "owner": OTHER}])

    host = place.host(jwt_keypair_source=source, jwt_keypair_src_path=src_path)
    assert_rejected(place, host, path)


@pytest.mark.parametrize("name", ["root.pem", pytest.param("", marks=pytest.mark.long)])
def test_planted_client_certificates(place: WindowsPlace, name: str) -> None:
    path = rf"{LOCAL}\{name}".rstrip("\\")
    content = {"content": place.local(name)} if name else {}
    place.node.seed(files=[{"path": path, "owner": OTHER, **content}])
    host = place.host()

    assert_rejected(place, host, path)
    place.run(host | {"jwt_keypair_windows_owner": OTHER}, playbook=CREDENTIALS).ok()


@pytest.mark.long
def test_the_account_of_the_service_is_trusted_for_sources(place: WindowsPlace) -> None:
    """It exports the certificates, and a copy of the key is not for it."""
    place.node.reset(language="de")
    planted(place, DIRECTORY, owner="qliksvc")
    host = place.host(**SOURCE)

    place.run(host, playbook=PLAY).ok()
    assert len(place.node.tasks(module="win_service_info")) == 1
    copy = place.run(place.host(jwt_keypair_windows_directory=DIRECTORY), playbook=PLAY).failed()
    assert rf"{DIRECTORY} belongs to QLIKNODE\qliksvc" in copy.failures[0]
    assert place.node.tasks(module="win_service_info") == []


@pytest.mark.long
def test_an_account_that_may_not_ask_for_services(place: WindowsPlace) -> None:
    planted(place, PEM, owner="qliksvc")
    host = place.host(**SOURCE)
    place.node.fault("fail", module="win_service_info", times=9)

    assert_rejected(place, host, PEM, owner=r"QLIKNODE\qliksvc")
    place.run(host | {"jwt_keypair_windows_owner": r".\qliksvc"}, playbook=PLAY).ok()


def test_sources_of_windows_need_few_tasks(place: WindowsPlace) -> None:
    planted(place, PEM, owner="S-1-5-18")

    place.run(place.host(**SOURCE), playbook=PLAY).ok()

    modules = {task["module"] for task in place.node.tasks(kind="module")}
    assert modules == {"slurp", "win_whoami", "win_stat"}
