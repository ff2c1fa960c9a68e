# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rotation that was interrupted: the next run goes on from the site and the keys alone."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from playbooks.rotation import (
    OLD,
    ROTATE,
    files,
    in_force,
    logs_in,
    public,
    refusing_logins_at,
    trusted,
)
from playbooks.runs import Json, Run, Workplace
from playbooks.verify import OTHER, seed
from playbooks.windows import WindowsPlace
from support import key_material as km

KEYS = {"jwt.key", "jwt.crt"}


def candidate(workplace: Workplace, *, certificate: bool = True) -> bytes:
    """A new pair beside the old one; the certificate as text."""
    text = km.certificate_pem(km.certificate(OTHER))
    workplace.key.with_suffix(".key.next").write_bytes(km.key_pem(OTHER))
    if certificate:
        workplace.key.with_suffix(".crt.next").write_bytes(text)
    return text


def rotated(workplace: Workplace, host: Json) -> Run:
    """A run after which the new key is in force, and nothing is left to do."""
    site = workplace.simulator
    run = workplace.run(ROTATE, hosts={"dev": host}).ok()
    for entity in site.entities("virtualproxyconfig", authenticationMethod=4):
        assert trusted(entity) == public(workplace.key)
        assert logs_in(site, workplace.key, entity["prefix"])
    assert files(workplace) == KEYS
    return run


@pytest.mark.long
@pytest.mark.parametrize("certificate", [True, False], ids=["pair", "key alone"])
def test_goes_on_with_the_candidate_that_is_there(workplace: Workplace, certificate: bool) -> None:
    in_force(workplace)
    seed(workplace.simulator)
    candidate(workplace, certificate=certificate)

    rotated(workplace, workplace.login(jwt_keypair_size=3072))

    assert public(workplace.key) == public(km.key_pem(OTHER))


@pytest.mark.long
def test_makes_another_when_the_candidate_cannot_be_read(workplace: Workplace) -> None:
    in_force(workplace)
    seed(workplace.simulator)
    candidate(workplace)
    workplace.key.with_suffix(".key.next").write_bytes(km.key_pem(OTHER)[:400])

    rotated(workplace, workplace.login())


@pytest.mark.long
@pytest.mark.parametrize("proven", [True, False], ids=["forward", "back"])
def test_some_trust_the_new_key_already(workplace: Workplace, proven: bool) -> None:
    site = workplace.simulator
    site.switch(max_sessions=100)
    in_force(workplace)
    seed(site, "report")
    seed(site, jwtPublicKeyCertificate=candidate(workplace).decode())
    host = workplace.login(
        jwt_virtual_proxy_prefix="",
        jwt_virtual_proxy_definitions=[{"prefix": "portal"}, {"prefix": "report"}],
        jwt_verify_wait=3,
    )

    if proven:
        rotated(workplace, host)
        assert public(workplace.key) == public(km.key_pem(OTHER))
        return
    with refusing_logins_at(site, "report"):
        run = workplace.run(ROTATE, hosts={"dev": host}).failed()
    # The old key cannot be proven through that one either, so both are kept.
    assert "could not be put back" in run.failures[-1]
    assert files(workplace) == KEYS | {"jwt.key.next", "jwt.crt.next"}
    for prefix in ("portal", "report"):
        assert logs_in(site, workplace.key, prefix)
    rotated(workplace, host)


@pytest.mark.long
@pytest.mark.parametrize("left", ["both", "certificate", "key"])
def test_finishes_what_is_proven_and_begins_no_other(workplace: Workplace, left: str) -> None:
    """Killed between the renames: the new key is in its place, the certificate may not be."""
    in_force(workplace)
    text = candidate(workplace)
    seed(workplace.simulator, jwtPublicKeyCertificate=text.decode())
    workplace.key.write_bytes(km.key_pem(OTHER))
    if left != "both":
        workplace.key.with_suffix(".crt").write_bytes(text)
    if left == "key":
        workplace.key.with_suffix(".crt.next").unlink()

    rotated(workplace, workplace.login())

    assert public(workplace.key) == public(km.key_pem(OTHER))
    assert workplace.key.with_suffix(".crt").read_bytes() == text
    assert not [r for r in workplace.simulator.requests(port="qrs") if r["method"] != "GET"]


@pytest.mark.long
def test_a_copy_that_could_not_be_laid_begins_no_other(place: WindowsPlace) -> None:
    """The Windows node was away when all but its copy of the pair was done."""
    workplace = place.workplace
    in_force(workplace)
    seed(workplace.simulator)
    host = place.host(jwt_keypair_windows_directory=r"D:\keys")
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        away = {**host, "qlik_host": "127.0.0.1", "ansible_port": held.getsockname()[1]}
        run = workplace.run(ROTATE, hosts={"dev": away}).failed()
    assert "The key is rotated, and a login has proven it" in run.failures[-1]
    assert "cannot be reached" in run.failures[-1]
    new = public(workplace.key)
    assert new != public(km.key_pem(OLD))

    rotated(workplace, host)

    assert public(workplace.key) == new
    assert public(place.read(r"D:\keys\jwt.key")) == new


def killed(workplace: Workplace, host: Json, task: str) -> bool:
    """A run that is killed with all its processes when it has begun this task's line of output."""
    inventory = workplace.directory / "killed.yml"
    inventory.write_text(json.dumps({"qlik": {"hosts": {"dev": host}}}))
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(inventory), ROTATE]
    with subprocess.Popen(
        command,
        cwd=workplace.directory,
        env=workplace.environment(PYTHONUNBUFFERED="1"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith("TASK [") and task in line:
                # In the middle of it, at another moment each time the machine is as slow or fast.
                time.sleep(0.3)
                os.killpg(process.pid, signal.SIGKILL)
                return True
    return False


@pytest.mark.long
@pytest.mark.parametrize(
    "task",
    [
        "Create the files of the new key pair",
        "Ensure the virtual proxies of the rotation",
        "Verify the new key",
        "Replace the old key",
        "Replace the old certificate",
        "Remove the files of the new key",
        "Ensure the rest of the key pair",
    ],
)
def test_killed_in_the_middle_of(workplace: Workplace, task: str) -> None:
    site = workplace.simulator
    site.switch(max_sessions=100)
    in_force(workplace)
    seed(site)
    host = workplace.login()

    assert killed(workplace, host, task)
    time.sleep(1)

    keys = [workplace.key, workplace.key.with_suffix(".key.next")]
    working = [key for key in keys if key.exists() and logs_in(site, key)]
    assert working, "neither key logs in"
    rotated(workplace, host)
    assert public(workplace.key) != public(km.key_pem(OLD))


@pytest.mark.long
def test_no_way_back_to_a_key_that_another_run_has_retired(workplace: Workplace) -> None:
    """Two at once: the site goes on trusting the key that is in its place."""
    site = workplace.simulator
    in_force(workplace)
    before = seed(site)["jwtPublicKeyCertificate"]

    def other_run() -> None:
        while (
            site.entity("virtualproxyconfig", prefix="portal")["jwtPublicKeyCertificate"] == before
        ):
            time.sleep(0.05)
        for file in (workplace.key, workplace.key.with_suffix(".crt")):
            file.with_name(f"{file.name}.next").replace(file)

    thread = threading.Thread(target=other_run)
    thread.start()
    run = workplace.run(ROTATE, hosts={"dev": workplace.login(jwt_verify_wait=3)}).failed()
    thread.join()

    assert "holds another key by now" in run.failures[-1]
    assert "Both keys are kept" not in run.failures[-1]
    assert public(workplace.key) != public(km.key_pem(OLD))
    assert logs_in(site, workplace.key)
