# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the reports go, and which host writes them for all.

Each host notes that it is done, with the moment, because a role can run twice. The first one that
is in no report yet writes for all.
"""

from __future__ import annotations

import re
import typing as t

from . import connection
from .reports import KINDS, render, sites
from .variables import Variables

Json = t.Dict[str, t.Any]


def target(variables: Variables) -> str:
    """The host on which the directory is. Variables of the host's groups are read from the host."""
    role = variables.text("site_reports_of")
    own = variables.of_host(variables["inventory_hostname"])
    named = variables.text("site_reports_host") or own.text(role + "_report_host")
    return named or connection.api_host(variables)


def path(variables: Variables) -> str:
    """The directory. A relative path begins where ansible-playbook was called."""
    directory = str(variables["site_reports_directory"])
    is_local = target(variables) in connection.CONTROLLER
    if is_local and not re.match("[/~]", directory):
        return f"{variables.directory}/{directory}"
    return directory


def _place(variables: Variables) -> str:
    return f"{target(variables)}:{path(variables)}"


def done(variables: Variables, role: str, moment: str) -> Json:
    """The fact site_reports_done: this host is done."""
    mark = {
        "host": variables["inventory_hostname"], "place": _place(variables), "moment": moment,
    }  # fmt: skip
    return {**variables.answer("site_reports_done", {}), role: mark}


def _all_done(variables: Variables, role: str) -> t.List[Json]:
    """The marks of the hosts. The lists of hosts of the play and batch lack those that failed."""
    found: t.List[Json] = []
    for host in variables["ansible_play_hosts_all"]:
        mark = variables.of_host(host).answer("site_reports_done", {}).get(role)
        if mark and mark["place"] == _place(variables) and mark not in found:
            found.append(mark)
    return found


def _missing(variables: Variables, role: str) -> t.List[Json]:
    """The marks of the hosts that no report has yet."""
    written: t.List[Json] = []
    for host in variables["ansible_play_hosts_all"]:
        of_host = variables.of_host(host).answer("site_reports_written", {})
        written += of_host.get(role, {}).get("done", [])
    return [mark for mark in _all_done(variables, role) if mark not in written]


def is_writer(variables: Variables, role: str) -> bool:
    """Whether this host writes the reports for all."""
    missing = _missing(variables, role)
    return bool(missing) and missing[0]["host"] == variables["inventory_hostname"]


def written(variables: Variables, role: str, created: str) -> Json:
    """The fact site_reports_written: the hosts in the reports, and their time."""
    report = {"done": _all_done(variables, role), "created": created}
    return {**variables.answer("site_reports_written", {}), role: report}


def is_incomplete(variables: Variables, role: str) -> bool:
    """Whether more hosts have finished since the reports were written."""
    own = variables["site_reports_written"][role]["done"]
    return any(mark not in own for mark in _all_done(variables, role))


def is_silent(variables: Variables, role: str) -> bool:
    """Whether a host failed without a result, so that the reports do not say why."""
    if not variables.answer(role + "_report_directory"):
        return False
    hosts = (variables.of_host(host) for host in variables["ansible_play_hosts_all"])
    return any("site_results_failure" in one and KINDS[role].fact not in one for one in hosts)


def text(variables: Variables, role: str, file: str) -> str:
    """The content of a file of the reports."""
    created = variables["site_reports_written"][role]["created"]
    return render(role, sites(variables, role), file, created)


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "target": target,
    "path": path,
    "done": done,
    "is_writer": is_writer,
    "written": written,
    "is_incomplete": is_incomplete,
    "is_silent": is_silent,
    "text": text,
}
