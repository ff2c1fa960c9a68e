# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The key pair that the variables of the role jwt_keypair describe."""

from __future__ import annotations

import os
import re
import typing as t

from . import connection
from .paths import absolute
from .variables import Variables
from .variables import given as given_of

PREFIX = "jwt_keypair_"
#: Options of qlik_keypair that come from the variable jwt_keypair_<option>.
OPTIONS = (
    "source",
    "src_path",
    "src_content",
    "src_passphrase",
    "private_key_path",
    "public_key_path",
    "certificate_path",
    "passphrase",
    "size",
    "common_name",
    "valid_days",
    "renew_before_days",
    "regenerate",
    "backup",
    "mode",
    "public_mode",
    "owner",
    "group",
)
#: Those of a pair in memory, for a vault: not encrypted, and not written to a file.
IN_MEMORY = (
    "source",
    "src_path",
    "src_content",
    "src_passphrase",
    "size",
    "common_name",
    "valid_days",
    "owner",
)
#: A drive letter, or \\\\server.
WINDOWS_PATH = re.compile(r"(?:[A-Za-z]:[\\/]|\\\\)")
_SOURCE = ("source", "src_path", "src_content", "src_passphrase")

Json = t.Dict[str, t.Any]


def given(variables: Variables) -> Json:
    """The options that the variables set."""
    return absolute(given_of(variables, PREFIX, OPTIONS), connection.start(variables))


def kept_certificate(variables: Variables) -> Json:
    """The path of the certificate beside the key.

    A certificate that is not kept would be another one in each run, and so change the virtual
    proxy.
    """
    path = given(variables).get("private_key_path")
    return {"certificate_path": os.path.splitext(path)[0] + ".crt"} if path else {}


def environment(variables: Variables) -> str:
    """The path or the key that the environment names, if the variables leave it open.

    The modules read it, too. AWX injects a credential this way.
    """
    if not connection.is_local(variables) or PREFIX + "private_key_content" in variables:
        return ""
    chosen = given(variables)
    if any(name in chosen for name in ("source", "src_path", "src_content", "private_key_path")):
        return ""
    return variables.environment.get("QLIK_JWT_PRIVATE_KEY", "")


def from_environment(variables: Variables) -> Json:
    """The options of qlik_keypair that read the file in the environment; empty without a file."""
    found = environment(variables)
    if not found or "-----BEGIN" in found:
        return {}
    chosen = given(variables)
    owner = {"owner": chosen["owner"]} if "owner" in chosen else {}
    return {"src_path": found, **owner, **given_passphrase(variables)}


def content(variables: Variables) -> str:
    """The key that a vault or the environment brings; empty without one."""
    found = variables.answer(PREFIX + "private_key_content")
    if found is not None:
        return str(found)
    named = environment(variables)
    if not named or "-----BEGIN" in named:
        return named
    with open(named, encoding="utf-8") as file:
        return file.read().rstrip()


def uses_node(variables: Variables) -> bool:
    """Whether keys are read or written on the Windows node."""
    return node_source(variables) != "" or variables.text(PREFIX + "windows_directory") != ""


def given_passphrase(variables: Variables) -> Json:
    """The passphrase of the source."""
    chosen = given(variables)
    if "src_passphrase" in chosen:
        return {"src_passphrase": chosen["src_passphrase"]}
    found = variables.environment.get("QLIK_JWT_PRIVATE_KEY_PASSPHRASE", "")
    return {"src_passphrase": found} if found and environment(variables) else {}


def rotation(variables: Variables) -> Json:
    """What the role jwt_rotate_key passes: the new pair, or where it is."""
    return dict(variables.answer(PREFIX + "rotation", {}))


def brought(variables: Variables) -> str:
    """The private key that a vault brought at the beginning of the role."""
    content = rotation(variables).get("content")
    return variables.text("jwt_keypair__brought") if content is None else str(content)


def predicts(variables: Variables) -> bool:
    """Whether nothing is changed: in check mode, or for a report.

    A report includes the role in check mode, but ansible_check_mode is that of the whole run.
    """
    return variables.is_on("ansible_check_mode") or variables.is_on(PREFIX + "is_told")


def material(variables: Variables) -> Json:
    """What was read elsewhere and takes the place of what the module would read."""
    found = rotation(variables).get("source") or variables.answer("jwt_keypair__found")
    if found:
        return dict(found)
    key = brought(variables)
    if key:
        return {"source": "pem", "src_content": key, **given_passphrase(variables)}
    return {}


def options(variables: Variables, read_elsewhere: t.Optional[Json] = None) -> Json:
    """The options of qlik_keypair, also for a task that only compares."""
    read = read_elsewhere or material(variables)
    left_out = list(_SOURCE) if read else []
    if variables.is_on("jwt_keypair__foretold"):
        left_out.append("private_key_path")
    chosen = {name: value for name, value in given(variables).items() if name not in left_out}
    return {**kept_certificate(variables), **chosen, **read}


def memory_options(variables: Variables) -> Json:
    """The options for the same pair in memory."""
    return {name: value for name, value in options(variables).items() if name in IN_MEMORY}


def is_stored(variables: Variables) -> bool:
    """Whether a new pair has to go through jwt_keypair_store_tasks first."""
    return variables.text(PREFIX + "store_tasks") != "" and not brought(variables)


def is_new(variables: Variables) -> bool:
    """Whether this run creates a new pair and stores it first."""
    if not is_stored(variables):
        return False
    foreseen = variables.answer("jwt_keypair__foreseen", {}).get("diff") or {}
    changed = (foreseen.get("after") or {}).get("private_key") or {}
    return "private_key_path" not in options(variables) or "reason" in changed


def is_changed(variables: Variables, outcome: Json) -> bool:
    """Whether the pair counts as changed.

    In check mode, the module does not see the key that would be exported, and with a vault, the new
    key is not in its files. A report prints itself what a run would change.
    """
    if variables.is_on(PREFIX + "is_told"):
        return False
    is_predicted = variables.is_on("jwt_keypair__foretold")
    return bool(outcome.get("changed")) or is_predicted or is_new(variables)


def wanted_source(variables: Variables) -> str:
    """The source as the variables name it."""
    return str(given(variables).get("source", "generate"))


def node_source(variables: Variables) -> str:
    """What is read on the node: certificate_store, local_certificates, file, or nothing.

    What a vault brings is never read again.
    """
    if brought(variables):
        return ""
    source = wanted_source(variables)
    if source in ("certificate_store", "local_certificates"):
        return source
    path = str(given(variables).get("src_path", ""))
    return "file" if source in ("pem", "pkcs12") and WINDOWS_PATH.match(path) else ""


def is_elsewhere(variables: Variables) -> bool:
    """Whether a vault or a Windows node takes part, and not only files on qlik_api_host."""
    if not variables.has_host():
        return False
    names = ("private_key_content", "store_tasks", "windows_directory")
    return (
        any(variables.answer(PREFIX + name) is not None for name in names)
        or environment(variables) != ""
        or node_source(variables) != ""
    )


def may_replace(variables: Variables) -> bool:
    """Whether the variables allow to replace a key."""
    allowed = ("partial_idempotence", "full_idempotence", "always")
    return given(variables).get("regenerate", "fail") in allowed


def windows_names(variables: Variables) -> t.Dict[str, str]:
    """The names of the files that are copied to the node."""
    chosen = {**kept_certificate(variables), **given(variables)}
    found = {
        "private_key": os.path.basename(chosen.get("private_key_path", "jwt.key")),
        "certificate": os.path.basename(chosen.get("certificate_path", "jwt.crt")),
    }
    if "public_key_path" in chosen:
        found["public_key"] = os.path.basename(chosen["public_key_path"])
    return found


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "given": given,
    "kept_certificate": kept_certificate,
    "environment": environment,
    "given_passphrase": given_passphrase,
    "options": options,
    "memory_options": memory_options,
    "is_stored": is_stored,
    "is_new": is_new,
    "is_changed": is_changed,
    "predicts": predicts,
    "key_path": lambda v: given(v)["private_key_path"],
    "has_key_path": lambda v: "private_key_path" in given(v),
    "has_path_option": lambda v: "private_key_path" in options(v),
    "owner": lambda v: {name: given(v)[name] for name in ("owner",) if name in given(v)},
    "from_environment": from_environment,
    "content": content,
    "uses_node": uses_node,
    "wanted_source": wanted_source,
    "node_source": node_source,
    "is_elsewhere": is_elsewhere,
    "may_replace": may_replace,
    "windows_names": windows_names,
}
