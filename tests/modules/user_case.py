# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user that the tests of qlik_user are about, on the simulated site."""

from __future__ import annotations

import typing as t

from support.case import Json
from support.simulator import Simulator

WHO: Json = {"directory": "PORTAL", "id": "login_test"}


GET, COUNT, POST = "GET /qrs/user/full", "GET /qrs/user/count", "POST /qrs/user"


def stored(site: Simulator, user_id: str = "login_test") -> Json:
    return site.entity("user", userId=user_id)


def exists(site: Simulator) -> bool:
    return bool(site.entities("user", userId="login_test"))


def seed(site: Simulator, **more: t.Any) -> Json:
    """A user with everything that nobody may lose."""
    tag = site.seed(tag=[{"name": "kept"}])["tag"][0]
    user = {
        "userDirectory": "PORTAL",
        "userId": "login_test",
        "name": "Before",
        "roles": ["AuditAdmin"],
        "removedExternally": True,
        "blacklisted": True,
        "attributes": [{"attributeType": "group", "attributeValue": "a", "externalId": ""}],
        "tags": [{"id": tag["id"]}],
        "favorites": ["5f7a9c52-0ed0-4a2f-9ef6-0c4d8a6c1b11"],
        **more,
    }
    site.seed(user=[user])
    created = stored(site, user["userId"])
    site.patch("user", created["id"], {"unknownToUs": {"keep": ["me"]}})
    return stored(site, user["userId"])
