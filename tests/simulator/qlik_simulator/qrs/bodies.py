# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns the body of a POST or PUT into an entity in normal form, or refuses it."""

from __future__ import annotations

import copy
import dataclasses
import typing as t

from ..defaults import fields_of
from ..schema import BASE_NAMES, EMPTY_ID, Field, Schema
from ..schemas import OWNED
from ..site import Site
from ..store import Entity
from . import values
from .errors import QrsError, bad_request

EMPTY_CHILD = "invalid property id: operational with EMPTY GuID"


@dataclasses.dataclass(frozen=True)
class Reader:
    """Reads bodies for one site; property names are taken in any case.

    A property that neither the type nor the stored entity has is dropped. One that only the
    stored entity has (a newer server's) survives a round trip.
    """

    site: Site

    def new(self, schema: Schema, body: t.Mapping[str, t.Any]) -> Entity:
        """The entity that a POST asks for."""
        return self._read(schema, body, None)

    def changed(self, schema: Schema, body: t.Mapping[str, t.Any], before: Entity) -> Entity:
        """The entity that a PUT asks for.

        What the body leaves out gets its default, or stays (``omitted_on_put``).
        """
        return self._read(schema, body, before)

    def field_value(self, field: Field, value: t.Any, before: t.Any) -> t.Any:
        """The value of one property, as a synthetic entity sets it."""
        return self._value(field, value, before, {field.name: field.default})

    def _read(self, schema: Schema, body: t.Mapping[str, t.Any], before: Entity | None) -> Entity:
        if not isinstance(body, dict):
            raise bad_request(f"{schema.name} must be an object")
        given = {schema.canonical(name): value for name, value in body.items()}
        keep = before is not None and self.site.switches.omitted_on_put == "keep"
        result: Entity = copy.deepcopy(before) if keep and before is not None else {}
        for name in BASE_NAMES[:4]:
            if before is not None and name in before:
                result[name] = before[name]
        defaults = fields_of(schema, self.site.store.release)
        for field in schema.fields:
            if field.name in given:
                old = (before or {}).get(field.name)
                result[field.name] = self._value(field, given[field.name], old, defaults)
            elif field.name not in result and field.name in defaults:
                if field.required:
                    raise bad_request(f"{field.name} is required")
                result[field.name] = defaults[field.name]
        known = {*BASE_NAMES, *(field.name for field in schema.fields)}
        for name, value in given.items():
            if name not in known and name in (before or {}):
                result[name] = copy.deepcopy(value)
        return result

    def _value(self, field: Field, value: t.Any, old: t.Any, defaults: Entity) -> t.Any:
        if field.is_list:
            return self._list(field, value, old)
        if value is None:
            if field.required:
                raise bad_request(f"{field.name} is required")
            return defaults.get(field.name)
        if field.kind == "reference":
            return self._reference(field, value)
        if field.kind == "object":
            return self._read(OWNED[field.target], value, old)
        return values.check(field, value)

    def _list(self, field: Field, value: t.Any, old: t.Any) -> list[t.Any]:
        if value is None:
            status = self.site.switches.null_list
            raise QrsError(status, f"{field.name} must not be null")
        if not isinstance(value, list):
            raise bad_request(f"{field.name} must be a list")
        if field.kind == "strings":
            if not all(isinstance(item, str) for item in value):
                raise bad_request(f"{field.name} must be a list of strings")
            return list(value)
        if field.kind == "references":
            found: dict[str, Entity] = {}
            for item in value:
                reference = self._reference(field, item)
                found[reference["id"]] = reference
            return list(found.values())
        return [self._child(field, item, old or []) for item in value]

    def _reference(self, field: Field, value: t.Any) -> Entity:
        item = {str(k).lower(): v for k, v in value.items()} if isinstance(value, dict) else {}
        if not values.is_guid(item.get("id")):
            raise bad_request(f"{field.name}: a reference needs the id of an existing entity")
        if self.site.store.peek(field.target, item["id"]) is None:
            raise bad_request(f"{field.name}: no {field.target} with that id")
        return {"id": item["id"].lower()}

    def _child(self, field: Field, value: t.Any, old: list[Entity]) -> Entity:
        schema = OWNED[field.target]
        given_id = None
        if isinstance(value, dict):
            given_id = next((v for k, v in value.items() if k.lower() == "id"), None)
        if given_id in ("", EMPTY_ID):
            if self.site.switches.empty_child_id == 400:
                raise QrsError(400, EMPTY_CHILD)
            given_id = None
        if given_id is not None and not values.is_guid(given_id):
            raise bad_request(f"{field.name}: id is not a GUID")
        before = next((item for item in old if item["id"] == str(given_id).lower()), None)
        child = self._read(schema, value, before)
        if given_id is not None:
            child["id"] = str(given_id).lower()
        return child
