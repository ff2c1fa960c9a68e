# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sentences about variables of the role jwt_rotate_key that are not valid."""

from __future__ import annotations

import typing as t

from . import keypair, keypair_awx, keypair_faults, verify, virtual_proxy
from .rotation import PREFIX, settings
from .validation import faults as type_faults
from .variables import Variables

Json = t.Dict[str, t.Any]


def faults(variables: Variables) -> t.List[str]:
    """The sentences about variables that are not valid."""
    found = keypair_faults.faults(variables) + virtual_proxy.faults(variables)
    found += verify.faults(variables) + type_faults(variables, "jwt_rotate_key")
    names = [sentence.partition(":")[0] for sentence in found]
    # A variable that is missing for any run needs no second sentence.
    found += [one for one in _of_rotation(variables) if one.partition(":")[0] not in names]
    return list(dict.fromkeys(found))


def _of_rotation(variables: Variables) -> t.Iterator[str]:
    chosen = settings(variables)
    for check in (_key, _vault, _method):
        yield from check(variables, chosen)
    if "user_id" not in verify.options(variables):
        yield (
            "jwt_verify_user_id: a rotation logs in with two keys, and a token is signed with one. "
            "Set jwt_verify_user_id and jwt_verify_user_directory, a user for tests."
        )


def _key(variables: Variables, chosen: Json) -> t.Iterator[str]:
    given = keypair.given(variables)
    source = given.get("source", "generate")
    if not (chosen["is_vault"] or chosen["key_path"]):
        yield (
            "jwt_keypair_private_key_path: set the path of the current key, or "
            "jwt_keypair_private_key_content with jwt_keypair_store_tasks."
        )
    if not chosen["is_vault"] and source != "generate":
        yield (
            f"jwt_keypair_source: a rotation creates a new key, and with {source}, the next run of "
            "jwt_keypair would read the old one again. Remove jwt_keypair_source if the key is at "
            "jwt_keypair_private_key_path, or replace the key in its source and run jwt_setup."
        )
    if keypair_awx.is_thrown_away(variables):
        yield (
            f"jwt_keypair_private_key_path: a job of AWX loses {chosen['key_path']} when it ends, "
            "and the virtual proxy would trust a lost key. Get the current key from a vault with "
            "jwt_keypair_private_key_content, and store the new one there with "
            "jwt_keypair_store_tasks. Or keep it on a host that qlik_api_host names, or list "
            "persistent directories in jwt_keypair_kept_directories."
        )
    if given.get("regenerate") == "always":
        yield (
            "jwt_keypair_regenerate: with always, each run of jwt_keypair would replace the key "
            "that the rotation has verified. Remove it."
        )
    pinned = [one for one in virtual_proxy.wanted(variables) if "jwt_certificate" in one]
    if pinned:
        names = ", ".join(str(one.get("prefix", "")) for one in pinned)
        yield (
            f"jwt_certificate: {names} sets its own certificate, so the next run of "
            "jwt_virtual_proxy would restore the old key. Remove it, so that the certificate of "
            "jwt_keypair is used."
        )


def _vault(variables: Variables, chosen: Json) -> t.Iterator[str]:
    if not chosen["is_vault"]:
        return
    if chosen["keeps"] and not chosen["key_path"]:
        yield (
            "jwt_rotate_key_keep_previous: a vault has one place for a key. Let "
            "jwt_keypair_store_tasks keep the previous version, or set "
            "jwt_keypair_private_key_path; the old key is kept beside it."
        )
    if not chosen["is_stored"]:
        yield (
            "jwt_keypair_store_tasks: jwt_keypair_private_key_content gets the key from a vault. "
            "Set jwt_keypair_store_tasks, too, which stores the new key there."
        )


def _method(variables: Variables, chosen: Json) -> t.Iterator[str]:
    overlap = variables.text(PREFIX + "method") == "overlap"
    if overlap != (variables.text(PREFIX + "phase") != ""):
        yield (
            "jwt_rotate_key_phase: set begin or finish with jwt_rotate_key_method: overlap, and "
            "only then."
        )
    if overlap and (chosen["is_vault"] or chosen["is_stored"]):
        yield (
            "jwt_rotate_key_method: overlap needs both keys until it is finished, and a vault that "
            "jwt_keypair_store_tasks fills has one. Use replace."
        )
    seconds = chosen["seconds"]
    if variables.text(PREFIX + "next_prefix") and len(seconds) != 1:
        yield (
            f"jwt_rotate_key_next_prefix: it is for one virtual proxy, and {len(seconds)} are "
            "described. Remove it. The second ones are then named like the first ones with -next."
        )
    both = [prefix for prefix in dict.fromkeys(seconds.values()) if prefix in seconds]
    if overlap and both:
        yield (
            f"jwt_rotate_key_next_prefix: {', '.join(both)} is described as a virtual proxy "
            "itself. Set another prefix."
        )


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {"faults": faults}
