# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The remote command shell (winrs), which the connection plugin winrm uses."""

from __future__ import annotations

import base64
import dataclasses
from xml.etree import ElementTree

from ..protocol import scripts
from ..protocol.executor import Executor
from ..protocol.session import Output, Session
from .envelope import Request, command_state, stream
from .shell import Shell, unknown_command


@dataclasses.dataclass
class _Command:
    line: str
    stdin: bytes = b""
    output: Output | None = None


class WinrsShell(Shell):
    """Collects a command's input and runs it when somebody asks for the output."""

    streams = ("stdin", "stdout stderr")

    def __init__(self, session: Session, executor: Executor):
        self._session = session
        self._executor = executor
        self._commands: dict[str, _Command] = {}

    def start(self, command_id: str, request: Request) -> None:
        """Takes a command line."""
        words = [request.need(".//rsp:CommandLine/rsp:Command").text or ""]
        words += [argument.text or "" for argument in request.all(".//rsp:Arguments")]
        self._commands[command_id] = _Command(" ".join(words))

    def take(self, command_id: str, element: ElementTree.Element) -> None:
        """Takes a piece of the standard input."""
        self._command(command_id).stdin += base64.b64decode(element.text or "")

    def output(self, command_id: str) -> str:
        """Everything that the command wrote."""
        command = self._command(command_id)
        if command.output is None:
            script = scripts.of_command_line(command.line)
            lines = command.stdin.decode("utf-8-sig").splitlines()
            command.output = self._executor.run(self._session, script, lines)
        output = command.output
        written = "".join(f"{line}\r\n" for line in output.lines)
        return "".join(
            (
                stream("stdout", command_id, base64.b64encode(written.encode()).decode()),
                stream("stderr", command_id, base64.b64encode(output.error.encode()).decode()),
                command_state(command_id, done=True, code=output.code),
            )
        )

    def _command(self, command_id: str) -> _Command:
        try:
            return self._commands[command_id]
        except KeyError:
            raise unknown_command() from None
