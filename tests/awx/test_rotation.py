# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rotations by jobs, each in an execution environment of its own that is gone afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from awx.definitions import Json, Unsafe
from awx.place import KEY, USER, AwxPlace
from playbooks.rotation import logs_in, public, trusted, while_the_new_key_is_trusted
from support import key_material as km

SITE_DOWN = {"action": "status", "status": 503, "times": 100000}
# A site that does not answer shall not take minutes of the tests.
IMPATIENT = {"qlik_timeout": 3, "qlik_retries": 1, "jwt_verify_wait": 3}
ANSWERS = {**USER, "jwt_rotate_key_method": "replace", "jwt_rotate_key_phase": ""}


def key_in_force(path: Path) -> None:
    """The key of the clicked virtual proxy in a file."""
    path.write_bytes(km.key_pem(KEY))
    path.chmod(0o600)


def certificate_in_force(place: AwxPlace) -> bytes:
    """The public key that the virtual proxy trusts."""
    return trusted(place.simulator.entity("virtualproxyconfig", prefix="portal"))


def mounted(place: AwxPlace) -> Json:
    """Variables of a template whose jobs have a directory from outside."""
    key_in_force(place.kept / "jwt.key")
    return {
        "jwt_keypair_private_key_path": str(place.kept / "jwt.key"),
        "jwt_keypair_kept_directories": str(place.kept),
        **IMPATIENT,
    }


@pytest.mark.long
def test_a_key_in_a_mounted_directory_is_rotated_and_found_by_the_next_job(
    place: AwxPlace,
) -> None:
    place.click()
    given = mounted(place)

    job = place.launch("jwt_rotate_key", ANSWERS, trusted=given).ok()

    new = place.kept / "jwt.key"
    assert public(new) != public(km.key_pem(KEY))
    assert logs_in(place.simulator, new)
    assert not logs_in(place.simulator, km.key_pem(KEY))
    place.assert_no_secret(job, made=new.read_text(encoding="utf-8"))
    again = place.set_up(USER, without="Qlik Sense JWT signing key", trusted=given).ok()
    assert again.changed == 0
    assert place.left() == []


@pytest.mark.long
def test_an_empty_prefix_is_all_that_the_inventory_describes(place: AwxPlace) -> None:
    place.click()
    place.awx.hosts["central"]["jwt_virtual_proxy_definitions"] = [{"prefix": "portal"}]
    given = mounted(place)
    nothing = {"jwt_virtual_proxy_prefix": ""}

    place.launch(
        "jwt_rotate_key", {**USER, **nothing, "jwt_rotate_key_method": "replace"}, trusted=given
    ).ok()

    assert logs_in(place.simulator, place.kept / "jwt.key")
    assert not logs_in(place.simulator, km.key_pem(KEY))
    unanswered = {name: answer for name, answer in USER.items() if name not in nothing}
    without = "Qlik Sense JWT signing key"
    assert place.set_up(unanswered, without=without, trusted=given).ok().changed == 0


@pytest.mark.long
def test_what_one_job_left_in_the_middle_the_next_one_ends(place: AwxPlace) -> None:
    site = place.simulator
    place.click()
    given = mounted(place)
    with while_the_new_key_is_trusted(site, SITE_DOWN, for_good=True):
        job = place.launch("jwt_rotate_key", ANSWERS, trusted=given).failed()
    assert "could not be put back" in job.failures
    candidate = public(place.kept / "jwt.key.next")
    assert certificate_in_force(place) == candidate
    assert place.left() == []

    place.launch("jwt_rotate_key", ANSWERS, trusted=given).ok()

    assert public(place.kept / "jwt.key") == candidate
    assert logs_in(site, place.kept / "jwt.key")
    assert not (place.kept / "jwt.key.next").exists()


@pytest.mark.long
@pytest.mark.parametrize("interrupted", [False, True], ids=["at once", "in two jobs"])
def test_a_key_in_a_vault_is_rotated_there(place: AwxPlace, interrupted: bool) -> None:
    site = place.simulator
    place.click()
    vault = place.kept / "vault.pem"
    key_in_force(vault)
    tasks = place.kept / "to_vault.yml"
    store = {"content": "{{ jwt_keypair_new.content }}", "dest": str(vault), "mode": "0600"}
    tasks.write_text(
        json.dumps([{"name": "Put it into the vault", "ansible.builtin.copy": store}]),
        encoding="utf-8",
    )
    given = {
        "jwt_keypair_store_tasks": str(tasks),
        "jwt_keypair_private_key_content": Unsafe(
            f"{{{{ lookup('ansible.builtin.file', '{vault}') }}}}"
        ),
        **IMPATIENT,
    }
    if interrupted:
        with while_the_new_key_is_trusted(site, SITE_DOWN, for_good=True):
            place.launch("jwt_rotate_key", ANSWERS, trusted=given).failed()

    job = place.launch("jwt_rotate_key", ANSWERS, trusted=given).ok()

    assert public(vault) != public(km.key_pem(KEY))
    assert logs_in(site, vault)
    assert not logs_in(site, km.key_pem(KEY))
    place.assert_no_secret(job, made=vault.read_text(encoding="utf-8").partition("-----BEGIN C")[0])
    assert sorted(path.name for path in place.kept.iterdir()) == ["to_vault.yml", "vault.pem"]


@pytest.mark.long
def test_a_new_key_that_the_job_would_lose_is_refused(place: AwxPlace) -> None:
    place.click()
    place.simulator.clear_requests()
    # It may have been part of the image, or injected by a credential of somebody's own.
    key_in_force(place.kept / "jwt.key")
    given = {"jwt_keypair_private_key_path": str(place.kept / "jwt.key")}

    job = place.launch("jwt_rotate_key", ANSWERS, trusted=given).failed()

    assert f"a job of AWX loses {place.kept / 'jwt.key'}" in job.failures
    assert place.simulator.requests() == []
    assert [path.name for path in place.kept.iterdir()] == ["jwt.key"]
