# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The PowerShell remoting shell, which the connection plugin psrp uses."""

from __future__ import annotations

import base64
import dataclasses
import uuid
from xml.etree import ElementTree

import psrpcore
from psrpcore.types import HostMethodIdentifier

from ..protocol.executor import Executor
from ..protocol.session import Output, Session
from .envelope import Request, command_state, stream
from .shell import Shell, unknown_command

_FRAGMENT = 100_000


@dataclasses.dataclass
class _Pipeline:
    server: psrpcore.ServerPipeline
    script: str = ""
    arguments: list[str] = dataclasses.field(default_factory=list)
    lines: list[str] = dataclasses.field(default_factory=list)
    is_due: bool = False
    is_done: bool = False


class PsrpShell(Shell):
    """A runspace pool: its pipelines run when somebody asks for the output."""

    streams = ("stdin pr", "stdout")

    def __init__(self, session: Session, executor: Executor):
        self._session = session
        self._executor = executor
        self._pool = psrpcore.ServerRunspacePool()
        self._pipelines: dict[str, _Pipeline] = {}
        self._outgoing: dict[str, list[bytes]] = {}

    def open(self, request: Request) -> None:
        """Takes what Create brings."""
        self._feed(request.need(".//p:creationXml").text, "")

    def start(self, command_id: str, request: Request) -> None:
        """Takes a pipeline."""
        server = psrpcore.ServerPipeline(self._pool, uuid.UUID(command_id))
        self._pipelines[command_id] = _Pipeline(server)
        self._feed(request.need(".//rsp:CommandLine/rsp:Arguments").text, command_id)

    def take(self, command_id: str, element: ElementTree.Element) -> None:
        """Takes a fragment for a pipeline, or without an id for the pool."""
        self._feed(element.text, command_id)

    def output(self, command_id: str) -> str:
        """The fragments for the client."""
        pipeline = self._pipelines.get(command_id)
        if command_id and pipeline is None:
            raise unknown_command()
        if pipeline is not None and pipeline.is_due and not pipeline.is_done:
            self._execute(pipeline)
        pieces = [
            stream("stdout", command_id, base64.b64encode(data).decode())
            for data in self._outgoing.pop(command_id, [])
        ]
        if pipeline is not None:
            pieces.append(command_state(command_id, done=pipeline.is_done))
        return "".join(pieces)

    def _feed(self, text: str | None, command_id: str) -> None:
        pipeline_id = uuid.UUID(command_id) if command_id else None
        data = base64.b64decode(text or "")
        payload = psrpcore.PSRPPayload(data, psrpcore.StreamType.default, pipeline_id)
        self._pool.receive_data(payload)
        while (event := self._pool.next_event()) is not None:
            self._take(event)
        self._collect()

    def _take(self, event: object) -> None:
        if isinstance(event, psrpcore.CreatePipelineEvent):
            pipeline = self._pipeline(event.pipeline_id)
            commands = getattr(event.pipeline, "commands", [])
            pipeline.script = str(commands[0].command_text) if commands else ""
            parameters = getattr(commands[0], "parameters", []) if commands else []
            pipeline.arguments = [str(value) for dummy, value in parameters]
            pipeline.is_due = bool(getattr(event.pipeline, "no_input", True))
            pipeline.server.metadata = event.pipeline
            pipeline.server.start()
        elif isinstance(event, psrpcore.PipelineInputEvent):
            given = event.data if isinstance(event.data, list) else [event.data]
            self._pipeline(event.pipeline_id).lines += [str(item) for item in given]
        elif isinstance(event, psrpcore.EndOfPipelineInputEvent):
            self._pipeline(event.pipeline_id).is_due = True

    def _pipeline(self, pipeline_id: uuid.UUID | None) -> _Pipeline:
        return self._pipelines[str(pipeline_id).upper()]

    def _execute(self, pipeline: _Pipeline) -> None:
        output = self._executor.run(
            self._session, pipeline.script, pipeline.lines, pipeline.arguments
        )
        pipeline.is_done = True
        self._write(pipeline.server, output)
        self._collect()

    @staticmethod
    def _write(server: psrpcore.ServerPipeline, output: Output) -> None:
        for line in output.lines:
            server.write_output(line)
        if output.error:
            server.host_call(HostMethodIdentifier.WriteErrorLine, [output.error])
        if output.code:
            server.host_call(HostMethodIdentifier.SetShouldExit, [output.code])
        server.complete()
        server.close()

    def _collect(self) -> None:
        while payload := self._pool.data_to_send(_FRAGMENT):
            command_id = str(payload.pipeline_id).upper() if payload.pipeline_id else ""
            self._outgoing.setdefault(command_id, []).append(bytes(payload.data))
