# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of qlik_keypair in a rotation: for the old key, the new key, and their files."""

from __future__ import annotations

import typing as t

from . import keypair, rotation_state
from .rotation import settings, state, step
from .variables import Variables

#: Options for files, and for a new key. Both come from the variables of the role jwt_keypair.
OF_FILES = ("passphrase", "mode", "public_mode", "owner", "group", "backup")
OF_NEW = ("size", "common_name", "valid_days")

Json = t.Dict[str, t.Any]


def _source(variables: Variables) -> Json:
    """How to read a file of the key pair."""
    given = keypair.given(variables)
    found = {"src_passphrase": given["passphrase"]} if "passphrase" in given else {}
    return {**found, **({"owner": given["owner"]} if "owner" in given else {})}


def _options(variables: Variables, names: t.Iterable[str]) -> Json:
    given = keypair.given(variables)
    return {name: given[name] for name in names if name in given}


def old_source(variables: Variables) -> Json:
    """How to read the content of the old key."""
    chosen = settings(variables)
    if chosen["is_vault"]:
        content = keypair.brought(variables)
        return {"src_content": content, **keypair.given_passphrase(variables)}
    return {"src_path": chosen["key_path"], **_source(variables)}


def reading(variables: Variables) -> Json:
    """How to read the files of both keys."""
    return {"source": "pem", **_source(variables)}


def candidate(variables: Variables) -> Json:
    """The options for the files of the new key."""
    chosen, now = settings(variables), state(variables)
    # A virtual proxy may trust an existing key already.
    is_kept = now["next"] != "" or now["on_next"]
    return {
        **_options(variables, (*OF_FILES, *OF_NEW)),
        "private_key_path": chosen["key_path"] + ".next",
        "certificate_path": chosen["certificate_path"] + ".next",
        "regenerate": "never" if is_kept else "full_idempotence",
        "backup": False,
    }


def has_new_content(variables: Variables) -> bool:
    """Whether the content of the new key is needed to store it in a vault."""
    chosen = settings(variables)
    predicts = variables.is_on("ansible_check_mode")
    return bool(chosen["is_vault"] or (chosen["is_stored"] and not predicts))


def new_source(variables: Variables) -> Json:
    """How to create the new key of a vault, or to read that of the files."""
    chosen = settings(variables)
    if chosen["is_vault"]:
        return _options(variables, OF_NEW)
    return {**reading(variables), "src_path": chosen["key_path"] + ".next"}


def new_pair(variables: Variables) -> Json:
    """The new pair: its description, and its certificate for the virtual proxies.

    That of a vault is in memory. Of a pair in files, the private key is not.
    """
    now = state(variables)
    if not settings(variables)["is_vault"]:
        name = "made"
    elif now["is_behind"] or now["is_promoted"]:
        name = "old_secret"
    else:
        name = "new_secret"
    return dict(variables.answer("jwt_rotate_key__" + name, {}))


def new_fingerprint(variables: Variables) -> str:
    """The new key."""
    now = state(variables)
    if now["is_promoted"]:
        return str(now["current"])
    if settings(variables)["method"] == "finish":
        return str(now["next"])
    return str(new_pair(variables).get("fingerprint") or "")


def pair_to_store(variables: Variables) -> Json:
    """The pair that jwt_keypair_store_tasks stores: the new one, or the old one on the way back."""
    if step(variables) == "store_old":
        return old_pair(variables)
    secret = dict(variables.answer("jwt_rotate_key__new_secret", {}))
    if settings(variables)["is_vault"]:
        return secret
    made = variables["jwt_rotate_key__made"]
    names = ("certificate", "certificate_fingerprint", "not_after")
    return {**secret, **{name: made[name] for name in names}}


def old_pair(variables: Variables) -> Json:
    """The old pair in memory, with the certificate that the site had if the vault has none."""
    certificates = [one["jwt_certificate"] for one in state(variables)["on_current"]]
    secret = variables.answer("jwt_rotate_key__old_secret", {})
    found = {name: value for name, value in secret.items() if value}
    return {"certificate": certificates[0] if certificates else "", **found}


def kept(variables: Variables) -> Json:
    """The options for the files in which the old key is kept."""
    chosen = settings(variables)
    if rotation_state.has_old(chosen, state(variables)):
        old = old_pair(variables)
        source = {"src_content": old["private_key"] + old["certificate"]}
    else:
        source = {"src_path": chosen["key_path"], **_source(variables)}
    return {
        **_options(variables, OF_FILES),
        **source,
        "private_key_path": chosen["key_path"] + ".previous",
        "certificate_path": chosen["certificate_path"] + ".previous",
        "backup": False,
    }


def promoted(variables: Variables) -> Json:
    """The options for the files of the key when the new one replaces the old one."""
    chosen = settings(variables)
    if chosen["is_vault"]:
        source = {
            "certificate_path": chosen["certificate_path"],
            "src_content": content(variables),
        }
    else:
        source = {"src_path": chosen["key_path"] + ".next", **_source(variables)}
    return {
        "private_key_path": chosen["key_path"],
        **_options(variables, ("public_key_path",)),
        **source,
        **_options(variables, OF_FILES),
    }


def promoted_certificate(variables: Variables) -> Json:
    """The options for the file of the certificate."""
    chosen = settings(variables)
    return {
        "src_path": chosen["certificate_path"] + ".next",
        "private_key_path": chosen["key_path"],
        "certificate_path": chosen["certificate_path"],
        **_options(variables, OF_FILES),
    }


def content(variables: Variables) -> str:
    """The new pair of a vault as PEM."""
    pair = new_pair(variables)
    return str(pair["private_key"]) + str(pair.get("certificate") or "")


def rest(variables: Variables) -> Json:
    """What the role jwt_keypair gets for the rest: the key that was verified.

    It is the same if the options for a new key have changed since it was created.
    """
    chosen = settings(variables)
    if chosen["is_vault"]:
        found: Json = {"content": content(variables), "source": {}}
    else:
        source = {**reading(variables), "src_path": chosen["key_path"]}
        found = {"content": "", "source": source}
    return {**found, "retired": state(variables)["current"]}


def old_files(variables: Variables) -> t.List[str]:
    """The files of the old pair to read before a rollback."""
    chosen = settings(variables)
    found = [chosen["key_path"]]
    # The certificate is needed for virtual proxies that an earlier run has changed.
    return found + ([chosen["certificate_path"]] if state(variables)["on_next"] else [])


def promotion(variables: Variables) -> t.List[str]:
    """The steps that replace the old key in its files."""
    new = new_fingerprint(variables)
    return rotation_state.promotion(settings(variables), state(variables), new)


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "old_source": old_source,
    "reading": reading,
    "candidate": candidate,
    "has_new_content": has_new_content,
    "new_source": new_source,
    "pair_to_store": pair_to_store,
    "kept": kept,
    "promoted": promoted,
    "promoted_certificate": promoted_certificate,
    "promotion": promotion,
    "rest": rest,
    "old_files": old_files,
}
