# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever fails, and whenever: no key stays where it was not asked for, and none is seen."""

from __future__ import annotations

import hashlib
import typing as t

import pytest

from playbooks.leaks import files_with, leaks
from playbooks.runs import Json, Run
from playbooks.windows import WindowsPlace, thumbprint

DIRECTORY = r"D:\Qlik Schlüssel"
COPY = {DIRECTORY, *(f"{DIRECTORY}\\jwt.{ending}" for ending in ("key", "crt"))}
PLAY: list[Json] = [
    {
        "hosts": "qlik",
        "gather_facts": False,
        "roles": [
            {"role": "qlikops.sense.qrs_credentials"},
            {"role": "qlikops.sense.jwt_keypair"},
        ],
    }
]
#: A play takes seconds, and there are some fifty requests in it: each test takes its part of them.
PARTS = 12
SYSTEM, ADMINISTRATORS = "S-1-5-18", "S-1-5-32-544"


def exporting(place: WindowsPlace) -> Json:
    """A host whose key is exported from the store and laid on the node as files, too."""
    return place.host(
        jwt_keypair_source="certificate_store",
        jwt_keypair_thumbprint=thumbprint(place.local("server.pem")),
        jwt_keypair_windows_directory=DIRECTORY,
        jwt_keypair_windows_owner="qliksvc",
    )


def forget(place: WindowsPlace) -> None:
    """As before the first run."""
    place.node.reset()
    for path in place.workplace.directory.glob("jwt.*"):
        path.unlink()


def secrets(place: WindowsPlace) -> dict[str, str]:
    """What nobody may see: keys, and the passphrases that the runs drew."""
    found = {
        name: private_part(place.local(f"{name}.pem")) for name in ("server_key", "client_key")
    }
    for number, task in enumerate(place.node.tasks(module="win_certificate_store")):
        found[f"passphrase {number}"] = task["arguments"]["password"]
    if place.workplace.key.exists():
        found["key in its file"] = private_part(place.workplace.key.read_text())
    return found


def private_part(pem: str) -> str:
    """A key without its first lines: they are the modulus, which the certificate has, too."""
    begin, *lines = pem.splitlines()
    return "\n".join([begin, *lines[7:]])


def assert_nothing_left(place: WindowsPlace, run: Run, before: t.Collection[str]) -> None:
    """On the node and the controller there is only what was asked for."""
    new = set(place.files()) - set(before)
    assert new <= COPY, run.output
    assert place.left_on_controller() == [], run.output
    for name, secret in secrets(place).items():
        assert leaks(secret, run.output.encode()) == [], name
        assert leaks(secret, place.shown_arguments()) == [], name
        kept = set(files_with(secret, place.workplace.directory))
        assert kept <= {str(place.workplace.key)}, name


def assert_closed(place: WindowsPlace) -> None:
    """The copy of the key is for its owner, the system and the administrators."""
    owner = next(sid for sid, name in accounts(place).items() if name.endswith("\\qliksvc"))
    for path in (DIRECTORY, f"{DIRECTORY}\\jwt.key"):
        entry = place.node.existing(path)
        assert entry["inherits"] is False
        assert {ace["sid"] for ace in entry["acl"]} == {SYSTEM, ADMINISTRATORS, owner}


@pytest.mark.long
@pytest.mark.parametrize("first", range(1, PARTS + 1))
@pytest.mark.parametrize("action", ["fail", "fail_after"])
def test_a_failure_at_every_task(place: WindowsPlace, action: str, first: int) -> None:
    """Every request to the node in turn fails, before or after it is carried out."""
    host, before = exporting(place), place.files()
    nth = first
    while True:
        forget(place)
        place.node.fault(action, nth=nth)

        run = place.run(host, "-vvvv", "--diff", playbook=PLAY)

        assert_nothing_left(place, run, before)
        (fault,) = place.node.call("GET", "/faults")
        if fault["seen"] < nth:
            break
        nth += PARTS
    run.ok()
    assert place.read(f"{DIRECTORY}\\jwt.key") == place.workplace.key.read_bytes()
    assert_closed(place)


@pytest.mark.long
def test_a_broken_connection_leaves_what_the_next_run_removes(place: WindowsPlace) -> None:
    """Nothing can be removed on a node that is not reached any more."""
    host, before = exporting(place), place.files()
    place.node.fault("drop_after", module="win_certificate_store", times=99)

    broken = place.run(host, "-vvvv", playbook=PLAY)

    assert broken.code != 0
    place.node.clear_faults()
    again = place.run(host, "-vvvv", playbook=PLAY).ok()
    assert_nothing_left(place, again, before)
    assert_closed(place)
    assert place.run(host, playbook=PLAY).ok().changed == 0
    assert place.node.tasks(module="win_certificate_store") == []


@pytest.mark.long
def test_what_an_interrupted_run_left_is_removed(place: WindowsPlace) -> None:
    host, before = exporting(place), set(place.files())
    left = r"%TEMP%\qlikops.sense.jwt_keypair.x\exported.pfx"
    place.node.seed(files=[{"path": left, "content": "a container"}])

    run = place.run(host, playbook=PLAY).ok()

    assert_nothing_left(place, run, before)


@pytest.mark.long
def test_what_another_account_left_stays_and_is_in_nobodys_way(place: WindowsPlace) -> None:
    """It may be in use: with a TEMP that accounts share, all of them work side by side."""
    host = exporting(place)
    theirs = r"%TEMP%\qlikops.sense.jwt_keypair.x"
    closed: Json = {"owner": "qliksvc", "inherits": False}
    place.node.seed(files=[{"path": theirs, **closed}])
    before = set(place.files())

    run = place.run(host, playbook=PLAY).ok()

    assert_nothing_left(place, run, before)
    assert [path for path in before if path.endswith("jwt_keypair.x")]
    assert before <= set(place.files())


@pytest.mark.long
def test_nobody_else_could_read_the_key_at_any_moment(place: WindowsPlace) -> None:
    """Also in a directory that was there before, with rights that everything in it inherits."""
    everybody = {"user": "S-1-1-0", "rights": "Read", "inherit": "ContainerInherit, ObjectInherit"}
    place.node.seed(files=[{"path": DIRECTORY, "acl": [everybody]}])
    who = {name.rpartition("\\")[2]: sid for sid, name in accounts(place).items()}

    place.run(exporting(place), playbook=PLAY).ok()

    key = place.workplace.key.read_bytes()
    written = [item for task in place.node.tasks() for item in task.get("written", ())]
    keys = [item for item in written if item["sha256"] == hashlib.sha256(key).hexdigest()]
    exported = [item for item in written if item["path"].endswith(".pfx")]
    assert [item["path"] for item in keys][-1] == f"{DIRECTORY}\\jwt.key"
    assert len(keys) == 2
    for item in keys:
        assert set(item["readers"]) <= {SYSTEM, ADMINISTRATORS, who["qliksvc"], who["admin"]}
    assert [item["readers"] for item in exported] == [[who["admin"]]]


def accounts(place: WindowsPlace) -> dict[str, str]:
    """Names by SID."""
    found: dict[str, str] = place.node.state()["accounts"]
    return found
