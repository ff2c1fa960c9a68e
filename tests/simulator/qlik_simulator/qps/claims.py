# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From claims to a user: the names the virtual proxy expects, constants, session attributes."""

from __future__ import annotations

import typing as t

from ..store import Entity
from .identity import Identity
from .sessions import Attributes
from .tokens import BadToken, Claims


def identity_of(claims: Claims, virtual_proxy: Entity) -> Identity:
    """Who the token speaks for. Raises BadToken when a claim the virtual proxy needs is missing.

    Claim names are case-sensitive. A name in square brackets is the value itself.
    """
    directory = _text(claims, virtual_proxy["jwtAttributeUserDirectory"] or "")
    user_id = _text(claims, virtual_proxy["jwtAttributeUserId"] or "")
    if not directory or not user_id:
        raise BadToken("the claim for user id or user directory is missing")
    return Identity(directory, user_id, _attributes(claims, virtual_proxy))


def _attributes(claims: Claims, virtual_proxy: Entity) -> Attributes:
    found: Attributes = []
    for item in virtual_proxy.get("jwtAttributeMap") or []:
        values = _values(claims, item["jwtAttribute"])
        if item.get("isMandatory") and not values:
            raise BadToken("a mandatory attribute is missing")
        found += [{item["senseAttribute"]: value} for value in values]
    return found


def _text(claims: Claims, name: str) -> str:
    values = _values(claims, name)
    return values[0] if len(values) == 1 else ""


def _values(claims: Claims, name: str) -> list[str]:
    """The texts of a claim; a list gives several, and what is neither text nor number none."""
    if len(name) > 2 and name.startswith("[") and name.endswith("]"):
        return [name[1:-1]]
    value = claims.get(name)
    items = value if isinstance(value, list) else [value]
    texts = [_as_text(item) for item in items]
    return [text for text in texts if text]


def _as_text(value: t.Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""
