# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a rotation is about: its variables, its key files, and the state that its tasks read.

The role keeps two facts: ``jwt_rotate_key__state`` (see ``rotation_state``) and
``jwt_rotate_key__place`` (see ``rotation_hosts``). The other variables are results of its tasks.
"""

from __future__ import annotations

import typing as t

from . import keypair, rotation_state, verify
from .variables import Variables

PREFIX = "jwt_rotate_key_"
#: The private keys among the files.
_KEYS = ("key", "next")

Json = t.Dict[str, t.Any]


def settings(variables: Variables) -> Json:
    """What the variables ask for, as it was when the role began."""
    return dict(state(variables).get("settings") or _settings(variables))


def begun(variables: Variables) -> Json:
    """The fact jwt_rotate_key__state before the tasks read the state.

    The role jwt_keypair clears its facts, so a later task would not know that a vault has the key.
    """
    return {"settings": _settings(variables)}


def _settings(variables: Variables) -> Json:
    given = keypair.given(variables)
    kept = {**keypair.kept_certificate(variables), **given}
    overlap = variables.text(PREFIX + "method") == "overlap"
    first = [str(one["prefix"]) for one in verify.described(variables)]
    name = variables.text(PREFIX + "next_prefix")
    return {
        # replace, begin, or finish; empty if the phase is not set.
        "method": variables.text(PREFIX + "phase") if overlap else "replace",
        "keeps": variables.is_on(PREFIX + "keep_previous"),
        "is_forced": variables.is_on(PREFIX + "force"),
        # The current key is in a vault, which may have a copy in files, or only in files.
        "is_vault": keypair.brought(variables) != "",
        "is_stored": variables.text("jwt_keypair_store_tasks") != "",
        "key_path": given.get("private_key_path", ""),
        "certificate_path": kept.get("certificate_path", ""),
        # The second virtual proxies of an overlap, by the prefix of the first.
        "seconds": {prefix: name or prefix + "-next" for prefix in first},
    }


def state(variables: Variables) -> Json:
    """The state that the tasks read; empty before."""
    found = variables.answer("jwt_rotate_key__state", {})
    return found if isinstance(found, dict) else {}


def step(variables: Variables) -> str:
    """The step whose tasks run now."""
    return variables.text("jwt_rotate_key__step")


def paths(variables: Variables) -> t.List[t.Dict[str, str]]:
    """The files of the current key and of the new key.

    The new key is beside the current one while a rotation is in progress.
    """
    chosen = settings(variables)
    found = {}
    if chosen["key_path"]:
        found["key"] = chosen["key_path"]
        if not chosen["is_vault"]:
            found["next"] = chosen["key_path"] + ".next"
            found["next_certificate"] = chosen["certificate_path"] + ".next"
    return [{"name": name, "path": path} for name, path in found.items()]


def existing(variables: Variables) -> t.List[str]:
    """Which of these files exist."""
    results = variables["jwt_rotate_key__stats"]["results"]
    return [one["jwt_rotate_key__file"]["name"] for one in results if one["stat"]["exists"]]


def key_files(variables: Variables) -> t.List[t.Dict[str, str]]:
    """The private keys that exist."""
    there = existing(variables)
    return [one for one in paths(variables) if one["name"] in there and one["name"] in _KEYS]


def has_vault(variables: Variables) -> bool:
    """Whether the current key is in a vault."""
    return bool(settings(variables)["is_vault"])


def new_files(variables: Variables) -> t.List[str]:
    """The files of the new key, in the order of their removal."""
    chosen = settings(variables)
    return [chosen["certificate_path"] + ".next", chosen["key_path"] + ".next"]


def has_old_content(variables: Variables) -> bool:
    """Whether the content of the old key is needed to store it in a vault again."""
    chosen = settings(variables)
    return chosen["is_stored"] and (chosen["is_vault"] or "key" in existing(variables))


def read(variables: Variables) -> Json:
    """What the tasks read, and the steps that follow from it: the fact jwt_rotate_key__state."""
    chosen = settings(variables)
    results = variables["jwt_rotate_key__files"].get("results") or []
    old = variables.answer("jwt_rotate_key__old_secret", {})
    found = rotation_state.state(
        chosen,
        {
            "existing": existing(variables),
            "fingerprints": {
                one["jwt_rotate_key__file"]["name"]: one.get("fingerprint") for one in results
            },
            "old_secret": {name: old.get(name) for name in ("fingerprint", "not_before")},
            "site": variables["jwt_rotate_key__site"],
        },
    )
    predicts = variables.is_on("ansible_check_mode")
    return {
        **found,
        "settings": chosen,
        "steps": rotation_state.steps(chosen, found, predicts=predicts),
    }


def steps_back(variables: Variables) -> t.List[str]:
    """The steps after a failure."""
    predicts = variables.is_on("ansible_check_mode")
    return rotation_state.steps_back(settings(variables), state(variables), predicts=predicts)


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "begun": begun,
    "paths": paths,
    "key_files": key_files,
    "has_vault": has_vault,
    "new_files": new_files,
    "has_old_content": has_old_content,
    "read": read,
    "steps_back": steps_back,
}
