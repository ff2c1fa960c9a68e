# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Proxy sessions of the whole site: who is logged in where, and what counts as parallel."""

from __future__ import annotations

import dataclasses
import secrets
import typing as t
import uuid

from ..site import Site
from ..store import Entity

Attributes = list[dict[str, str]]
"""Session attributes as the Proxy Service API writes them: one name and value per item."""
EndListener = t.Callable[[str], None]
"""Told why the session ended: closed, logged_out or timed_out."""


@dataclasses.dataclass
class Session:
    """One login at one virtual proxy of one proxy service; its id is the cookie's value."""

    id: str
    proxy_id: str
    virtual_proxy_id: str
    prefix: str
    user_directory: str
    user_id: str
    user_name: str
    attributes: Attributes
    created: float
    last_used: float
    csrf_token: str | None = None
    ended: float | None = None
    listeners: set[EndListener] = dataclasses.field(default_factory=set)

    def belongs_to(self, directory: str, user_id: str) -> bool:
        """Whether it is a session of that user; case does not matter."""
        return _same(self.user_directory, directory) and _same(self.user_id, user_id)

    def fetch_csrf_token(self) -> str:
        """The session's CSRF token, made when first asked for."""
        if self.csrf_token is None:
            self.csrf_token = secrets.token_urlsafe(24)
        return self.csrf_token

    def as_state(self) -> dict[str, t.Any]:
        """What the control API shows; the id is a credential of the simulator only."""
        return {
            "id": self.id,
            "user_directory": self.user_directory,
            "user_id": self.user_id,
            "prefix": self.prefix,
            "proxy": self.proxy_id,
            "created": self.created,
            "attributes": self.attributes,
        }


class SessionStore:
    """All sessions of the site. Every read first ends those that have been idle too long."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._live: dict[str, Session] = {}
        self._released: list[Session] = []
        site.on_restart(self.drop_proxy)
        site.on_reset(self.clear)
        site.provide_sessions(self.as_state)

    def open(
        self,
        proxy_id: str,
        virtual_proxy: Entity,
        user: tuple[str, str, str],
        attributes: Attributes,
        session_id: str | None = None,
    ) -> Session:
        """Opens a session for ``user`` (directory, id, name)."""
        now = self._site.now()
        directory, user_id, name = user
        session = Session(
            id=session_id or str(uuid.uuid4()),
            proxy_id=proxy_id,
            virtual_proxy_id=virtual_proxy["id"],
            prefix=virtual_proxy["prefix"],
            user_directory=directory,
            user_id=user_id,
            user_name=name,
            attributes=attributes,
            created=now,
            last_used=now,
        )
        self._live[session.id] = session
        return session

    def find(self, session_id: str, proxy_id: str, virtual_proxy_id: str) -> Session | None:
        """The live session, if it was opened at that virtual proxy of that proxy service."""
        self._expire()
        session = self._live.get(session_id)
        if session is None or session.proxy_id != proxy_id:
            return None
        return session if session.virtual_proxy_id == virtual_proxy_id else None

    def touch(self, session: Session) -> None:
        """Starts its inactivity timeout anew."""
        session.last_used = self._site.now()

    def select(self, proxy_id: str, virtual_proxy_id: str) -> list[Session]:
        """The live sessions of a virtual proxy at a proxy service, oldest first."""
        return [
            session
            for session in self.live()
            if session.proxy_id == proxy_id and session.virtual_proxy_id == virtual_proxy_id
        ]

    def live(self) -> list[Session]:
        """All live sessions, oldest first."""
        self._expire()
        return list(self._live.values())

    def exists(self, session_id: str) -> bool:
        """Whether that id is in use anywhere."""
        self._expire()
        return session_id in self._live

    def parallel(self, directory: str, user_id: str) -> int:
        """Slots the user holds: live sessions, and ended ones that are not released yet.

        A slot is free ``session_release_s`` after a session ends, at once after a timeout.
        """
        self._expire()
        since = self._site.now() - self._site.switches.session_release_s
        self._released = [s for s in self._released if s.ended is not None and s.ended > since]
        return sum(
            session.belongs_to(directory, user_id)
            for session in [*self._live.values(), *self._released]
        )

    def end(self, session: Session, reason: str = "closed") -> None:
        """Ends one session; its slot stays taken for a while."""
        if self._live.pop(session.id, None) is not None:
            session.ended = self._site.now()
            self._released.append(session)
            _tell(session, reason)

    def drop_proxy(self, proxy_id: str) -> None:
        """A proxy restarts: it forgets all its sessions."""
        for session in [s for s in self._live.values() if s.proxy_id == proxy_id]:
            self.end(session)

    def clear(self) -> None:
        """Back to a site that nobody ever logged in to."""
        for session in list(self._live.values()):
            self.end(session)
        self._released.clear()

    def as_state(self) -> list[dict[str, t.Any]]:
        """The live sessions as the control API shows them."""
        return [session.as_state() for session in self.live()]

    def _expire(self) -> None:
        now = self._site.now()
        for session in list(self._live.values()):
            home = self._site.store.find("virtualproxyconfig", session.virtual_proxy_id)
            if home is None:
                self.end(session)
            elif now - session.last_used > home["sessionInactivityTimeout"] * 60:
                del self._live[session.id]
                _tell(session, "timed_out")


def _tell(session: Session, reason: str) -> None:
    for listener in list(session.listeners):
        listener(reason)
    session.listeners.clear()


def _same(left: str, right: str) -> bool:
    return left.casefold() == right.casefold()
