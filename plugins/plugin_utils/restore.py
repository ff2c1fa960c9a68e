# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What jobs of AWX export for jwt_restore, and what jwt_restore restores.

AWX merges the artifacts of several jobs by name, in the order of the node ids and not of time. So
each host and each kind of job has its own name.
"""

from __future__ import annotations

import base64
import hashlib
import json
import typing as t

from .text_values import structured
from .variables import Variables

Json = t.Dict[str, t.Any]


def _host(variables: Variables) -> str:
    name = str(variables["inventory_hostname"])
    return hashlib.sha256(name.encode("utf-8")).hexdigest()[:16]


def before_name(variables: Variables) -> str:
    """The artifact with the previous state of the site."""
    return "jwt_restore_of_" + _host(variables)


def proof_name(variables: Variables, job: str) -> str:
    """The artifact with the proof of the logins by a kind of job."""
    return f"jwt_restore_{job}_of_{_host(variables)}"


def changed(variables: Variables) -> t.List[Json]:
    """What this job changed, also where it failed in the middle of it."""
    unfinished = variables.answer("jwt_virtual_proxy_outcome", {})
    if (unfinished.get("failure") or {}).get("done"):
        written = unfinished.get("before", [])
    else:
        written = variables.answer("jwt_virtual_proxy_result", {}).get("before", [])
    removed = variables.answer("jwt_remove_result", {}).get("before", [])
    prefixes = [one["prefix"] for one in written]
    return [*written, *(one for one in removed if one["prefix"] not in prefixes)]


def state(variables: Variables) -> Json:
    """The data of set_stats: the previous state of what this job changed."""
    text = json.dumps(changed(variables))
    coded = base64.b64encode(text.encode("utf-8")).decode("ascii")
    return {before_name(variables): {"host": variables["inventory_hostname"], "before": coded}}


def proof(variables: Variables, job: str, proven: t.Any) -> Json:
    """The data of set_stats: whether the logins were proven."""
    is_proven = proven is True or str(proven).lower() in ("true", "yes")
    host = variables["inventory_hostname"]
    return {proof_name(variables, job): {"host": host, "proven": is_proven}}


def is_proven(variables: Variables) -> bool:
    """Whether the logins were proven after the change.

    The proof of jwt_verify is newer. If it is missing, the proof of jwt_setup is valid only if
    jwt_setup failed on another site. Otherwise the job that failed is a later one, and it exported
    nothing because it was canceled or lost.
    """
    found = variables.answer(proof_name(variables, "verify"))
    if not found and variables.is_on("jwt_restore_set_up_failed"):
        found = variables.answer(proof_name(variables, "set_up"))
    proven = (found or {}).get("proven", False)
    return proven is True or str(proven).lower() in ("true", "yes")


def wanted(variables: Variables) -> t.List[Json]:
    """The states to restore."""
    given = structured(variables.answer("jwt_restore_before", []))
    if given:
        return list(given)
    note = variables.answer(before_name(variables), {})
    if is_proven(variables) or "before" not in note:
        return []
    return t.cast("t.List[Json]", json.loads(base64.b64decode(note["before"])))


#: Why there is nothing to restore, although the logins were not proven.
_NOTHING_EXPORTED = (
    "No earlier job exported a change of this site, and jwt_restore_before is not set. Nothing was "
    "restored. A job that is canceled, times out, or is lost exports nothing, even if it has "
    "changed the site. In that case, compare the virtual proxies of the site with the output of "
    "that job."
)


def why_not(variables: Variables) -> str:
    """Why nothing is restored."""
    if is_proven(variables):
        return "The logins of this site were proven. Its virtual proxies are not changed."
    return _NOTHING_EXPORTED


def result(variables: Variables) -> Json:
    """The fact jwt_restore_result."""
    outcome = variables.answer("jwt_restore__outcome", {})
    return {"changed": bool(outcome.get("changed")), "restored": len(wanted(variables))}


def not_proven(variables: Variables) -> str:
    """The failure after a change whose logins were not proven."""
    restored = len(wanted(variables))
    if not restored:
        return _NOTHING_EXPORTED
    return (
        "The logins were not proven after the change. Virtual proxies restored to their previous "
        f"state: {restored}."
    )


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "changed": changed,
    "state": state,
    "proof": proof,
    "is_proven": is_proven,
    "wanted": wanted,
    "why_not": why_not,
    "result": result,
    "not_proven": not_proven,
}
