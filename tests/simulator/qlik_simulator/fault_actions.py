# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a fault does to a request."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import typing as t

from aiohttp import web

from .control_entities import merge, seed
from .defaults import fields_of
from .faults import Fault
from .qrs import rules
from .qrs.errors import QrsError
from .schemas import ENTITIES
from .site import Site

Handler = t.Callable[[web.Request], t.Awaitable[web.StreamResponse]]
_HTML = "<!doctype html><html><head><title>Login</title></head><body>Please log in.</body></html>"
_CHUNK = 64 * 1024
# Marks an answer that cannot arrive, since its connection is gone.
NO_ANSWER = 499
OTHER_ADMINISTRATOR = "OTHER\\admin"


async def perform(
    faults: t.Sequence[Fault], site: Site, request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Runs the faults in their order; the last one that answers ends the request."""
    for position, fault in enumerate(faults):
        if fault.action == "delay":
            await asyncio.sleep(float(fault.arguments.get("seconds", 1)))
        elif fault.action == "not_stored":
            answer = await perform(faults[position + 1 :], site, request, handler)
            return lose(site, fault.arguments, answer)
        elif fault.action in _OTHERS:
            _OTHERS[fault.action](site, fault.arguments)
        else:
            rest = faults[position + 1 :]

            async def inner(
                inner_request: web.Request, rest: t.Sequence[Fault] = rest
            ) -> web.StreamResponse:
                return await perform(rest, site, inner_request, handler)

            return await _TERMINAL[fault.action](fault, request, inner)
    return await handler(request)


def edit_as_other(site: Site, arguments: t.Mapping[str, t.Any]) -> None:
    """Another administrator changes an entity of ``type`` by ``change``, which is merged.

    ``id`` names it, or ``where``: properties of the one entity that is meant, for a test that
    cannot know the id yet. ``link`` lists ids of virtual proxies that a proxy service serves from
    then on, beside those that it serves at that moment. LookupError when there is no such entity.
    """
    path = str(arguments.get("type", "")).lower()
    where = arguments.get("where") or {"id": arguments.get("id")}
    for before in site.store.all(path):
        if all(before.get(name) == value for name, value in where.items()):
            entity = merge(site, path, before, arguments.get("change") or {})
            for linked in arguments.get("link") or []:
                entity["settings"]["virtualProxies"].append({"id": linked})
            site.store.replace(path, entity, OTHER_ADMINISTRATOR)
            return
    raise LookupError(f"edit_between: no {path} with {where}")


def create_as_other(site: Site, arguments: t.Mapping[str, t.Any]) -> None:
    """Another administrator creates ``entity``, of ``type``, unless the repository refuses it."""
    path = str(arguments.get("type", "")).lower()
    entity = seed(site, path, arguments.get("entity") or {})
    stored = site.store.get(path, entity["id"])
    try:
        rules.check(site, path, stored, stored)
    except QrsError:
        site.store.delete(path, entity["id"])


def delete_as_other(site: Site, arguments: t.Mapping[str, t.Any]) -> None:
    """Another administrator deletes those of ``type`` that have the properties ``where``."""
    path = str(arguments.get("type", "")).lower()
    for entity in site.store.all(path):
        if all(entity.get(name) == value for name, value in (arguments["where"]).items()):
            site.store.delete(path, entity["id"])


def lose(
    site: Site, arguments: t.Mapping[str, t.Any], answer: web.StreamResponse
) -> web.StreamResponse:
    """The repository takes an entity of ``type`` without the ``properties`` that were sent.

    Those get the values of ``instead`` or their default. With ``gone`` they vanish, as do
    properties that the type does not know.
    """
    if answer.status not in (200, 201) or not isinstance(answer, web.Response):
        return answer
    path = str(arguments.get("type", "")).lower()
    entity = site.store.get(path, json.loads(answer.text or "")["id"])
    values = {**fields_of(ENTITIES[path], site.store.release), **arguments.get("instead", {})}
    for name in arguments.get("properties") or []:
        if name in values and not arguments.get("gone"):
            entity[name] = values[name]
        else:
            entity.pop(name, None)
    site.store.overwrite(path, entity)
    answer.text = json.dumps(site.shapes.full(path, entity["id"]))
    return answer


def drop(request: web.Request) -> None:
    """Ends the connection with a reset instead of an orderly close."""
    if request.transport is None:
        return
    connection = request.transport.get_extra_info("socket")
    if connection is not None:
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    request.transport.abort()


async def _status(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    body = fault.arguments.get("body")
    response = web.Response(status=int(fault.arguments.get("status", 503)))
    if isinstance(body, str):
        response.text = body
    elif body is not None:
        response.text = json.dumps(body)
        response.content_type = "application/json"
    for name, value in (fault.arguments.get("headers") or {}).items():
        response.headers[str(name)] = str(value)
    return response


async def _reset_before(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    drop(request)
    return web.Response(status=NO_ANSWER)


async def _reset_after(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    await handler(request)
    drop(request)
    return web.Response(status=NO_ANSWER)


async def _html(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    return web.Response(
        status=int(fault.arguments.get("status", 200)), text=_HTML, content_type="text/html"
    )


async def _truncate(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    answer = await handler(request)
    body = answer.body if isinstance(answer, web.Response) else None
    data = body if isinstance(body, bytes) else b'{"value": 0}'
    cut = web.StreamResponse(status=answer.status)
    cut.content_type = answer.content_type
    cut.content_length = len(data)
    await cut.prepare(request)
    await cut.write(data[: len(data) // 2])
    if request.transport is not None:
        request.transport.close()
    return cut


async def _hang(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    await asyncio.sleep(float(fault.arguments.get("seconds", 3600)))
    drop(request)
    return web.Response(status=NO_ANSWER)


async def _huge(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    size = int(fault.arguments.get("bytes", 64 * 1024 * 1024))
    response = web.StreamResponse(status=200)
    response.content_type = str(fault.arguments.get("content_type", "application/json"))
    response.content_length = size
    await response.prepare(request)
    await response.write(b'"')
    left = size - 2
    while left > 0:
        await response.write(b"x" * min(left, _CHUNK))
        left -= _CHUNK
    await response.write(b'"')
    return response


async def _headers(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    answer = await handler(request)
    if not answer.prepared:
        for name in fault.arguments.get("remove") or []:
            answer.headers.popall(str(name), None)
            if str(name).lower() == "set-cookie":
                answer.cookies.clear()
        for name, value in (fault.arguments.get("add") or {}).items():
            answer.headers.add(str(name), str(value))
    return answer


_OTHERS: dict[str, t.Callable[[Site, t.Mapping[str, t.Any]], None]] = {
    "edit_between": edit_as_other,
    "create_between": create_as_other,
    "delete_between": delete_as_other,
}
_TERMINAL: dict[str, t.Callable[[Fault, web.Request, Handler], t.Awaitable[web.StreamResponse]]] = {
    "status": _status,
    "reset_before": _reset_before,
    "reset_after": _reset_after,
    "html": _html,
    "truncate": _truncate,
    "hang": _hang,
    "huge": _huge,
    "headers": _headers,
}
