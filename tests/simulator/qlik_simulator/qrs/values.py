# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks one scalar value of a body against its field: type, limits, format."""

from __future__ import annotations

import re
import typing as t
import uuid

from .. import dates
from ..schema import Field
from .errors import bad_request

_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", re.ASCII)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")


def check(field: Field, value: t.Any) -> t.Any:
    """The value to store; a 400 names the property, never the value."""
    checkers: dict[str, t.Callable[[Field, t.Any], t.Any]] = {
        "string": _string,
        "integer": _integer,
        "boolean": _boolean,
        "date": _date,
        "uuid": _uuid,
    }
    return checkers[field.kind](field, value)


def is_guid(value: t.Any) -> bool:
    """Whether it is a GUID in its usual form."""
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


def _string(field: Field, value: t.Any) -> str:
    if not isinstance(value, str):
        raise bad_request(f"{field.name} must be a string")
    if not value and field.empty_allowed:
        return value
    if len(value) < (field.min_length or 0):
        raise bad_request(f"{field.name} must not be empty")
    if field.max_length is not None and len(value) > field.max_length:
        raise bad_request(f"{field.name} is longer than {field.max_length} characters")
    if value and field.format == "http-header-name" and not _HEADER_NAME.fullmatch(value):
        raise bad_request(f"{field.name} is not a valid header name")
    if value and field.format == "uri" and not _URI.fullmatch(value):
        raise bad_request(f"{field.name} is not a valid URI")
    return value


def _integer(field: Field, value: t.Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad_request(f"{field.name} must be an integer")
    low, high = field.minimum, field.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise bad_request(f"{field.name} must be between {low} and {high}")
    return value


def _boolean(field: Field, value: t.Any) -> bool:
    if not isinstance(value, bool):
        raise bad_request(f"{field.name} must be a boolean")
    return value


def _date(field: Field, value: t.Any) -> str:
    try:
        dates.parse(value)
    except (TypeError, ValueError):
        raise bad_request(f"{field.name} is not a date") from None
    return str(value)


def _uuid(field: Field, value: t.Any) -> str:
    if not is_guid(value):
        raise bad_request(f"{field.name} is not a GUID")
    return str(value).lower()
