# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy of the key in a directory that already belongs to its account, in each form of a name."""

from __future__ import annotations

import typing as t

import pytest

from playbooks.runs import Json
from playbooks.windows import WindowsPlace

PLAY: list[Json] = [
    {"hosts": "qlik", "gather_facts": False, "roles": [{"role": "qlikops.sense.jwt_keypair"}]}
]
DIRECTORY = r"D:\keys"
KEY = rf"{DIRECTORY}\jwt.key"
OTHER = "S-1-5-21-1004336348-1177238915-682003330-1099"


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
