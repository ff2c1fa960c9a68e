# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes, in the words of people, and what went."""

from __future__ import annotations

import typing as t

from . import connection
from .removal import files_on_node, misspelled, prefixes, registered, user
from .text_values import texts
from .variables import Variables

Json = t.Dict[str, t.Any]


def serving(dummy: Variables, foreseen: Json) -> t.List[str]:
    """The nodes whose proxies serve one of the virtual proxies. Each of them restarts."""
    return sorted(foreseen["proxies_restarted"])


def closes_http(variables: Variables, foreseen: Json) -> bool:
    """Whether plain HTTP is disabled."""
    return variables.is_on("jwt_remove_allow_http") and bool(serving(variables, foreseen))


def sentence(
    variables: Variables, foreseen: Json, foreseen_user: Json, on_node: Json, checked: Json
) -> str:
    """What goes, in the order in which it does; empty if nothing does."""
    nodes = ", ".join(serving(variables, foreseen))
    parts = [f"plain HTTP of the proxies on {nodes}"] if closes_http(variables, foreseen) else []
    found = [one["prefix"] for one in foreseen["before"]]
    if found:
        parts.append(f"the virtual proxies {', '.join(found)} {_served(variables, foreseen)}")
    account = user(variables)
    if account and (foreseen_user.get("before") or {}).get("entity"):
        parts.append(f"the user {account['directory']}\\{account['id']}")
    host = variables["inventory_hostname"]
    for paths, place in (
        (on_node.get("there", []), host),
        (checked.get("removed", []), connection.api_host(variables)),
    ):
        parts += [f"the files {', '.join(paths)} on {place}"] if paths else []
    return "; ".join(parts)


def _served(variables: Variables, foreseen: Json) -> str:
    nodes = serving(variables, foreseen)
    if not nodes:
        return "(served by no proxy, so no session ends)"
    known = foreseen.get("sessions_ending") or {}
    counts = (known.get(node) for node in nodes)
    numbers = ["an unknown number" if count is None else str(count) for count in counts]
    sessions = ", ".join(f"{number} on {node}" for number, node in zip(numbers, nodes))
    return (
        f"(served by the proxies on {', '.join(nodes)}, which restart and end the sessions of "
        f"everybody on them: {sessions})"
    )


def unconfirmed(variables: Variables, all_of_it: str) -> str:
    """The sentence about prefixes that are not confirmed; empty if all are, and in check mode."""
    wanted = prefixes(variables)
    confirmed = texts(variables.answer("jwt_remove_confirm", []))
    if variables.is_on("ansible_check_mode") or all(one in confirmed for one in wanted):
        return ""
    goes = f", to remove: {all_of_it}" if all_of_it else "; the named objects do not exist"
    return f"jwt_remove_confirm: give {', '.join(wanted)} there as well{goes}. Nothing was removed."


def announcement(variables: Variables, all_of_it: str, on_node: Json, checked: Json) -> str:
    """What the role prints before it removes anything."""
    verb = "Would remove" if variables.is_on("ansible_check_mode") else "Removes"
    said = (
        f"{verb}: {all_of_it}"
        if all_of_it
        else "Nothing to remove: the named objects do not exist."
    )
    missing = [*checked.get("missing", []), *on_node.get("missing", [])]
    return f"{said} Files that do not exist: {', '.join(missing)}." if missing else said


def gone_on_node(dummy: Variables, outcome: Json) -> t.List[str]:
    """The files that were deleted on the node."""
    return [one["jwt_remove__path"] for one in outcome.get("results", []) if one.get("changed")]


def result(
    variables: Variables,
    site: Json,
    outcome: Json,
    services: Json,
    user_outcome: Json,
    on_node: Json,
    files: Json,
) -> Json:
    """The fact jwt_remove_result, also where a task failed in the middle of it.

    A write that did nothing leaves nothing to restore.
    """
    before = outcome.get("before", [])
    if outcome.get("failed") and not (outcome.get("failure") or {}).get("done"):
        before = []
    removed, on_windows = files.get("removed", []), gone_on_node(variables, on_node)
    outcomes = (outcome, services, user_outcome)
    account = user(variables)
    return {
        "changed": any(one.get("changed") for one in outcomes)
        or bool(removed or on_windows or before),
        "virtual_proxies": outcome.get("virtual_proxies", []),
        "before": before,
        "proxies_restarted": outcome.get("proxies_restarted", {}),
        "proxy_services": services.get("proxy_services", []),
        "user": (
            {"directory": account["directory"], "id": account["id"]}
            if user_outcome.get("changed")
            else None
        ),
        "key_files": removed,
        "windows_key_files": on_windows,
        "warnings": misspelled(variables, site),
    }


def left_on_node(variables: Variables, there: t.Iterable[str], outcome: Json) -> t.List[str]:
    """The sentence about files that could not be deleted, because the connection broke off."""
    gone = gone_on_node(variables, outcome)
    left = [path for path in there if path not in gone]
    if not left:
        return []
    host = variables["inventory_hostname"]
    sentence = (
        f"{', '.join(left)} could not be deleted on {host}, which cannot be reached any more. Run "
        "this again."
    )
    return [sentence]


def _on_node(variables: Variables) -> Json:
    return files_on_node(variables, registered(variables, "windows_read"))


def _all(variables: Variables) -> str:
    return sentence(
        variables,
        registered(variables, "foreseen"),
        registered(variables, "foreseen_user"),
        _on_node(variables),
        registered(variables, "checked"),
    )


def _result(variables: Variables) -> Json:
    names = ("site", "outcome", "services", "user_outcome", "windows_outcome", "files_outcome")
    return result(variables, *(registered(variables, name) for name in names))


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "closes_http": lambda v: closes_http(v, registered(v, "foreseen")),
    "serving": lambda v: serving(v, registered(v, "foreseen")),
    "unconfirmed": lambda v: unconfirmed(v, _all(v)),
    "announcement": lambda v: announcement(v, _all(v), _on_node(v), registered(v, "checked")),
    "left_on_node": lambda v: left_on_node(
        v, _on_node(v)["there"], registered(v, "windows_outcome")
    ),
    "result": _result,
}
