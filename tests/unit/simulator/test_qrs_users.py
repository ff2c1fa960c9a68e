# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users of the simulated repository: what a new one needs, and what a connector owns."""

from __future__ import annotations

import typing as t

import pytest

from support.raw_qrs import RawQrs
from support.simulator import Simulator

NAME: dict[str, t.Any] = {"userDirectory": "D", "userId": "u"}
FLAGS: dict[str, t.Any] = {"removedExternally": False, "blacklisted": False}


@pytest.mark.parametrize(
    ("flags", "body", "status"),
    [
        ("optional", NAME, 201),
        ("required", NAME, 400),
        ("required", {**NAME, "removedExternally": False}, 400),
        ("required", {**NAME, **FLAGS}, 201),
        ("required", {**NAME, "REMOVEDEXTERNALLY": False, "Blacklisted": False}, 201),
    ],
)
def test_flags_of_a_new_user(
    sim: Simulator, qrs: RawQrs, flags: str, body: dict[str, t.Any], status: int
) -> None:
    sim.switch(user_flags=flags)
    assert qrs.send("POST", "/user", body).status == status
    assert len(sim.entities("user", userDirectory="D")) == (status == 201)


@pytest.mark.parametrize("change", [{"name": "new"}, {"roles": ["RootAdmin"]}])
@pytest.mark.parametrize(
    ("switch", "status", "stored"),
    [("editable", 200, True), ("ignored", 200, False), (400, 400, False)],
)
def test_user_of_a_connector(
    sim: Simulator,
    qrs: RawQrs,
    change: dict[str, t.Any],
    switch: str | int,
    status: int,
    stored: bool,
) -> None:
    sim.switch(connector_user=switch)
    sim.seed(user=[{**NAME, "userDirectoryConnectorName": "AD"}])
    user = sim.entity("user", userDirectory="D")
    path = f"/user/{user['id']}"
    assert qrs.send("PUT", path, {**user, **change}).status == status
    now = sim.entity("user", userDirectory="D")
    (name,) = change
    assert (now[name] == change[name]) is stored
    # What is no business of the connector can be changed whatever the switch says.
    assert qrs.send("PUT", path, {**now, "inactive": True}).status == 200
    assert sim.entity("user", userDirectory="D")["inactive"] is True


@pytest.mark.parametrize("switch", ["editable", "ignored", 400])
def test_user_without_a_connector(sim: Simulator, qrs: RawQrs, switch: str | int) -> None:
    sim.switch(connector_user=switch)
    sim.seed(user=[NAME])
    user = sim.entity("user", userDirectory="D")
    assert qrs.send("PUT", f"/user/{user['id']}", {**user, "name": "new"}).status == 200
    assert sim.entity("user", userDirectory="D")["name"] == "new"


def test_user_that_may_not_be_deleted(sim: Simulator, qrs: RawQrs) -> None:
    sim.seed(user=[{**NAME, "deleteProhibited": True}])
    path = f"/user/{sim.entity('user', userDirectory='D')['id']}"
    assert qrs.send("DELETE", path).status == 400
    assert len(sim.entities("user", userDirectory="D")) == 1
