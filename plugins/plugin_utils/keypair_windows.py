# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The copy of the key pair on a Windows node, and what its tasks need for moments."""

from __future__ import annotations

import base64
import hashlib
import typing as t

from .certificate_store import account
from .keypair import PREFIX, given, predicts, windows_names
from .keypair_node import ITEM
from .variables import Variables
from .windows_owners import windows_parents

#: What the names of private directories begin with, so that the next run recognizes them.
PRIVATE_PREFIX = "qlikops.sense.jwt_keypair."
_PUBLIC = ("certificate", "public_key")
#: SIDs, because these accounts have other names in other languages.
_SYSTEM, _ADMINISTRATORS = "S-1-5-18", "S-1-5-32-544"

Json = t.Dict[str, t.Any]


def directory(variables: Variables) -> str:
    """The directory of the copy."""
    return variables.text(PREFIX + "windows_directory")


def paths(variables: Variables) -> t.Dict[str, str]:
    """The files of the copy."""
    place = directory(variables)
    return {kind: f"{place}\\{name}" for kind, name in windows_names(variables).items()}


def key_path(variables: Variables) -> str:
    """The file of the private key."""
    return paths(variables)["private_key"]


def owned(variables: Variables) -> t.List[str]:
    """The files and directories that must not belong to another account."""
    return [*windows_parents(directory(variables)), *paths(variables).values()]


def owned_again(variables: Variables) -> t.List[str]:
    """Those that may have been created since the first look."""
    return [directory(variables), key_path(variables)]


def accounts(variables: Variables) -> t.List[str]:
    """The accounts with access to the copy."""
    owner = variables.text(PREFIX + "windows_owner")
    return [_SYSTEM, _ADMINISTRATORS, *([owner] if owner else [])]


def key(variables: Variables) -> str:
    """The content for the file of the private key.

    It is not known in check mode if the key does not exist yet, or would be replaced.
    """
    outcome = variables.answer("jwt_keypair_outcome", {})
    after = ((outcome.get("diff") or {}).get("after") or {}).get("private_key") or {}
    if predicts(variables) and (variables.is_on("jwt_keypair__foretold") or "reason" in after):
        return ""
    if "private_key_path" in given(variables):
        content = variables.answer("jwt_keypair__key", {}).get("content") or ""
        return base64.b64decode(content).decode("utf-8")
    return str(variables.answer("jwt_keypair__brought_key", {}).get("private_key") or "")


def key_faults(variables: Variables) -> t.List[str]:
    """Why the private key cannot be read."""
    if predicts(variables) or key(variables):
        return []
    results = [variables.answer(f"jwt_keypair__{name}", {}) for name in ("key", "brought_key")]
    reason = next((str(one["msg"]) for one in results if one.get("msg")), "it contains none")
    sentence = (
        "jwt_keypair_windows_directory: the private key at "
        f"{given(variables).get('private_key_path', '')} cannot be read ({reason})."
    )
    return [sentence]


def _public(variables: Variables) -> t.List[str]:
    names = windows_names(variables)
    outcome = variables.answer("jwt_keypair_outcome", {})
    return [kind for kind in _PUBLIC if kind in names and outcome.get(kind)]


def kinds(variables: Variables) -> t.List[Json]:
    """The files whose state is read."""
    found = paths(variables)
    return [{"kind": kind, "path": found[kind]} for kind in ("private_key", *_public(variables))]


def stale(variables: Variables) -> t.List[str]:
    """The files that differ from the key pair, by checksum."""
    there = {
        one[ITEM]["kind"]: (one.get("stat") or {}).get("checksum") or ""
        for one in variables["jwt_keypair__windows_files"]["results"]
    }
    wanted = {"private_key": _checksum(key(variables))}
    for kind in _public(variables):
        wanted[kind] = _checksum(variables["jwt_keypair_outcome"][kind])
    return [kind for kind, checksum in wanted.items() if there.get(kind) != checksum]


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def stale_public(variables: Variables) -> t.List[Json]:
    """The public files that differ, with their paths."""
    found = paths(variables)
    differ = stale(variables)
    return [{"kind": kind, "path": found[kind]} for kind in _public(variables) if kind in differ]


def written_faults(variables: Variables) -> t.List[str]:
    """Why the private key is not on the node."""
    written = variables.answer("jwt_keypair__written", {})
    if written.get("changed") or written.get("skipped"):
        return []
    sentence = (
        f"The private key could not be written to {key_path(variables)} on "
        f"{variables['inventory_hostname']} ({str(written.get('msg') or '').strip()})."
    )
    return [sentence]


def public_faults(variables: Variables) -> t.List[str]:
    """Why the public files are not on the node."""
    files = stale_public(variables)
    written = variables.answer("jwt_keypair__written", {})
    results = written.get("results") or ([] if written.get("skipped") else [written])
    if len([one for one in results if one.get("changed")]) == len(files):
        return []
    names = " and the ".join(one["kind"].replace("_", " ") for one in files)
    reasons = " ".join(str(one["msg"]) for one in results if one.get("msg"))
    sentence = (
        f"The {names} could not be written to {directory(variables)} on "
        f"{variables['inventory_hostname']} ({reasons})."
    )
    return [sentence]


def way(variables: Variables) -> str:
    """The directory for files on their way to the node. Check mode sends none."""
    if predicts(variables):
        own = variables.of_host(variables["inventory_hostname"])
        return str(own.answer("ansible_remote_tmp", "%TEMP%"))
    return str(variables["jwt_keypair__private_directory"]["path"])


def private_accounts(variables: Variables) -> t.List[str]:
    """The accounts with access to a private directory.

    Files are sent by the account that connects, also if another one works on the node.
    """
    who = variables["jwt_keypair__who"]
    sender = variables.answer("jwt_keypair__connecting", who)
    return list(dict.fromkeys(one["account"]["sid"] for one in (who, sender)))


def own_private_directories(variables: Variables) -> t.List[str]:
    """The private directories of this account, also of an interrupted run.

    Windows makes the group Administrators the owner of what an administrator creates.
    """
    who = variables["jwt_keypair__who"]
    names = [account(variables)]
    names += [
        f"{group['domain_name']}\\{group['account_name']}"
        for group in who["groups"]
        if group["sid"] == _ADMINISTRATORS
    ]
    files = variables["jwt_keypair__private_found"]["files"]
    return [one["path"] for one in files if one["owner"] in names]


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "private_prefix": lambda dummy: PRIVATE_PREFIX,
    "paths": paths,
    "key_path": key_path,
    "owned": owned,
    "owned_again": owned_again,
    "accounts": accounts,
    "key": key,
    "key_faults": key_faults,
    "kinds": kinds,
    "stale": stale,
    "stale_public": stale_public,
    "written_faults": written_faults,
    "public_faults": public_faults,
    "way": way,
    "private_accounts": private_accounts,
    "own_private_directories": own_private_directories,
}
