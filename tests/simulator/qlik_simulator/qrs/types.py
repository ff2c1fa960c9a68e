# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which calls each entity type answers, by the server's own description."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class TypeRoutes:
    """``many``: POST /many. ``local``: GET /local. Lists and GET by id exist for all."""

    create: bool = False
    many: bool = False
    change: bool = False
    remove: bool = False
    local: bool = False


_WHOLE = TypeRoutes(create=True, many=True, change=True, remove=True)
TYPES: dict[str, TypeRoutes] = {
    "virtualproxyconfig": _WHOLE,
    "proxyservice": TypeRoutes(change=True, local=True),
    "proxyservicecertificate": _WHOLE,
    "servernodeconfiguration": TypeRoutes(change=True, remove=True, local=True),
    "user": _WHOLE,
    "tag": _WHOLE,
    "custompropertydefinition": _WHOLE,
    "selection": TypeRoutes(create=True, change=True, remove=True),
    "servicestatus": TypeRoutes(),
}
SELECTABLE = (
    "virtualproxyconfig",
    "proxyservice",
    "proxyservicecertificate",
    "servernodeconfiguration",
    "user",
    "tag",
    "custompropertydefinition",
)
