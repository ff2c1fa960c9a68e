# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The virtual proxies and the logins of a rotation."""

from __future__ import annotations

import typing as t

from . import keypair, rotation_state, verify, virtual_proxy
from .rotation import settings, state, step
from .rotation_keys import new_pair
from .variables import Variables

#: A login takes one of a user's five sessions for minutes. A connection to the engine proves
#: nothing about a key, and would fail where that many logins came together.
_CHECKS = ("session", "identity", "negative")
#: Options of a login that a rotation replaces.
_REPLACED = (
    "token",
    "private_key_path",
    "private_key_content",
    "private_key_passphrase",
    "private_key_owner",
    "expect",
)
#: Seconds. A proxy restarts after a change.
_WAIT = 120

Json = t.Dict[str, t.Any]


def virtual_proxies(variables: Variables) -> t.List[Json]:
    """The entries of qlik_virtual_proxies for this step."""
    now = state(variables)
    name = step(variables)
    if name == "remove_first":
        return [{"prefix": one["prefix"], "state": "absent"} for one in now["on_current"]]
    if name == "remove_second":
        return [{"prefix": one, "state": "absent"} for one in rotation_state.second(now)]
    if name == "restore":
        old = list(now["on_current"])
        for one in now["on_next"]:
            certificate = variables["jwt_rotate_key__old"]["results"][1]["certificate"]
            old.append({"prefix": one["prefix"], "jwt_certificate": certificate})
        return old
    if settings(variables)["method"] == "begin":
        return second_entries(variables)
    certificate = new_pair(variables)["certificate"]
    return [{"prefix": one, "jwt_certificate": certificate} for one in now["targets"]]


def second_entries(variables: Variables) -> t.List[Json]:
    """The second virtual proxies: copies of the first ones with the new certificate.

    One that exists keeps other changes. The tag by which the role jwt_virtual_proxy removes what is
    not described is not copied.
    """
    now = state(variables)
    seconds = settings(variables)["seconds"]
    certificate = new_pair(variables)["certificate"]
    first = [one["prefix"] for one in now["on_current"]]
    tag = variables.text("jwt_virtual_proxy_prune_tag")
    found = []
    for one in variables["jwt_rotate_key__site"]["virtual_proxies"]:
        if one["prefix"] not in first:
            continue
        prefix = seconds[one["prefix"]]
        own = {"prefix": prefix, "jwt_certificate": certificate}
        if prefix in now["seconds_on_next"]:
            found.append({**own, "proxies": one["proxies"]})
            continue
        copied = {
            name: value
            for name, value in one.items()
            if name not in ("id", "session_cookie_header_name")
        }
        tags = [name for name in one.get("tags") or [] if name != tag]
        found.append({**copied, **own, "tags": tags, "tags_mode": "replace"})
    return found


def allow_restart(variables: Variables) -> t.Any:
    """Whether a proxy may restart. It must on the way back, because it did before."""
    if step(variables) in ("restore", "remove_second"):
        return True
    return virtual_proxy.given(variables).get("allow_restart", True)


def retries(variables: Variables) -> int:
    """How often a write is tried again. On the way back, the site has failed before."""
    return 2 if step(variables) in ("restore", "remove_second") else 0


def logins(variables: Variables) -> t.List[Json]:
    """The logins of this step, as the role jwt_verify describes them."""
    chosen, now = settings(variables), state(variables)
    described = verify.described(variables)
    if step(variables) == "verify_old" or chosen["method"] == "replace":
        return [one for one in described if one["prefix"] in now["targets"]]
    second = [{**one, "prefix": chosen["seconds"][one["prefix"]]} for one in described]
    return [one for one in second if one["prefix"] in now["seconds_wanted"]]


def login(variables: Variables) -> Json:
    """The options of these logins, with the old or the new key."""
    given = verify.given(variables)
    found = {name: value for name, value in given.items() if name not in _REPLACED}
    found["wait"] = given.get("wait", _WAIT)
    found["checks"] = given.get("checks", list(_CHECKS))
    if given.get("fail_on") == "never":
        found["fail_on"] = "error"
    return {**found, **_login_key(variables)}


def _login_key(variables: Variables) -> Json:
    chosen = settings(variables)
    is_old = step(variables) == "verify_old"
    if chosen["is_vault"]:
        pair = variables["jwt_rotate_key__old_secret"] if is_old else new_pair(variables)
        return {"private_key_content": pair["private_key"]}
    found = {"private_key_path": chosen["key_path"] + ("" if is_old else ".next")}
    given = keypair.given(variables)
    for name in ("passphrase", "owner"):
        if name in given:
            found["private_key_" + name] = given[name]
    return found


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "entries": virtual_proxies,
    "allow_restart": allow_restart,
    "retries": retries,
    "logins": logins,
    "login": login,
}
