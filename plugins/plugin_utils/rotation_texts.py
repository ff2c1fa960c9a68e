# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role jwt_rotate_key prints and returns."""

from __future__ import annotations

import typing as t

from .rotation import settings, state
from .rotation_keys import new_fingerprint
from .rotation_obstacles import is_current
from .variables import Variables

Json = t.Dict[str, t.Any]


def why(variables: Variables) -> str:
    """The messages of the task that failed, in a rescue."""
    failed = variables["ansible_failed_result"]
    results = failed.get("results") or [failed]
    return " ".join(str(one.get("msg") or "") for one in results if one.get("failed"))


def outcome(variables: Variables) -> str:
    """How the rotation ended without a rollback."""
    chosen, now = settings(variables), state(variables)
    if variables.is_on("ansible_check_mode"):
        return "predicted"
    if chosen["method"] == "begin":
        return "begun"
    if "promote" not in now["steps"]:
        return "nothing"
    return "finished" if _is_finished(now) else "rotated"


def _is_finished(now: Json) -> bool:
    """Whether an earlier run created the new key."""
    return bool(now["is_promoted"] or now["is_behind"])


def result(variables: Variables, ended: str = "") -> Json:
    """The fact jwt_rotate_key_result. ``ended`` is the outcome of a rollback."""
    chosen, now = settings(variables), state(variables)
    name = ended or outcome(variables)
    is_replaced = chosen["method"] == "replace"
    path = chosen["key_path"]
    is_old = name in ("rolled_back", "nothing") or not now["steps"]
    return {
        "outcome": name,
        "method": "replace" if is_replaced else "overlap",
        "virtual_proxies": now["targets"] if is_replaced else now["seconds_wanted"],
        "private_key_path": (path + ".next" if name == "begun" else path) or None,
        "fingerprint": now["current"] if is_old else new_fingerprint(variables),
        "previous_fingerprint": None if _is_finished(now) else now["current"],
        "proxies_restarted": _changed(variables).get("proxies_restarted") or [],
    }


def _changed(variables: Variables) -> Json:
    return dict(variables.answer("jwt_rotate_key__change", {}))


def unchanged(variables: Variables) -> str:
    """The described virtual proxies that trust a third key; empty without one."""
    others = [] if settings(variables)["is_vault"] else state(variables)["on_other"]
    if not others:
        return ""
    names = ", ".join(others)
    return f"Not changed, because they trust neither the current key nor the new one: {names}"


def summary(variables: Variables) -> str:
    """What the role has done, or would do."""
    chosen, now = settings(variables), state(variables)
    if chosen["method"] == "finish" and not now["next"]:
        return (
            f"Nothing to finish: there is no new key {chosen['key_path']}.next. Either the overlap "
            "is finished, or it has not begun."
        )
    predicts = variables.is_on("ansible_check_mode")
    texts = {"replace": _replaced, "begin": _begun, "finish": _finished}
    if predicts:
        texts = {"replace": _would_replace, "begin": _would_begin, "finish": _would_finish}
    return " ".join(texts[chosen["method"]](variables, chosen, now))


def _restarting(variables: Variables) -> str:
    names = ", ".join(_changed(variables).get("proxies_restarted") or [])
    return f"These proxies would restart: {names or 'none'}."


def _place(chosen: Json) -> str:
    return "the vault" if chosen["is_vault"] else str(chosen["key_path"])


def _would_replace(variables: Variables, chosen: Json, now: Json) -> t.Iterator[str]:
    if now["is_promoted"]:
        yield (
            "Check mode: the rotation that was interrupted would be finished; "
            f"{chosen['key_path']} would hold the key that is verified already."
        )
        return
    key = "the new key of the rotation that was interrupted" if now["is_continued"] else "a new key"
    yield (
        f"Check mode: {', '.join(now['targets'])} would trust {key}, a login would verify it, and "
        f"then {_place(chosen)} would hold it."
    )
    yield _restarting(variables)


def _would_begin(variables: Variables, chosen: Json, now: Json) -> t.Iterator[str]:
    yield (
        f"Check mode: {', '.join(now['seconds_wanted'])} would trust the new key "
        f"{chosen['key_path']}.next."
    )
    yield _restarting(variables)


def _would_finish(variables: Variables, chosen: Json, now: Json) -> t.Iterator[str]:
    removed = ", ".join(one["prefix"] for one in now["on_current"]) or "nothing else"
    yield (
        f"Check mode: a login through {', '.join(now['seconds_wanted'])} would verify the new key, "
        f"then {removed} would be removed, and {chosen['key_path']} would hold it."
    )
    yield _restarting(variables)


def _begun(_variables: Variables, chosen: Json, now: Json) -> t.Iterator[str]:
    yield (
        f"{', '.join(now['seconds_wanted'])} trusts the new key {chosen['key_path']}.next. Move "
        "the clients to the new address and the new key, then run this with jwt_rotate_key_phase: "
        "finish."
    )


def _replaced(variables: Variables, chosen: Json, now: Json) -> t.Iterator[str]:
    names = now["targets"] if chosen["method"] == "replace" else now["seconds_wanted"]
    yield (
        f"{', '.join(names)}: the new key, SHA-256 {new_fingerprint(variables)}, is verified and "
        f"{'in' if chosen['is_vault'] else 'at'} {_place(chosen)}."
    )
    if _is_finished(now):
        yield "An earlier run created it, and this run finished the rotation."


def _finished(variables: Variables, chosen: Json, now: Json) -> t.Iterator[str]:
    yield from _replaced(variables, chosen, now)
    pairs = chosen["seconds"].items()
    first = [one for one, second in pairs if second in now["seconds_wanted"]]
    yield (
        f"Describe {', '.join(now['seconds_wanted'])} in place of {', '.join(first)} in the "
        "variables; otherwise the next run of jwt_setup creates it again."
    )


def not_rolled_back(variables: Variables) -> str:
    """The failure of check mode, and of the phase finish."""
    cause = variables.text("jwt_rotate_key__cause")
    if variables.is_on("ansible_check_mode"):
        return f"Check mode, so nothing was changed: {cause}"
    return cause


def not_proven(variables: Variables) -> str:
    """The failure of a rotation that could not be rolled back."""
    chosen = settings(variables)
    text = f"The new key is not proven: {variables.text('jwt_rotate_key__cause')} "
    if chosen["method"] == "begin":
        return (
            f"{text}What was created for it could not all be removed: {why(variables)} The first "
            "virtual proxies trust the old key as before. The next run continues from the current "
            "state."
        )
    text += f"And the old one could not be put back: {why(variables)} "
    if not is_current(variables):
        return f"{text}The playbook jwt_verify verifies the current key."
    if chosen["is_vault"]:
        return (
            f"{text}The vault may hold the new key alone; when the site answers again, the next "
            "run sets the key of the vault in the site."
        )
    return (
        f"{text}Both keys are kept; when the site answers again, the next run continues from the "
        "key that the site then trusts."
    )


def rolled_back(variables: Variables) -> str:
    """The failure of a rotation that was rolled back."""
    chosen, now = settings(variables), state(variables)
    text = f"The new key is not proven: {variables.text('jwt_rotate_key__cause')} "
    if chosen["method"] == "begin":
        kept = "What an earlier run created for it still exists."
        removed = "What was created for it was removed."
        return (
            f"{text}{kept if now['seconds_on_next'] else removed} The first virtual proxies trust "
            "the old key as before."
        )
    if chosen["is_forced"]:
        return f"{text}The old one was put back, without a login because of jwt_rotate_key_force."
    return f"{text}The old one was put back, and logs in."


def cannot_begin(variables: Variables) -> str:
    """The failure of the login with the old key."""
    return (
        "Nothing was changed: the key in force does not log in, so the cause of a failure with the "
        f"new key would be unknown. {why(variables)} Fix that first, for example with the playbook "
        "jwt_verify, or rotate the key with jwt_rotate_key_force."
    )


def not_promoted(variables: Variables) -> str:
    """The failure to replace the old key in its files."""
    chosen = settings(variables)
    where = "in the vault" if chosen["is_vault"] else f"at {chosen['key_path']}.next"
    return (
        "The site trusts the new key, and a login has proven it, but it could not replace the old "
        f"one: {why(variables)} It is {where}. Fix the cause, and run this again; it does the rest."
    )


def not_complete(variables: Variables, *, is_hidden: t.Any = False) -> str:
    """The failure of the role jwt_keypair after the rotation."""
    hidden = is_hidden is True or str(is_hidden).lower() in ("true", "yes")
    reason = "the output of the run says why." if hidden else why(variables)
    again = "this again; it does the rest"
    if settings(variables)["is_vault"]:
        again = "jwt_setup; another rotation is not needed"
    return (
        "The key is rotated, and a login has proven it, but not all that goes with it is done: "
        f"{reason} Fix that, and run {again}."
    )


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "why": why,
    "result": result,
    "unchanged": unchanged,
    "summary": summary,
    "not_rolled_back": not_rolled_back,
    "not_proven": not_proven,
    "rolled_back": rolled_back,
    "cannot_begin": cannot_begin,
    "not_promoted": not_promoted,
    "not_complete": not_complete,
}
