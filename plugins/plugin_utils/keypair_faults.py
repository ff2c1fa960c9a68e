# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sentences about variables of the role jwt_keypair that are not valid."""

from __future__ import annotations

import re
import typing as t

from .keypair import (
    PREFIX,
    WINDOWS_PATH,
    brought,
    environment,
    given,
    is_stored,
    node_source,
    wanted_source,
    windows_names,
)
from .keypair_awx import is_lost
from .validation import faults as type_faults
from .variables import Variables

#: The dialog of a certificate puts an invisible mark before the thumbprint, and spaces between.
_INVISIBLE = re.compile("[\\s:\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def thumbprint(variables: Variables) -> str:
    """The thumbprint without what the dialog of a certificate adds."""
    return _INVISIBLE.sub("", variables.text(PREFIX + "thumbprint")).upper()


def faults(variables: Variables) -> t.List[str]:
    """The sentences about variables that are not valid."""
    found = type_faults(variables, "jwt_keypair")
    for check in (_key, _store, _windows):
        found += check(variables)
    return found


def _has_key(variables: Variables) -> bool:
    """Whether a vault brings a key, or the environment does, as far as it is known by now."""
    content = variables.answer(PREFIX + "private_key_content")
    return bool(brought(variables) or content or environment(variables))


def _key(variables: Variables) -> t.Iterator[str]:
    content = variables.answer(PREFIX + "private_key_content", "")
    if not isinstance(content, str):
        yield (
            "jwt_keypair_private_key_content: give the private key as text in PEM, or nothing "
            "where the vault has no key yet."
        )
    if not (
        wanted_source(variables) != "generate"
        or "private_key_path" in given(variables)
        or _has_key(variables)
        or is_stored(variables)
        or variables.text(PREFIX + "windows_directory")
    ):
        yield (
            "jwt_keypair_private_key_path: set the path of the private key, or "
            "jwt_keypair_private_key_content if a vault has it. In AWX, add the credential of the "
            'type "Qlik Sense JWT signing key" to the template.'
        )
    if not content and is_lost(variables):
        yield (
            "jwt_keypair_private_key_path: a job of AWX loses "
            f"{given(variables)['private_key_path']} when it ends, and the virtual proxy would "
            "trust a lost key. Give the key as a credential, let jwt_keypair_store_tasks put it "
            "into a vault, keep it on a host named as qlik_api_host, or say in "
            "jwt_keypair_kept_directories which directories are mounted from outside."
        )


def _store(variables: Variables) -> t.Iterator[str]:
    if node_source(variables) != "certificate_store":
        return
    raw = variables.text(PREFIX + "thumbprint")
    if bool(raw) == bool(variables.text(PREFIX + "friendly_name")):
        yield (
            "Which certificate of the store? Give either jwt_keypair_thumbprint or "
            "jwt_keypair_friendly_name."
        )
    if raw and not re.fullmatch("[0-9A-F]{40}", thumbprint(variables)):
        yield (
            f"jwt_keypair_thumbprint: a thumbprint has 40 hexadecimal digits, and {raw} has not. "
            "Copy it from the details of the certificate in certlm.msc or certmgr.msc."
        )


def _windows(variables: Variables) -> t.Iterator[str]:
    directory = variables.text(PREFIX + "windows_directory")
    if not directory:
        return
    chosen = given(variables)
    if "private_key_path" not in chosen and not _has_key(variables):
        yield (
            "jwt_keypair_windows_directory gets a copy of the key pair. Give "
            "jwt_keypair_private_key_path, where the key pair itself is stored, or "
            "jwt_keypair_private_key_content."
        )
    if "private_key_path" not in chosen and "passphrase" in chosen:
        yield (
            "jwt_keypair_passphrase: give jwt_keypair_private_key_path, too. Without a file whose "
            "content stays, the encrypted key would be another one on the node in each run."
        )
    names = windows_names(variables).values()
    if len(set(names)) < len(names):
        yield (
            "jwt_keypair_windows_directory: the files of the pair have the same name in different "
            f"directories, {', '.join(names)}. Give them different names."
        )
    if not WINDOWS_PATH.match(directory) or "%" in directory:
        yield (
            f"jwt_keypair_windows_directory: {directory} is not valid. Give a full path with its "
            "drive letter, without variables such as %ProgramData%."
        )


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {"faults": faults, "thumbprint": thumbprint}
