# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client certificate that the role qrs_credentials reads on a Windows node."""

from __future__ import annotations

import base64
import binascii
import functools
import re
import typing as t

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import pem_input

from . import slurped
from .keypair_node import LOCAL_CERTIFICATES
from .variables import Variables
from .windows_owners import windows_parents

PREFIX = "qrs_credentials_"
_HOST_CFG = "C:\\ProgramData\\Qlik\\Sense\\Host.cfg"
#: The files by the option of the modules that gets their content.
FILES = {
    "client_cert_content": "client.pem",
    "client_key_content": "client_key.pem",
    "ca_content": "root.pem",
}
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z")
#: A name has 253 characters at most, so a longer file is something else.
_LONGEST = 4096

Json = t.Dict[str, t.Any]


def directory(variables: Variables) -> str:
    """The directory of the exported certificates."""
    return variables.text(PREFIX + "directory") or LOCAL_CERTIFICATES


def host_cfg_path(variables: Variables) -> str:
    """The file with the host name of the site."""
    return variables.text(PREFIX + "host_cfg_path") or _HOST_CFG


def paths(variables: Variables) -> t.List[str]:
    """The files to read."""
    return [f"{directory(variables)}\\{name}" for name in FILES.values()]


def owned(variables: Variables) -> t.List[str]:
    """The files and the directories whose owners could replace them."""
    return list(dict.fromkeys(one for path in paths(variables) for one in windows_parents(path)))


def _read(variables: Variables) -> t.List[t.Tuple[str, Json]]:
    """The name and the result of each file."""
    found = variables.answer("qrs_credentials__read", {})
    return list(zip(FILES.values(), found.get("results", [])))


def unread(variables: Variables) -> t.List[str]:
    """Why files cannot be read."""
    results = [{**one, "name": name} for name, one in _read(variables)]
    missing = slurped.missing(results, "name")
    denied = slurped.denied(results, "name")
    place = f"{directory(variables)} on {variables['inventory_hostname']}"
    found = []
    if missing:
        found.append(
            f"{PREFIX}directory: there is no {', no '.join(missing)} in {place}, or the account "
            "that connects may not see it. Another release may keep them elsewhere: export the "
            "certificates in QMC (Certificates, platform independent PEM format, without a "
            f"password), and set the directory that QMC shows as {PREFIX}directory."
        )
    if denied:
        names, reasons = ", ".join(denied), " ".join(denied.values())
        found.append(
            f"{PREFIX}directory: {names} in {place} cannot be read by the account that connects "
            f"({reasons}). Connect as an administrator of the node, or let the task run as the "
            "account of Qlik's services with ansible_become and ansible_become_method: runas."
        )
    return found


def faults(variables: Variables) -> t.List[str]:
    """Why the content of files cannot be used."""
    read = ((name, pem_input.read(one["content"])[1]) for name, one in _read(variables))
    found = [f"{name} {fault}" for name, fault in read if fault]
    if not found:
        return []
    sentence = (
        f"{PREFIX}directory: a file in {directory(variables)} on "
        f"{variables['inventory_hostname']} is not PEM that can be used: {', '.join(found)}. "
        "Export the certificates in QMC again (Certificates, platform independent PEM format)."
    )
    return [sentence]


def content(variables: Variables, option: str) -> str:
    """The PEM blocks of a file, without the text around them."""
    name = FILES[option]
    return next(
        pem_input.read(one["content"])[0] for other, one in _read(variables) if other == name
    )


def host_name(variables: Variables) -> str:
    """The host name in the file, which is base64; empty if it is not a valid name."""
    encoded = str(variables.answer("qrs_credentials__host_file", {}).get("content") or "")
    if len(encoded) >= _LONGEST:
        return ""
    text = _decoded(encoded)
    for name in (_decoded(text), text):
        if _NAME.match(name):
            return name
    return ""


def _decoded(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode("latin-1").strip()
    except (binascii.Error, ValueError):
        return ""


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "paths": paths,
    "host_cfg_path": host_cfg_path,
    "owned": owned,
    "unread": unread,
    "faults": faults,
    "host_name": host_name,
    **{option: functools.partial(content, option=option) for option in FILES},
}
