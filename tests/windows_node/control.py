# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API for tests: state, tasks, seed, failures, reset."""

from __future__ import annotations

import http.server
import json
import typing as t

from .faults import FaultError
from .http_server import LoopbackServer
from .model import seed, state
from .model.accounts import UnknownAccountError
from .model.filesystem import FileError
from .model.paths import PathError
from .model.rights import UnknownRightError
from .model.site import CertificateFilesError
from .settings import SettingError
from .world import World

_WRONG = (
    CertificateFilesError,
    FaultError,
    FileError,
    KeyError,
    PathError,
    SettingError,
    UnknownAccountError,
    UnknownRightError,
    ValueError,
)
Route = t.Callable[[World, t.Any], t.Any]


def _seed(world: World, order: t.Any) -> t.Any:
    seed.apply(world.node, order)
    return state.show(world.node)


def _reset(world: World, order: t.Any) -> t.Any:
    world.reset(order or {})
    return {}


def _order_faults(world: World, orders: t.Any) -> t.Any:
    world.faults.order(orders)
    return world.faults.show()


def _clear_faults(world: World, _order: t.Any) -> t.Any:
    world.faults.clear()
    return []


def _clear_tasks(world: World, _order: t.Any) -> t.Any:
    world.tasks.clear()
    return []


_ROUTES: t.Final[dict[tuple[str, str], Route]] = {
    ("GET", "/state"): lambda world, dummy: state.show(world.node),
    ("GET", "/tasks"): lambda world, dummy: world.tasks,
    ("DELETE", "/tasks"): _clear_tasks,
    ("GET", "/faults"): lambda world, dummy: world.faults.show(),
    ("POST", "/faults"): _order_faults,
    ("DELETE", "/faults"): _clear_faults,
    ("POST", "/seed"): _seed,
    ("POST", "/reset"): _reset,
}


def start(world: World, port: int) -> LoopbackServer:
    """Listens without login: it exists for the test that started the node."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: t.Any) -> None:
            """Says nothing."""

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_DELETE(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            route = _ROUTES.get((self.command, self.path))
            status, result = 404, {"error": f"there is no {self.command} {self.path}"}
            if route is not None:
                status, result = _call(world, route, body)
            data = json.dumps(result).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return LoopbackServer(Handler, port)


def _call(world: World, route: Route, body: bytes) -> tuple[int, t.Any]:
    try:
        with world.lock:
            # Taken apart while the lock is held: the answer is a picture of one moment.
            return 200, json.loads(json.dumps(route(world, json.loads(body) if body else None)))
    except _WRONG as error:
        return 400, {"error": f"{type(error).__name__}: {error}"}
