# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reports over all hosts of a play, of the roles jwt_verify and jwt_report."""

from __future__ import annotations

import calendar
import time
import typing as t

from . import rendering
from .rendering import Case, Sample, Suite
from .site_report import BLANK
from .variables import Variables

Json = t.Dict[str, t.Any]

_UNKNOWN = "The run failed on this host before, or has not come to it. Its output says why."


class Kind(t.NamedTuple):
    """How a role reports."""

    #: The fact with the result of a host.
    fact: str
    #: What stands for a host without it.
    blank: Json
    #: The statuses of a site, the worst one first.
    statuses: t.Sequence[str]
    summary: t.Callable[[t.List[Json]], Json]
    suites: t.Callable[[t.List[Json], str], t.List[Suite]]
    samples: t.Callable[[t.List[Json]], t.Iterator[Sample]]


def render(role: str, found: t.List[Json], file: str, created: str) -> str:
    """The content of a file with the results of the sites."""
    kind = KINDS[role]
    ordered = sorted(found, key=lambda site: (kind.statuses.index(site["status"]), site["host"]))
    if file == "junit.xml":
        return rendering.junit(role, kind.suites(ordered, created), created)
    if file == "metrics.prom":
        return rendering.prometheus([*kind.samples(ordered), _run(ordered, created)])
    report = {
        "version": 1,
        "created": created,
        "ok": all(site["status"] in ("ok", "warning") for site in ordered),
        "summary": {"sites": len(ordered), **kind.summary(ordered)},
        "sites": [{k: v for k, v in site.items() if k != "sentences"} for site in ordered],
    }
    return rendering.as_json(report) if file == "report.json" else rendering.html(
        f"{role}.html.j2", report
    )  # fmt: skip


def sites(variables: Variables, role: str) -> t.List[Json]:
    """The results of all hosts of the play. Under run_once, all hosts have the one's fact."""
    kind = KINDS[role]
    collected: t.List[Json] = []
    reasons: t.Dict[str, str] = {}
    for name in variables["ansible_play_hosts_all"]:
        host = variables.of_host(name)
        result, failure = host.answer(kind.fact), host.answer("site_results_failure")
        if result is not None:
            collected += [result] if result not in collected else []
        else:
            reasons.setdefault(name, _UNKNOWN)
        if failure and failure["host"] in reasons:
            reasons[failure["host"]] = failure["msg"]
    blank = [{**kind.blank, "host": name, "reason": why} for name, why in reasons.items()]
    return collected + blank


def _run(found: t.List[Json], created: str) -> Sample:
    moment = calendar.timegm(time.strptime(created, "%Y-%m-%dT%H:%M:%SZ"))
    return Sample("qlik_jwt_last_run_seconds", {}, moment)


def _each(found: t.Iterable[Json], key: str) -> t.List[Json]:
    return [one for site in found for one in site[key]]


def _logins_summary(found: t.List[Json]) -> Json:
    logins = _each(found, "logins")
    passed = [one for one in logins if one["status"] in ("ok", "warning")]
    granted = sum(1 for one in passed if one["verdict"] == "access_granted")
    findings = [finding for one in logins for finding in one["findings"]]
    return {
        "sites_not_probed": sum(1 for site in found if not site["logins"]),
        "logins": len(logins),
        "granted": granted,
        "denied": len(passed) - granted,
        "failed": _count(logins, "status", "failed"),
        "not_probed": _count(logins, "status", "not_probed"),
        "warnings": _count(findings, "level", "warning"),
    }


def _count(items: t.Iterable[Json], key: str, value: str) -> int:
    return sum(1 for one in items if one[key] == value)


def _sites_summary(found: t.List[Json]) -> Json:
    every = _each(found, "virtual_proxies")
    findings = [finding for one in every for finding in one["findings"]]
    return {
        "sites_not_read": _count(found, "status", "not_read"),
        "sites_failed": _count(found, "status", "failed"),
        "virtual_proxies": len(every),
        "drift": len(_each(found, "drift")),
        "errors": _count(findings, "level", "error"),
        "warnings": _count(findings, "level", "warning"),
    }


def _logins_suites(found: t.List[Json], created: str) -> t.List[Suite]:
    return [
        Suite(
            site["host"],
            site["ended"] or created,
            [_login_case(one) for one in site["logins"]]
            or [Case("login", "skipped", message=site["reason"])],
        )
        for site in found
    ]


def _login_case(login: Json) -> Case:
    name = login["prefix"] or "(no prefix)"
    if login["url"]:
        name += f" at {login['url']}"
    seconds = sum(
        step["seconds"] for step in login["steps"] if isinstance(step["seconds"], (int, float))
    )
    worst = [one for one in login["findings"] if one["level"] in ("error", "warning")]
    case = Case(name, seconds=seconds, output=_steps(login, worst))
    if login["status"] == "failed":
        message = login["msg"] or (worst[0]["summary"] if worst else str(login["verdict"]))
        said = "\n".join(_finding(one) for one in worst)
        return case._replace(
            outcome="failure", type=str(login["verdict"]), message=message, text=said
        )
    if login["status"] == "not_probed":
        return case._replace(outcome="error", type="not_probed", message=login["msg"])
    return case


def _finding(one: Json) -> str:
    lines = [f"{one['level']} {one['code']}: {one['summary']}"]
    lines += [f"  {name}: {plain(value)}" for name, value in one["evidence"].items()]
    lines.append(f"  Remedy: {one['remedy']}")
    lines += [f"  QMC: {one['qmc_field']}"] if one["qmc_field"] else []
    lines += [f"  Option: {one['option']}"] if one["option"] else []
    return "\n".join(lines)


def plain(value: t.Any) -> str:
    """A value of the evidence as people write it."""
    if value is None or value == []:
        return "none"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _steps(login: Json, worst: t.List[Json]) -> str:
    lines = []
    if login["status"] == "warning":
        lines += [f"warning {o['code']}: {o['summary']} Remedy: {o['remedy']}" for o in worst]
    for step in login["steps"]:
        word = "not tried" if step["ok"] is None else "ok" if step["ok"] else "failed"
        status = f", status {step['status']}" if step["status"] else ""
        note = f", {step['note']}" if step["note"] else ""
        lines.append(f"{step['name']}: {word}{status}{note}")
    return "\n".join(lines)


def _sites_suites(found: t.List[Json], created: str) -> t.List[Suite]:
    return [Suite(site["host"], created, [_site_case(site)]) for site in found]


def _site_case(site: Json) -> Case:
    lines = [
        f"{one['prefix'] or '(no prefix)'}: {finding['level']} {finding['code']}: "
        f"{finding['summary']} Remedy: {finding['remedy']}"
        for one in site["virtual_proxies"]
        for finding in one["findings"]
    ]
    for one in site["drift"]:
        changed = ", ".join(one["after"]) or "it would be removed"
        lines.append(f"A run would change {one['subject']}: {changed}")
    if site["drift_unknown"]:
        lines.append(f"drift_unknown: {site['drift_unknown']}")
    case = Case("site", output="\n".join(lines))
    if site["status"] == "not_read":
        return case._replace(outcome="error", type="not_read", message=site["reason"])
    if site["failures"]:
        said = "\n".join(site["failures"])
        return case._replace(
            outcome="failure", type="jwt_report", message=site["failures"][0], text=said
        )
    return case


def _logins_samples(found: t.List[Json]) -> t.Iterator[Sample]:
    for site in found:
        prefixes = [login["prefix"] for login in site["logins"]]
        for login in site["logins"]:
            labels = {
                "site": site["host"],
                "prefix": login["prefix"],
                "verdict": login["verdict"] or login["status"],
            }
            # Only where several addresses were tried: a metric has one value for its labels.
            if prefixes.count(login["prefix"]) > 1:
                labels["url"] = login["url"]
            is_ok = login["status"] in ("ok", "warning")
            yield Sample("qlik_jwt_login_ok", labels, int(is_ok))
        if not site["logins"]:
            labels = {"site": site["host"], "prefix": "", "verdict": site["status"]}
            yield Sample("qlik_jwt_login_ok", labels, 0)


def _sites_samples(found: t.List[Json]) -> t.Iterator[Sample]:
    for site in found:
        for one in (site["state"] or {}).get("virtual_proxies", []):
            until = (one.get("certificate") or {}).get("not_after")
            if until:
                moment = calendar.timegm(time.strptime(until[:19], "%Y-%m-%dT%H:%M:%S"))
                labels = {"site": site["host"], "prefix": one["prefix"]}
                yield Sample("qlik_jwt_certificate_not_after_seconds", labels, moment)
        if site["status"] != "not_read" and not site["drift_unknown"]:
            yield Sample("qlik_jwt_drift", {"site": site["host"]}, len(site["drift"]))


KINDS = {
    "jwt_verify": Kind(
        "jwt_verify__proof",
        {"status": "not_probed", "ended": None, "logins": []},
        ("failed", "not_probed", "warning", "ok"),
        _logins_summary,
        _logins_suites,
        _logins_samples,
    ),
    "jwt_report": Kind(
        "jwt_report__entry",
        BLANK,
        ("failed", "not_read", "warning", "ok"),
        _sites_summary,
        _sites_suites,
        _sites_samples,
    ),
}
