# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who asks over which connection, and what a script gives back."""

from __future__ import annotations

import dataclasses

from ..model.accounts import Identity


@dataclasses.dataclass(frozen=True)
class Session:
    """``transport`` is ``winrm`` or ``psrp``, ``scheme`` is ``http`` or ``https``."""

    who: Identity
    transport: str
    scheme: str


@dataclasses.dataclass(frozen=True)
class Output:
    """What a script wrote, and its exit code."""

    lines: tuple[str, ...] = ()
    error: str = ""
    code: int = 0


class DroppedError(Exception):
    """The connection is to break off without an answer."""
