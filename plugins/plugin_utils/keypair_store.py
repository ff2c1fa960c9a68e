# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A new key pair of the role jwt_keypair that is stored in a vault."""

from __future__ import annotations

import typing as t

from .keypair import PREFIX, given_passphrase, is_new, predicts, rotation
from .variables import Variables

Json = t.Dict[str, t.Any]


def new(variables: Variables, *, pair: t.Optional[Json] = None) -> Json:
    """The variable jwt_keypair_new for the tasks of a user; ``pair`` is what was made."""
    made = _pair(variables, pair)
    others = ("certificate", "certificate_fingerprint", "not_after")
    found: t.Dict[str, str] = {
        **{name: made[name] for name in ("private_key", "public_key", "fingerprint")},
        **{name: made.get(name) or "" for name in others},
    }
    return {**found, "content": found["private_key"] + found["certificate"]}


def _pair(variables: Variables, pair: t.Optional[Json]) -> Json:
    return dict(rotation(variables).get("pair") or pair or {})


def read_back_options(variables: Variables) -> Json:
    """The options of qlik_keypair for what the variable brings by now."""
    content = variables.text(PREFIX + "private_key_content")
    return {"source": "pem", "src_content": content, **given_passphrase(variables)}


def read_back(
    variables: Variables, *, stored: Json, pair: t.Optional[Json] = None
) -> t.Dict[str, t.List[str]]:
    """What is wrong with the key that the vault returned (``stored``), and a warning.

    The old key is correct for a variable that was read before, but an error for a lookup. The role
    cannot distinguish them.
    """
    tasks = variables.text(PREFIX + "store_tasks")
    start = f"{PREFIX}private_key_content: after {tasks} has stored the new key, it"
    fingerprint = stored.get("fingerprint") or ""
    if stored.get("skipped") or fingerprint == _pair(variables, pair)["fingerprint"]:
        return {"faults": [], "warnings": []}
    if fingerprint and fingerprint == rotation(variables).get("old_fingerprint"):
        warning = (
            f"WARNING: {start} still brings the old one. Where it is a lookup, the tasks write to "
            "another place, and the next run would take the old key back."
        )
        return {"faults": [], "warnings": [warning]}
    found = "another one"
    if not fingerprint:
        found = f"what cannot be used ({stored.get('msg', 'it holds no private key')})"
    fault = (
        f"{start} brings {found}. Nothing trusts the new key. Let the tasks write to the place "
        "that the lookup names, and give each site a place of its own; the next run continues with "
        "the key in the vault."
    )
    return {"faults": [fault], "warnings": []}


def _fresh(variables: Variables) -> Json:
    return dict(variables.answer("jwt_keypair__fresh", {}))


def stores(variables: Variables) -> bool:
    """Whether this run stores a new pair."""
    return is_new(variables) and not predicts(variables)


def prediction(variables: Variables) -> str:
    """What check mode would store; empty if nothing."""
    if not (is_new(variables) and predicts(variables)):
        return ""
    tasks = variables.text(PREFIX + "store_tasks")
    return f"Check mode: a new key pair would be created, and {tasks} would store it in the vault."


def faults(variables: Variables) -> t.List[str]:
    """Why there is no new pair to store."""
    if not stores(variables) or _fresh(variables).get("private_key"):
        return []
    reason = _fresh(variables).get("msg") or "The source holds no private key."
    return [f"{PREFIX}store_tasks: a new pair to store is missing. {reason}"]


def failure(variables: Variables, task: str) -> str:
    """Why the key was not stored. A hidden task's message is not repeated.

    Ansible names no task if it cannot load the file.
    """
    file = variables.text(PREFIX + "store_tasks")
    if not task:
        return f"{PREFIX}store_tasks: Ansible cannot load {file}. See the error above."
    return (
        f"{PREFIX}store_tasks: '{task}' of {file} failed. Its message is hidden, because the key "
        "could be in it."
    )


def found(variables: Variables) -> Json:
    """The options of qlik_keypair for the stored pair."""
    fresh = _fresh(variables)
    content = str(fresh["private_key"]) + str(fresh.get("certificate") or "")
    return {"source": "pem", "src_content": content}


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "new": lambda v: new(v, pair=_fresh(v)),
    "read_back_options": read_back_options,
    "read_back": lambda v: read_back(v, stored=v["jwt_keypair__stored_pair"], pair=_fresh(v)),
    "stores": stores,
    "prediction": prediction,
    "faults": faults,
    "failure": failure,
    "found": found,
}
