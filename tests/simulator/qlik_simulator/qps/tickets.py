# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tickets: made on port 4243, good for one login at one virtual proxy within a minute."""

from __future__ import annotations

import dataclasses
import secrets
import string

from ..site import Site
from .identity import Identity

LIFETIME_S = 60.0
_LENGTH = 16
_ALPHABET = string.ascii_letters + string.digits


@dataclasses.dataclass(frozen=True)
class _Ticket:
    identity: Identity
    proxy_id: str
    virtual_proxy_id: str
    issued: float


class TicketStore:
    """The tickets that nobody has used yet."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._tickets: dict[str, _Ticket] = {}
        site.on_reset(self._tickets.clear)

    def issue(self, identity: Identity, proxy_id: str, virtual_proxy_id: str) -> str:
        """A ticket for ``identity``."""
        text = "".join(secrets.choice(_ALPHABET) for dummy in range(_LENGTH))
        self._tickets[text] = _Ticket(identity, proxy_id, virtual_proxy_id, self._site.now())
        return text

    def redeem(self, text: str, proxy_id: str, virtual_proxy_id: str) -> Identity | None:
        """Who the ticket stands for; it is used up, even when it is not good here."""
        ticket = self._tickets.pop(text, None)
        if ticket is None or self._site.now() - ticket.issued > LIFETIME_S:
            return None
        if (ticket.proxy_id, ticket.virtual_proxy_id) != (proxy_id, virtual_proxy_id):
            return None
        return ticket.identity
