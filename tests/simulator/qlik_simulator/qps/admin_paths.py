# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths of the administration port: ``/qps[/{virtual proxy}]/session/{id}`` and the like."""

from __future__ import annotations

import dataclasses
import re

_PATTERN = re.compile(
    r"/qps/(?:(?P<prefix>.+?)/)?(?:"
    r"(?P<single>alive|health|ticket)"
    r"|(?P<session>session)(?:/(?P<id>[^/]+))?"
    r"|(?P<user>user)/(?P<directory>[^/]+)/(?P<name>[^/]+)"
    r")/?",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True)
class AdminPath:
    """What is asked for (``kind``), at which virtual proxy, with the rest as ``arguments``."""

    kind: str
    prefix: str
    arguments: tuple[str, ...]


def parse(path: str) -> AdminPath | None:
    """Reads a decoded path; None when the service has nothing there."""
    match = _PATTERN.fullmatch(path)
    if match is None:
        return None
    prefix = match["prefix"] or ""
    if match["single"]:
        return AdminPath(match["single"].lower(), prefix, ())
    if match["user"]:
        return AdminPath("user", prefix, (match["directory"], match["name"]))
    if match["id"]:
        return AdminPath("session", prefix, (match["id"],))
    return AdminPath("sessions", prefix, ())
