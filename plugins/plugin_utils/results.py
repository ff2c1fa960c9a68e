# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of the sites of a run: the summary, and the reason of each failure."""

from __future__ import annotations

import typing as t

from . import login_results
from .variables import Variables

Json = t.Dict[str, t.Any]

#: The facts that roles leave.
RESULTS = (
    "jwt_keypair_result",
    "jwt_virtual_proxy_result",
    "jwt_verify_result",
    "jwt_rotate_key_result",
    "jwt_remove_result",
    "jwt_report_result",
    "jwt_restore_result",
    "jwt_export_result",
    "conformance_result",
)


def reason(dummy: Variables, result: Json, name: str, hidden: t.Any = False) -> str:
    """The message of a task that failed. Of a loop it is that of the first item that failed.

    A rescue sees what no_log hides, so of a hidden task nothing is repeated.
    """
    failed = [one for one in result.get("results", []) if one.get("failed")]
    message = str((failed or [result])[0].get("msg") or "").strip()
    is_hidden = hidden is True or str(hidden).lower() in ("true", "yes")
    if message and not is_hidden:
        return message
    return f'The task "{name}" failed. The output of the run says why.'


def failures(variables: Variables) -> t.List[Json]:
    """The hosts that failed, with the reason. Under run_once, all hosts have the one's fact."""
    found: t.List[Json] = []
    for host in variables["ansible_play_hosts_all"]:
        failure = variables.of_host(host).answer("site_results_failure")
        if failure and failure not in found:
            found.append(failure)
    return found


def lost(variables: Variables) -> t.List[str]:
    """The hosts whose connection broke off. They are in no play any more."""
    failed = [failure["host"] for failure in failures(variables)]
    there = variables["ansible_play_hosts"]
    every = variables["ansible_play_hosts_all"]
    return [host for host in every if host not in there and host not in failed]


def is_incomplete(variables: Variables) -> bool:
    """Whether a host failed or was lost."""
    return bool(failures(variables) or lost(variables))


def done(variables: Variables) -> t.List[str]:
    """The other hosts, in the order of the inventory."""
    others = [*(failure["host"] for failure in failures(variables)), *lost(variables)]
    return [host for host in variables["ansible_play_hosts_all"] if host not in others]


def summary(variables: Variables) -> t.List[str]:
    """The lines of the summary."""
    finished, every = done(variables), variables["ansible_play_hosts_all"]
    names = f": {', '.join(finished)}" if finished else ""
    lines = [f"{len(finished)} of {len(every)} sites done{names}"]
    for host in finished:
        lines += [f"{host}: {line}" for line in _of_host(variables, host)]
    lines += [f"{failure['host']} failed: {failure['msg']}" for failure in failures(variables)]
    lines += [f"{host} was lost. The output of the run says why." for host in lost(variables)]
    for host in finished:
        result = variables.of_host(host).answer("jwt_remove_result", {})
        lines += [f"WARNING: {warning}" for warning in result.get("warnings", [])]
    idle = [
        host for host in finished if not any(name in variables.of_host(host) for name in RESULTS)
    ]
    if idle:
        lines.append(
            f"WARNING: no role that leaves a result has run on {', '.join(idle)}. Which ones run, "
            "tags of the run choose."
        )
    return lines


def _of_host(variables: Variables, host: str) -> t.Iterator[str]:
    own = variables.of_host(host)
    predicts = variables.is_on("ansible_check_mode")
    results = [own.answer(name, {}) for name in RESULTS]
    if any(result.get("changed") for result in results):
        yield "would change" if predicts else "changed"
    elif any("changed" in result for result in results):
        yield "would not change" if predicts else "not changed"
    for result in results:
        yield from _restarts(result, predicts)
    yield from login_results.sentences(own)


def _restarts(result: Json, predicts: bool) -> t.Iterator[str]:
    ending = result.get("sessions_ending") or {}
    restarts = result.get("proxies_restarted") or {}
    for node, count in restarts.items() if isinstance(restarts, dict) else ():
        times = "" if count == 1 else f" {count} times"
        if not predicts:
            yield f"restarted the proxy of {node}{times}"
        elif ending.get(node) is None:
            yield f"would restart the proxy of {node}{times}, which ends its sessions"
        else:
            yield f"would restart the proxy of {node}{times}, which ends {ending[node]} sessions"


def writes_reports(variables: Variables, playbook: str) -> bool:
    """Whether the last play writes the reports of the logins.

    The role jwt_verify writes them, too. It does not know of hosts that failed before it, and the
    playbook jwt_setup leaves all of it to the last play.
    """
    hosts = [variables.of_host(host) for host in variables["ansible_play_hosts_all"]]
    name = "jwt_verify_report_directory"
    if not is_selected(variables, "jwt_verify") or not any(map_answers(variables, hosts, name)):
        return False
    silent = (one for one in hosts if "site_results_failure" in one)
    return playbook == "jwt_setup" or any("jwt_verify__proof" not in one for one in silent)


def map_answers(variables: Variables, hosts: t.Iterable[Variables], name: str) -> t.Iterator[t.Any]:
    """The values of a variable, of the play and of each host."""
    for one in (variables, *hosts):
        yield one.answer(name)


def is_selected(variables: Variables, role: str) -> bool:
    """Whether the tags of the run let a role run. Playbooks name their parts like the roles."""
    chosen = variables.answer("ansible_run_tags", ["all"])
    left_out = variables.answer("ansible_skip_tags", [])
    is_chosen = any(tag in chosen for tag in ("all", "tagged", role))
    return is_chosen and not any(tag in left_out for tag in ("all", "tagged", role))


def has_more(variables: Variables, playbook: str) -> bool:
    """Whether there is more to do at the end than to print the summary."""
    if not variables.has_host():
        return False
    hosts = [variables.of_host(host) for host in variables["ansible_play_hosts_all"]]
    return (
        is_incomplete(variables)
        or writes_reports(variables, playbook)
        or any(map_answers(variables, hosts, "qrs_credentials_client_key_content"))
    )


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "reason": reason,
    "failures": failures,
    "is_incomplete": is_incomplete,
    "summary": summary,
    "writes_reports": writes_reports,
    "has_more": has_more,
}
