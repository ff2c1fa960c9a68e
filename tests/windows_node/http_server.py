# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An HTTP server on loopback with a thread for each connection."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
import typing as t

HOST = "127.0.0.1"


class LoopbackServer(http.server.ThreadingHTTPServer):
    """Serves in a thread of its own. ``port`` 0 is any free one."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        handler: type[http.server.BaseHTTPRequestHandler],
        port: int,
        tls: ssl.SSLContext | None = None,
    ):
        self._tls = tls
        super().__init__((HOST, port), handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def get_request(self) -> tuple[socket.socket, t.Any]:
        """Accepts a connection; its thread, not this one, does the TLS handshake."""
        connection, address = super().get_request()
        if self._tls is not None:
            connection = self._tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, address

    def handle_error(self, request: t.Any, client_address: t.Any) -> None:
        """A client that goes away is no news."""

    def stop(self) -> None:
        """Stops listening."""
        self.shutdown()
        self.server_close()
        self._thread.join()
