# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys outlive the jobs that made them, or are not made."""

from __future__ import annotations

import json

import pytest

from awx.definitions import Unsafe
from awx.place import KEY, PASSPHRASE, USER, AwxPlace
from support import key_material as km

SIGNING_KEY = "Qlik Sense JWT signing key"


@pytest.mark.long
def test_a_key_that_one_job_puts_into_a_vault_is_there_in_the_next(place: AwxPlace) -> None:
    vault = place.kept / "vault.pem"
    tasks = place.kept / "to_vault.yml"
    store = {"content": "{{ jwt_keypair_new.content }}", "dest": str(vault), "mode": "0600"}
    tasks.write_text(
        json.dumps([{"name": "Put it into the vault", "ansible.builtin.copy": store}]),
        encoding="utf-8",
    )
    read = f"lookup('ansible.builtin.file', '{vault}') if '{vault}' is exists else ''"
    trusted = {
        "jwt_keypair_store_tasks": str(tasks),
        "jwt_keypair_private_key_content": Unsafe(f"{{{{ {read} }}}}"),
    }

    first = place.set_up(USER, without=SIGNING_KEY, trusted=trusted).ok()
    certificate = trusting(place)
    second = place.set_up(USER, without=SIGNING_KEY, trusted=trusted).ok()

    assert first.changed > second.changed == 0
    assert trusting(place) == certificate
    key, begin, rest = vault.read_text(encoding="utf-8").partition("-----BEGIN CERTIFICATE")
    assert (begin + rest).split() == certificate.split()
    for job in (first, second):
        place.assert_no_secret(job, made=key)


def trusting(place: AwxPlace) -> str:
    """The certificate that the virtual proxy has."""
    proxy = place.simulator.entity("virtualproxyconfig", prefix="portal")
    return str(proxy["jwtPublicKeyCertificate"])


@pytest.mark.long
def test_a_key_that_the_job_would_lose_is_refused(place: AwxPlace) -> None:
    for path in (place.awx.runner / "project" / "jwt.key", place.kept / "jwt.key"):
        place.simulator.clear_requests()

        job = place.set_up(
            USER, without=SIGNING_KEY, trusted={"jwt_keypair_private_key_path": str(path)}
        ).failed()

        assert f"a job of AWX loses {path} when it ends" in job.failures
        assert place.simulator.requests() == []
        assert list(place.kept.iterdir()) == []


@pytest.mark.long
def test_a_directory_of_the_job_itself_is_never_kept(place: AwxPlace) -> None:
    trusted = {
        "jwt_keypair_private_key_path": str(place.awx.runner / "project" / "jwt.key"),
        "jwt_keypair_kept_directories": str(place.awx.runner.parent),
    }

    job = place.set_up(USER, without=SIGNING_KEY, trusted=trusted).failed()

    assert "a job of AWX loses" in job.failures


@pytest.mark.long
def test_a_key_in_a_mounted_directory_is_there_in_the_next_job(place: AwxPlace) -> None:
    trusted = {
        "jwt_keypair_private_key_path": str(place.kept / "jwt.key"),
        "jwt_keypair_kept_directories": f"/var/lib/qlik\n{place.kept}\n",
    }

    first = place.set_up(USER, without=SIGNING_KEY, trusted=trusted).ok()
    key = (place.kept / "jwt.key").read_bytes()
    second = place.set_up(USER, without=SIGNING_KEY, trusted=trusted).ok()

    assert first.changed > second.changed == 0
    assert (place.kept / "jwt.key").read_bytes() == key
    for job in (first, second):
        place.assert_no_secret(job, made=key.decode())


@pytest.mark.long
def test_a_key_on_another_host_needs_no_vault(place: AwxPlace) -> None:
    place.awx.others["jump"] = place.kept_here()
    files = place.simulator.certificates
    trusted = {
        "qlik_api_host": "jump",
        "jwt_keypair_private_key_path": str(place.kept / "jwt.key"),
        # What a credential injects is seen in the execution environment only.
        "qlik_client_cert_path": files["client_cert"],
        "qlik_client_key_path": files["client_key"],
        "qlik_ca_path": files["root"],
    }

    place.set_up(USER, without=SIGNING_KEY, trusted=trusted).ok()

    assert (place.kept / "jwt.key").exists()


@pytest.mark.long
def test_the_key_of_the_credential_signs_and_is_trusted(place: AwxPlace) -> None:
    first = place.set_up(USER).ok()
    second = place.set_up(USER).ok()

    assert trusting(place).split() == km.certificate_pem(km.certificate(KEY)).decode().split()
    assert first.changed > second.changed == 0
    for job in (first, second):
        place.assert_no_secret(job)
        assert job.environment["QLIK_JWT_PRIVATE_KEY_PASSPHRASE"] != PASSPHRASE
