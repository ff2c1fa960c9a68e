# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_acl_inheritance``: whether a file takes the access entries of its directory."""

from __future__ import annotations

import dataclasses

from ..model import rights
from ..model.acl import Ace
from ..model.filesystem import AccessDeniedError, Entry
from .base import Call, Json, Model, ModuleFailure


def run(call: Call) -> Json:
    """Turns inheritance on or off."""
    options = call.options
    entry = call.test(call.path(options["path"]))
    if entry is None:
        raise ModuleFailure(f"{options['path']} does not exist")
    if entry.hidden:
        # Get-Item without -Force.
        raise ModuleFailure(
            f"Failed to find '{options['path']}': Could not find item {entry.path}."
        )
    _demand(call, entry, rights.READ_PERMISSIONS, "find")
    before = _name(entry.acl.inherits)
    changed = before != options["state"]
    if changed and not call.check:
        _demand(call, entry, rights.CHANGE_PERMISSIONS, "set acl of")
        _switch(call, entry)
    answer: Json = {"changed": changed}
    if call.diff:
        after = options["state"]
        answer["diff"] = {"before": {"state": before}, "after": {"state": after}}
    return answer


def _switch(call: Call, entry: Entry) -> None:
    acl = entry.acl
    if call.options["state"] == "absent":
        inherited = _inherited(call, entry)
        acl.inherits = False
        if call.options["reorganize"]:
            for ace in inherited:
                acl.add(ace)
        return
    acl.inherits = True
    if call.options["reorganize"]:
        same = _inherited(call, entry)
        acl.entries = [ace for ace in acl.entries if ace not in same]


def _inherited(call: Call, entry: Entry) -> list[Ace]:
    """The entries that come from above, as if they were the file's own."""
    entries = call.node.files.access_list(entry)
    return [dataclasses.replace(ace, inherited=False) for ace in entries if ace.inherited]


def _name(inherits: bool) -> str:
    return "present" if inherits else "absent"


def _demand(call: Call, entry: Entry, wanted: int, what: str) -> None:
    """The module enables no privileges, so that administrators need the rights like anybody."""
    try:
        call.node.files.demand(call.who, entry, wanted)
    except AccessDeniedError as error:
        raise ModuleFailure(f"Failed to {what} '{call.options['path']}': {error}") from None


MODEL = Model(run)
