# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both kinds of remote shell have in common: the verbs of WS-Man, and a command's id."""

from __future__ import annotations

import abc
import uuid
from xml.etree import ElementTree

from .envelope import FaultError, Request, answer


class Shell(abc.ABC):
    """Answers the requests to one shell of a client."""

    #: Names of the input and the output streams.
    streams: tuple[str, str]

    def handle(self, request: Request) -> bytes:
        """Answers a request to this shell; FaultError, DroppedError."""
        if request.verb == "Command":
            command_id = request.need(".//rsp:CommandLine").get("CommandId") or str(uuid.uuid4())
            self.start(command_id.upper(), request)
            said = f"<rsp:CommandId>{command_id.upper()}</rsp:CommandId>"
            return answer(request, f"<rsp:CommandResponse>{said}</rsp:CommandResponse>")
        if request.verb == "Send":
            for element in request.all(".//rsp:Stream"):
                self.take((element.get("CommandId") or "").upper(), element)
            return answer(request, "<rsp:SendResponse/>")
        if request.verb == "Receive":
            command_id = request.need(".//rsp:DesiredStream").get("CommandId") or ""
            said = self.output(command_id.upper())
            return answer(request, f"<rsp:ReceiveResponse>{said}</rsp:ReceiveResponse>")
        if request.verb == "Signal":
            return answer(request, "<rsp:SignalResponse/>")
        raise FaultError(87, f"{request.verb} is not known here")

    @abc.abstractmethod
    def start(self, command_id: str, request: Request) -> None:
        """Takes a command, to be run when its output is asked for."""

    @abc.abstractmethod
    def take(self, command_id: str, element: ElementTree.Element) -> None:
        """Takes a piece of a command's input."""

    @abc.abstractmethod
    def output(self, command_id: str) -> str:
        """The pieces of a command's output that there are."""


def unknown_command() -> FaultError:
    """The fault for a command that was never started here."""
    return FaultError(0x8033805B, "there is no such command in this shell")
