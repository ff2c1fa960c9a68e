# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What another administrator does between the reading and the writing of a module."""

from __future__ import annotations

import typing as t

from support.case import Json
from support.simulator import Simulator


def edits(site: Simulator, kind: str, entity: Json, change: Json, *, nth: int = 1) -> None:
    """The entity of this kind changes just before one of them is written."""
    site.fault(
        port="qrs",
        method="PUT",
        path=f"/{kind}/",
        action="edit_between",
        type=kind,
        id=entity["id"],
        change=change,
        nth=nth,
    )


def links_another(site: Simulator) -> Json:
    """The central proxy gets a link to another virtual proxy just before a write to it."""
    other = site.seed(
        virtualproxyconfig=[{"prefix": "other", "sessionCookieHeaderName": "X-Other"}]
    )["virtualproxyconfig"][0]
    proxy = site.entity("proxyservice", id=site.node()["proxy_id"])
    links = [*proxy["settings"]["virtualProxies"], {"id": other["id"]}]
    edits(site, "proxyservice", proxy, {"settings": {**proxy["settings"], "virtualProxies": links}})
    return t.cast(Json, other)
