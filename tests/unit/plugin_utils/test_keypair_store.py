# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A new key pair for a vault, and what the vault returns afterwards."""

from __future__ import annotations

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import keypair_store
from unit.plugin_utils.hosts import Json, variables

PAIR = {"private_key": "KEY\n", "public_key": "PUBLIC", "fingerprint": "new", "certificate": "C\n"}


def test_the_tasks_of_a_user_get_every_part_of_the_pair() -> None:
    assert keypair_store.new(variables(), pair={**PAIR, "not_after": "2030", "size": 2048}) == {
        **PAIR,
        "content": "KEY\nC\n",
        "certificate_fingerprint": "",
        "not_after": "2030",
    }
    assert keypair_store.new(variables(), pair={**PAIR, "certificate": None})["content"] == "KEY\n"


def test_a_rotation_passes_its_own_pair() -> None:
    own = variables({"jwt_keypair_rotation": {"pair": {**PAIR, "fingerprint": "rotated"}}})
    assert keypair_store.new(own, pair=PAIR)["fingerprint"] == "rotated"


def test_what_the_vault_brings_is_read_with_the_passphrase_of_the_source() -> None:
    own = {"jwt_keypair_private_key_content": "KEY", "jwt_keypair_src_passphrase": "secret"}
    assert keypair_store.read_back_options(variables(own)) == {
        "source": "pem", "src_content": "KEY", "src_passphrase": "secret",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("stored", "old", "fault", "warning"),
    [
        ({"skipped": True}, "old", "", ""),
        ({"fingerprint": "new"}, "old", "", ""),
        ({"fingerprint": "new"}, "", "", ""),
        ({"fingerprint": "old"}, "old", "", "still brings the old one. Where it is a lookup"),
        ({"fingerprint": "old"}, "", "it brings another one. Nothing trusts the new key.", ""),
        ({"fingerprint": "third"}, "old", "it brings another one.", ""),
        ({"msg": "no PEM"}, "old", "it brings what cannot be used (no PEM).", ""),
        ({"fingerprint": None}, "", "what cannot be used (it holds no private key).", ""),
    ],
)
def test_what_the_vault_returns(stored: Json, old: str, fault: str, warning: str) -> None:
    rotation = {"pair": PAIR, "old_fingerprint": old}
    own = {"jwt_keypair_store_tasks": "store.yml", "jwt_keypair_rotation": rotation}
    found = keypair_store.read_back(variables(own), stored=stored)
    for sentences, part in ((found["faults"], fault), (found["warnings"], warning)):
        assert len(sentences) == (1 if part else 0)
        assert all(part in one and "after store.yml has stored" in one for one in sentences)


def test_without_a_rotation_the_pair_is_that_of_the_role() -> None:
    assert keypair_store.read_back(variables(), stored={"fingerprint": "new"}, pair=PAIR) == {
        "faults": [],
        "warnings": [],
    }


def test_why_a_key_was_not_stored() -> None:
    own = variables({"jwt_keypair_store_tasks": "to_vault.yml"})
    failed = keypair_store.failure(own, "Write")
    assert failed.startswith("jwt_keypair_store_tasks: 'Write' of to_vault.yml failed.")
    assert "Ansible cannot load to_vault.yml" in keypair_store.failure(own, "")


@pytest.mark.parametrize("predicts", [False, True])
def test_a_new_pair_is_stored_or_predicted(predicts: bool) -> None:
    own = {
        "jwt_keypair_store_tasks": "to_vault.yml",
        "ansible_check_mode": predicts,
        "jwt_keypair__fresh": {"private_key": "KEY", "certificate": "CERTIFICATE"},
    }
    assert keypair_store.stores(variables(own)) is not predicts
    assert (keypair_store.prediction(variables(own)) != "") is predicts
    assert keypair_store.found(variables(own))["src_content"] == "KEYCERTIFICATE"
    assert keypair_store.faults(variables(own)) == []
    missing = variables({**own, "jwt_keypair__fresh": {"msg": "No key."}})
    assert len(keypair_store.faults(missing)) == (not predicts)
    # A pair that the vault brings is not stored again.
    brought = variables({**own, "jwt_keypair__brought": "PEM"})
    assert not keypair_store.stores(brought)
    assert keypair_store.prediction(brought) == ""
