# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy services of the simulated site, for the tests of qlik_proxy_service."""

from __future__ import annotations

import typing as t

from support.case import Json
from support.simulator import Simulator

NODES = ("Central", "rim1", "rim2")


def service(site: Simulator, node: str = "Central") -> Json:
    return site.entity("proxyservice", id=site.node(node)["proxy_id"])


def stored(site: Simulator, name: str) -> dict[str, t.Any]:
    """A setting on every node."""
    return {node: service(site, node)["settings"][name] for node in NODES}
