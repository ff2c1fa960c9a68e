# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was asked of the simulator. No token, key or cookie is kept in clear."""

from __future__ import annotations

import hashlib
import json
import re
import typing as t

Json = dict[str, t.Any]
_SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie", "qlik-csrf-token"}
_SECRET_NAME = re.compile(r"password|passphrase|secret$|token|privatekey|^key$", re.IGNORECASE)
_SECRET_QUERY = re.compile(r"token|ticket|password|jwt", re.IGNORECASE)
_SECRET_TEXT = re.compile(r"PRIVATE KEY|^ey[\w-]+\.[\w-]+\.[\w-]*$")


def digest(value: str) -> str:
    """What stands for a secret: its SHA-256 in hex."""
    return hashlib.sha256(value.encode()).hexdigest()


class RequestLog:
    """Requests in order of arrival."""

    def __init__(self) -> None:
        self._entries: list[Json] = []
        self._count = 0

    def add(
        self, port: str, node: str, method: str, target: str, headers: t.Mapping[str, str]
    ) -> Json:
        """A new entry; its ``status`` and ``body`` are set later."""
        path, dummy, query = target.partition("?")
        self._count += 1
        entry: Json = {
            "n": self._count,
            "port": port,
            "node": node,
            "method": method,
            "path": path,
            "query": _scrub_query(query),
            "headers": {
                name: digest(value) if name.lower() in _SECRET_HEADERS else value
                for name, value in headers.items()
            },
            "status": None,
        }
        self._entries.append(entry)
        return entry

    def entries(self) -> list[Json]:
        """All of them."""
        return list(self._entries)

    def clear(self) -> None:
        """Forgets them, and counts from 1 again."""
        self._entries.clear()
        self._count = 0


def body_of(content_type: str, body: bytes) -> t.Any:
    """A JSON body with its secrets replaced by their digests; None when it is no JSON."""
    if not body or "json" not in content_type.lower():
        return None
    try:
        return _scrub(json.loads(body))
    except ValueError:
        return None


def _scrub(value: t.Any, name: str = "") -> t.Any:
    if isinstance(value, dict):
        return {key: _scrub(item, str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_scrub(item, name) for item in value]
    if not isinstance(value, str) or not value:
        return value
    secret = _SECRET_NAME.search(name) or _SECRET_TEXT.search(value)
    return digest(value) if secret else value


def _scrub_query(query: str) -> str:
    parts = []
    for part in query.split("&"):
        name, equals, value = part.partition("=")
        if value and _SECRET_QUERY.search(name):
            value = digest(value)
        parts.append(f"{name}{equals}{value}")
    return "&".join(parts)
