# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the server stores for properties that a client leaves out."""

from __future__ import annotations

import copy
import typing as t
import uuid

from .schema import EMPTY_ID, Schema
from .schemas import OWNED


def fields_of(schema: Schema, release: str) -> dict[str, t.Any]:
    """The fields a server of that release has, with their defaults."""
    values: dict[str, t.Any] = {}
    for field in schema.fields:
        if field.release not in ("", release):
            continue
        if field.is_list:
            values[field.name] = list(field.default or ())
        elif field.kind == "object":
            values[field.name] = fields_of(OWNED[field.target], release)
        else:
            values[field.name] = field.default
    return values


def complete(schema: Schema, partial: t.Mapping[str, t.Any], release: str) -> dict[str, t.Any]:
    """``partial`` with the defaults for what it lacks, owned objects included."""
    values = fields_of(schema, release)
    for name, value in partial.items():
        field = schema.field(name)
        if field is not None and field.kind == "object" and isinstance(value, dict):
            values[name] = complete(OWNED[field.target], value, release)
        else:
            values[name] = copy.deepcopy(value)
    return values


def stamp_children(schema: Schema, entity: dict[str, t.Any], stamp: str, user: str) -> None:
    """Gives new owned objects their id, dates and editor, in place."""
    for field in schema.fields:
        value = entity.get(field.name)
        if field.kind == "object" and isinstance(value, dict):
            _stamp(OWNED[field.target], value, stamp, user)
        elif field.kind == "children" and isinstance(value, list):
            for item in value:
                _stamp(OWNED[field.target], item, stamp, user)


def _stamp(schema: Schema, item: dict[str, t.Any], stamp: str, user: str) -> None:
    if item.get("id") in (None, "", EMPTY_ID):
        item["id"] = str(uuid.uuid4())
    for name, value in (
        ("createdDate", stamp),
        ("modifiedDate", stamp),
        ("modifiedByUserName", user),
    ):
        if not item.get(name):
            item[name] = value
    stamp_children(schema, item, stamp, user)
