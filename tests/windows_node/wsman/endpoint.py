# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP side: who logs in, which shell a request is for, and breaking off."""

from __future__ import annotations

import base64
import binascii
import http.server
import socket
import ssl
import threading
import typing as t
import uuid

from ..http_server import LoopbackServer
from ..model.accounts import Identity
from ..protocol.executor import Executor
from ..protocol.session import DroppedError, Session
from ..world import World
from . import envelope
from .envelope import FaultError, Request
from .psrp import PsrpShell
from .shell import Shell
from .winrs import WinrsShell

_NO_SUCH_SHELL = 0x8033805B


class Shells:
    """The open shells of both ports."""

    def __init__(self, world: World):
        self._world = world
        self._executor = Executor(world)
        self._lock = threading.Lock()
        self._shells: dict[str, Shell] = {}

    def log_in(self, authorization: str) -> Identity | None:
        """Whom a Basic header names, when the password is right."""
        kind, dummy, encoded = authorization.partition(" ")
        try:
            user, dummy, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        if kind.lower() != "basic":
            return None
        with self._world.lock:
            return self._world.node.accounts.log_in(user, password)

    def handle(self, who: Identity, scheme: str, data: bytes) -> tuple[int, bytes]:
        """Status and body of the answer to a request; DroppedError."""
        request: Request | None = None
        try:
            request = envelope.parse(data)
            return 200, self._handle(who, scheme, request)
        except FaultError as error:
            return 500, envelope.fault(request, error)
        except DroppedError:
            if request:
                self._close(request.shell_id)
            raise

    def _handle(self, who: Identity, scheme: str, request: Request) -> bytes:
        if request.verb == "Create":
            return self._open(who, scheme, request)
        if request.verb == "Delete":
            self._close(request.shell_id)
            return envelope.answer(request, "")
        with self._lock:
            shell = self._shells.get(request.shell_id)
        if shell is None:
            raise FaultError(_NO_SUCH_SHELL, "there is no such shell")
        return shell.handle(request)

    def _open(self, who: Identity, scheme: str, request: Request) -> bytes:
        is_psrp = "/powershell/" in request.resource.lower()
        session = Session(who, "psrp" if is_psrp else "winrm", scheme)
        element = request.need(".//rsp:Shell")
        shell_id = (element.get("ShellId") or str(uuid.uuid4())).upper()
        shell: Shell
        if is_psrp:
            shell = pool = PsrpShell(session, self._executor)
            pool.open(request)
        else:
            shell = WinrsShell(session, self._executor)
        with self._lock:
            self._shells[shell_id] = shell
        return envelope.created(request, shell_id, shell.streams)

    def _close(self, shell_id: str) -> None:
        with self._lock:
            self._shells.pop(shell_id, None)


def start(shells: Shells, port: int, tls: ssl.SSLContext | None) -> LoopbackServer:
    """Listens for WS-Management, over TLS when there is a context."""
    scheme = "https" if tls else "http"

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def log_message(self, *arguments: t.Any) -> None:
            """Says nothing: what was asked is in the list of tasks."""

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            who = shells.log_in(self.headers.get("Authorization", ""))
            if who is None:
                self._answer(401, b"")
                return
            try:
                self._answer(*shells.handle(who, scheme, data))
            except DroppedError:
                self._break_off()

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            if status == 401:
                self.send_header("WWW-Authenticate", 'Basic realm="WSMAN"')
            self.send_header("Content-Type", "application/soap+xml;charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _break_off(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    return LoopbackServer(Handler, port, tls)
