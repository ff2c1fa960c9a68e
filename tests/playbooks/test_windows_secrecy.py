# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What would give keys of the node away: -vvvvvv on some releases, and extra variables."""

from __future__ import annotations

import typing as t

import pytest

import ansible.release

from ansible_collections.qlikops.sense.plugins.filter.prints_node_secrets import prints_node_secrets
from playbooks.leaks import leaks
from playbooks.runs import Json
from playbooks.verify import seed
from playbooks.windows import SETUP, WindowsPlace

Case = t.Callable[[WindowsPlace], Json]
LEVEL = "-vvvvvv"
REMOVE = "qlikops.sense.jwt_remove"
PRINTS = prints_node_secrets(ansible.release.__version__, LEVEL.count("v"))


def credentials(place: WindowsPlace) -> Json:
    """The client certificate is read on the node."""
    return place.host(qrs_credentials_enabled=True)


def source(place: WindowsPlace) -> Json:
    """The key pair is read on the node."""
    return place.host(jwt_keypair_source="local_certificates")


def copy(place: WindowsPlace) -> Json:
    """The key pair is copied to the node."""
    return place.host(jwt_keypair_windows_directory=r"D:\keys")


def removal(place: WindowsPlace) -> Json:
    """The key pair is read on the node, to prove whose it is."""
    seed(place.workplace.simulator)
    path = r"D:\keys\jwt.key"
    place.node.seed(files=[{"path": path, "content": place.local("server_key.pem")}])
    return place.host(
        jwt_remove_prefix="portal",
        jwt_remove_confirm="portal",
        jwt_keypair_windows_directory=r"D:\keys",
        jwt_remove_windows_key_files=path,
    )


@pytest.mark.long
@pytest.mark.parametrize("place", ["winrm", "psrp"], indirect=True)
@pytest.mark.parametrize("case", [credentials, source, copy, removal], ids=lambda c: c.__name__)
def test_no_key_is_printed(place: WindowsPlace, case: Case) -> None:
    host = case(place)
    keys = [place.local(f"{name}.pem") for name in ("server_key", "client_key")]

    run = place.run(host, LEVEL, playbook=REMOVE if case is removal else SETUP)

    if PRINTS:
        assert "prints the private keys of the node at verbosity 6" in run.failed().failures[0]
        assert place.node.tasks(kind="module") == []
        assert not place.workplace.key.exists()
    else:
        run.ok()
    if place.workplace.key.exists():
        keys.append(place.workplace.key.read_text())
    for key in keys:
        # The first lines of a key are its modulus, which the certificate has, too.
        begin, *lines = key.splitlines()
        assert leaks("\n".join([begin, *lines[7:]]), run.output.encode()) == []


@pytest.mark.long
@pytest.mark.parametrize("name", ["become=true", "connection=winrm", "remote_tmp=C:\\temp"])
@pytest.mark.parametrize("case", [credentials, source, copy, removal], ids=lambda c: c.__name__)
def test_extra_variables_that_win_over_the_tasks(
    place: WindowsPlace, case: Case, name: str
) -> None:
    host = case(place)
    playbook = REMOVE if case is removal else SETUP

    run = place.run(host, "-e", f"ansible_{name}", playbook=playbook).failed()

    assert "is an extra variable (-e)" in run.failures[0]
    assert "Set it in the inventory instead." in run.failures[0]
    assert place.node.tasks(kind="module") == []
    assert not place.workplace.key.exists()
