# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SessionData of the administration port: PascalCase out, any case in."""

from __future__ import annotations

import typing as t

from .sessions import Attributes, Session

Json = dict[str, t.Any]


def render(session: Session) -> Json:
    """A session as the service shows it."""
    return {
        "UserDirectory": session.user_directory,
        "UserId": session.user_id,
        "Attributes": session.attributes,
        "SessionId": session.id,
        "UserName": session.user_name,
    }


def lower_keys(body: t.Any) -> Json:
    """A posted object with its names in lower case; ValueError when it is no object."""
    if not isinstance(body, dict):
        raise ValueError("an object is expected")
    return {str(name).lower(): value for name, value in body.items()}


def text(body: Json, name: str) -> str:
    """A required text; ValueError when it is missing or empty."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is required")
    return value


def attributes(body: Json) -> Attributes:
    """The posted attributes: a list of objects with texts, names may repeat."""
    value = body.get("attributes") or []
    if not isinstance(value, list) or not all(_is_attribute(item) for item in value):
        raise ValueError("attributes are objects of texts in a list")
    return [dict(item) for item in value]


def _is_attribute(item: t.Any) -> bool:
    return isinstance(item, dict) and all(isinstance(text, str) for text in item.values())
