# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The port through which the core speaks over a WebSocket; ``ports.py`` is that for plain HTTP."""

from __future__ import annotations

import typing as t

from .ports import Request, Response


class Conversation(t.Protocol):
    """The text messages of one WebSocket that is open. It never pings of its own accord."""

    def send(self, text: str) -> None:
        """Send one message. That the connection is gone shows at the next ``receive``."""

    def receive(self, *, timeout: float) -> t.Optional[str]:
        """The next message, or None when the other side has closed.

        ``timeout`` is in seconds. Raises ``TransportError`` of kind ``timeout`` when nothing came,
        after which it may be called again; ``reset`` and ``oversized`` end the conversation.
        """

    def close(self) -> None:
        """Say goodbye and give the connection back, however it stands; raises nothing."""


class Dialer(t.Protocol):
    """Asks for an upgrade to a WebSocket."""

    def dial(self, request: Request) -> t.Tuple[Response, t.Optional[Conversation]]:
        """Send the handshake. The conversation comes with a 101 only, and has to be closed.

        Raises ``TransportError`` when there is no HTTP answer.
        """
