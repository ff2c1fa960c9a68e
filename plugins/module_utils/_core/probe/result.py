# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Whether a run came out as the user expected, and the task's message when it did not."""

from __future__ import annotations

import dataclasses
import typing as t

from .evidence import Evidence
from .findings.base import FAMILY_OF, Finding
from .findings.entry import ERROR, INFO, WARNING
from .findings.order import ACCESS_GRANTED, Judgement

ALLOWED, DENIED = "allowed", "denied"

#: An error of these families says why a login is refused, which ``denied`` hopes for.
_REFUSING = ("route", "token", "certificate", "user")

#: Codes of these families that prove no refusal while no login was tried.
_NO_REFUSAL = ("user_unknown", "host_not_allowed", "wrong_user")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """``ok`` compares with ``expect`` alone; ``failure`` is the message of the task when
    ``fail_on`` makes it fail, else None."""

    ok: bool
    failure: t.Optional[str]


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
    other = next((i for i in errors if FAMILY_OF[i.code] not in _REFUSING), None)
    if other is not None:
        return _message(other, judgement)
    # These alone do not prove that the site rejects the login: the probe itself did not try it, or
    # it would be another user's.
    proven = evidence.refusal is not None or any(i.code not in _NO_REFUSAL for i in errors)
    return _message(errors[0], judgement) if errors and not proven else None


def _message(finding: Finding, judgement: Judgement) -> str:
    rest = [i.code for i in judgement.findings if i is not finding and i.level != INFO]
    also = f" Also found: {', '.join(rest)}." if rest else ""
    return finding.message + also
