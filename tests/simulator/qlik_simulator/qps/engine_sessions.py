# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Engine sessions: whether a socket gets a new one or is attached to one that still lives."""

from __future__ import annotations

import dataclasses

from ..site import Site

CREATED = "SESSION_CREATED"
ATTACHED = "SESSION_ATTACHED"


@dataclasses.dataclass
class _Engine:
    sockets: int = 0
    lives_until: float = 0.0


class EngineSessions:
    """One engine session per proxy session and app; it outlives its last socket by the TTL."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._engines: dict[tuple[str, str], _Engine] = {}
        site.on_reset(self._engines.clear)

    def connect(self, session_id: str, app: str) -> str:
        """The state that OnConnected reports to a new socket."""
        engine = self._engines.setdefault((session_id, app), _Engine())
        alive = engine.sockets > 0 or self._site.now() < engine.lives_until
        engine.sockets += 1
        return ATTACHED if alive else CREATED

    def disconnect(self, session_id: str, app: str, ttl_s: int) -> None:
        """A socket has closed."""
        engine = self._engines.get((session_id, app))
        if engine is None:
            return
        engine.sockets -= 1
        engine.lives_until = self._site.now() + ttl_s
