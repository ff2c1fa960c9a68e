# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job without a credential of its template names the type of the credential to add."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from awx.definitions import CREDENTIALS, Json, items
from awx.place import KEY, USER, AwxPlace
from support import key_material as km

#: A report compares keys only if it has one.
OPTIONAL = {("jwt_report", "Qlik Sense JWT signing key")}
USED = [
    (Path(item["playbook"]).stem, credential)
    for item in items("templates")
    for credential in item["credentials"]
]


def answers(place: AwxPlace, playbook: str) -> Json:
    """What a survey answers, so that only the credential is missing."""
    return {
        "jwt_setup": USER,
        "jwt_verify": place.login(),
        "jwt_remove": {"jwt_remove_prefixes": "portal", "jwt_remove_confirm": "portal"},
        "jwt_rotate_key": USER,
    }.get(playbook, {})


def trusted(place: AwxPlace, playbook: str) -> Json:
    """What the variables of the template say besides."""
    if playbook == "jwt_restore":
        return place.set_up({**USER, "jwt_virtual_proxy_description": "changed"}).artifacts
    if playbook == "jwt_rotate_key":
        key = place.kept / "jwt.key"
        key.write_bytes(km.key_pem(KEY))
        key.chmod(0o600)
        return {
            "jwt_keypair_private_key_path": str(key),
            "jwt_keypair_kept_directories": str(place.kept),
        }
    return {}


@pytest.mark.long
@pytest.mark.parametrize(("playbook", "credential"), [one for one in USED if one not in OPTIONAL])
def test_the_message_names_the_credential_to_add(
    place: AwxPlace, playbook: str, credential: str
) -> None:
    place.click()
    given = trusted(place, playbook)
    place.simulator.clear_requests()

    job = place.launch(
        playbook, answers(place, playbook), without=credential, trusted=given
    ).failed()

    assert re.search(
        f'In AWX, (add )?the credential of the type "?{CREDENTIALS[credential]}', job.failures, re.I
    )
    assert place.simulator.requests(method="PUT") == []
