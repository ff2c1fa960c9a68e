# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""WebSockets: handshake over requests, frames by the library websockets.

The handshake uses the same code as every other request (trust, expected name, web proxies), so its
errors are the same. Of the library, only the part without network and threads is used: it converts
bytes to frames and back, never pings by itself, and rejects messages that are too long.
The library is optional: if it is missing, only the handshake is made.
"""

from __future__ import annotations

import socket
import typing as t

from .._core.errors import TransportError
from .._core.ports import Request, Response
from .limits import TooMuch

try:
    from websockets.exceptions import PayloadTooBig
    from websockets.frames import Opcode
    from websockets.protocol import Protocol, Side, State

    HAS_WEBSOCKETS = True
except ImportError:
    HAS_WEBSOCKETS = False

if t.TYPE_CHECKING:
    from .transport import RequestsTransport, Upgraded

#: Bytes of one message; greetings and versions have a few hundred.
MAX_MESSAGE = 1024 * 1024

#: Bytes that are read while waiting for one message, frames without content included.
_MAX_WAIT = 4 * MAX_MESSAGE

_CHUNK = 64 * 1024
_NORMAL_CLOSURE = 1000  # RFC 6455 7.4.1

#: Seconds for the other side's goodbye.
_GOODBYE_S = 2.0


class WebSocketDialer:
    """Opens WebSockets to one server; see ``wire_websocket.Dialer``."""

    def __init__(self, transport: RequestsTransport) -> None:
        self._transport = transport

    def dial(self, request: Request) -> t.Tuple[Response, t.Optional[FrameConversation]]:
        """The answer to the handshake, with the conversation that a 101 opens."""
        response, upgraded = self._transport.upgrade(request)
        return response, FrameConversation(upgraded) if upgraded else None


class FrameConversation:
    """One WebSocket from its 101 to its end; see ``wire_websocket.Conversation``."""

    def __init__(self, upgraded: Upgraded) -> None:
        self._socket = upgraded.socket
        self._release = upgraded.release
        self._exchange = upgraded.exchange
        self._protocol = Protocol(Side.CLIENT, state=State.OPEN, max_size=MAX_MESSAGE)
        self._messages: t.List[str] = []
        self._parts: t.List[bytes] = []
        self._eof = False
        self._exchange.begin(_GOODBYE_S, _MAX_WAIT)
        if upgraded.buffered:
            self._feed(upgraded.buffered)

    def send(self, text: str) -> None:
        """Send one message. That the connection is gone shows when something is received."""
        if self._protocol.state is not State.OPEN:
            return
        self._protocol.send_text(text.encode("utf-8"))
        self._exchange.begin(_GOODBYE_S, _MAX_WAIT)
        self._flush()

    def receive(self, *, timeout: float) -> t.Optional[str]:
        """The next message; None at the end."""
        self._exchange.begin(timeout, _MAX_WAIT)
        while not self._messages:
            if self._is_over:
                self._reject_bad_end()
                return None
            self._read()
        return self._messages.pop(0)

    def close(self) -> None:
        """RFC 6455 7.1.2: a close frame, a moment for the answer, then the connection."""
        try:
            if self._protocol.state is State.OPEN:
                self._protocol.send_close(_NORMAL_CLOSURE)
                self._exchange.begin(_GOODBYE_S, _MAX_WAIT)
                self._flush()
                while not self._is_over:
                    self._read()
        except TransportError:
            pass  # It is given up in any case.
        finally:
            self._release()

    @property
    def _is_over(self) -> bool:
        """Whether nothing more can come: a goodbye, the end of the connection, or nonsense."""
        protocol = self._protocol
        return self._eof or protocol.close_rcvd is not None or protocol.parser_exc is not None

    def _read(self) -> None:
        try:
            data = self._socket.recv(_CHUNK)
        except socket.timeout:
            raise TransportError(
                "The engine said nothing in time.", kind="timeout", sent=True
            ) from None
        except TooMuch:
            raise _oversized() from None
        except OSError:
            data = b""
        self._feed(data)

    def _feed(self, data: bytes) -> None:
        """Bytes into messages, no bytes for the end of them. A ping that comes in is answered."""
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
            self._eof = True
        for frame in self._protocol.events_received():
            self._take(frame)
        self._flush()

    def _take(self, frame: t.Any) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return
        self._parts.append(frame.data)
        if frame.fin:
            self._messages.append(b"".join(self._parts).decode("utf-8", "replace"))
            self._parts = []

    def _reject_bad_end(self) -> None:
        """Raise unless the other side has said goodbye."""
        if isinstance(self._protocol.parser_exc, PayloadTooBig):
            raise _oversized()
        if self._protocol.close_rcvd is None:
            raise TransportError(
                "The connection was closed, or the data received is not WebSocket data.",
                kind="reset",
                sent=True,
            )

    def _flush(self) -> None:
        try:
            for data in self._protocol.data_to_send():
                if data:
                    self._socket.sendall(data)
        except OSError:
            # What the other side said before it went can still be read.
            return


def _oversized() -> TransportError:
    return TransportError(
        f"A message had more than {MAX_MESSAGE} bytes.", kind="oversized", sent=True
    )
