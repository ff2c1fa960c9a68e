# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several sites in one play: each with a key of its own, or one key for all of them."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from playbooks.rotation import (
    OLD,
    REFUSED_LOGINS,
    ROTATE,
    files,
    in_force,
    logs_in,
    public,
    same_but,
    while_the_new_key_is_trusted,
)
from playbooks.runs import Json, Workplace
from playbooks.vaults import stores
from playbooks.verify import seed
from support import key_material as km
from support import simulator
from support.simulator import Simulator

pytestmark = pytest.mark.long
KEYS = {"jwt.key", "jwt.crt"}


@pytest.fixture
def second(tmp_path: Path) -> t.Iterator[Simulator]:
    """Another site."""
    directory = tmp_path / "second"
    directory.mkdir()
    with simulator.start(directory) as running:
        yield running


@pytest.fixture
def hosts(workplace: Workplace, second: Simulator) -> dict[str, Json]:
    """Two sites that share one key, and trust it."""
    in_force(workplace)
    sites = {"dev": workplace.simulator, "test": second}
    for site in sites.values():
        seed(site)
    return {
        name: Workplace(workplace.directory, site).login(jwt_verify_wait=3)
        for name, site in sites.items()
    }


def test_a_shared_key_is_rotated_on_all(
    workplace: Workplace, second: Simulator, hosts: dict[str, Json]
) -> None:
    run = workplace.run(ROTATE, hosts=hosts).ok()

    assert run.warnings == []
    for site in (workplace.simulator, second):
        assert logs_in(site, workplace.key)
        assert not logs_in(site, km.key_pem(OLD))
    assert files(workplace) == KEYS


@pytest.mark.parametrize("controller", ["", "127.0.0.1"], ids=["unnamed", "by another name"])
def test_a_shared_key_is_back_on_all_when_one_fails(
    workplace: Workplace, second: Simulator, hosts: dict[str, Json], controller: str
) -> None:
    hosts["test"]["qlik_api_host"] = controller
    before = workplace.simulator.entity("virtualproxyconfig", prefix="portal")

    with while_the_new_key_is_trusted(second, REFUSED_LOGINS):
        run = workplace.run(ROTATE, hosts=hosts).failed()

    assert run.failed_on("test")[-1].endswith("The old one was put back, and logs in.")
    (message,) = run.failed_on("dev")[-1:]
    assert "is the key of dev, test, and test has not come as far" in message
    assert message.endswith("The old one was put back, and logs in.")
    after = workplace.simulator.entity("virtualproxyconfig", prefix="portal")
    assert same_but(after) == same_but(before)
    for site in (workplace.simulator, second):
        assert logs_in(site, workplace.key)
    assert public(workplace.key) == public(km.key_pem(OLD))
    assert files(workplace) == KEYS


def test_the_new_key_stays_for_a_site_that_could_not_go_back(
    workplace: Workplace, second: Simulator, hosts: dict[str, Json]
) -> None:
    down: Json = {"action": "status", "status": 503, "times": 100000}

    with while_the_new_key_is_trusted(second, down, for_good=True):
        run = workplace.run(ROTATE, hosts=hosts).failed()

    assert "could not be put back" in run.failed_on("test")[-1]
    candidate = workplace.key.with_suffix(".key.next")
    assert logs_in(second, candidate)
    assert logs_in(workplace.simulator, workplace.key)
    workplace.run(ROTATE, hosts=hosts).ok()
    for site in (workplace.simulator, second):
        assert logs_in(site, workplace.key)
    assert files(workplace) == KEYS


def one_by_one(**variables: t.Any) -> list[Json]:
    """A play of one's own."""
    role = {"name": "qlikops.sense.jwt_rotate_key"}
    return [
        {
            "name": "One after the other",
            "hosts": "qlik",
            "gather_facts": False,
            "serial": 1,
            "vars": variables,
            "tasks": [{"name": "Rotate", "ansible.builtin.include_role": role}],
        }
    ]


@pytest.mark.parametrize("said_by", ["inventory", "play"])
def test_a_shared_key_is_not_rotated_one_by_one(
    workplace: Workplace, second: Simulator, hosts: dict[str, Json], said_by: str
) -> None:
    play = one_by_one()
    if said_by == "play":
        play = one_by_one(jwt_keypair_private_key_path=str(workplace.key))
        for host in hosts.values():
            del host["jwt_keypair_private_key_path"]

    run = workplace.run(play, hosts=hosts).failed()

    assert "in one play, without serial" in run.failures[-1]
    for site in (workplace.simulator, second):
        assert logs_in(site, workplace.key)
        assert [r for r in site.requests(port="qrs") if r["method"] != "GET"] == []
    if said_by == "play":
        return
    # With keys of their own, one after the other is as good, and a foreign play, too.
    own = workplace.directory / "own.key"
    own.write_bytes(workplace.key.read_bytes())
    own.with_suffix(".crt").write_bytes(workplace.key.with_suffix(".crt").read_bytes())
    hosts["test"]["jwt_keypair_private_key_path"] = str(own)
    workplace.run(play, hosts=hosts).ok()
    assert logs_in(workplace.simulator, workplace.key)
    assert logs_in(second, own)
    assert public(own) != public(workplace.key)


def test_a_key_that_a_vault_has_for_several_is_rotated_one_by_one(
    workplace: Workplace, second: Simulator, hosts: dict[str, Json]
) -> None:
    vault = workplace.directory / "vault"
    vault.write_bytes(km.key_pem(OLD) + km.certificate_pem(km.certificate(OLD)))
    for host in hosts.values():
        host.update(stores(workplace), jwt_keypair_private_key_path="")

    refused = workplace.run(ROTATE, hosts=hosts).failed()

    assert "the vault has one key for dev, test" in refused.failures[-1]
    assert public(vault) == public(km.key_pem(OLD))
    for site in (workplace.simulator, second):
        assert [r for r in site.requests(port="qrs") if r["method"] != "GET"] == []
    workplace.run(one_by_one(), hosts=hosts).ok()
    assert public(vault) != public(km.key_pem(OLD))
    for site in (workplace.simulator, second):
        assert logs_in(site, vault)


def test_files_of_two_jump_hosts_are_two_keys(
    workplace: Workplace, second: Simulator, hosts: dict[str, Json]
) -> None:
    """The same path on two hosts, rotated one after the other."""
    here = {"ansible_connection": "local", "ansible_python_interpreter": workplace.python}
    hosts["dev"]["qlik_api_host"], hosts["test"]["qlik_api_host"] = "jump1", "jump2"

    run = workplace.run(one_by_one(), "--check", hosts=hosts, others={"jump1": here, "jump2": here})

    run.ok()
