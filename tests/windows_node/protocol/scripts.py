# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scripts of ansible-core that may come over the wire: known by name, and by every line."""

from __future__ import annotations

import base64
import functools
import pkgutil
import re
import shlex

_PACKAGE = "ansible.executor.powershell"
#: What the shell plugin writes to remove the directory that it made for a task.
_REMOVE = re.compile(r"Remove-Item (?P<path>'[^']+'|[^\s']+) -Force(?: -Recurse)?;?")
#: What ansible-core before 2.21 puts around every script.
_FRAME = (
    "Set-StrictMode -Version Latest",
    (
        "If (-not $?) { If (Get-Variable LASTEXITCODE -ErrorAction SilentlyContinue) "
        "{ exit $LASTEXITCODE } Else { exit 1 } }"
    ),
)
_COMMENT = re.compile(r"<#.*?#>", re.DOTALL)
_TEMPORARY = re.compile(r"(^|\\)ansible-tmp-[^\\]+(\\\.?)?$")


def of_command_line(command: str) -> str:
    """The script in ``powershell … -EncodedCommand <base64>``; any other command as it is.

    winrm of ansible-core before 2.19 encodes the whole command line once more.
    """
    if "-EncodedCommand" not in command or "\n" in command.strip():
        return command
    words = shlex.split(command, posix=True)
    encoded = words[words.index("-EncodedCommand") + 1]
    return of_command_line(base64.b64decode(encoded).decode("utf-16-le"))


def is_bootstrap(script: str) -> bool:
    """Whether it is the wrapper that reads a manifest from its input."""
    return _essence(script) == _known("bootstrap_wrapper.ps1")


def is_exec_wrapper(script: str) -> bool:
    """Whether it is the wrapper that runs a manifest's actions."""
    return _essence(script) == _known("exec_wrapper.ps1")


def removed_directory(script: str) -> str | None:
    """The temporary directory of Ansible's that a script removes; None for any other script."""
    found = _REMOVE.fullmatch("\n".join(_essence(script)))
    path = found["path"].strip("'") if found else ""
    return path if _TEMPORARY.search(path) else None


@functools.cache
def _known(name: str) -> tuple[str, ...]:
    return _essence((pkgutil.get_data(_PACKAGE, name) or b"").decode())


def _essence(script: str) -> tuple[str, ...]:
    """Its lines without comments, blanks and indentation, which Ansible takes off one of them."""
    lines = (line.strip() for line in _COMMENT.sub("", script).splitlines())
    return tuple(line for line in lines if line and not line.startswith("#") and line not in _FRAME)
