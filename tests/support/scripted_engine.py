# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A conversation with an engine that says what a test writes down."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import TransportError
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Request, Response

#: Marks the moment until which the engine waits for a question.
QUESTION = "question"
AUTHENTICATED = ("OnAuthenticationInformation", {"mustAuthenticate": False})
CONNECTED = ("OnConnected", {"qSessionState": "SESSION_CREATED"})
VERSION = {"id": 1, "result": {"qVersion": {"qComponentVersion": "12.1.0"}}}
GREETING: tuple[t.Any, ...] = (AUTHENTICATED, CONNECTED, QUESTION, VERSION)

Line = str | dict[str, t.Any] | tuple[str, dict[str, t.Any]] | BaseException | None


def said(line: Line) -> str | None:
    """A line of the script as it arrives: notifications are written as name and parameters."""
    if isinstance(line, tuple):
        return json.dumps({"jsonrpc": "2.0", "method": line[0], "params": line[1]})
    if isinstance(line, dict):
        return json.dumps({"jsonrpc": "2.0", **line})
    return t.cast("str | None", line)


@dataclasses.dataclass
class ScriptedEngine:
    """Says its lines one after the other, then nothing; receiving in vain takes its time."""

    lines: list[Line]
    seconds: float = 0.0
    questions: list[t.Any] = dataclasses.field(default_factory=list)
    closed: int = 0

    def timer(self) -> float:
        return self.seconds

    def send(self, text: str) -> None:
        self.questions.append(json.loads(text))
        if self.lines and self.lines[0] == QUESTION:
            self.lines.pop(0)

    def receive(self, *, timeout: float) -> str | None:
        if not self.lines or self.lines[0] == QUESTION:
            self.seconds += timeout
            raise TransportError("The engine said nothing.", kind="timeout", sent=True)
        line = self.lines.pop(0)
        if isinstance(line, BaseException):
            raise line
        return said(line)

    def close(self) -> None:
        self.closed += 1


@dataclasses.dataclass
class ScriptedDialer:
    """Answers the handshake with a status, and a 101 with an engine."""

    engines: list[ScriptedEngine]
    statuses: list[int] = dataclasses.field(default_factory=lambda: [101])
    requests: list[Request] = dataclasses.field(default_factory=list)

    def dial(self, request: Request) -> tuple[Response, ScriptedEngine | None]:
        self.requests.append(request)
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return Response(status), self.engines.pop(0) if status == 101 else None
