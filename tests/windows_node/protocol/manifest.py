# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what the bootstrap wrapper gets as input: what is to be run, and with which arguments.

Two parts of JSON and, for some scripts, data, with a line of four NULs between them: the first
part carries the script exec_wrapper, the second its manifest, a list of actions. ansible-core 2.22
compresses the manifest, sends the arguments of a module as text, and adds the secrets in them.
"""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
import typing as t
import zlib

from . import scripts

Json = dict[str, t.Any]
_SEPARATOR = "\0\0\0\0"
_COLLECTION = "ansible_collections.ansible.windows.plugins.modules."
_OWN_SCRIPTS = (
    "winrm_put_file.ps1",
    "psrp_put_file.ps1",
    "winrm_fetch_file.ps1",
    "psrp_fetch_file.ps1",
    "powershell_mkdtemp.ps1",
    "powershell_expand_user.ps1",
)


class RefusedError(Exception):
    """Something that only a PowerShell could run."""


@dataclasses.dataclass(frozen=True)
class Become:
    """In whose name a task wants to run. ``failure``: what its wrapper begins a message with."""

    user: str
    password: str | None
    logon_type: str
    failure: str = "failure during exec_wrapper"


@dataclasses.dataclass(frozen=True)
class ModuleOrder:
    """A module, ``module`` being its short name. ``settings`` are the ``_ansible_…`` arguments
    without that prefix. ``secrets`` are those that the controller masks already, and None if
    the module comes without Ansible.Secrets, as in ansible-core before 2.22."""

    module: str
    arguments: Json
    settings: Json
    environment: dict[str, str]
    become: Become | None
    secrets: frozenset[str] | None = None


@dataclasses.dataclass(frozen=True)
class ScriptOrder:
    """One of the scripts that Ansible itself needs, with the lines of data for it."""

    script: str
    parameters: Json
    data: list[str]


def read(lines: list[str]) -> ModuleOrder | ScriptOrder:
    """The order in the bootstrap wrapper's input; RefusedError for what is not known."""
    bootstrap, *rest = _parts(lines)
    wrapper = _json(bootstrap)
    if not rest or not scripts.is_exec_wrapper(str(wrapper.get("script", ""))):
        raise RefusedError("this is not the exec_wrapper of the ansible-core installed here")
    compressed = wrapper["params"].get("DecompressInput")
    manifest = _json([_decompressed(line) for line in rest[0]] if compressed else rest[0])
    actions = list(manifest.get("actions", ()))
    last = actions.pop() if actions else {}
    if last.get("name") in _OWN_SCRIPTS and not actions:
        return ScriptOrder(last["name"], last["params"], rest[1] if len(rest) > 1 else [])
    if last.get("name") != "module_wrapper.ps1":
        raise RefusedError(f"there is no {last.get('name')} here")
    return _module(last["params"], last.get("secure_params", {}), _become(actions))


def _module(parameters: Json, secure: Json, become: Become | None) -> ModuleOrder:
    name = str(parameters.get("Script", ""))
    if not parameters.get("ForModule"):
        raise RefusedError(f"{name} is a script of one's own, and PowerShell is never run here")
    if not name.startswith(_COLLECTION):
        raise RefusedError(f"{name} is no module of ansible.windows")
    arguments = _arguments(parameters)
    reports = "Ansible.Secrets.cs" in parameters["CSharpModules"]
    prefix = "_ansible_"
    return ModuleOrder(
        name.removeprefix(_COLLECTION).removesuffix(".ps1"),
        {n: v for n, v in arguments.items() if not n.startswith(prefix)},
        {n.removeprefix(prefix): v for n, v in arguments.items() if n.startswith(prefix)},
        parameters.get("Environment") or {},
        become,
        frozenset(secure["Secrets"]) if reports else None,
    )


def _arguments(parameters: Json) -> Json:
    if "ArgumentJSON" in parameters:
        return _json([parameters["ArgumentJSON"]])
    variables = {item["Name"]: item["Value"] for item in parameters.get("Variables", ())}
    return t.cast(Json, variables.get("complex_args", {}))


def _become(actions: list[Json]) -> Become | None:
    found = None
    for action in actions:
        if action["name"] != "become_wrapper.ps1":
            raise RefusedError(f"there is no {action['name']} here")
        parameters = action["params"]
        password = action.get("secure_params", {}).get("BecomePassword")
        kind = parameters.get("LogonType", "Interactive")
        found = Become(parameters["BecomeUser"], password, kind)
    return found


def _parts(lines: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if line == _SEPARATOR:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def _decompressed(line: str) -> str:
    try:
        return gzip.decompress(base64.b64decode(line, validate=True)).decode()
    except (ValueError, OSError, EOFError, zlib.error):
        raise RefusedError("the input of the bootstrap wrapper cannot be decompressed") from None


def _json(lines: list[str]) -> Json:
    try:
        return t.cast(Json, json.loads("\n".join(lines)))
    except ValueError:
        raise RefusedError("the input of the bootstrap wrapper is not a manifest") from None
