# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The registry of findings. Each rule registers itself with ``@finding``.

The code of a finding is public: playbooks test for it. The docstring of a rule is the cause in
``docs/findings.md``, which is generated from the registry.
"""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    from ..evidence import Evidence

ERROR, WARNING, INFO = "error", "warning", "info"
LEVELS = (ERROR, WARNING, INFO)


@dataclasses.dataclass(frozen=True)
class Found:
    """What a rule proves: the evidence by name, and a level or remedy other than the usual one.

    A finding with a remedy of its own names no option: the usual remedy was applied already.
    """

    evidence: t.Mapping[str, t.Any]
    level: t.Optional[str] = None
    remedy: t.Optional[str] = None


Result = t.Optional[Found]
Check = t.Callable[["Evidence"], Result]


@dataclasses.dataclass(frozen=True)
class Finding:
    """One problem, or one fact worth knowing, in the words of the user."""

    code: str
    level: str
    summary: str
    evidence: t.Mapping[str, t.Any]
    remedy: str
    qmc_field: t.Optional[str]
    option: t.Optional[str]

    @property
    def message(self) -> str:
        """The finding as the one message of a failed task."""
        shown = "; ".join(f"{name}: {_plain(value)}" for name, value in self.evidence.items())
        text = f"{self.code}: {self.summary}"
        if shown:
            text += f" Evidence: {shown}."
        text += f" Remedy: {self.remedy}"
        if self.qmc_field:
            text += f" QMC: {self.qmc_field}."
        return text

    def as_dict(self) -> t.Dict[str, t.Any]:
        """For the module's result."""
        return {**dataclasses.asdict(self), "evidence": dict(self.evidence)}


class Rule(t.NamedTuple):
    """A registered rule. ``family`` is the name of its file.

    ``summary`` and ``remedy`` name evidence in braces. ``field`` is the place of the setting in
    QMC, ``option`` the option that changes it, each None if there is none. ``rejects`` marks what
    keeps a login out: if the login was let in anyway, the finding is a warning. ``last_resort``
    marks what is reported only if no error is proven, ``audit`` what the repository alone proves.
    """

    code: str
    level: str
    check: Check
    family: str
    summary: str
    remedy: str
    field: t.Optional[str]
    option: t.Optional[str]
    rejects: bool
    last_resort: bool
    audit: bool

    def finding(self, found: Found, level: str) -> Finding:
        """The finding with the evidence in ``found``."""
        shown = {name: _plain(value) for name, value in found.evidence.items()}
        return Finding(
            code=self.code,
            level=level,
            summary=self.summary.format_map(shown),
            evidence=dict(found.evidence),
            remedy=(found.remedy or self.remedy).format_map(shown),
            qmc_field=self.field,
            option=None if found.remedy else self.option,
        )


#: Every rule that was imported, by its code.
RULES: t.Dict[str, Rule] = {}


def finding(
    code: str,
    level: str,
    *,
    summary: str,
    remedy: str,
    field: t.Optional[str] = None,
    option: t.Optional[str] = None,
    rejects: bool = False,
    last_resort: bool = False,
    audit: bool = False,
) -> t.Callable[[Check], Check]:
    """Register the decorated function as the rule that proves ``code``."""

    def register(check: Check) -> Check:
        family = check.__module__.rpartition(".")[2]
        RULES[code] = Rule(
            code, level, check, family, summary, remedy, field, option, rejects, last_resort, audit
        )
        return check

    return register


def _plain(value: t.Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    if value is None:
        return "none"
    return str(value).rstrip(".") if isinstance(value, str) else str(value)
