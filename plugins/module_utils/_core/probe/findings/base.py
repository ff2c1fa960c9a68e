# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings: the catalogue of all codes, and one finding made from its entry and its evidence.

Codes are public: playbooks test for them, and each has its section in ``docs/findings.md``.
"""

from __future__ import annotations

import dataclasses
import typing as t

from . import (
    catalogue_certificate,
    catalogue_network,
    catalogue_route,
    catalogue_security,
    catalogue_session,
    catalogue_token,
    catalogue_user,
)
from .entry import Entry

#: The entries of each family, by the family's name.
FAMILIES: t.Dict[str, t.Tuple[Entry, ...]] = {
    "network": catalogue_network.ENTRIES,
    "route": catalogue_route.ENTRIES,
    "token": catalogue_token.ENTRIES,
    "certificate": catalogue_certificate.ENTRIES,
    "user": catalogue_user.ENTRIES,
    "session": catalogue_session.ENTRIES,
    "security": catalogue_security.ENTRIES,
}

CATALOGUE: t.Dict[str, Entry] = {
    entry.code: entry for entries in FAMILIES.values() for entry in entries
}

FAMILY_OF: t.Dict[str, str] = {
    entry.code: family for family, entries in FAMILIES.items() for entry in entries
}


@dataclasses.dataclass(frozen=True)
class Found:
    """What a rule proves: the evidence by name, and what differs from the usual level and remedy.

    A remedy of its own names no option: what the usual one advises has been done already.
    """

    evidence: t.Mapping[str, t.Any]
    level: t.Optional[str] = None
    remedy: t.Optional[str] = None


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that is wrong or worth knowing, in the words of the user."""

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


def make(code: str, found: Found, level: str) -> Finding:
    """The finding of that code with the evidence in ``found``."""
    entry = CATALOGUE[code]
    shown = {name: _plain(value) for name, value in found.evidence.items()}
    return Finding(
        code=code,
        level=level,
        summary=entry.summary.format_map(shown),
        evidence=dict(found.evidence),
        remedy=(found.remedy or entry.remedy).format_map(shown),
        qmc_field=entry.qmc_field,
        option=None if found.remedy else entry.option,
    )


def _plain(value: t.Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    if value is None:
        return "none"
    return str(value).rstrip(".") if isinstance(value, str) else str(value)
