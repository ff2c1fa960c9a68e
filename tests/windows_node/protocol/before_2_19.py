# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-core 2.16 to 2.18 sends instead of a manifest of actions.

A module comes as the text of exec_wrapper, four NULs, and one object of JSON. Files and directories
are handled by scripts of their own, with the path in them, or over psrp as their argument.
"""

from __future__ import annotations

import json
import re
import typing as t

from . import scripts
from .manifest import Become, ModuleOrder, RefusedError, ScriptOrder

Json = dict[str, t.Any]
_SEPARATOR = "\0\0\0\0"
_TEXT = r"'((?:[^']|'')*)'"
_MAKE = re.compile(
    rf"\$tmp_path = \[System\.Environment\]::ExpandEnvironmentVariables\({_TEXT}\)\s*"
    rf"\$tmp = New-Item -Type Directory -Path \$tmp_path -Name {_TEXT}"
)
_PUT = re.compile(rf"begin {{\s*\$path = {_TEXT}.*\[System\.IO\.File\]::Create\(\$path\)", re.S)
_PUT_ARGUMENT = re.compile(
    r"begin {.*\$path = \$MyInvocation\.UnboundArguments\[0\]\s*"
    r"\$fd = \[System\.IO\.File\]::Create\(\$path\)",
    re.S,
)
_EXPAND = re.compile(rf"Write-Output (?:{_TEXT}|\(?\(Get-Location\)\.Path(?: \+ {_TEXT}\))?)\s*$")
_LOGON = re.compile(r"logon_type=(\w+)")


def read_module(lines: list[str]) -> ModuleOrder | None:
    """The module in the bootstrap wrapper's input; None for the input of a newer ansible-core."""
    wrapper, separator, manifest = "\n".join(lines).partition(_SEPARATOR)
    if not separator or not scripts.is_exec_wrapper(wrapper):
        return None
    order: Json = json.loads(manifest)
    *others, last = order["actions"]
    if last == "module_script_wrapper":
        raise RefusedError("this is a script of one's own, and PowerShell is never run here")
    for action in (*others, last):
        if action not in ("become_wrapper", "module_powershell_wrapper"):
            raise RefusedError(f"there is no {action} here")
    prefix = "_ansible_"
    arguments: Json = order["module_args"]
    collection, dot, name = str(arguments[f"{prefix}module_name"]).rpartition(".")
    if dot and collection not in ("ansible.windows", "ansible.builtin", "ansible.legacy"):
        raise RefusedError(f"{collection}.{name} is no module of ansible.windows")
    environment = order.get("environment") or {}
    return ModuleOrder(
        name,
        {n: v for n, v in arguments.items() if not n.startswith(prefix)},
        {n.removeprefix(prefix): v for n, v in arguments.items() if n.startswith(prefix)},
        environment if isinstance(environment, dict) else {},
        _become(order),
    )


def _become(order: Json) -> Become | None:
    if "become_wrapper" not in order["actions"]:
        return None
    found = _LOGON.search(order.get("become_flags") or "")
    words = (found[1] if found else "interactive").split("_")
    kind = "".join(word.capitalize() for word in words)
    user = order["become_user"]
    failure = f"internal error: failed to become user '{user}'"
    return Become(user, order.get("become_password"), kind, failure)


def read_script(script: str, lines: list[str], arguments: t.Sequence[str]) -> ScriptOrder | None:
    """One of the scripts for files and directories; None for any other script."""
    if found := _MAKE.search(script):
        directory, name = (_plain(text) for text in found.groups())
        parameters = {"Directory": directory, "Name": name}
        return ScriptOrder("powershell_mkdtemp.ps1", parameters, [])
    if found := _PUT.match(script.strip()):
        return ScriptOrder("winrm_put_file.ps1", {"Path": _plain(found[1])}, lines)
    if _PUT_ARGUMENT.match(script.strip()) and arguments:
        return ScriptOrder("psrp_put_file.ps1", {"Path": arguments[0]}, lines)
    first = script.partition("\n")[0]
    if found := _EXPAND.search(first):
        path = _plain(found[1]) if found[1] is not None else "~" + _plain(found[2] or "")
        return ScriptOrder("powershell_expand_user.ps1", {"Path": path}, [])
    return None


def _plain(text: str) -> str:
    return text.replace("''", "'")
