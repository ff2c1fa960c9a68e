# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API for tests: state, request log, seed, switches, faults, reset."""

from __future__ import annotations

import json
import typing as t

from aiohttp import web

from .control_entities import SeedError, patch, seed
from .faults import FaultError, Faults
from .license import License
from .request_log import RequestLog
from .schemas import ENTITIES
from .site import Site, WindowsAccount
from .switches import SwitchError, Switches

Reconcile = t.Callable[[], t.Awaitable[None]]
_SHOWN = (
    "virtualproxyconfig",
    "proxyservice",
    "servernodeconfiguration",
    "user",
    "tag",
    "custompropertydefinition",
    "selection",
    "proxyservicecertificate",
    "servicestatus",
)


class Control:
    """Loopback only and without login: it exists for the test that started the simulator."""

    def __init__(self, site: Site, log: RequestLog, faults: Faults, reconcile: Reconcile):
        self._site = site
        self._log = log
        self._faults = faults
        self._reconcile = reconcile

    def app(self) -> web.Application:
        """The application."""
        app = web.Application(middlewares=[self._errors], client_max_size=64 * 1024 * 1024)
        entity = "/entities/{type}/{id}"
        app.add_routes(
            [
                web.get("/state", self.state),
                web.get("/requests", self.requests),
                web.delete("/requests", self.clear_requests),
                web.post("/reset", self.reset),
                web.post("/seed", self.seed),
                web.patch(entity, self.patch),
                web.delete(entity, self.delete),
                web.get("/switches", self.switches),
                web.put("/switches", self.set_switches),
                web.post("/faults", self.add_faults),
                web.delete("/faults", self.clear_faults),
            ]
        )
        return app

    @web.middleware
    async def _errors(
        self,
        request: web.Request,
        handler: t.Callable[[web.Request], t.Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        try:
            response = await handler(request)
        except (SeedError, SwitchError, FaultError, json.JSONDecodeError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        except KeyError as error:
            return web.json_response({"error": f"there is no {error}"}, status=404)
        if request.method != "GET":
            await self._reconcile()
        return response

    async def state(self, request: web.Request) -> web.Response:
        """Everything the site holds."""
        site = self._site
        entities = {
            path: [site.shapes.full(path, entity["id"]) for entity in site.store.all(path)]
            for path in _SHOWN
        }
        return web.json_response(
            {
                "entities": entities,
                "sessions": site.sessions(),
                "restarts": {node.proxy_id: site.restarts[node.proxy_id] for node in site.nodes},
                "switches": site.switches.as_dict(),
                "release": site.switches.release,
                "accesses": {
                    "total": site.license.total,
                    "holders": [list(holder) for holder in site.license.holders],
                },
            }
        )

    async def requests(self, request: web.Request) -> web.Response:
        """The request log."""
        return web.json_response(self._log.entries())

    async def clear_requests(self, request: web.Request) -> web.Response:
        """Empties the request log."""
        self._log.clear()
        return web.json_response({})

    async def reset(self, request: web.Request) -> web.Response:
        """A fresh site, without faults, with an empty log."""
        order = await _object(request)
        names = order.get("nodes")
        known = [spec.name for spec in self._site.specs]
        if names is not None and (not names or not set(names) <= set(known)):
            raise SeedError(f"nodes must be some of those started with: {', '.join(known)}")
        if names is not None and known[0] not in names:
            raise SeedError(f"the central node {known[0]} cannot be left out")
        switches = Switches(order.get("release") or "current", order.get("switches"))
        self._site.reset(switches, names)
        self._log.clear()
        self._faults.clear()
        return web.json_response({})

    async def seed(self, request: web.Request) -> web.Response:
        """Creates entities without validation; ``license`` sets the number of access passes.

        ``windowsaccounts`` adds accounts of the Windows domain.
        """
        order = await _object(request)
        created: dict[str, t.Any] = {}
        license_order = order.pop("license", None)
        if license_order is not None:
            self._site.license = License(
                int(license_order["total"]), license_order.get("holders", ())
            )
        for account in order.pop("windowsaccounts", []):
            self._site.windows_accounts.append(WindowsAccount(**account))
        for name, items in order.items():
            path = name.lower()
            created[name] = [seed(self._site, path, item) for item in items]
        return web.json_response(created)

    async def patch(self, request: web.Request) -> web.Response:
        """Merges into an entity; the site acts as if it had always been so."""
        path, entity_id = _entity(request)
        return web.json_response(patch(self._site, path, entity_id, await _object(request)))

    async def delete(self, request: web.Request) -> web.Response:
        """Removes an entity without any check."""
        path, entity_id = _entity(request)
        self._site.store.delete(path, entity_id)
        return web.json_response({})

    async def switches(self, request: web.Request) -> web.Response:
        """The values in force."""
        return web.json_response(self._site.switches.as_dict())

    async def set_switches(self, request: web.Request) -> web.Response:
        """Sets some."""
        self._site.switches.update(await _object(request))
        return await self.switches(request)

    async def add_faults(self, request: web.Request) -> web.Response:
        """Orders faults."""
        self._faults.add(await request.json())
        return web.json_response({})

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Forgets them."""
        self._faults.clear()
        return web.json_response({})


async def _object(request: web.Request) -> dict[str, t.Any]:
    order = await request.json() if request.can_read_body else {}
    if not isinstance(order, dict):
        raise SeedError("the body must be a JSON object")
    return order


def _entity(request: web.Request) -> tuple[str, str]:
    path = request.match_info["type"].lower()
    if path not in ENTITIES:
        raise SeedError(f"there is no type {path}")
    return path, request.match_info["id"]
