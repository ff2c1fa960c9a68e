# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Requests, responses, and the interfaces of the core to HTTP, WebSocket, and the clock.

The core never knows who sends: the shell's adapter over ``requests`` and the scripted wires of
the unit tests implement the same ``Transport``.
"""

from __future__ import annotations

import datetime
import re
import typing as t

#: Content encodings that change nothing.
_PLAIN = ("", "identity")

#: Statuses of a gateway, or of a service that is not ready.
UNAVAILABLE = (502, 503, 504)


class Request(t.NamedTuple):
    """One HTTP request to an absolute ``url``; redirects are never followed.

    With ``windows_login`` the transport may answer a 401 with its Windows login, which takes three
    requests on one connection.
    """

    method: str
    url: str
    headers: t.Mapping[str, str] = {}
    body: t.Optional[bytes] = None
    windows_login: bool = False


class Response(t.NamedTuple):
    """One HTTP answer. ``seconds`` is the time from sending to the last byte read.

    ``requests`` is the number of requests sent. The body is empty if the server encoded it.
    """

    status: int
    reason: str = ""
    headers: t.Tuple[t.Tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: float = 0.0
    truncated: bool = False
    requests: int = 1

    def header(self, name: str) -> t.Optional[str]:
        """The first header of that name, compared without case; None when there is none."""
        return next(iter(self.all_headers(name)), None)

    def all_headers(self, name: str) -> t.List[str]:
        """Every header of that name, in order: ``Set-Cookie`` comes more than once."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def encoding(self) -> str:
        """The content encoding, such as gzip; "" if there is none. None is ever asked for."""
        names = ",".join(self.all_headers("Content-Encoding")).lower()
        return ", ".join(n for n in (n.strip() for n in names.split(",")) if n not in _PLAIN)

    @property
    def media_type(self) -> str:
        """The media type of the body in lower case, without parameters."""
        return (self.header("Content-Type") or "").split(";")[0].strip().lower()

    @property
    def is_html(self) -> bool:
        """Whether the body is a web page: by its media type, or by how it begins."""
        start = self.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\v\f").lower()
        return self.media_type == "text/html" or start.startswith((b"<!doctype html", b"<html"))


class Transport(t.Protocol):
    """Sends one request and returns the answer, whatever its status.

    Raises ``TransportError`` if no HTTP answer arrives. An answer to a WebSocket upgrade has
    the status 101, and as its body the bytes that arrived within a short moment after it.
    """

    def send(self, request: Request, *, timeout: t.Optional[float] = None) -> Response:
        """Send ``request``; ``timeout`` in seconds replaces the transport's own.

        It limits the whole exchange, from the connection to the last byte of the answer.
        """

    def close(self) -> None:
        """Give the connections back."""


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
        """Send a close frame and release the connection, whatever its state; raises nothing."""


class Dialer(t.Protocol):
    """Asks for an upgrade to a WebSocket."""

    def dial(self, request: Request) -> t.Tuple[Response, t.Optional[Conversation]]:
        """Send the handshake. The conversation comes with a 101 only, and has to be closed.

        Raises ``TransportError`` if no HTTP answer arrives.
        """


class Clock(t.NamedTuple):
    """Seconds that only grow, a pause, a number from 0 to 1."""

    now: t.Callable[[], float]
    sleep: t.Callable[[float], None]
    chance: t.Callable[[], float]


_SECONDS = re.compile(r"[0-9]+")


#: More digits are more seconds than a run can wait.
_DIGITS = 9


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


#: An IMF-fixdate (RFC 9110 5.6.7).
_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{2}) (" + "|".join(_MONTHS) + r") ([0-9]{4}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT"
)


def seconds(value: t.Optional[str], *, most: float) -> t.Optional[float]:
    """The whole seconds in ``Retry-After``, ``most`` at most; None for anything else."""
    text = (value or "").strip(" \t")
    if not _SECONDS.fullmatch(text):
        return None
    return min(float(text), most) if len(text) <= _DIGITS else most


def date(value: t.Optional[str]) -> t.Optional[float]:
    """The seconds since the epoch in ``Date``; None for anything else."""
    found = _DATE.fullmatch((value or "").strip(" \t"))
    if found is None:
        return None
    day, month, year, hour, minute, second = found.groups()
    numbers = (int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second))
    try:
        return datetime.datetime(*numbers, tzinfo=datetime.timezone.utc).timestamp()
    except ValueError:  # no such day
        return None
