# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Virtual proxies that are linked for a while, logins at them, and the time that changes take."""

from __future__ import annotations

import dataclasses
import typing as t

from ..errors import AnswerError, InvalidInput, QlikError, TransportError
from ..probe.responses import classify
from ..qrs.cookies import CSRF_HEADER, cookies_of, csrf_token
from .claims import (
    ALLOWED_HOST,
    ATTRIBUTE,
    AUDIENCE,
    DIRECTORY_CLAIM,
    NO_PREFIX,
    USER_ID_CLAIM,
)
from .links import change_links
from .material import times
from .reserved import USER_DIRECTORY, VIRTUAL_PROXY
from .steps import Steps, step
from .wait import Change, Wait
from .wire import Unanswered, clock_offset

if t.TYPE_CHECKING:
    from ..ports import Response
    from ..qrs.client import Entity
    from .bench import Bench

#: Seconds after which a proxy that routes must accept a good token.
_GRACE = 3.0

#: A proxy that learns of a change may restart a moment later.
_AFTERMATH = 1.0

HEADER, FIRST, SECOND = "X-Qlikops-Conformance", "one", "two"


@dataclasses.dataclass(frozen=True)
class Entry:
    """The answer to a login, and the session that it opened."""

    response: Response
    cookie: t.Optional[str] = None
    csrf: t.Optional[str] = None

    @property
    def outcome(self) -> t.Union[int, str]:
        """``accepted``, or the status of the rejection."""
        return "accepted" if self.cookie else self.response.status


class Logins(Steps):
    """The part of a bench that needs a proxy."""

    def __init__(self, site: Bench) -> None:
        super().__init__()
        self._site = site
        self._wait = Wait(site.ports.tools.timer, site.ports.tools.sleep)
        self._open: t.List[t.Tuple[str, str, t.Optional[str], Entry]] = []
        self._offset: t.Optional[float] = None

    # -- what is linked

    @step
    def service(self) -> Entity:
        """The proxy service that serves the virtual proxies for a while."""
        found = self._services()
        if len(found) != 1:
            raise Unanswered("needs_other_site")
        return found[0]

    def check_node(self) -> None:
        """Raise ``InvalidInput`` if the option ``node`` names no proxy service."""
        node = self._site.ports.node
        if node and len(self._services()) != 1:
            raise InvalidInput(
                f"node: '{node[:100]}' is not the name, host name, or id of exactly one node with "
                "a proxy service. Nothing was written.",
                option="node",
            )

    def _services(self) -> t.List[Entity]:
        """The proxy services of the option ``node``, or else of the host in ``url``."""
        site = self._site

        def named(name: str) -> t.List[Entity]:
            keys = ("name", "hostName", "id")
            nodes = [(item, item["serverNodeConfiguration"]) for item in site.services()]
            return [
                item
                for item, node in nodes
                if name.lower() in [str(node.get(key)).lower() for key in keys]
            ]

        if site.ports.node:
            return named(site.ports.node)
        return named(site.ports.host) or named(site.central()["id"])

    @property
    def is_central(self) -> bool:
        """Whether it is the proxy service of the central node."""
        node = self.service()["serverNodeConfiguration"]
        return bool(node["id"] == self._site.central()["id"])

    @step
    def expired(self) -> Entity:
        """A virtual proxy with an expired certificate, and without the host of ``url``."""
        site = self._site
        draft = site.draft(site.names.expired, "expired", site.material.expired_certificate)
        draft["websocketCrossOriginWhiteList"] = [ALLOWED_HOST]
        return site.create(VIRTUAL_PROXY, "virtualproxyconfig", draft)

    @step
    def bare_key(self) -> Entity:
        """A virtual proxy with a public key instead of a certificate."""
        site = self._site
        draft = site.draft(site.names.bare_key, "key", site.material.public_key)
        return site.create(VIRTUAL_PROXY, "virtualproxyconfig", draft)

    @step
    def linked(self) -> t.List[str]:
        """Link the virtual proxies, in one write. Their ids, that of the main one first."""
        site = self._site
        dummy = site.proxy, site.user()
        trial = site.trial({"additionalResponseHeaders": f"{HEADER}: {FIRST}"})
        if trial.response.status != 200:
            raise Unanswered("set_up")
        ids = [site.main()["id"]]
        for entity in (self.expired, self.bare_key):
            try:
                ids.append(entity()["id"])
            except Unanswered:
                continue
        self.link(add=ids)
        return ids

    def link(self, add: t.Sequence[str] = (), remove: t.Sequence[str] = ()) -> None:
        """Change the links of the proxy service."""
        try:
            change_links(self._site.ports.qrs, self.service()["id"], add=add, remove=remove)
        except AnswerError as error:
            raise Unanswered("rights" if error.status == 403 else "set_up") from None

    @property
    def cookie(self) -> str:
        """The cookie of the first session."""
        return self.session().cookie or ""

    def link_status(self, entity_id: str) -> int:
        """The status of one more link."""
        try:
            change_links(self._site.ports.qrs, self.service()["id"], add=[entity_id])
        except AnswerError as error:
            return error.status
        return 200

    @step
    def session(self) -> Entry:
        """The first session, as soon as the proxy serves the virtual proxy."""
        dummy = self.linked()
        routed_at: t.List[float] = []

        def is_served() -> t.Optional[Entry]:
            entry = self.log_in()
            if (entry.cookie is None and classify(entry.response).kind != "header_incorrect") or (
                entry.cookie is None and not self.is_central and self.admin_knows()
            ):
                routed_at.append(self._wait.now())
            if entry.cookie is None and routed_at and self._wait.now() - routed_at[0] > _GRACE:
                raise Unanswered("not_served")
            return entry if entry.cookie else None

        return self._wait.until(is_served)[0]

    def is_unknown(self, prefix: str) -> bool:
        """Whether the proxy answers as for an unknown prefix."""
        one, other = (self._site.proxy.ask(name) for name in (prefix, NO_PREFIX))
        return classify(one).same_as(classify(other))

    def admin_knows(self) -> bool:
        """Whether the administration port knows the virtual proxy."""
        port = self._site.ports.admin
        if port is None:
            return False
        letters = self._site.ports.tools.letters()
        try:
            prefix = self._site.names.prefix
            return port.ask("GET", prefix, "session", xrfkey=letters, timeout=15).status == 200
        except TransportError:
            return False

    # -- logins

    @property
    def now(self) -> float:
        """The time at the proxy."""
        if self._offset is None:
            response = self._site.proxy.ask(NO_PREFIX)
            self._offset = clock_offset(response, self._site.ports.tools.clock()) or 0.0
        return self._site.ports.tools.clock() + self._offset

    def claims(self, purpose: str = "test") -> t.Dict[str, t.Any]:
        """The claims of a good token."""
        return {
            USER_ID_CLAIM: self._site.names.user(purpose),
            DIRECTORY_CLAIM: USER_DIRECTORY,
            ATTRIBUTE: "a",
            "aud": AUDIENCE,
            **times(self.now),
        }

    def log_in(
        self,
        token: t.Optional[str] = None,
        *,
        prefix: t.Optional[str] = None,
        purpose: str = "test",
        host: t.Optional[str] = None,
    ) -> Entry:
        """Log in with ``token``, by default with a good one; ``host`` replaces that of ``url``."""
        place = prefix or self._site.names.prefix
        bearer = token or self._site.material.token(self.claims(purpose))
        headers = {"Host": host} if host else {}
        entry = self.entry(self._site.proxy.ask(place, bearer=bearer, headers=headers))
        if entry.cookie:
            self._open.append((place, purpose, host, entry))
        return entry

    def again(self) -> Entry:
        """Another session, as soon as the proxy answers."""
        return self._wait.until(lambda: _if_open(self.log_in()))[0]

    def entry(self, response: Response) -> Entry:
        """The session in an answer."""
        owns = self._site.names.owns
        cookies = (c for c in cookies_of(response) if owns({"sessionCookieHeaderName": c.name}))
        cookie = next(cookies, None)
        return Entry(response, cookie.pair if cookie else None, csrf_token(response))

    def end(self) -> None:
        """End all sessions that the run opened, as far as the proxy answers."""
        for purpose in {item[1] for item in self._open}:
            self.end_user(purpose)

    def end_user(self, purpose: str) -> None:
        """End the sessions of one test user. One request ends all at a virtual proxy."""
        ended: t.Set[str] = set()
        for place, whose, host, entry in reversed(self._open):
            if whose != purpose or place in ended:
                continue
            headers = {CSRF_HEADER: entry.csrf} if entry.csrf else {}
            headers.update({"Host": host} if host else {})
            try:
                response = self._site.proxy.ask(
                    place, "qps/user", method="DELETE", cookie=entry.cookie, headers=headers
                )
            except QlikError:
                break
            if response.status in (200, 204):
                ended.add(place)
        self._open = [item for item in self._open if item[1] != purpose]

    # -- changes

    def watch(self, session: Entry, has_changed: t.Callable[[Response], bool]) -> Change:
        """Wait until a change is in force, and see whether ``session`` survives it."""
        bearer = self._site.material.token(self.claims())
        ended: t.List[bool] = []

        def look() -> t.Optional[Entry]:
            entry = self.entry(
                self._site.proxy.ask(self._site.names.prefix, cookie=session.cookie, bearer=bearer)
            )
            if entry.cookie:
                ended.append(True)
                self._open.append((self._site.names.prefix, "test", None, entry))
            return entry if has_changed(entry.response) else None

        dummy, change = self._wait.until(look)
        if not ended:
            self._site.ports.tools.sleep(_AFTERMATH)
            change.downtime += self._wait.until(look)[1].downtime
        change.ended_sessions = bool(ended)
        return change


def _if_open(entry: Entry) -> t.Optional[Entry]:
    return entry if entry.cookie else None
