# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_acl``: one entry of an access list."""

from __future__ import annotations

from ..model import rights
from ..model.accounts import UnknownAccountError
from ..model.acl import Ace
from ..model.filesystem import AccessDeniedError, Entry
from .base import Call, Json, Model, ModuleFailure


def run(call: Call) -> Json:
    """Adds or removes an entry; one is there when rights and inheritance are exactly the same."""
    options = call.options
    entry = call.test(call.path(options["path"], expands=False))
    if entry is None:
        raise ModuleFailure(f"{options['path']} file or directory does not exist on the host")
    wanted = _entry(call, entry)
    matches = wanted in entry.acl.entries
    if options["state"] == "present" and not matches:
        if not call.check:
            _demand(call, entry)
            entry.acl.add(wanted)
        return {"changed": True}
    if options["state"] == "absent" and matches:
        if not call.check:
            _demand(call, entry)
            entry.acl.remove(wanted)
        return {"changed": True}
    found = "already exists" if matches else "does not exist"
    return {"changed": False, "msg": f"the specified rule {found}"}


def _entry(call: Call, entry: Entry) -> Ace:
    options = call.options
    try:
        sid = call.node.accounts.sid_of(options["user"])
    except UnknownAccountError:
        raise ModuleFailure(
            f"account_name {options['user']} is not a valid account, cannot get SID: "
            'Exception calling "Translate" with "1" argument(s): '
            '"Some or all identity references could not be translated."'
        ) from None
    try:
        mask = rights.parse(options["rights"])
    except rights.UnknownRightError as error:
        raise ModuleFailure(
            f"an error occurred when attempting to {options['state']} {options['rights']} "
            f"permission(s) on {options['path']} for {options['user']} - Cannot convert value "
            f'"{error}" to type "System.Security.AccessControl.FileSystemRights".'
        ) from None
    if options["type"] == "allow":
        # .NET adds it to what is allowed: no file can be opened without.
        mask |= rights.SYNCHRONIZE
    inherit = options["inherit"]
    if not entry.is_directory:
        inherit = "None"
    elif inherit is None:
        inherit = "ContainerInherit, ObjectInherit"
    return Ace(
        sid,
        mask,
        options["type"],
        containers="ContainerInherit" in inherit,
        objects="ObjectInherit" in inherit,
        propagation=options["propagation"],
    )


def _demand(call: Call, entry: Entry) -> None:
    """The module enables the privileges that let an administrator change any list."""
    if call.who.is_administrator:
        return
    doing = "adding" if call.options["state"] == "present" else "removing"
    if not call.node.files.may(call.who, entry, rights.CHANGE_PERMISSIONS):
        raise ModuleFailure(
            f"an exception occurred when {doing} the specified rule - "
            f"{AccessDeniedError(entry.path)}"
        )


MODEL = Model(run, basic=False, check_since=(3, 7, 0))
