# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts of a play that share one key. A rotation replaces it on all of them, or on none."""

from __future__ import annotations

import typing as t

from . import connection
from .rotation import settings, step
from .variables import Variables

#: The states that are at least as far as a step.
_AS_FAR = {
    "ready": ("ready", "proven"),
    "proven": ("proven", "removed"),
    "removed": ("removed",),
    "back": ("back",),
}


def place(variables: Variables) -> t.Dict[str, str]:
    """The place of the key and the state of this host: the fact jwt_rotate_key__place.

    A vault returns its current key to each batch of the play. Under run_once, one host's fact is
    set for all.
    """
    chosen = settings(variables)
    if chosen["is_vault"]:
        current = variables.answer("jwt_rotate_key__old_secret", {}).get("fingerprint")
        key = f"vault:{current}" if current else ""
    else:
        key = f"{_key_host(variables)}:{chosen['key_path']}"
    reached = step(variables)
    return {
        "host": variables["inventory_hostname"],
        "key": key,
        "state": reached if reached in _AS_FAR else "begun",
    }


def _key_host(variables: Variables) -> str:
    return "localhost" if connection.is_local(variables) else connection.api_host(variables)


def _place_of(variables: Variables, host: str) -> t.Dict[str, str]:
    found = variables.of_host(host).answer("jwt_rotate_key__place", {})
    return found if isinstance(found, dict) else {}


def sharers(variables: Variables) -> t.List[str]:
    """The hosts of the play with the key in the same place, and this one."""
    own = variables["jwt_rotate_key__place"]["key"]
    hosts = variables["ansible_play_hosts_all"]
    found = [host for host in hosts if _place_of(variables, host).get("key") == own]
    if not settings(variables)["is_vault"]:
        found += _silent(variables, own)
    return sorted(found)


def _silent(variables: Variables, own: str) -> t.List[str]:
    """Hosts of later batches, and hosts that failed early: as their inventory says.

    A path that is set in the play is not in hostvars. It applies to all hosts, unless it contains
    the name of this host.
    """
    path = settings(variables)["key_path"]
    name = variables["inventory_hostname"]
    of_inventory = connection.key_path(variables.of_host(name)) == path
    found = []
    for host in variables["ansible_play_hosts_all"]:
        if _place_of(variables, host):
            continue
        other = variables.of_host(host)
        if of_inventory:
            theirs = connection.key_path(other)
        else:
            theirs = "" if name in path else path
        there = other.text("qlik_api_host") or "localhost"
        if f"{'localhost' if there in connection.CONTROLLER else there}:{theirs}" == own:
            found.append(host)
    return found


def laggards(variables: Variables) -> t.List[str]:
    """Those of them that have not come as far as this step."""
    as_far = _AS_FAR[variables["jwt_rotate_key__place"]["state"]]
    return [
        host for host in sharers(variables) if _place_of(variables, host).get("state") not in as_far
    ]


def faults(variables: Variables) -> t.List[str]:
    """Why this host cannot continue."""
    found = laggards(variables)
    if not found:
        return []
    path = settings(variables)["key_path"] or "The key in the vault"
    text = (
        f"{path} is the key of {', '.join(sharers(variables))}, and {', '.join(found)} has not "
        "come as far as this host. Rotate a key that several sites share on all of them in one "
        "play, without serial."
    )
    return [text]


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "place": place,
    "laggards": laggards,
    "faults": faults,
}
