# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts that share a key file. Two of them must not create it at the same time."""

from __future__ import annotations

import os
import typing as t

from .connection import address, is_local, key_path
from .variables import Variables

ONE_BY_ONE, TOGETHER = 1, 0


def site(variables: Variables) -> t.Dict[str, t.Any]:
    """The fact qrs_connection_site, by which the hosts of a play know each other.

    The variables of the inventory are not sufficient, because qlik_host can be set in the play.
    """
    return {
        "address": address(variables),
        # Under run_once, the one host's fact is given to all.
        "host": variables["inventory_hostname"],
        "key": _key(variables),
    }


def _key(variables: Variables) -> str:
    """The file of the private key, wherever links lead; empty if it is not known."""
    try:
        path = key_path(variables)
    except Exception:
        # Ansible's errors. The role that needs the variable reports them.
        return ""
    return os.path.realpath(os.path.expanduser(path)) if path else ""


def throttle(variables: Variables) -> int:
    """How many hosts ensure their key pairs at the same time: one, or all.

    Ansible evaluates it outside of a task, where a failure would end the run for all hosts.
    """
    try:
        return ONE_BY_ONE if _may_be_shared(variables) else TOGETHER
    except Exception:
        return ONE_BY_ONE


def _may_be_shared(variables: Variables) -> bool:
    if not is_local(variables):
        # Links on another host are not known here.
        return True
    own, host = _key(variables), variables["inventory_hostname"]
    keys = {name: _key_of_site(variables, name) for name in variables["ansible_play_batch"]}
    # Other roles and loops let this role run for other keys than that of the fact.
    is_other = keys.pop(host) != own
    # A vault is shared by tasks that are not known here.
    is_stored = variables.answer("jwt_keypair_store_tasks") is not None
    return is_other or is_stored or own == "" or "" in keys.values() or own in keys.values()


def _key_of_site(variables: Variables, host: str) -> str:
    return str(variables.of_host(host).answer("qrs_connection_site", {}).get("key", ""))


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {"site": site, "throttle": throttle}
