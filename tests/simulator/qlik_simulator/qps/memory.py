# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the proxies of a site remember between requests; one object for all of them."""

from __future__ import annotations

from ..site import Node, Site
from .engine_sessions import EngineSessions
from .sessions import SessionStore
from .tickets import TicketStore
from .windows import WindowsLogins


class ProxyMemory:
    """Sessions, tickets and engine sessions of a site. A reset of the site empties it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.sessions = SessionStore(site)
        self.tickets = TicketStore(site)
        self.engine_sessions = EngineSessions(site)
        self.windows_logins = WindowsLogins(site)

    def node(self, name: str) -> Node | None:
        """The node as it is now: a reset gives it new ids, or leaves it out."""
        return next((node for node in self.site.nodes if node.name == name), None)
