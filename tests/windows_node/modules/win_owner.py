# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_owner``: whose a file is."""

from __future__ import annotations

from ..model import rights
from ..model.accounts import UnknownAccountError
from ..model.filesystem import AccessDeniedError, Entry
from .base import Call, Json, Model, ModuleFailure


def run(call: Call) -> Json:
    """Hands a file, or all in a directory, to an account."""
    options = call.options
    entry = call.test(call.path(options["path"]))
    if entry is None:
        raise ModuleFailure(f"{options['path']} file or directory does not exist on the host")
    try:
        sid = call.node.accounts.sid_of(options["user"])
    except UnknownAccountError:
        raise ModuleFailure(
            f"Failed to translate '{options['user']}' to a SecurityIdentifier: "
            "Some or all identity references could not be translated."
        ) from None
    if entry.hidden:
        raise ModuleFailure(
            f"an error occurred when attempting to change owner on {options['path']} for "
            f"{options['user']}: Could not find item {entry.path}."
        )
    entries = [entry, *(_below(call, entry) if options["recurse"] else ())]
    others = [found for found in entries if found.owner != sid]
    for found in others:
        _demand(call, found, sid)
        if not call.check:
            found.owner = sid
    return {"changed": bool(others)}


def _demand(call: Call, entry: Entry, sid: str) -> None:
    """Administrators have the privileges to give files away; others may only take them."""
    if call.who.is_administrator:
        return
    if sid in call.who.sids and call.node.files.may(call.who, entry, rights.TAKE_OWNERSHIP):
        return
    raise ModuleFailure(
        f"an error occurred when attempting to change owner on {call.options['path']} for "
        f"{call.options['user']}: {AccessDeniedError(entry.path)}"
    )


def _below(call: Call, entry: Entry) -> list[Entry]:
    children = call.node.files.children(entry.path)
    return [*children, *(found for child in children for found in _below(call, child))]


MODEL = Model(run)
