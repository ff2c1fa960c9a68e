# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Requests, answers and the port through which the core speaks HTTP.

The core never knows who sends: the shell's adapter over ``requests`` and the scripted wires of
the unit tests implement the same ``Transport``.
"""

from __future__ import annotations

import typing as t

#: Content encodings that change nothing.
_PLAIN = ("", "identity")


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

    ``requests`` tells how many it took. The body is empty if the server encoded it.
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


class Transport(t.Protocol):
    """Sends one request and returns the answer, whatever its status.

    Raises ``TransportError`` when there is no HTTP answer. An answer to a WebSocket upgrade has
    the status 101, and as its body the bytes that arrived within a short moment after it.
    """

    def send(self, request: Request, *, timeout: t.Optional[float] = None) -> Response:
        """Send ``request``; ``timeout`` in seconds replaces the transport's own.

        It limits the whole exchange, from the connection to the last byte of the answer.
        """

    def close(self) -> None:
        """Give the connections back."""
