# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts the parts together: certificates, site, applications, ports, ready file."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import pathlib
import ssl
import typing as t

from . import certificates
from .client_certificates import ClientCertificates, browser_context, service_context
from .control import Control
from .faults import Faults
from .listeners import Listener
from .qps import SERVER_LIMITS, ProxyMemory, build_admin_app, build_proxy_app
from .qrs.app import build_qrs_app
from .request_log import RequestLog
from .site import Node, NodeSpec, Site
from .switches import Switches
from .wrapper import Wrapper


@dataclasses.dataclass(frozen=True)
class Options:
    """What the command line says. Ports are 0 for any free one, and those of the central node."""

    directory: pathlib.Path
    ready_file: pathlib.Path
    release: str = "current"
    switches: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    nodes: tuple[str, ...] = ("Central",)
    short_names: bool = False
    expired: bool = False
    qrs_port: int = 0
    https_port: int = 0
    http_port: int = 0
    admin_port: int = 0
    control_port: int = 0


@dataclasses.dataclass(frozen=True)
class _NodePorts:
    https: Listener
    http: Listener
    admin: Listener

    def all(self) -> tuple[Listener, Listener, Listener]:
        return (self.https, self.http, self.admin)


class Server:
    """A running simulator. ValueError or OSError from the constructor: wrong options, used port."""

    def __init__(self, options: Options):
        self._options = options
        switches = Switches(options.release, options.switches)
        hosts = ["localhost", *(f"rim{number}" for number in range(1, len(options.nodes)))]
        self._files = certificates.prepare(
            options.directory / "certificates",
            list(zip(options.nodes, hosts, strict=True)),
            short_names=options.short_names,
            expired=options.expired,
        )
        self._qrs = Listener(options.qrs_port)
        self._control = Listener(options.control_port)
        self._ports: dict[str, _NodePorts] = {}
        specs: list[NodeSpec] = []
        for name, host in zip(options.nodes, hosts, strict=True):
            fixed = (options.https_port, options.http_port, options.admin_port)
            ports = _NodePorts(*(Listener(port if not specs else 0) for port in fixed))
            self._ports[name] = ports
            numbers = (ports.https.port, ports.http.port, ports.admin.port)
            specs.append(NodeSpec(name, host, *numbers))
        self._site = Site(specs, switches)
        self._site.on_restart(self._restarted)
        self._client_certificates = ClientCertificates(self._files.path("root"))
        self._refusal: str | int = ""
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listens everywhere, then writes the ready file."""
        log, faults = RequestLog(), Faults()
        wrapper = Wrapper(self._site, log, faults, self.reconcile)
        qrs = build_qrs_app(self._site, self._client_certificates)
        central = self._site.nodes[0]
        await self._qrs.attach(wrapper.wrap(qrs, "qrs", central.name, None))
        memory = ProxyMemory(self._site)
        for node in self._site.nodes:
            await self._attach_node(node, memory, wrapper)
        control = Control(self._site, log, faults, self.reconcile)
        await self._control.attach(control.app())
        await self._control.open()
        await self.reconcile()
        self._write_ready_file()

    async def _attach_node(self, node: Node, memory: ProxyMemory, wrapper: Wrapper) -> None:
        ports = self._ports[node.name]
        for listener, port in ((ports.https, "https"), (ports.http, "http")):
            proxy = build_proxy_app(self._site, node, memory)
            wrapper.wrap(proxy, port, node.name, node.proxy_id)
            await listener.attach(proxy, **SERVER_LIMITS)
        admin = build_admin_app(self._site, node, memory, self._client_certificates.accepts)
        await ports.admin.attach(wrapper.wrap(admin, "admin", node.name, node.proxy_id))

    async def reconcile(self) -> None:
        """Opens and closes ports as the site's settings and switches say now."""
        async with self._lock:
            refusal = self._site.switches.client_cert_refusal
            if refusal != self._refusal:
                # A TLS context cannot forget an authority, so those ports start anew.
                self._refusal = refusal
                for listener in (self._qrs, *(ports.admin for ports in self._ports.values())):
                    await listener.close()
            if not self._qrs.is_open:
                await self._qrs.open(self._service_context(self._options.nodes[0]))
            nodes = {node.name: node for node in self._site.nodes}
            for name, ports in self._ports.items():
                await self._reconcile_node(name, ports, nodes.get(name))

    async def _reconcile_node(self, name: str, ports: _NodePorts, node: Node | None) -> None:
        up = node is not None and not self._site.is_restarting(node.proxy_id)
        http = False
        if node is not None:
            proxy = self._site.store.peek("proxyservice", node.proxy_id)
            http = proxy is not None and bool(proxy["settings"]["allowHttp"])
        wanted: tuple[tuple[Listener, bool, t.Callable[[], ssl.SSLContext | None]], ...] = (
            (ports.https, up, lambda: browser_context(self._files, name)),
            (ports.http, up and http, lambda: None),
            (
                ports.admin,
                up and self._site.switches.qps_admin_port == "on",
                lambda: self._service_context(name),
            ),
        )
        for listener, is_wanted, context in wanted:
            if is_wanted and not listener.is_open:
                await listener.open(context())
            elif not is_wanted and listener.is_open:
                await listener.close()

    def _service_context(self, node_name: str) -> ssl.SSLContext:
        return service_context(self._files, node_name, self._refusal)

    def _restarted(self, proxy_id: str) -> None:
        seconds = float(self._site.switches.restart_seconds)
        if seconds:
            task = asyncio.get_running_loop().create_task(self._after(seconds))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _after(self, seconds: float) -> None:
        await self.reconcile()
        await asyncio.sleep(seconds + 0.01)
        await self.reconcile()

    async def stop(self) -> None:
        """Removes the ready file and gives the ports up."""
        self._options.ready_file.unlink(missing_ok=True)
        for task in self._tasks:
            task.cancel()
        node_ports = (listener for ports in self._ports.values() for listener in ports.all())
        listeners = (self._control, self._qrs, *node_ports)
        await asyncio.gather(*(listener.shut_down() for listener in listeners))

    def _write_ready_file(self) -> None:
        path = self._options.ready_file
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_text(json.dumps(self._ready(), indent=2) + "\n")
        temporary.replace(path)

    def _ready(self) -> dict[str, t.Any]:
        central = self._site.nodes[0]
        return {
            "pid": os.getpid(),
            "control_url": f"http://127.0.0.1:{self._control.port}",
            "host": "localhost",
            "qrs_port": self._qrs.port,
            "qrs_url": f"https://localhost:{self._qrs.port}",
            "certificates": self._files.as_dict(central.name),
            "proxy_ca": str(self._files.path("proxy_ca")),
            "nodes": [
                {
                    "name": node.name,
                    "host_name": node.host_name,
                    "id": node.id,
                    "central": node.central,
                    "proxy_id": node.proxy_id,
                    "https_port": node.https_port,
                    "http_port": node.http_port,
                    "admin_port": node.admin_port,
                    "url": f"https://localhost:{node.https_port}",
                }
                for node in self._site.nodes
            ],
        }
