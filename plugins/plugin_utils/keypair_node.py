# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of the role jwt_keypair that are read on a Windows node."""

from __future__ import annotations

import typing as t

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import pem_input

from . import slurped
from .keypair import given, given_passphrase, node_source, wanted_source
from .variables import Variables
from .windows_owners import windows_parents

#: Where the repository service of each node writes the certificates of the site.
LOCAL_CERTIFICATES = (
    "C:\\ProgramData\\Qlik\\Sense\\Repository\\Exported Certificates\\.Local Certificates"
)
#: The loop variable of the tasks.
ITEM = "jwt_keypair__item"

Json = t.Dict[str, t.Any]


def files(variables: Variables) -> t.List[str]:
    """The files to read."""
    path = str(given(variables).get("src_path", ""))
    if node_source(variables) == "file":
        return [path]
    directory = path or variables.text("qrs_credentials_directory") or LOCAL_CERTIFICATES
    return [f"{directory}\\{name}" for name in ("server.pem", "server_key.pem")]


def owned(variables: Variables) -> t.List[str]:
    """The files and the directories whose owners could replace them."""
    return list(dict.fromkeys(one for path in files(variables) for one in windows_parents(path)))


def _results(variables: Variables) -> t.List[Json]:
    return list(variables.answer("jwt_keypair__read", {}).get("results", []))


def reached(variables: Variables) -> Json:
    """The result that shows whether the node is reachable."""
    return slurped.reached(_results(variables))


def unread(variables: Variables) -> t.List[str]:
    """Why files cannot be read."""
    host = variables["inventory_hostname"]
    missing = slurped.missing(_results(variables), ITEM)
    denied = slurped.denied(_results(variables), ITEM)
    found = []
    if missing:
        advice = (
            "Set the path of the file as jwt_keypair_src_path."
            if node_source(variables) == "file"
            else "Export the certificates in QMC (Certificates, platform independent PEM format, "
            "with the secret key), and set the directory that QMC shows as jwt_keypair_src_path."
        )
        found.append(
            f"jwt_keypair_source: there is no {' and no '.join(missing)} on {host}, or the account "
            f"that connects may not see it. {advice}"
        )
    if denied:
        found.append(
            f"jwt_keypair_source: {', '.join(denied)} on {host} cannot be read by the account that "
            f"connects ({' '.join(denied.values())}). Connect as an administrator of the node, or "
            "let the task run as an account that may read it with ansible_become and "
            "ansible_become_method: runas."
        )
    return found


def _blocks(variables: Variables) -> t.List[t.Tuple[str, t.Optional[str]]]:
    """The PEM blocks of each file, and its fault."""
    return [pem_input.read(str(one.get("content", ""))) for one in _results(variables)]


def faults(variables: Variables) -> t.List[str]:
    """Why the content of files cannot be used."""
    if wanted_source(variables) == "pkcs12":
        return []
    read = zip(files(variables), _blocks(variables))
    found = [f"{file} {fault}" for file, (_text, fault) in read if fault]
    if not found:
        return []
    sentence = (
        f"jwt_keypair_source: a file on {variables['inventory_hostname']} is not PEM that can be "
        f"used: {', '.join(found)}. Export it again."
    )
    return [sentence]


def found(variables: Variables) -> Json:
    """The options of qlik_keypair for what was read."""
    if wanted_source(variables) == "pkcs12":
        source: Json = {"source": "pkcs12", "src_content": _results(variables)[0]["content"]}
    else:
        text = "".join(text for text, _fault in _blocks(variables))
        source = {"source": "pem", "src_content": text}
    return {**source, **given_passphrase(variables)}


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "files": files,
    "owned": owned,
    "reached": reached,
    "unread": unread,
    "faults": faults,
    "found": found,
}
