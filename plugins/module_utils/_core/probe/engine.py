# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Messages of the engine over its WebSocket.

A 101 alone does not prove that the engine is usable: what keeps a session from it comes as a
JSON-RPC notification after the handshake, followed by a close (read from Qlik's own load tester).
So the greeting is read, and one harmless question asked. No app is opened: that would load it.
"""

from __future__ import annotations

import json
import re
import typing as t

from ..errors import TransportError
from ..json_text import BadJson, parse
from .evidence import Talk

if t.TYPE_CHECKING:
    from ..ports import Conversation

ANSWERED, SILENT = "answered", "silent"
NO_PASS, LIMIT, NO_ENGINE = "no_access_pass", "session_limit", "no_engine"
NO_REPOSITORY, ENDED, APP_DENIED = "no_repository", "session_ended", "app_access_denied"

#: Seconds to wait for a greeting before the question is asked; old releases may not send one.
_GREETING_S = 10.0

#: Messages that are read at the most; an engine that greets and answers sends three.
_MESSAGES = 50

_ID = 1
_QUESTION = json.dumps(
    {"jsonrpc": "2.0", "id": _ID, "handle": -1, "method": "EngineVersion", "params": []}
)

#: Notifications that end a session's hope for the engine.
_REJECTIONS = {
    "OnLicenseAccessDenied": NO_PASS,
    "OnMaxParallelSessionsExceeded": LIMIT,
    "OnNoEngineAvailable": NO_ENGINE,
    "OnEngineWebsocketFailed": NO_ENGINE,
    "OnNoRepositoryAvailable": NO_REPOSITORY,
    "OnSessionTimedOut": ENDED,
    "OnSessionClosed": ENDED,
    "OnSessionLoggedOut": ENDED,
}

#: The same in ``qSessionState`` of OnConnected; every other SESSION_ERROR is the engine's own.
_ERROR_STATES = {
    "SESSION_ERROR_NO_LICENSE": NO_PASS,
    "SESSION_ERROR_LIMIT_EXCEEDED": LIMIT,
    "SESSION_ERROR_APP_ACCESS_DENIED": APP_DENIED,
}

_NAME = re.compile(r"[A-Za-z_.]{1,60}")
_VERSION = re.compile(r"[0-9A-Za-z.+-]{1,40}")

Message = t.Mapping[str, t.Any]


def converse(conversation: Conversation, *, timer: t.Callable[[], float], timeout: float) -> Talk:
    """Read the greeting, ask for the engine's version, and close; ``timeout`` is for all of it."""
    try:
        return _Talk(timer, timeout).hold(conversation)
    except TransportError as error:
        return Talk(SILENT, cause=error.message)
    finally:
        conversation.close()


class _Talk:
    """One conversation, and how far it has come."""

    def __init__(self, timer: t.Callable[[], float], timeout: float) -> None:
        self._timer = timer
        self._until = timer() + timeout
        self._ask_at = timer() + min(_GREETING_S, timeout / 2)
        self._asked = False
        self._said: t.List[str] = []

    def hold(self, conversation: Conversation) -> Talk:
        """Until the question is answered, or it is clear that it will not be."""
        for dummy in range(_MESSAGES):
            message = self._next(conversation)
            if message is None:
                return self._end(SILENT, "The WebSocket was closed before the engine answered.")
            outcome = self._judge(message)
            if outcome is not None:
                return self._end(outcome, version=_version(message))
        return self._end(SILENT, "Messages came without end, and none was an answer.")

    def _next(self, conversation: Conversation) -> t.Optional[Message]:
        """The next message; empty for anything but a JSON object. None if the socket is closed."""
        while True:
            now = self._timer()
            if not self._asked and now >= self._ask_at:
                conversation.send(_QUESTION)
                self._asked = True
            wait = (self._until if self._asked else self._ask_at) - now
            try:
                text = conversation.receive(timeout=max(wait, 0.01))
            except TransportError as error:
                if error.kind == "timeout" and self._timer() < self._until:
                    continue
                raise
            return None if text is None else _parse(text)

    def _judge(self, message: Message) -> t.Optional[str]:
        """The outcome that follows from the message; None while the conversation continues."""
        if message.get("id") == _ID and ("result" in message or "error" in message):
            # Also "no such method" is the answer of an engine.
            return ANSWERED
        name = message.get("method")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            return None
        self._said.append(name)
        parameters = message.get("params")
        found = parameters if isinstance(parameters, dict) else {}
        if name == "OnConnected":
            return self._connected(str(found.get("qSessionState")))
        if name == "OnAuthenticationInformation" and found.get("mustAuthenticate") is True:
            return ENDED
        return _REJECTIONS.get(name)

    def _connected(self, state: str) -> t.Optional[str]:
        if not state.startswith("SESSION_ERROR"):
            self._ask_at = self._timer()
            return None
        self._said[-1] = state if _NAME.fullmatch(state) else "SESSION_ERROR"
        return _ERROR_STATES.get(state, NO_ENGINE)

    def _end(self, outcome: str, cause: str = "", *, version: t.Optional[str] = None) -> Talk:
        return Talk(outcome, tuple(self._said), version, cause)


def _parse(text: str) -> Message:
    try:
        found = parse(text)
    except BadJson:
        return {}
    return found if isinstance(found, dict) else {}


def _version(message: Message) -> t.Optional[str]:
    result = message.get("result")
    found = result.get("qVersion") if isinstance(result, dict) else None
    version = found.get("qComponentVersion") if isinstance(found, dict) else None
    return version if isinstance(version, str) and _VERSION.fullmatch(version) else None
