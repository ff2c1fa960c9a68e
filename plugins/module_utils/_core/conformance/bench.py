# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What the questions of one run share: the servers, and the entities that the run creates.

Each step is done once, when a question needs it. If it fails, the questions that need it stay
unanswered.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..entity.reader import NODE, PROXY_SERVICE, read
from .changes import Changes
from .claims import (
    ALLOWED_HOST,
    ATTRIBUTE,
    ATTRIBUTE_ITEM,
    AUDIENCE,
    DIRECTORY_CLAIM,
    USER_ID_CLAIM,
)
from .links import linked_ids
from .logins import Logins
from .reserved import DESCRIPTION, TAG, USER, USER_DIRECTORY, USER_NAME, VIRTUAL_PROXY, Reserved
from .sockets import Sockets
from .steps import Steps, step
from .wire import Proxy, Repository, Unanswered, entity_of

if t.TYPE_CHECKING:
    from ..ports import Dialer, Response
    from ..probe.client import Tools
    from ..qrs.client import Entity, Qrs
    from ..qrs.proxy_admin import AdminPort
    from .material import Material


@dataclasses.dataclass(frozen=True)
class Ports:
    """What leads to the site. ``proxy`` and what follows are None if not given."""

    qrs: Qrs
    repository: Repository
    tools: Tools
    user: t.Tuple[str, str]
    proxy: t.Optional[Proxy] = None
    admin: t.Optional[AdminPort] = None
    dialer: t.Optional[Dialer] = None
    host: str = ""
    node: str = ""
    certificates: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Trial:
    """The answer to a changed PUT of the virtual proxy, and the entity in that answer."""

    response: Response
    stored: Entity


class Bench(Steps):
    """The site, and the virtual proxy, tag and user that this run creates."""

    def __init__(self, ports: Ports, reserved: Reserved, material: Material) -> None:
        super().__init__()
        self.ports = ports
        self.reserved = reserved
        self.names = reserved.names
        self.material = material
        self.logins = Logins(self)
        self.sockets = Sockets(self)
        self.changes = Changes(self)

    @property
    def repository(self) -> Repository:
        """For requests exactly as a question wants them."""
        return self.ports.repository

    @property
    def proxy(self) -> Proxy:
        """The proxy that ``url`` leads to."""
        if self.ports.proxy is None:
            raise Unanswered("needs_url")
        return self.ports.proxy

    @step
    def nodes(self) -> t.List[Entity]:
        """All nodes, full."""
        return read(self.ports.qrs, NODE)

    @step
    def services(self) -> t.List[Entity]:
        """All proxy services, full."""
        return read(self.ports.qrs, PROXY_SERVICE)

    @step
    def read_rights(self) -> str:
        """``all``, ``none`` or ``part``, as far as references between entities show it."""
        services = self.services()
        if not services:
            return "none"
        known = {str(item.get("id")) for item in self.ports.qrs.condensed("virtualproxyconfig")}
        nodes = {item["id"] for item in self.nodes()}
        hosts = [item["serverNodeConfiguration"]["id"] for item in services]
        links = [entity_id for item in services for entity_id in linked_ids(item)]
        return "all" if known >= set(links) and nodes >= set(hosts) else "part"

    def need_rights(self) -> None:
        """Raise ``Unanswered`` if the account does not see the whole site."""
        if self.read_rights() != "all":
            raise Unanswered("rights")

    @step
    def central(self) -> Entity:
        """The central node."""
        found = [item for item in self.nodes() if item.get("isCentral")]
        if len(found) != 1:
            raise Unanswered("rights")
        return found[0]

    # -- what the run creates

    def draft(self, prefix: str, purpose: str, certificate: str, **more: t.Any) -> Entity:
        """The body that creates a virtual proxy for JWT."""
        hosts = [ALLOWED_HOST, self.ports.host] if self.ports.host else [ALLOWED_HOST]
        return {
            "prefix": prefix,
            "description": DESCRIPTION,
            "sessionCookieHeaderName": self.names.cookie(purpose),
            "sessionInactivityTimeout": 1,
            "authenticationMethod": 4,
            "anonymousAccessMode": 0,
            "jwtPublicKeyCertificate": certificate,
            "jwtAttributeUserId": USER_ID_CLAIM,
            "jwtAttributeUserDirectory": DIRECTORY_CLAIM,
            "jwtAudience": AUDIENCE,
            "jwtAttributeMap": [dict(ATTRIBUTE_ITEM)],
            "websocketCrossOriginWhiteList": hosts,
            "loadBalancingServerNodes": [{"id": self.central()["id"]}],
            **more,
        }

    def post(self, kind: str, path: str, body: Entity) -> Response:
        """Create an entity, and note it for removal."""
        self.need_rights()
        response = self.repository.ask("POST", path, body=body)
        if response.status in (200, 201):
            self.reserved.note(kind, entity_of(response))
        return response

    def create(self, kind: str, path: str, body: Entity) -> Entity:
        """Create an entity that the following questions need."""
        response = self.post(kind, path, body)
        entity = entity_of(response)
        if response.status == 403:
            raise Unanswered("rights")
        if response.status not in (200, 201) or not isinstance(entity.get("id"), str):
            raise Unanswered("set_up")
        return entity

    @step
    def creation(self) -> Response:
        """The answer to the creation of the virtual proxy."""
        draft = self.draft(self.names.prefix, "main", self.material.certificate)
        return self.post(VIRTUAL_PROXY, "virtualproxyconfig", draft)

    @step
    def main(self) -> Entity:
        """The virtual proxy as it was created."""
        response = self.creation()
        entity = entity_of(response)
        if response.status == 403:
            raise Unanswered("rights")
        if response.status not in (200, 201) or not isinstance(entity.get("id"), str):
            raise Unanswered("set_up")
        return entity

    def current(self) -> Entity:
        """The virtual proxy as it is now."""
        found = entity_of(self.repository.ask("GET", f"virtualproxyconfig/{self.main()['id']}"))
        if found.get("id") != self.main()["id"]:
            raise Unanswered("set_up")
        return found

    def trial(self, change: t.Mapping[str, t.Any], omit: t.Sequence[str] = ()) -> Trial:
        """Write the virtual proxy as it was created, but for ``change``.

        The next trial, or ``reset``, undoes it.
        """
        current = self.current()
        as_read = {"modifiedDate": current.get("modifiedDate")}
        body = {**self.main(), **as_read, "jwtAttributeMap": _attributes(current), **change}
        sent = {name: value for name, value in body.items() if name not in omit}
        path = f"virtualproxyconfig/{self.main()['id']}"
        response = self.repository.ask("PUT", path, body=sent)
        return Trial(response, entity_of(response) if response.status == 200 else {})

    def reset(self) -> None:
        """Write the virtual proxy as it was created."""
        if self.trial({}).response.status != 200:
            raise Unanswered("set_up")

    @step
    def tag(self) -> Entity:
        """The tag."""
        return self.create(TAG, "tag", {"name": self.names.tag})

    def user_draft(self, purpose: str) -> Entity:
        """The body that creates a user, without the flags that the API calls required."""
        return {
            "userDirectory": USER_DIRECTORY,
            "userId": self.names.user(purpose),
            "name": USER_NAME,
        }

    @step
    def plain_user(self) -> Response:
        """The answer to the creation of a user without the flags."""
        return self.post(USER, "user", self.user_draft("test"))

    @step
    def user(self) -> Entity:
        """The test user."""
        response = self.plain_user()
        entity = entity_of(response)
        if response.status in (200, 201) and isinstance(entity.get("id"), str):
            return entity
        return self.new_user("test")

    def new_user(self, purpose: str) -> Entity:
        """Another user, with all that the API asks for."""
        flags = {"removedExternally": False, "blacklisted": False}
        return self.create(USER, "user", {**self.user_draft(purpose), **flags})


def _attributes(current: Entity) -> t.List[Entity]:
    """The attribute map of the virtual proxy, with the ids of the items as they are now."""
    found = current.get("jwtAttributeMap")
    items = found if isinstance(found, list) else []
    own = [i for i in items if isinstance(i, dict) and i.get("jwtAttribute") == ATTRIBUTE]
    return own or [dict(ATTRIBUTE_ITEM)]
