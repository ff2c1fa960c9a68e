# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The proxy services and the nodes of a site, as far as they were read."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .nodes import Nodes, Proxies

if t.TYPE_CHECKING:
    from ..qrs.client import Entity


@dataclasses.dataclass(frozen=True)
class Services:
    """Every proxy service, and the full list of nodes once it was read."""

    proxy_services: t.Sequence[Entity]
    full_nodes: t.Optional[t.Sequence[Entity]] = None

    @property
    def seen_nodes(self) -> t.List[Entity]:
        """Nodes that other entities refer to, in their short form."""
        return []

    @functools.cached_property
    def nodes(self) -> Nodes:
        """The nodes known so far."""
        return Nodes(self.proxy_services, self.seen_nodes, self.full_nodes)

    @functools.cached_property
    def proxies(self) -> Proxies:
        """The proxy services."""
        return Proxies(self.proxy_services, self.nodes)
