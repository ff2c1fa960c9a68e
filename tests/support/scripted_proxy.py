# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy that answers as a test writes down, and remembers what it was asked."""

from __future__ import annotations

import dataclasses
import typing as t
from urllib.parse import urlsplit

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import TransportError
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Request, Response
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.client import Client, Tools
from support.probe_evidence import NOW, SETTINGS
from support.scripted_engine import ScriptedDialer

Answer = Response | BaseException
PAGE = Response(400, "The http request header is incorrect.")
COOKIE = ("Set-Cookie", "X-Qlik-Session-jwt=the-cookie; Path=/")
CSRF = ("qlik-csrf-token", "the-csrf-token")
LET_IN = Response(204, "", (COOKIE, CSRF, ("Date", "Fri, 15 Jan 2027 08:00:00 GMT")))
KNOWN = Response(204, "", (CSRF,))
REFUSED = Response(400)
HTML = (("Content-Type", "text/html"),)


def lost(kind: str, *, sent: bool = False) -> TransportError:
    """A request that got no answer."""
    return TransportError("It failed.", kind=kind, sent=sent)


@dataclasses.dataclass
class Scripted:
    """Answers by what is asked for; of several answers the last one stays.

    The keys are ``impossible`` (a prefix that cannot exist), ``login`` (a bearer token), else the
    path below the prefix.
    """

    answers: dict[str, list[Answer]]
    log: list[str] = dataclasses.field(default_factory=list)
    requests: list[Request] = dataclasses.field(default_factory=list)

    def send(self, request: Request, *, timeout: float | None = None) -> Response:
        key = self._key(request)
        self.log.append(key if request.method == "GET" else f"{request.method} {key}")
        self.requests.append(request)
        wanted = self.answers.get(key, [Response(404)])
        answer = wanted.pop(0) if len(wanted) > 1 else wanted[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        """Nothing to give back."""

    def _key(self, request: Request) -> str:
        path = urlsplit(request.url).path
        if "/qlikops-" in path:
            return "impossible"
        if "Authorization" in request.headers:
            return "login"
        return path.partition("/jwt/")[2] or path


@dataclasses.dataclass
class Time:
    """A clock that only sleeping moves."""

    seconds: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def tools(time: Time | None = None) -> Tools:
    """Clock and randomness without chance."""
    passing = time or Time()
    return Tools(
        clock=lambda: NOW + passing.seconds,
        timer=lambda: passing.seconds,
        sleep=passing.sleep,
        letters=lambda: "ABCDEFGHabcdefgh",
        websocket_key=lambda: "AAAAAAAAAAAAAAAAAAAAAA==",
    )


def client(
    proxy: Scripted,
    time: Time | None = None,
    dialer: ScriptedDialer | None = None,
    **changes: t.Any,
) -> Client:
    """A client of that proxy."""
    return Client(
        proxy,
        dataclasses.replace(SETTINGS, **changes),
        tools(time),
        "X-Qlik-Session-jwt",
        dialer,
    )
