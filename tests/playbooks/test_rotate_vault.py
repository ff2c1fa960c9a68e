# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""jwt_rotate_key where a vault has the key: no file has to outlive a run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from playbooks.leaks import leaks
from playbooks.rotation import (
    OLD,
    REFUSED_LOGINS,
    ROTATE,
    files,
    in_force,
    logs_in,
    public,
    refusing_the_new_key,
    same_but,
    trusted,
    while_the_new_key_is_trusted,
)
from playbooks.runs import Json, Run, Workplace
from playbooks.vaults import stores
from playbooks.verify import OTHER, seed
from support import key_material as km

pytestmark = pytest.mark.long


@pytest.fixture
def vault(workplace: Workplace) -> Path:
    """A vault with the key in force, which the site trusts."""
    workplace.simulator.switch(max_sessions=100)
    file = workplace.directory / "vault"
    file.write_bytes(km.key_pem(OLD) + km.certificate_pem(km.certificate(OLD)))
    seed(workplace.simulator)
    return file


def run(workplace: Workplace, *arguments: str, works: bool = True, **more: object) -> Run:
    """A run without files, as in a new execution environment."""
    alone = {"jwt_keypair_private_key_path": ""}
    host: Json = workplace.login(**{**stores(workplace, works=works), **alone, **more})
    return workplace.run(ROTATE, *arguments, hosts={"dev": host})


def test_a_new_key_goes_through_the_vault(workplace: Workplace, vault: Path) -> None:
    site = workplace.simulator

    predicted = run(workplace, "--check").ok()
    assert public(vault) == public(km.key_pem(OLD))
    first = run(workplace, "-vvvv", "--diff").ok()
    second = run(workplace).ok()

    assert "and then the vault would hold it" in " ".join(predicted.output.split())
    assert logs_in(site, vault)
    assert not logs_in(site, km.key_pem(OLD))
    assert files(workplace) == set()
    assert first.warnings == second.warnings == []
    assert leaks(km.key_pem(OLD).decode(), first.output.encode()) == []


def test_the_old_key_goes_back_into_the_vault(workplace: Workplace, vault: Path) -> None:
    site = workplace.simulator
    before = site.entity("virtualproxyconfig", prefix="portal")

    with refusing_the_new_key(site):
        failed = run(workplace, jwt_verify_wait=3).failed()

    assert failed.failures[-1].endswith("The old one was put back, and logs in.")
    assert same_but(site.entity("virtualproxyconfig", prefix="portal")) == same_but(before)
    assert public(vault) == public(km.key_pem(OLD))
    assert logs_in(site, vault)
    run(workplace).ok()
    assert logs_in(site, vault)


def test_the_vault_has_the_old_key_as_soon_as_the_site_trusts_it(
    workplace: Workplace, vault: Path
) -> None:
    """Also when no login can prove it."""
    site = workplace.simulator

    with while_the_new_key_is_trusted(site, REFUSED_LOGINS, for_good=True):
        failed = run(workplace, jwt_verify_wait=3).failed()

    assert "could not be put back" in failed.failures[-1]
    assert "The vault may hold the new key alone" in failed.failures[-1]
    assert public(vault) == public(km.key_pem(OLD))
    assert logs_in(site, vault)
    run(workplace).ok()
    assert logs_in(site, vault)


def test_a_missing_file_with_tasks_stops_a_rotation(workplace: Workplace, vault: Path) -> None:
    site = workplace.simulator
    before = site.entity("virtualproxyconfig", prefix="portal")

    failed = run(workplace, jwt_keypair_store_tasks="missing.yml").failed()

    assert "Ansible cannot load missing.yml" in failed.failures[-1]
    assert site.entity("virtualproxyconfig", prefix="portal") == before
    assert public(vault) == public(km.key_pem(OLD))


def test_a_previous_key_is_kept_in_files_only(workplace: Workplace, vault: Path) -> None:
    refused = run(workplace, jwt_rotate_key_keep_previous=True).failed()
    assert "a vault has one place for a key" in refused.failures[-1]

    path = str(workplace.key)
    run(workplace, jwt_rotate_key_keep_previous=True, jwt_keypair_private_key_path=path).ok()

    assert public(workplace.key) == public(vault)
    kept = workplace.key.with_suffix(".key.previous")
    assert public(kept) == public(km.key_pem(OLD))


def test_a_vault_that_takes_nothing(workplace: Workplace, vault: Path) -> None:
    site = workplace.simulator
    before = site.entity("virtualproxyconfig", prefix="portal")

    failed = run(workplace, works=False).failed()

    assert "'Reach the vault' of" in failed.failures[-1]
    assert site.entity("virtualproxyconfig", prefix="portal") == before
    assert logs_in(site, vault)


def test_a_vault_that_brings_another_key_than_it_was_given(
    workplace: Workplace, vault: Path
) -> None:
    site = workplace.simulator
    before = site.entity("virtualproxyconfig", prefix="portal")
    # As where another run stores its own at the same time.
    tasks = Path(stores(workplace)["jwt_keypair_store_tasks"])
    other = km.key_pem(OTHER).decode()
    tasks.write_text(tasks.read_text().replace("{{ jwt_keypair_new.content }}", repr(other)[1:-1]))
    mixed_up = tasks.rename(workplace.directory / "mixed_up.yml")

    failed = run(workplace, jwt_keypair_store_tasks=str(mixed_up)).failed()

    assert "has stored the new key, it brings another one" in failed.failures[-1]
    assert site.entity("virtualproxyconfig", prefix="portal") == before


def test_a_stale_value_is_not_taken_for_a_vault_that_is_ahead(
    workplace: Workplace, vault: Path
) -> None:
    site = workplace.simulator
    entity = site.entity("virtualproxyconfig", prefix="portal")
    newer = km.certificate_pem(km.certificate(OTHER)).decode()
    site.patch("virtualproxyconfig", entity["id"], {"jwtPublicKeyCertificate": newer})
    older = km.certificate(OLD, start=km.NOW - dt.timedelta(days=30), days=400)
    vault.write_bytes(km.key_pem(OLD) + km.certificate_pem(older))

    refused = run(workplace).failed()

    assert "is older than the one that portal trusts" in refused.failures[-1]
    assert logs_in(site, km.key_pem(OTHER))


def test_a_variable_that_was_read_before_is_warned_of(workplace: Workplace, vault: Path) -> None:
    """It brings the old key for as long as the run lasts; so does a lookup of another place."""
    run_once = run(workplace, jwt_keypair_private_key_content=vault.read_text()).ok()

    (warning,) = run_once.warnings
    assert "still brings the old one" in warning
    assert public(vault) != public(km.key_pem(OLD))
    assert logs_in(workplace.simulator, vault)


@pytest.mark.parametrize("copied", [False, True], ids=["vault alone", "with files"])
def test_the_site_follows_a_vault_that_is_ahead(
    workplace: Workplace, vault: Path, copied: bool
) -> None:
    """The run ended between the vault and the site; the files have the old key."""
    vault.write_bytes(km.key_pem(OTHER) + km.certificate_pem(km.certificate(OTHER)))
    more: Json = {}
    if copied:
        in_force(workplace)
        more["jwt_keypair_private_key_path"] = str(workplace.key)

    run(workplace, **more).ok()

    entity = workplace.simulator.entity("virtualproxyconfig", prefix="portal")
    assert trusted(entity) == public(vault) == public(km.key_pem(OTHER))
    assert logs_in(workplace.simulator, vault)
    if copied:
        assert public(workplace.key) == public(vault)
        assert files(workplace) == {"jwt.key", "jwt.crt"}


def test_files_that_are_behind_are_brought_up(workplace: Workplace, vault: Path) -> None:
    """The run ended between the site and the files: no other rotation begins."""
    new = km.certificate_pem(km.certificate(OTHER))
    vault.write_bytes(km.key_pem(OTHER) + new)
    entity = workplace.simulator.entity("virtualproxyconfig", prefix="portal")
    change = {"jwtPublicKeyCertificate": new.decode()}
    workplace.simulator.patch("virtualproxyconfig", entity["id"], change)
    in_force(workplace)

    run(workplace, jwt_keypair_private_key_path=str(workplace.key)).ok()

    assert public(workplace.key) == public(vault) == public(km.key_pem(OTHER))
    assert workplace.key.with_suffix(".crt").read_bytes() == new


def test_files_with_a_vault_beside_them(workplace: Workplace, vault: Path) -> None:
    """The vault only gets what the files hold."""
    in_force(workplace)
    host = workplace.login(**stores(workplace))
    del host["jwt_keypair_private_key_content"]

    workplace.run(ROTATE, hosts={"dev": host}).ok()

    assert public(vault) == public(workplace.key) != public(km.key_pem(OLD))
    assert logs_in(workplace.simulator, workplace.key)
