# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The real clock and the real chance, for the core, which has none of its own."""

from __future__ import annotations

import random
import time

from ._core.ports import Clock

CLOCK = Clock(now=time.monotonic, sleep=time.sleep, chance=random.random)
