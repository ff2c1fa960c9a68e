# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is not as it should be on a site, and whether the role jwt_report fails because of it."""

from __future__ import annotations

import typing as t

from .results import reason
from .site_report import (
    BLANK,
    PREFIX,
    REASONS,
    consumers,
    fail_on,
    is_described,
    pair_drift,
    state,
)
from .site_report import pair as pair_of
from .variables import Variables

Json = t.Dict[str, t.Any]


class Judgement(t.NamedTuple):
    """The sentences about a site, by condition."""

    drift: t.List[Json]
    #: Why the site could not be compared; empty if it was.
    unknown: str
    sentences: t.Dict[str, str]
    warnings: t.List[str]

    def failures(self, chosen: t.Sequence[str]) -> t.List[str]:
        """The sentences about the chosen conditions."""
        return [self.sentences[name] for name in REASONS if name in chosen and self.sentences[name]]

    def doubts(self) -> t.List[str]:
        """All sentences."""
        return [one for one in self.sentences.values() if one] + self.warnings


def judge(
    variables: Variables, site: Json, drift: t.List[Json], drift_unknown: str, key: t.Optional[Json]
) -> Judgement:
    """Judge a site. ``key`` is the predicted outcome of the key pair."""
    chosen = fail_on(variables)
    described = is_described(variables)
    found = pair_drift(variables, key) + drift if described and not drift_unknown else []
    unknown = drift_unknown if described else ""
    if "drift" in chosen and not described:
        unknown = (
            "no virtual proxy is described, so nothing was compared. Set jwt_virtual_proxy_prefix "
            "or jwt_virtual_proxy_definitions for this host, or remove drift from "
            "jwt_report_fail_on."
        )
    findings = [finding for one in site["judgements"] for finding in one["findings"]]
    unseen = _unseen(site, described)
    errors = [one["summary"] for one in findings if one["level"] == "error"]
    error = " ".join(dict.fromkeys(errors)) + (unseen if "error" in chosen else "")
    expiry = _expiry(variables, site) + (unseen if "expiry" in chosen else "")
    sentences = {"drift": _drift(found, unknown), "expiry": expiry, "error": error}
    warnings = [one["summary"] for one in findings if one["level"] == "warning"]
    return Judgement(found, unknown, sentences, warnings)


def _drift(found: t.List[Json], unknown: str) -> str:
    if unknown:
        return f"drift_unknown: the site could not be compared with the variables: {unknown}"
    subjects = ", ".join(one["subject"] for one in found)
    return f"A run would change {subjects}." if found else ""


def _expiry(variables: Variables, site: Json) -> str:
    days = int(variables.answer(PREFIX + "expiry_days", 30))
    dated = [one for one in site["judgements"] if isinstance(one.get("days_left"), (int, float))]
    expiring = [one["prefix"] for one in dated if one["days_left"] < days]
    undated = [one["prefix"] for one in site["judgements"] if one not in dated]
    sentences = []
    if expiring:
        sentences.append(
            f"Fewer than {days} days are left to the certificates of {', '.join(expiring)}."
        )
    if undated:
        sentences.append(
            f"How many days are left to the certificates of {', '.join(undated)} cannot be read."
        )
    return " ".join(sentences)


def _unseen(site: Json, described: bool) -> str:
    """Nothing to look at is not a success."""
    if site["virtual_proxies"] and not (described and not site["judgements"]):
        return ""
    which = " with JWT, although the variables describe one" if site["virtual_proxies"] else ""
    return (
        f"The repository shows no virtual proxy{which}, so there was nothing to check. Check the "
        "prefix and the rights of the user that the repository acts as."
    )


def entry(
    variables: Variables,
    site: Json,
    drift: t.List[Json],
    drift_unknown: str = "",
    key: t.Optional[Json] = None,
) -> Json:
    """What the report over all hosts has from this one, and the sentences that the role prints."""
    found = judge(variables, site, drift, drift_unknown, key)
    failures, doubts = found.failures(fail_on(variables)), found.doubts()
    return {
        # Under run_once, the one host's fact is given to all.
        "host": variables["inventory_hostname"],
        "status": "failed" if failures else "warning" if doubts else "ok",
        "reason": "",
        "failures": failures,
        "drift": found.drift,
        "drift_unknown": found.unknown,
        "virtual_proxies": site["judgements"],
        "state": state(site),
        "sentences": doubts or ["Everything is as it should be, as far as it was compared."],
    }


def not_read(variables: Variables, **failure: t.Any) -> Json:
    """The same for a host whose site could not be read; ``failure`` is as for a reason."""
    why = reason(variables, **failure)
    return {**BLANK, "host": variables["inventory_hostname"], "reason": why}


def result(variables: Variables, entry: Json, pair: Json) -> Json:
    """The fact jwt_report_result. ``pair`` is what the site was compared with."""
    names = ("failures", "drift", "drift_unknown", "virtual_proxies", "state")
    key = pair if is_described(variables) else pair_of(variables)
    return {
        **{name: entry[name] for name in names},
        "consumers": consumers(variables, entry["state"], key),
    }


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "entry": entry,
    "not_read": not_read,
    "result": result,
}
