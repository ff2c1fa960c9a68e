# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which certificate store a task means, and whether the user may open it."""

from __future__ import annotations

from ..model.stores import MACHINE, SERVICE, USER, StoreId, store_name
from .base import Call, ModuleFailure


def system_store(call: Call, location: str, name: str) -> StoreId | None:
    """A store of the machine or of the user; None when there is none of this name."""
    holder = call.who.account.sid if location == USER else ""
    store = StoreId(location, holder, store_name(name) or name)
    exists = store_name(name) is not None or call.node.stores.certificates(store)
    return store if exists else None


def chosen_store(call: Call) -> StoreId:
    """The store that win_certificate_store is to open; ModuleFailure as it words it."""
    options = call.options
    location = options["store_location"]
    if options["store_type"] == "service":
        services = {service.name.lower(): service.name for service in call.node.services}
        if location.lower() not in services:
            raise ModuleFailure(
                f"value of store_location '{location}' is not a valid windows service"
            )
        known = store_name(options["store_name"])
        store = StoreId(SERVICE, services[location.lower()], known) if known else None
    else:
        if location.lower() not in (MACHINE.lower(), USER.lower()):
            raise ModuleFailure(
                f"value of store_location must be one of: {USER}, {MACHINE}. "
                f"Got no match for: {location}"
            )
        location = {MACHINE.lower(): MACHINE, USER.lower(): USER}[location.lower()]
        store = system_store(call, location, options["store_name"])
    if store is None:
        raise ModuleFailure(
            f"unable to find store '{options['store_name']}': (CertOpenStore failed "
            "(The system cannot find the file specified, Win32ErrorCode 2 - 0x00000002))"
        )
    writes = options["state"] != "exported"
    if not call.who.is_administrator and (
        store.location == SERVICE or (writes and store.location == MACHINE)
    ):
        raise ModuleFailure(
            "unable to open the store with the current permissions: (CertOpenStore failed "
            "(Access is denied, Win32ErrorCode 5 - 0x00000005))"
        )
    return store
