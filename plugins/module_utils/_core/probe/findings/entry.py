# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What a finding code means: the form of the catalogue."""

from __future__ import annotations

import dataclasses
import typing as t

ERROR, WARNING, INFO = "error", "warning", "info"
LEVELS = (ERROR, WARNING, INFO)


@dataclasses.dataclass(frozen=True)
class Entry:
    """One code.

    ``summary`` names evidence in braces. ``qmc_field`` is where the management console shows the
    setting, ``option`` what mends it in this collection, each None where there is none.
    ``refuses`` marks what keeps a login out: when the login was let in all the same, such a
    finding is a warning. ``last_resort`` marks what is said only when nothing is proven.
    """

    code: str
    level: str
    summary: str
    remedy: str
    qmc_field: t.Optional[str] = None
    option: t.Optional[str] = None
    refuses: bool = False
    last_resort: bool = False
