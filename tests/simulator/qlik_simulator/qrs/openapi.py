# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An OpenAPI 2.0 description of the simulated repository, made from its own schemas."""

from __future__ import annotations

import typing as t

from ..schema import Field, Schema
from ..schemas import ENTITIES, OWNED
from .types import TYPES, TypeRoutes

Json = dict[str, t.Any]
_STRING: Json = {"type": "string"}
_UUID: Json = {"type": "string", "format": "uuid"}
_DATE: Json = {"type": "string", "format": "date-time"}
_PRIVILEGES: Json = {"type": "array", "items": _STRING}


def describe(version: str, release: str) -> Json:
    """The document for ``/about/openapi/main``."""
    definitions: Json = {}
    for schema in (*ENTITIES.values(), *OWNED.values()):
        definitions[schema.name] = _definition(schema, release, full=True)
        if not schema.owned:
            definitions[f"{schema.name}Condensed"] = _definition(schema, release, full=False)
    paths: Json = {"/about": {"get": {"responses": {"200": {"description": "OK"}}}}}
    for path, routes in TYPES.items():
        paths.update(_paths(path, routes))
    return {
        "swagger": "2.0",
        "info": {"title": "Repository Main API of the simulator", "version": version},
        "basePath": "/qrs",
        "paths": paths,
        "definitions": definitions,
    }


def _definition(schema: Schema, release: str, full: bool) -> Json:
    properties: Json = {"id": _UUID}
    if full:
        properties.update(
            createdDate=_DATE, modifiedDate=_DATE, modifiedByUserName=_STRING, schemaPath=_STRING
        )
    if not schema.owned:
        properties["privileges"] = _PRIVILEGES
    fields = [f for f in schema.fields if f.release in ("", release) and (full or f.condensed)]
    properties.update({field.name: _property(field) for field in fields})
    definition: Json = {"type": "object", "properties": properties}
    required = [field.name for field in fields if field.required]
    return {**definition, "required": required} if required else definition


def _property(field: Field) -> Json:
    if field.kind in ("reference", "references"):
        item = {"$ref": f"#/definitions/{ENTITIES[field.target].name}Condensed"}
        return item if field.kind == "reference" else {"type": "array", "items": item}
    if field.kind in ("object", "children"):
        item = {"$ref": f"#/definitions/{field.target}"}
        return item if field.kind == "object" else {"type": "array", "items": item}
    if field.kind == "strings":
        return {"type": "array", "items": _STRING}
    if field.kind in ("date", "uuid"):
        return dict(_DATE if field.kind == "date" else _UUID)
    shown: Json = {"type": field.kind}
    for name, value in (
        ("format", field.format or None),
        ("minLength", field.min_length),
        ("maxLength", field.max_length),
        ("minimum", field.minimum if not field.enum else None),
        ("maximum", field.maximum if not field.enum else None),
    ):
        if value is not None:
            shown[name] = value
    if field.enum:
        shown.update({"enum": list(range(len(field.enum))), "x-enumNames": list(field.enum)})
        shown["default"] = field.default
    return shown


def _paths(path: str, routes: TypeRoutes) -> Json:
    name = ENTITIES[path].name

    def answers(status: str, schema: Json | None) -> Json:
        body: Json = {"description": {"200": "OK", "201": "Created"}.get(status, "No Content")}
        return {"responses": {status: {**body, "schema": schema} if schema else body}}

    def several(definition: str) -> Json:
        return {"type": "array", "items": {"$ref": f"#/definitions/{definition}"}}

    one = {"$ref": f"#/definitions/{name}"}
    found: Json = {
        f"/{path}": {"get": answers("200", several(f"{name}Condensed"))},
        f"/{path}/full": {"get": answers("200", several(name))},
        f"/{path}/count": {"get": answers("200", {"type": "integer", "format": "int32"})},
        f"/{path}/{{id}}": {"get": answers("200", one)},
    }
    if routes.create:
        found[f"/{path}"]["post"] = answers("201", one)
    if routes.many:
        found[f"/{path}/many"] = {"post": answers("201", several(name))}
    if routes.change:
        found[f"/{path}/{{id}}"]["put"] = answers("200", one)
    if routes.remove:
        found[f"/{path}/{{id}}"]["delete"] = answers("204", None)
    if routes.local:
        found[f"/{path}/local"] = {"get": answers("200", one)}
    return found
