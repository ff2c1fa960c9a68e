# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much header a request may have, and what the virtual proxy adds to answers."""

from __future__ import annotations

import typing as t

from aiohttp import web

from ..store import Entity

# The server library's own limits must lie above every limit that can be set for a proxy.
SERVER_LIMITS: t.Mapping[str, t.Any] = {
    "max_line_size": 262_144,
    "max_field_size": 262_144,
    "max_headers": 2_000,
}
_LINE_END = 2
_SEPARATOR = 2


def too_large(request: web.Request, settings: Entity) -> bool:
    """Whether the request exceeds the proxy service's limits on bytes or lines of header."""
    size = len(request.method) + len(request.raw_path) + len(" HTTP/1.1 ") + _LINE_END
    for name, value in request.raw_headers:
        size += len(name) + len(value) + _SEPARATOR + _LINE_END
    lines = len(request.raw_headers)
    return bool(size > settings["maxHeaderSizeBytes"] or lines > settings["maxHeaderLines"])


def additional(virtual_proxy: Entity) -> list[tuple[str, str]]:
    """The additional response headers: one ``Name: value`` a line, others are left out."""
    pairs = []
    for line in (virtual_proxy.get("additionalResponseHeaders") or "").splitlines():
        name, separator, value = line.partition(":")
        if separator and name.strip() and " " not in name.strip():
            pairs.append((name.strip(), value.strip()))
    return pairs
