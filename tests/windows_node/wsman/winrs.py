# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The remote command shell (winrs), which the connection plugin winrm uses."""

from __future__ import annotations

import base64
import dataclasses
import uuid

from ..protocol import scripts
from ..protocol.executor import Executor
from ..protocol.session import Output, Session
from .envelope import FaultError, Request, answer, command_state, stream


@dataclasses.dataclass
class _Command:
    line: str
    stdin: bytes = b""
    output: Output | None = None


class WinrsShell:
    """Collects a command's input and runs it when somebody asks for the output."""

    streams = ("stdin", "stdout stderr")

    def __init__(self, session: Session, executor: Executor):
        self._session = session
        self._executor = executor
        self._commands: dict[str, _Command] = {}

    def handle(self, request: Request) -> bytes:
        """Answers a request to this shell; FaultError, DroppedError."""
        if request.verb == "Command":
            return self._start(request)
        if request.verb == "Send":
            for element in request.all(".//rsp:Stream"):
                command = self._command(element.get("CommandId"))
                command.stdin += base64.b64decode(element.text or "")
            return answer(request, "<rsp:SendResponse/>")
        if request.verb == "Receive":
            return self._receive(request)
        if request.verb == "Signal":
            return answer(request, "<rsp:SignalResponse/>")
        raise FaultError(87, f"{request.verb} is not known here")

    def _start(self, request: Request) -> bytes:
        element = request.need(".//rsp:CommandLine")
        command_id = (element.get("CommandId") or str(uuid.uuid4())).upper()
        words = [request.need(".//rsp:CommandLine/rsp:Command").text or ""]
        words += [argument.text or "" for argument in request.all(".//rsp:Arguments")]
        self._commands[command_id] = _Command(" ".join(words))
        return answer(
            request,
            f"<rsp:CommandResponse><rsp:CommandId>{command_id}</rsp:CommandId>"
            "</rsp:CommandResponse>",
        )

    def _receive(self, request: Request) -> bytes:
        command_id = request.need(".//rsp:DesiredStream").get("CommandId") or ""
        command = self._command(command_id)
        if command.output is None:
            script = scripts.of_command_line(command.line)
            lines = command.stdin.decode("utf-8-sig").splitlines()
            command.output = self._executor.run(self._session, script, lines)
        output = command.output
        written = "".join(f"{line}\r\n" for line in output.lines)
        pieces = [
            stream("stdout", command_id, base64.b64encode(written.encode()).decode()),
            stream("stderr", command_id, base64.b64encode(output.error.encode()).decode()),
            command_state(command_id, done=True, code=output.code),
        ]
        return answer(request, f"<rsp:ReceiveResponse>{''.join(pieces)}</rsp:ReceiveResponse>")

    def _command(self, command_id: str | None) -> _Command:
        try:
            return self._commands[(command_id or "").upper()]
        except KeyError:
            raise FaultError(0x8033805B, "there is no such command in this shell") from None
