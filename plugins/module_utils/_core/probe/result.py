# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The findings and the verdict of a run, and whether they are what the user expects."""

from __future__ import annotations

import dataclasses
import typing as t

from .evidence import Evidence
from .findings import (
    certificate,
    claims,
    engine,
    network,
    repository,
    route,
    security,
    session,
    token,
    user,
    virtual_proxy,
)
from .findings.base import ERROR, INFO, RULES, WARNING, Finding
from .findings.order import rules_of

#: The files that hold the rules; importing one registers its rules.
FAMILIES = (
    network,
    repository,
    route,
    virtual_proxy,
    token,
    claims,
    certificate,
    user,
    session,
    engine,
    security,
)

_RULES = rules_of(*FAMILIES)

ACCESS_GRANTED = "access_granted"

#: In check mode, when nothing speaks against the login that was not tried.
NOT_TRIED = "not_tried"

ALLOWED, DENIED = "allowed", "denied"

#: An error of these families explains a rejected login, which ``denied`` expects.
_REJECTING = ("route", "virtual_proxy", "token", "claims", "certificate", "user")

#: Codes of these families that do not prove a rejection if no login was tried.
_NO_REJECTION = ("user_unknown", "host_not_allowed", "wrong_user")


@dataclasses.dataclass(frozen=True)
class Judgement:
    """Every finding in the order of precedence, and the code that explains the outcome."""

    findings: t.Tuple[Finding, ...]
    verdict: str

    @property
    def first_error(self) -> t.Optional[Finding]:
        """The finding that the verdict names; None without an error."""
        return next((item for item in self.findings if item.level == ERROR), None)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """``ok`` compares with ``expect`` alone; ``failure`` is the message of the task when
    ``fail_on`` makes it fail, else None."""

    ok: bool
    failure: t.Optional[str]


def judge(evidence: Evidence) -> Judgement:
    """Apply every rule."""
    findings: t.List[Finding] = []
    for rule in _RULES:
        if rule.last_resort and any(item.level == ERROR for item in findings):
            continue
        found = rule.check(evidence)
        if found is None:
            continue
        level = found.level or rule.level
        if level == ERROR and rule.rejects and evidence.admitted:
            level = WARNING
        findings.append(rule.finding(found, level))
    error = next((item.code for item in findings if item.level == ERROR), None)
    granted = ACCESS_GRANTED if evidence.admitted else NOT_TRIED
    return Judgement(tuple(findings), error or granted)


def outcome(judgement: Judgement, evidence: Evidence, *, expect: str, fail_on: str) -> Outcome:
    """Judge the findings by what the user expects."""
    contrary = _contrary(judgement, evidence, expect)
    failure = contrary if fail_on != "never" else None
    if failure is None and fail_on == WARNING:
        failure = next(
            (_message(i, judgement) for i in judgement.findings if i.level == WARNING), None
        )
    return Outcome(contrary is None, failure)


def _contrary(judgement: Judgement, evidence: Evidence, expect: str) -> t.Optional[str]:
    if expect == ALLOWED:
        error = judgement.first_error
        return _message(error, judgement) if error else None
    if evidence.admitted:
        return (
            f"{ACCESS_GRANTED}: The login at {evidence.settings.place} was let in, and expect says "
            "that it has to be denied. Remedy: Take away the link, the certificate or the user "
            "that still lets it in."
        )
    errors = [item for item in judgement.findings if item.level == ERROR]
    other = next((i for i in errors if RULES[i.code].family not in _REJECTING), None)
    if other is not None:
        return _message(other, judgement)
    # These alone do not prove that the site rejects the login: the probe itself did not try it, or
    # it would be another user's.
    proven = evidence.rejection is not None or any(i.code not in _NO_REJECTION for i in errors)
    return _message(errors[0], judgement) if errors and not proven else None


def _message(finding: Finding, judgement: Judgement) -> str:
    rest = [i.code for i in judgement.findings if i is not finding and i.level != INFO]
    also = f" Also found: {', '.join(rest)}." if rest else ""
    return finding.message + also
