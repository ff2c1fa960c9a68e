# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Checks within a session: repeated request, identity, page, engine."""

from __future__ import annotations

import dataclasses
import typing as t
from urllib.parse import quote

from ..errors import TransportError
from ..json_text import BadJson, parse
from ..qrs.filters import equals
from .client import Client, OpenSession
from .engine import ANSWERED, converse
from .evidence import Engine, Evidence, Login, Name, Talk, User
from .evidence_builder import EvidenceBuilder, fault_of
from .login import ABOUT_PATH
from .responses import ResponseSummary, classify
from .sessions import Administration, SessionBook, user_in
from .settings import ENGINE, IDENTITY, PAGE, SESSION, host_of

#: Redirects that are followed from a page; Qlik's own lead from the prefix to the hub.
_REDIRECTS = 3

_HANDSHAKE_ONLY = (
    "Handshake only: what the engine says afterwards was not judged. That takes the Python library "
    "websockets on the machine where the task runs."
)


@dataclasses.dataclass(frozen=True)
class Checks:
    """The checks of one run; each writes its step and its part of the evidence."""

    client: Client
    evidence: Evidence
    builder: EvidenceBuilder
    book: SessionBook
    administration: t.Optional[Administration]

    def run(self, login: Login, session: OpenSession) -> None:
        """Those that the user asked for. A lost connection ends them."""
        steps: t.Tuple[t.Tuple[str, t.Callable[[], None]], ...] = (
            (SESSION, lambda: self._session(login, session)),
            (IDENTITY, lambda: self._identity(session)),
            (PAGE, lambda: self._page(session)),
            (ENGINE, lambda: self._engine(session)),
        )
        for name, step in steps:
            if name not in self.evidence.settings.checks:
                continue
            try:
                step()
            except TransportError as error:
                self.builder.set(fault=fault_of(error))
                self.builder.step(name, False, note=error.message)
                return

    def _session(self, login: Login, session: OpenSession) -> None:
        """The cookie alone has to carry the session, and open no second one."""
        about = login.path == ABOUT_PATH
        response = self.client.get(login.path, session=session, xrfkey=about)
        again = self.client.session_in(response)
        second = again is not None and again.cookie.value != session.cookie.value
        if again is not None and second:
            self.book.add(again)
        summary = classify(response)
        self.builder.set(repeated=summary, repeated_sets_cookie=second)
        self.builder.step(SESSION, summary.status in (200, 204) and not second, summary)

    def _identity(self, session: OpenSession) -> None:
        """Who is logged in: the proxy says it to the hub (``/qps/user``), else port 4243 does."""
        response = self.client.get("qps/user", session=session)
        user = user_in(response.body, "proxy") if response.status == 200 else None
        if user is None and self.administration is not None:
            user = self.administration.user_of(session)
        summary = classify(response)
        if user is None:
            self.builder.step(IDENTITY, None, summary, note="No answer names the user.")
            return
        if self._repository_names(user, session):
            user = dataclasses.replace(user, sources=(*user.sources, "repository in the session"))
        elif self._repository_knows(user):
            user = dataclasses.replace(user, sources=(*user.sources, "repository"))
        self.builder.set(identity=user)
        self.builder.step(IDENTITY, user.is_called(self.evidence.wanted_user), summary)

    def _repository_names(self, user: User, session: OpenSession) -> bool:
        """Whether the repository's answer through the proxy, in this session, names the user.

        An ordinary user reads an empty list there, so a "no" means nothing.
        """
        condition = f"{equals('userDirectory', user.directory)} and {equals('userId', user.id)}"
        response = self.client.get(
            "qrs/user",
            session=session,
            xrfkey=True,
            query=f"filter={quote(condition, safe='', errors='surrogatepass')}",
        )
        try:
            found = parse(response.body) if response.status == 200 else []
        except BadJson:
            return False
        listed = [i for i in (found if isinstance(found, list) else []) if isinstance(i, dict)]
        return len(listed) == 1 and user.is_called(_name_in(listed[0]))

    def _repository_knows(self, user: User) -> bool:
        """Whether the repository, asked directly before the login, has the user."""
        view = self.evidence.view
        found = view.user if view else None
        return bool(found) and user.is_called(_name_in(found))

    def _page(self, session: OpenSession) -> None:
        try:
            summary = self._fetch_page(session)
        except TransportError as error:
            self.builder.set(page_fault=fault_of(error))
            self.builder.step(PAGE, False, note=error.message)
            return
        self.builder.set(page=summary)
        self.builder.step(
            PAGE, is_served(summary, self.evidence.settings.page_path is not None), summary
        )

    def _fetch_page(self, session: OpenSession) -> ResponseSummary:
        response = self.client.get(self.evidence.settings.page, session=session)
        for dummy in range(_REDIRECTS):
            location = response.header("Location")
            if not location or classify(response).kind != "redirect":
                break
            followed = self.client.follow(location, session)
            if followed is None:
                break
            response = followed
        return classify(response)

    def _engine(self, session: OpenSession) -> None:
        settings = self.evidence.settings
        path = f"app/{quote(settings.app_id or 'engineData', safe='')}"
        own: t.Optional[ResponseSummary] = None
        talk: t.Optional[Talk] = None
        try:
            response, conversation = self.client.upgrade(
                path, session=session, origin=settings.origin
            )
            if conversation is not None:
                timer = self.client.tools.timer
                talk = converse(conversation, timer=timer, timeout=settings.engine_timeout)
            summary = classify(response)
            if summary.status == 403 and host_of(settings.origin) != settings.host:
                again, other = self.client.upgrade(path, session=session, origin=settings.url)
                if other is not None:
                    other.close()
                own = classify(again)
        except TransportError as error:
            self.builder.set(engine=Engine(fault=fault_of(error)))
            self.builder.step(ENGINE, False, note=error.message)
            return
        engine = Engine(summary, own, talk=talk)
        self.builder.set(engine=engine)
        self.builder.step(ENGINE, _is_usable(engine), summary, note=_note(engine))


def _is_usable(engine: Engine) -> bool:
    """Whether the engine answered. If no conversation is possible: whether the proxy upgraded."""
    return engine.upgraded and (engine.talk is None or engine.talk.outcome == ANSWERED)


def _note(engine: Engine) -> str:
    if not engine.upgraded:
        return ""
    if engine.talk is None:
        return _HANDSHAKE_ONLY
    said = ", ".join(engine.talk.said)
    if engine.talk.outcome == ANSWERED:
        return f"Engine {engine.talk.version}." if engine.talk.version else ""
    return " ".join(filter(None, (f"The engine said {said}." if said else "", engine.talk.cause)))


def _name_in(entity: t.Optional[t.Mapping[str, t.Any]]) -> Name:
    """Directory and id in a user of the repository."""
    return ((entity or {}).get("userDirectory"), (entity or {}).get("userId"))


def is_served(summary: ResponseSummary, any_content: bool) -> bool:
    """Whether the page came. The hub and apps are pages for people; a path that the user chose
    may hold anything but an error or a login form."""
    kinds = ("page", "json", "text") if any_content else ("page",)
    return summary.status == 200 and summary.kind in kinds
