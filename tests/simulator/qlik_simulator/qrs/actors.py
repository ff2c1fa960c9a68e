# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In whose name a request acts, and what that name may do."""

from __future__ import annotations

import re
import typing as t
import urllib.parse

from ..site import Site
from .call import Actor
from .errors import QrsError

UNKNOWN_USER = (
    "Unknown users not allowed for repository calls, missing or malformed http header: X-Qlik-User"
)
_HEADER = re.compile(
    r"\s*UserDirectory\s*=\s*(?P<directory>[^;=]+?)\s*;\s*UserId\s*=\s*(?P<user>[^;=]+?)\s*;?\s*",
    re.IGNORECASE,
)
ADMIN_ROLE = "rootadmin"
SERVICE_ADMINS = ("sa_repository", "sa_api")


def from_header(site: Site, headers: t.Mapping[str, str]) -> Actor:
    """The actor that ``X-Qlik-User`` names; values are URL-encoded, case and spaces vary."""
    header = headers.get("X-Qlik-User")
    if header is None and site.switches.missing_user_header == "accept":
        return Actor("INTERNAL", "sa_repository", admin=True)
    match = _HEADER.fullmatch(header or "")
    if match is None:
        raise QrsError(403, UNKNOWN_USER, measured=True)
    directory = urllib.parse.unquote(match.group("directory"))
    name = urllib.parse.unquote(match.group("user"))
    actor = named(site, directory, name)
    if not actor.admin and site.find_user(directory, name) is None:
        raise QrsError(403, UNKNOWN_USER, measured=True)
    return actor


def named(site: Site, directory: str, name: str) -> Actor:
    """The actor of that name, with administrator's rights for services and for RootAdmin."""
    if directory.casefold() == "internal" and name.casefold() in SERVICE_ADMINS:
        return Actor(directory, name, admin=True)
    user = site.find_user(directory, name)
    roles = [str(role).casefold() for role in (user or {}).get("roles") or []]
    return Actor(directory, name, admin=ADMIN_ROLE in roles)
