# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Overlap: two virtual proxies for as long as clients move, and no token refused meanwhile."""

from __future__ import annotations

import http.client
import threading
import time
import typing as t
import urllib.error

import pytest
from cryptography.hazmat.primitives import serialization

from playbooks.rotation import (
    OLD,
    ROTATE,
    answer,
    files,
    in_force,
    logs_in,
    public,
    refusing_logins_at,
    same_but,
    token,
    trusted,
)
from playbooks.runs import Json, Run, Workplace
from playbooks.verify import seed
from support import key_material as km
from support.simulator import Simulator

#: What the second virtual proxy has of its own.
OWN = ("id", "createdDate", "prefix", "sessionCookieHeaderName", "jwtPublicKeyCertificate", "tags")


def phase(workplace: Workplace, name: str, *arguments: str, **more: t.Any) -> Run:
    """A run of one phase."""
    method = {"jwt_rotate_key_method": "overlap", "jwt_rotate_key_phase": name}
    return workplace.run(ROTATE, *arguments, hosts={"dev": workplace.login(**method, **more)})


class Client:
    """Logs in every 100 ms with the token that it was given, as long as it is told to."""

    def __init__(self, site: Simulator, signed: str, prefix: str):
        self.answers: list[int] = []
        self.unreachable: list[str] = []
        self._site, self._token, self._prefix = site, signed, prefix
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Client:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ended.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._ended.wait(0.1):
            try:
                self.answers.append(answer(self._site, self._token, self._prefix))
            except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
                self.unreachable.append(str(error))


@pytest.mark.long
@pytest.mark.parametrize("restart_seconds", [0, 2])
def test_no_client_is_refused(workplace: Workplace, restart_seconds: int) -> None:
    site = workplace.simulator
    site.switch(restart_seconds=restart_seconds)
    in_force(workplace)
    first = seed(site, description="clicked", websocketCrossOriginWhiteList=["portal.example"])
    begun = workplace.directory / "jwt.key.next"

    with Client(site, token(km.key_pem(OLD)), "portal") as client:
        phase(workplace, "begin").ok()
        assert phase(workplace, "begin").ok().changed == 0
        # The clients that moved get a token of the new key, the others keep theirs.
        with Client(site, token(begun), "portal-next") as moved:
            time.sleep(1)
            client.__exit__()
            second = site.entity("virtualproxyconfig", prefix="portal-next")
            assert same_but(second, *OWN) == same_but(first, *OWN)
            assert trusted(second) == public(begun)
            run = phase(workplace, "finish").ok()
            assert phase(workplace, "finish").ok().changed == 0

    assert len(client.answers) > 10
    assert len(moved.answers) > 10
    assert {*client.answers, *moved.answers} <= ({200} if not restart_seconds else {200, 503})
    if not restart_seconds:
        assert client.unreachable + moved.unreachable == []
    assert site.entities("virtualproxyconfig", prefix="portal") == []
    assert public(workplace.key) == trusted(second)
    assert logs_in(site, workplace.key, "portal-next")
    assert files(workplace) == {"jwt.key", "jwt.crt"}
    assert run.warnings == []


@pytest.mark.long
def test_what_cannot_be_proven_is_taken_away_again(workplace: Workplace) -> None:
    site = workplace.simulator
    in_force(workplace)
    before = seed(site)

    with refusing_logins_at(site, "portal-next"):
        run = phase(workplace, "begin", jwt_verify_wait=3).failed()

    assert "The first virtual proxies trust the old key as before." in run.failures[-1]
    assert site.entities("virtualproxyconfig", prefix="portal-next") == []
    assert site.entity("virtualproxyconfig", prefix="portal") == before
    assert files(workplace) == {"jwt.key", "jwt.crt"}

    phase(workplace, "begin").ok()
    with refusing_logins_at(site, "portal-next"):
        phase(workplace, "finish", jwt_verify_wait=3).failed()
    assert logs_in(site, workplace.key)
    assert logs_in(site, workplace.directory / "jwt.key.next", "portal-next")
    phase(workplace, "finish").ok()
    assert logs_in(site, workplace.key, "portal-next")


@pytest.mark.long
def test_a_new_key_that_cannot_be_read_is_not_made_again(workplace: Workplace) -> None:
    """Only the file has it, and the second virtual proxy may trust it."""
    site = workplace.simulator
    in_force(workplace)
    seed(site)
    phase(workplace, "begin").ok()
    begun = workplace.directory / "jwt.key.next"
    private = serialization.load_pem_private_key(begun.read_bytes(), None)
    encrypted = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"hidden"),
    )
    begun.write_bytes(encrypted)

    for run in (
        phase(workplace, "begin"),
        phase(workplace, "finish"),
        workplace.run(ROTATE, hosts={"dev": workplace.login()}),
    ):
        assert "cannot be read" in run.failed().failures[-1]
        assert "portal-next may trust it" in run.failures[-1]
    assert begun.read_bytes() == encrypted
    begun.unlink()
    lost = phase(workplace, "finish").failed()
    assert lost.failures[-1].startswith("portal-next does not trust")


@pytest.mark.long
def test_an_overlap_and_a_replacement_are_not_mixed(workplace: Workplace) -> None:
    site = workplace.simulator
    in_force(workplace)
    seed(site)
    seed(site, "taken")

    taken = phase(workplace, "begin", jwt_rotate_key_next_prefix="taken").failed()
    assert "there is a virtual proxy taken already" in taken.failures[-1]
    nothing = phase(workplace, "finish").ok()
    assert "Nothing to finish" in nothing.output
    assert nothing.changed == 0
    stranger = phase(workplace, "begin", "--check", jwt_rotate_key_next_prefix="other").ok()
    assert "other would trust" in " ".join(stranger.output.split())
    assert {e["prefix"] for e in site.entities("virtualproxyconfig")} == {"", "portal", "taken"}

    phase(workplace, "begin", jwt_rotate_key_next_prefix="other").ok()
    kept: Json = {"jwt_rotate_key_next_prefix": "other", "jwt_rotate_key_keep_previous": True}
    mixed = workplace.run(ROTATE, hosts={"dev": workplace.login(**kept)}).failed()
    assert "an overlap is under way" in mixed.failures[-1]
    for run in (
        workplace.run(ROTATE, hosts={"dev": workplace.login()}),
        phase(workplace, "begin"),
        phase(workplace, "finish"),
    ):
        assert "other trusts the new key, so" in run.failed().failures[-1]
    locked = phase(workplace, "finish", jwt_rotate_key_next_prefix="other").failed()
    assert locked.failures[-1].startswith("taken: not described")
    phase(workplace, "finish", **kept).ok()
    assert logs_in(site, workplace.key, "other")
    assert logs_in(site, workplace.directory / "jwt.key.previous", "taken")
