# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What the repository says about one virtual proxy, its links and the token's user."""

from __future__ import annotations

import dataclasses
import typing as t

from ..entity.reader import clean
from ..site.nodes import linked_ids
from ..virtual_proxy.convert import SHAPE
from ..virtual_proxy.fields import ANONYMOUS, METHODS
from .certificate_view import CertificateView

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from ..virtual_proxy.site import Site

JWT = METHODS.index("jwt")


@dataclasses.dataclass(frozen=True)
class View:
    """The repository's side of a login.

    ``candidates`` are all virtual proxies with the prefix; ``virtual_proxy`` the one that is judged
    (the linked one, if several share the prefix). ``central_proxy_id`` is None if it was not needed
    or is unknown. ``user`` is None if the user does not exist, or if ``user_read`` is false.
    """

    candidates: t.Tuple[Entity, ...]
    proxy_services: t.Tuple[Entity, ...]
    central_proxy_id: t.Optional[str] = None
    certificate: t.Optional[CertificateView] = None
    user: t.Optional[Entity] = None
    user_read: bool = False

    @property
    def virtual_proxy(self) -> t.Optional[Entity]:
        """The virtual proxy that is judged; None when the prefix is unknown."""
        linked = [item for item in self.candidates if self.links_of(item)]
        return next(iter(linked or self.candidates), None)

    def text(self, name: str) -> str:
        """A text of the virtual proxy; "" if the text is unset or the virtual proxy is missing."""
        value = (self.virtual_proxy or {}).get(name)
        return value if isinstance(value, str) else ""

    def items(self, name: str) -> t.List[t.Any]:
        """A list of the virtual proxy; empty if it is unset or the virtual proxy is missing."""
        value = (self.virtual_proxy or {}).get(name)
        return value if isinstance(value, list) else []

    @property
    def is_jwt(self) -> bool:
        """Whether the virtual proxy authenticates by JWT."""
        return (self.virtual_proxy or {}).get("authenticationMethod") == JWT

    @property
    def method(self) -> t.Any:
        """The name of the authentication method, or the repository's own value if it has none."""
        method = (self.virtual_proxy or {}).get("authenticationMethod")
        return _name(METHODS, method) or method

    @property
    def anonymous_mode(self) -> str:
        """``none``, ``allow`` or ``always``."""
        mode = (self.virtual_proxy or {}).get("anonymousAccessMode")
        return _name(ANONYMOUS, mode) or ANONYMOUS[0]

    def links_of(self, virtual_proxy: Entity) -> t.List[Entity]:
        """The proxy services that serve ``virtual_proxy``."""
        return [s for s in self.proxy_services if virtual_proxy["id"] in linked_ids(s)]

    @property
    def links(self) -> t.List[Entity]:
        """The proxy services that serve the judged virtual proxy."""
        return self.links_of(self.virtual_proxy) if self.virtual_proxy else []

    def service_of(self, host: str) -> t.Optional[Entity]:
        """The proxy service whose node has that host name; None behind a load balancer."""
        found = [s for s in self.proxy_services if host_name(s).lower() == host.lower()]
        return found[0] if len(found) == 1 else None

    @property
    def served(self) -> t.List[Entity]:
        """Every virtual proxy that some proxy service serves, each once, in condensed form."""
        found: t.Dict[str, Entity] = {}
        for service in self.proxy_services:
            for item in service["settings"].get("virtualProxies") or []:
                found.setdefault(item["id"], clean(item, SHAPE))
        return list(found.values())


def _name(names: t.Sequence[str], number: t.Any) -> t.Optional[str]:
    """The repository numbers the values of an enumeration from 0."""
    known = isinstance(number, int) and 0 <= number < len(names)
    return names[number] if known else None


def central_proxy_id(site: Site) -> t.Optional[str]:
    """The id of the central node's proxy service."""
    central = site.nodes.central.id
    services = site.proxy_services
    return next((s["id"] for s in services if s["serverNodeConfiguration"]["id"] == central), None)


def host_name(service: Entity) -> str:
    """The host name of a proxy service's node."""
    return str((service.get("serverNodeConfiguration") or {}).get("hostName") or "")


def node_name(service: Entity) -> str:
    """The name of a proxy service's node, as QMC shows it."""
    node = service.get("serverNodeConfiguration") or {}
    return str(node.get("name") or node.get("hostName") or service.get("id"))
