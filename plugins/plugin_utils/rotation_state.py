# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of a rotation, and the steps that follow from it.

A rotation stores no state of its own. The keys in files and in a vault, and the certificates in the
virtual proxies, show how far an earlier run came. The functions here only use these values:

- ``settings``: what the variables ask for, see ``rotation.settings``;
- ``found``: what the tasks read, see ``rotation.found``.
"""

from __future__ import annotations

import typing as t

Json = t.Dict[str, t.Any]

#: What check mode leaves out: it changes no file and no vault, and does not log in.
_NOT_PREDICTED = ("verify_old", "store", "verify_new", "promote")


def state(settings: Json, found: Json) -> Json:
    """Which virtual proxies trust which key, before this run changes anything."""
    keys = _keys(settings, found)
    trust = _trust(settings, keys, found["site"])
    on_other = [one["prefix"] for one in trust.pop("others")]
    is_vault = settings["is_vault"]
    # A vault has one place. A key there that the site does not trust yet is of a rotation that was
    # interrupted before the site got it.
    is_behind = is_vault and bool(on_other)
    if is_vault:
        is_promoted = not on_other and keys["copy"] not in ("", keys["current"])
        continued = on_other
    else:
        is_promoted = keys["next"] == keys["current"]
        continued = trust["on_next"]
    targets = [one["prefix"] for one in trust["on_current"] + trust["on_next"]]
    targets += on_other if is_vault else []
    wanted = [settings["seconds"][prefix] for prefix in targets]
    wanted += [prefix for prefix in trust["seconds_on_next"] if prefix not in wanted]
    return {
        **keys,
        **trust,
        "on_other": on_other,
        "is_behind": is_behind,
        "is_promoted": is_promoted,
        "is_continued": bool(continued),
        "targets": targets,
        "seconds_wanted": wanted,
        **_site(
            found, is_behind, targets if is_vault else _prefixes(trust["on_current"]), on_other
        ),
    }


def _keys(settings: Json, found: Json) -> Json:
    """The keys by the fingerprints of their public keys; empty without a readable key."""
    prints = found["fingerprints"]
    copy = prints.get("key") or ""
    vault = (found["old_secret"] or {}).get("fingerprint") or ""
    return {
        "copy": copy,
        "next": prints.get("next") or "",
        "current": vault if settings["is_vault"] else copy,
    }


def _trust(settings: Json, keys: Json, site: Json) -> Json:
    """The virtual proxies with JWT by the key that they trust.

    A certificate that cannot be read has an empty fingerprint.
    """
    judged = {
        one["prefix"]: (one.get("certificate") or {}).get("fingerprint") or ""
        for one in site["judgements"]
    }
    every = [
        {
            "prefix": one["prefix"],
            "jwt_certificate": one["jwt_certificate"],
            "key": judged[one["prefix"]],
        }
        for one in site["virtual_proxies"]
        if one["prefix"] in judged and "jwt_certificate" in one
    ]
    current = keys["current"]
    candidate = "" if keys["next"] == current else keys["next"]
    first, second = settings["seconds"], settings["seconds"].values()

    def known(one: Json) -> bool:
        return one["key"] != "" and one["key"] in (current, candidate)

    def is_new(one: Json) -> bool:
        return candidate != "" and one["key"] == candidate

    there = [one for one in every if one["prefix"] in first]
    on_current = [one for one in there if current and one["key"] == current]
    return {
        "on_current": [_certificate(one) for one in on_current],
        "on_next": [_certificate(one) for one in there if is_new(one)],
        "others": [one for one in there if not known(one)],
        "seconds_on_next": _prefixes(
            one for one in every if one["prefix"] in second and is_new(one)
        ),
        # Those of an overlap in progress, also with other names.
        "beside_on_next": _prefixes(
            one for one in every if one["prefix"] not in first and is_new(one)
        ),
        "on_unknown": _prefixes(one for one in every if not known(one)),
        # Not described, and their clients are locked out without the old key, or could be.
        "strangers": _prefixes(
            one
            for one in every
            if one["jwt_certificate"] and one["key"] in ("", current) and one["prefix"] not in first
        ),
    }


def _certificate(one: Json) -> Json:
    return {"prefix": one["prefix"], "jwt_certificate": one["jwt_certificate"]}


def _prefixes(entries: t.Iterable[Json]) -> t.List[str]:
    return [one["prefix"] for one in entries]


def _site(
    found: Json, is_behind: bool, changing: t.Sequence[str], on_other: t.Sequence[str]
) -> Json:
    """All prefixes, the proxies that restart, and which trust a newer key than the vault's."""
    site = found["site"]
    restarting: t.Set[str] = set()
    for one in site["virtual_proxies"]:
        if one["prefix"] in changing:
            restarting.update(one.get("proxies") or [])
    since = (found["old_secret"] or {}).get("not_before") or "9"
    newer = [
        one["prefix"]
        for one in site["judgements"]
        if is_behind
        and one["prefix"] in on_other
        and ((one.get("certificate") or {}).get("not_before") or "") > since
    ]
    return {
        "existing": found["existing"],
        "prefixes": _prefixes(site["virtual_proxies"]),
        "restarting": sorted(restarting),
        "newer": newer,
    }


def steps(settings: Json, read: Json, *, predicts: bool = False) -> t.List[str]:
    """The steps of this run, in their order. ``predicts`` is check mode.

    ``verify_old``
        Log in with the old key.
    ``create``
        Create the new key beside the old one, or read it.
    ``ready``, ``proven``, ``removed``
        Compare with the hosts that have the same key.
    ``store``
        Store the new key in the vault.
    ``change``
        Give the new certificate to the virtual proxies, or create the second ones.
    ``verify_new``
        Log in with the new key.
    ``remove_first``
        Remove the first virtual proxies of an overlap.
    ``promote``
        Replace the old key in its place.
    """
    found = _METHODS[settings["method"]](settings, read)
    return [step for step in found if not (predicts and step in _NOT_PREDICTED)]


def _replace(settings: Json, read: Json) -> t.Iterator[str]:
    if not read["is_promoted"]:
        if not (read["is_continued"] or settings["is_forced"]):
            yield "verify_old"
        if not read["is_behind"]:
            yield "create"
        yield "ready"
        if settings["is_stored"] and not read["is_behind"]:
            yield "store"
        yield "change"
        yield "verify_new"
        yield "proven"
    yield "promote"


def _begin(settings: Json, read: Json) -> t.Iterator[str]:
    if not (read["seconds_on_next"] or settings["is_forced"]):
        yield "verify_old"
    yield "create"
    yield "ready"
    yield "change"
    yield "verify_new"


def _finish(_settings: Json, read: Json) -> t.Iterator[str]:
    if not read["next"]:
        return
    if not read["is_promoted"]:
        yield "verify_new"
        yield "proven"
        if read["on_current"]:
            yield "remove_first"
        yield "removed"
    yield "promote"


_METHODS: t.Dict[str, t.Callable[[Json, Json], t.Iterator[str]]] = {
    "replace": _replace,
    "begin": _begin,
    "finish": _finish,
}


def steps_back(settings: Json, read: Json, *, predicts: bool = False) -> t.List[str]:
    """The steps after a failure, in their order.

    None in check mode, which changed nothing, and for ``finish``, which the next run continues.

    ``read_old``
        Read the old key, and its certificate if an earlier run has replaced it on the site.
    ``restore``
        Give the old certificate back to the virtual proxies.
    ``remove_second``
        Remove the second virtual proxies that this run created.
    ``store_old``
        Store the old key in the vault.
    ``verify_old``
        Log in with the old key.
    ``remove_new``
        Remove the new key, unless another host or an earlier run needs it.
    """
    return [] if predicts or settings["method"] == "finish" else list(_back(settings, read))


def _back(settings: Json, read: Json) -> t.Iterator[str]:
    is_replaced = settings["method"] == "replace"
    if is_replaced and not settings["is_vault"]:
        yield "read_old"
    if is_replaced:
        yield "restore"
    elif second(read):
        yield "remove_second"
    if is_replaced and settings["is_stored"]:
        # Before the login, because clients need the old key as soon as the site trusts it.
        yield "store_old"
    if not settings["is_forced"]:
        yield "verify_old"
    if not settings["is_vault"] and (is_replaced or not read["seconds_on_next"]):
        yield "remove_new"


def second(read: Json) -> t.List[str]:
    """The second virtual proxies that do not exist with the new key yet."""
    return [one for one in read["seconds_wanted"] if one not in read["seconds_on_next"]]


def promotion(settings: Json, read: Json, new: str) -> t.List[str]:
    """The steps that replace the old key in its files. ``new`` is the fingerprint of the new key.

    The candidate is removed at the end, so that the next run continues after an interruption.
    """
    found = []
    if settings["keeps"] and (has_old(settings, read) or read["copy"] not in ("", new)):
        found.append("keep_previous")
    if settings["key_path"]:
        found.append("replace_key")
    if not settings["is_vault"]:
        if not read["is_promoted"] or "next_certificate" in read["existing"]:
            found.append("replace_certificate")
        found.append("remove_new")
    return found


def has_old(settings: Json, read: Json) -> bool:
    """Whether this run has the old key of a vault in memory."""
    return bool(settings["is_vault"] and not read["is_behind"] and not read["is_promoted"])
