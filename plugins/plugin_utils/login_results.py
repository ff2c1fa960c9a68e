# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came out of the logins of the role jwt_verify."""

from __future__ import annotations

import typing as t

from .variables import Variables
from .verify import skipped, urls

Json = t.Dict[str, t.Any]
Results = t.Sequence[t.Mapping[str, t.Any]]

#: What the module returns and other roles may read, and the message when it failed.
RETURNED = ("ok", "verdict", "findings", "steps", "claims", "user", "session_cookie_name", "msg")
#: The most severe comes first.
STATUSES = ("failed", "not_probed", "warning", "ok")
UNJUDGED: Json = {
    "ok": None,
    "verdict": None,
    "findings": [],
    "steps": [],
    "user": None,
    "session_cookie_name": None,
    "msg": "",
}


def logins(results: Results) -> t.List[Json]:
    """One for each login that was tried: where, and what came out."""
    return [
        {**one["jwt_verify__target"], **{name: one[name] for name in RETURNED if name in one}}
        for one in results
        if "jwt_verify__target" in one
    ]


def status(login: Json) -> str:
    """What a report says about a login."""
    if "verdict" not in login:
        return "not_probed"
    if not login.get("ok") or "msg" in login:
        return "failed"
    warned = any(finding["level"] == "warning" for finding in login.get("findings", []))
    return "warning" if warned else "ok"


def ranked(results: Results) -> t.List[Json]:
    """The logins with their status, as the report needs them.

    They do not contain the claims, because those can have more personal data than a report needs.
    """
    found = [{**UNJUDGED, **login, "status": status(login)} for login in logins(results)]
    for login in found:
        login.pop("claims", None)
    return sorted(found, key=lambda login: STATUSES.index(login["status"]))


def result(variables: Variables, outcome: Json, key: t.Optional[Json] = None) -> Json:
    """The fact jwt_verify_result."""
    return {
        "ok": not outcome.get("failed", False),
        "skipped": skipped(variables, key),
        "logins": logins(outcome.get("results", [])),
    }


def unproven(variables: Variables) -> Json:
    """What the report over all hosts has from this one before its logins."""
    return {
        # Under run_once, the one host's fact is given to all.
        "host": variables["inventory_hostname"],
        "status": "not_probed",
        "ended": None,
        "reason": "The role failed on this host before its logins. The output of the run says why.",
        "logins": [],
    }


def proof(variables: Variables, outcome: Json, ended: str) -> Json:
    """The same after the logins."""
    tried = ranked(outcome.get("results", []))
    status = tried[0]["status"] if tried else "not_probed"
    return {
        **unproven(variables), "status": status, "ended": ended, "reason": "", "logins": tried,
    }  # fmt: skip


def failure(variables: Variables, outcome: Json) -> str:
    """The message about the failed logins."""
    results = outcome.get("results", [])
    failed = [one for one in results if one.get("failed")]
    if not urls(variables):
        return str((failed or [outcome])[0].get("msg", ""))
    each = [
        f"Through '{one['jwt_verify__target']['prefix']}' at {one['jwt_verify__target']['url']}: "
        f"{one.get('msg', '')}"
        for one in failed
        if "jwt_verify__target" in one
    ]
    return f"{len(failed)} of {len(results)} logins failed. {' '.join(each)}"


def sentences(variables: Variables) -> t.List[str]:
    """Who logged in, of the fact jwt_verify_result, and what check mode skipped."""
    found = variables.answer("jwt_verify_result", {})
    several = urls(variables)
    lines = []
    for login in found.get("logins", []):
        where = f" at {login['url']}" if several else ""
        user = login.get("user") or {}
        name = f", {user['directory']}\\{user['id']}" if user else ""
        lines.append(f"Login through '{login['prefix']}'{where}: {login.get('verdict')}{name}")
    lines += [
        f"Check mode: the login through '{prefix}' is skipped. It can be judged when the key pair "
        "and the virtual proxy are as this run predicts them."
        for prefix in found.get("skipped", [])
    ]
    return lines


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "result": result,
    "unproven": unproven,
    "proof": proof,
    "failure": failure,
    "sentences": sentences,
}
