# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The port through which the core knows time and chance."""

from __future__ import annotations

import typing as t


class Clock(t.NamedTuple):
    """Seconds that only grow, a pause, a number from 0 to 1."""

    now: t.Callable[[], float]
    sleep: t.Callable[[float], None]
    chance: t.Callable[[], float]
