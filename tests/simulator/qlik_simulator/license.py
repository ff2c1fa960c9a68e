# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access passes: as many as the licence has, taken at a user's first use of the hub or engine."""

from __future__ import annotations

import typing as t


class License:
    """``total`` passes; each user that asks takes one and keeps it.

    The product has several kinds; for a login only "has one" or "has none" matters.
    """

    def __init__(self, total: int = 1000, holders: t.Iterable[t.Sequence[str]] = ()):
        self.total = total
        self._holders = {(name[0].casefold(), name[1].casefold()) for name in holders}

    @property
    def holders(self) -> list[tuple[str, str]]:
        """(user directory, user id) of those who have a pass, casefolded."""
        return sorted(self._holders)

    def take(self, directory: str, user_id: str) -> bool:
        """Whether the user has a pass, or gets one now; False means "no access pass"."""
        user = (directory.casefold(), user_id.casefold())
        if user in self._holders:
            return True
        if len(self._holders) >= self.total:
            return False
        self._holders.add(user)
        return True
