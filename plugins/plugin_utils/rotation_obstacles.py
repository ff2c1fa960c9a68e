# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a rotation cannot begin, continue, or be rolled back, given the site and the keys."""

from __future__ import annotations

import typing as t

from . import virtual_proxy
from .rotation import settings, state
from .rotation_hosts import sharers
from .rotation_keys import new_pair
from .rotation_state import second
from .variables import Variables

Json = t.Dict[str, t.Any]


def faults(variables: Variables) -> t.List[str]:
    """Why the rotation cannot begin on this site, with these keys. Nothing was changed yet."""
    chosen, now = settings(variables), state(variables)
    for check in (_untrusted, _current, _shared, _unreadable, _nothing):
        found = list(check(variables, chosen, now))
        if found:
            return found
    checks = {"replace": _replace, "begin": _begin, "finish": _finish}
    return list(checks[chosen["method"]](variables, chosen, now))


def _files(variables: Variables) -> t.List[Json]:
    return list(variables["jwt_rotate_key__files"].get("results") or [])


def _untrusted(variables: Variables, _chosen: Json, _now: Json) -> t.Iterator[str]:
    for one in _files(variables):
        if (one.get("failure") or {}).get("untrusted"):
            yield str(one["msg"])


def _current(variables: Variables, chosen: Json, now: Json) -> t.Iterator[str]:
    if now["current"]:
        return
    if chosen["is_vault"]:
        reason = variables.answer("jwt_rotate_key__old_secret", {}).get("msg")
        yield (
            "jwt_keypair_private_key_content: the value from the vault cannot be used "
            f"({reason or 'it contains no private key'})."
        )
    elif "key" not in now["existing"]:
        yield (
            f"jwt_keypair_private_key_path: there is no key {chosen['key_path']} on "
            f"{variables['qrs_connection_api_host']} to rotate. Run jwt_setup, or set the path of "
            "the current key."
        )
    else:
        yield "jwt_keypair_private_key_path: " + _reasons(variables)


def _reasons(variables: Variables) -> str:
    return " ".join(str(one["msg"]) for one in _files(variables) if "msg" in one)


def _shared(variables: Variables, chosen: Json, _now: Json) -> t.Iterator[str]:
    if not chosen["is_vault"]:
        return
    hosts = sharers(variables)
    # Under run_once, one host's fact is set for all.
    own = {variables.of_host(host)["jwt_rotate_key__place"]["host"] for host in hosts}
    if len(own) > 1:
        yield (
            f"jwt_keypair_private_key_content: the vault has one key for {', '.join(hosts)}, and "
            "each of them would store another new one there. Give each site its own place in the "
            "vault, or rotate them with serial: 1. Then the first one stores the new key, and the "
            "others use it."
        )


def _unreadable(variables: Variables, chosen: Json, now: Json) -> t.Iterator[str]:
    if "next" in now["existing"] and not now["next"] and now["on_unknown"]:
        yield (
            f"{chosen['key_path']}.next is the new key of a rotation that was interrupted, and "
            f"cannot be read ({_reasons(variables)}), but {', '.join(now['on_unknown'])} may trust "
            "it. Set its passphrase as jwt_keypair_passphrase, or remove the file if nothing "
            "trusts it."
        )


def _nothing(_variables: Variables, chosen: Json, now: Json) -> t.Iterator[str]:
    if now["targets"] or now["is_promoted"] or chosen["method"] == "finish":
        return
    key = "the key in the vault" if chosen["is_vault"] else f"the key {chosen['key_path']}"
    yield (
        f"No described virtual proxy with JWT on this site ({', '.join(chosen['seconds'])}) trusts "
        f"{key}, so there is nothing to rotate and nothing was done. Run jwt_setup, or set the "
        "current key."
    )


def _replace(variables: Variables, chosen: Json, now: Json) -> t.Iterator[str]:
    if now["is_promoted"]:
        return
    if not now["is_behind"]:
        yield from _strangers(chosen, now)
    elif not new_pair(variables).get("certificate"):
        yield (
            "jwt_keypair_private_key_content: the vault has a key that the site does not trust "
            "yet, without its certificate. Let jwt_keypair_store_tasks store "
            "jwt_keypair_new.content, which contains both."
        )
    if now["newer"] and not chosen["is_forced"]:
        yield (
            "jwt_keypair_private_key_content: the certificate of the key in the vault is older "
            f"than the one that {', '.join(now['newer'])} trusts, so it is not the new key of a "
            "rotation. Use the current key, or run jwt_setup if the site should trust the key in "
            "the vault."
        )
    if now["beside_on_next"]:
        yield (
            f"jwt_rotate_key_method: {', '.join(now['beside_on_next'])} trusts the new key, so an "
            "overlap is under way. Finish it with jwt_rotate_key_method: overlap and "
            "jwt_rotate_key_phase: finish. If a run with replace was interrupted, describe the "
            "same virtual proxies as in that run."
        )
    yield from _restart(variables, now)


def _begin(variables: Variables, chosen: Json, now: Json) -> t.Iterator[str]:
    if now["is_promoted"] or now["on_next"]:
        yield (
            "jwt_rotate_key_method: a rotation with replace was interrupted. Finish it with "
            "replace before you begin an overlap."
        )
    occupied = [one for one in second(now) if one in now["prefixes"]]
    if occupied:
        yield (
            f"jwt_rotate_key_next_prefix: there is a virtual proxy {', '.join(occupied)} already, "
            f"which does not trust {chosen['key_path']}.next. Set another prefix, or remove it."
        )
    yield from _other_seconds(chosen, now)
    yield from _restart(variables, now)


def _finish(variables: Variables, chosen: Json, now: Json) -> t.Iterator[str]:
    if not now["next"]:
        orphans = [one for one in now["on_unknown"] if one in chosen["seconds"].values()]
        if orphans:
            yield (
                f"{', '.join(orphans)} does not trust {chosen['key_path']}, and the new key "
                f"{chosen['key_path']}.next does not exist. Restore that file, or remove the "
                "virtual proxy with jwt_remove."
            )
        return
    if now["is_promoted"]:
        return
    other = list(_other_seconds(chosen, now))
    yield from other
    missing = second(now)
    if missing and not other:
        yield (
            f"jwt_rotate_key_phase: no virtual proxy {', '.join(missing)} trusts "
            f"{chosen['key_path']}.next. Run jwt_rotate_key_phase: begin first."
        )
    yield from _strangers(chosen, now)
    yield from _restart(variables, now)


def _strangers(chosen: Json, now: Json) -> t.Iterator[str]:
    if now["strangers"] and not chosen["keeps"]:
        yield (
            f"{', '.join(now['strangers'])}: not described, but trusts the key, too, or a key that "
            "cannot be read. It would accept no token without the old key. Describe it as well, or "
            "keep the old key with jwt_rotate_key_keep_previous."
        )


def _other_seconds(chosen: Json, now: Json) -> t.Iterator[str]:
    """Virtual proxies that trust the new key with other names than this run gives."""
    seconds = chosen["seconds"].values()
    if any(one not in seconds for one in now["beside_on_next"]):
        yield (
            f"jwt_rotate_key_next_prefix: {', '.join(now['beside_on_next'])} trusts the new key, "
            "so the overlap began with another prefix. Set the same prefix in both phases."
        )


def _restart(variables: Variables, now: Json) -> t.Iterator[str]:
    allowed = virtual_proxy.given(variables).get("allow_restart", True)
    is_allowed = str(allowed).strip().lower() in ("true", "yes", "on", "1", "y", "t")
    if now["restarting"] and not is_allowed:
        yield (
            f"jwt_virtual_proxy_allow_restart: a rotation restarts {', '.join(now['restarting'])}, "
            "which ends the sessions there, and false does not allow that. Nothing was changed."
        )


def new_key(variables: Variables) -> t.List[str]:
    """Why the new key cannot be used. Its task is hidden."""
    found = variables.answer("jwt_rotate_key__new_secret", {})
    if found.get("skipped") or found.get("fingerprint"):
        return []
    what = "created" if settings(variables)["is_vault"] else "read"
    return [f"The new key could not be {what}: {found.get('msg') or ''} Nothing trusts it."]


def way_back(variables: Variables) -> t.List[str]:
    """Why the old key cannot be restored."""
    return list(_way_back(variables))[:1]


def _way_back(variables: Variables) -> t.Iterator[str]:
    chosen, now = settings(variables), state(variables)
    if now["is_behind"]:
        yield "The vault no longer has the old key, so a rollback is not possible."
    if chosen["is_vault"] or chosen["method"] != "replace":
        return
    if not is_current(variables):
        yield (
            f"{chosen['key_path']} holds another key by now, so another run has rotated it "
            "meanwhile. The virtual proxies were not changed back."
        )
    results = variables["jwt_rotate_key__old"]["results"]
    if now["on_next"] and results[1].get("fingerprint") != now["current"]:
        yield (
            f"{chosen['certificate_path']} is not the certificate of {chosen['key_path']}, so a "
            "rollback is not possible."
        )


def is_current(variables: Variables) -> bool:
    """Whether the file of the key still has the old key, as far as it could be read."""
    results = variables.answer("jwt_rotate_key__old", {}).get("results") or [{}]
    found = results[0].get("fingerprint") or state(variables)["current"]
    return bool(found == state(variables)["current"])


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "faults": faults,
    "new_key": new_key,
    "way_back": way_back,
}
