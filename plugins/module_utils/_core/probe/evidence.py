# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""``Evidence``: everything that was observed. Rules read nothing else. It holds no secrets."""

from __future__ import annotations

import dataclasses
import typing as t

from ..crypto.tokens import Token
from .responses import ResponseSummary
from .settings import Settings
from .view import View

Name = t.Tuple[t.Optional[str], t.Optional[str]]


@dataclasses.dataclass(frozen=True)
class Step:
    """One step of a run. ``ok`` None means that it was not taken; ``note`` says why, or how far a
    response can be trusted. ``seconds`` None where no time of its own could be measured."""

    name: str
    ok: t.Optional[bool]
    status: t.Optional[int] = None
    seconds: t.Optional[float] = None
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Fault:
    """A request that got no answer: the kind of a ``TransportError``, and its sentence."""

    kind: str
    message: str
    sent: bool


@dataclasses.dataclass(frozen=True)
class Login:
    """What a login got. ``response`` is the one that decided it, ``path`` what was asked for.

    ``cookie_name`` is None when no session cookie came, ``csrf`` whether a CSRF token did.
    """

    accepted: bool
    response: t.Optional[ResponseSummary] = None
    path: str = ""
    cookie_name: t.Optional[str] = None
    csrf: bool = False
    fault: t.Optional[Fault] = None

    @property
    def csrf_expected(self) -> bool:
        """Whether the release issues CSRF tokens, judging by the path that answered."""
        return self.path.endswith("csrftoken")


@dataclasses.dataclass(frozen=True)
class User:
    """Who a session belongs to, and which answers say so."""

    directory: str
    id: str
    name: t.Optional[str] = None
    sources: t.Tuple[str, ...] = ()

    def is_called(self, name: Name) -> bool:
        """Whether it is that user; directories and ids are compared without regard to case.

        A part that is None is not known, and so no difference.
        """
        wanted = ((self.directory, name[0]), (self.id, name[1]))
        return all(b is None or a.casefold() == b.casefold() for a, b in wanted)

    def __str__(self) -> str:
        return f"{self.directory}\\{self.id}"


@dataclasses.dataclass(frozen=True)
class Talk:
    """What came over the WebSocket.

    ``outcome`` is one of those in ``engine.py``, ``said`` the names of the notifications in their
    order, ``cause`` why nothing more came ("" when that is clear).
    """

    outcome: str
    said: t.Tuple[str, ...] = ()
    version: t.Optional[str] = None
    cause: str = ""

    def evidence(self) -> t.Dict[str, t.Any]:
        """What a finding repeats of it."""
        shown: t.Dict[str, t.Any] = {"said": list(self.said)}
        return {**shown, "cause": self.cause} if self.cause else shown


@dataclasses.dataclass(frozen=True)
class Engine:
    """The WebSocket. ``own_origin`` is the answer with the proxy's own name as Origin, requested
    only if the handshake with another one was rejected. If ``talk`` is None after an upgrade, only
    the handshake was checked."""

    response: t.Optional[ResponseSummary] = None
    own_origin: t.Optional[ResponseSummary] = None
    fault: t.Optional[Fault] = None
    talk: t.Optional[Talk] = None

    @property
    def upgraded(self) -> bool:
        """Whether the proxy switched protocols."""
        return self.response is not None and self.response.status == 101


@dataclasses.dataclass(frozen=True)
class Trial:
    """A login that the proxy must reject. ``kind`` is one of ``unsigned foreign expired none``;
    ``none`` is a login without a token."""

    kind: str
    let_in: bool
    status: t.Optional[int] = None
    user: t.Optional[User] = None


@dataclasses.dataclass(frozen=True)
class LeftOpen:
    """Sessions that could not be ended, and why."""

    count: int
    why: str


@dataclasses.dataclass(frozen=True)
class TokenView:
    """The token as it can be read. ``length`` is in characters.

    ``signature_good`` is true if the virtual proxy's certificate confirms it, and None if they
    could not be compared. ``form_fault`` is the reason why no key can confirm it.
    ``key_fingerprint`` is that of the private key, if it is known.
    """

    token: Token
    length: int
    signature_good: t.Optional[bool] = None
    form_fault: t.Optional[str] = None
    key_fingerprint: t.Optional[str] = None

    @property
    def claims(self) -> t.Mapping[str, t.Any]:
        """The claims."""
        return self.token.claims


@dataclasses.dataclass(frozen=True)
class RepositoryFault:
    """Why the repository could not be read; ``forbidden`` is true if it denied access."""

    message: str
    forbidden: bool


@dataclasses.dataclass(frozen=True)
class Evidence:
    """Everything that one run saw. What was not looked at is None.

    ``now`` is our clock in seconds since the epoch, ``skew`` the proxy's clock minus ours, ``user``
    the one that the virtual proxy takes from the token (directory, id), ``named`` the one that the
    options name, or the token where they name none and the virtual proxy has a constant; each part
    that is None adds nothing to ``user``. ``sessions_before`` counts the user's sessions before the
    login, ``engines_run`` is true if an engine runs on a load balancing node, ``pass_allocated`` if
    an access pass is allocated to the user; all three are None if not read. If ``login`` is None,
    no login was tried, and ``not_tried`` is the reason.
    """

    settings: Settings
    now: float
    token: TokenView
    user: Name = (None, None)
    named: Name = (None, None)
    view: t.Optional[View] = None
    repository_fault: t.Optional[RepositoryFault] = None
    fault: t.Optional[Fault] = None
    baseline: t.Optional[ResponseSummary] = None
    skew: t.Optional[float] = None
    login: t.Optional[Login] = None
    not_tried: str = ""
    tokenless: t.Optional[ResponseSummary] = None
    repeated: t.Optional[ResponseSummary] = None
    repeated_sets_cookie: bool = False
    identity: t.Optional[User] = None
    page: t.Optional[ResponseSummary] = None
    page_fault: t.Optional[Fault] = None
    engine: t.Optional[Engine] = None
    trials: t.Tuple[Trial, ...] = ()
    left_open: t.Optional[LeftOpen] = None
    user_created: bool = False
    sessions_before: t.Optional[int] = None
    engines_run: t.Optional[bool] = None
    pass_allocated: t.Optional[bool] = None
    waited: float = 0.0
    steps: t.Tuple[Step, ...] = ()

    @property
    def wanted_user(self) -> Name:
        """The user that has to be logged in."""
        return self.named[0] or self.user[0], self.named[1] or self.user[1]

    @property
    def admitted(self) -> bool:
        """Whether the login was let in."""
        return self.login is not None and self.login.accepted

    @property
    def compared(self) -> bool:
        """Whether the login was compared with the virtual proxy in the repository."""
        return self.known_view is not None

    @property
    def known_view(self) -> t.Optional[View]:
        """The repository's view if it has the virtual proxy."""
        return self.view if self.view is not None and self.view.virtual_proxy is not None else None

    @property
    def jwt_view(self) -> t.Optional[View]:
        """The repository's view if the virtual proxy authenticates by JWT."""
        return self.view if self.view is not None and self.view.is_jwt else None

    @property
    def rejection(self) -> t.Optional[ResponseSummary]:
        """The answer that rejected the login."""
        if self.login is None or self.login.accepted:
            return None
        return self.login.response

    @property
    def server_now(self) -> float:
        """The proxy's clock, or ours while its own is not known."""
        return self.now + (self.skew or 0.0)

    @property
    def routed(self) -> t.Optional[bool]:
        """Whether a virtual proxy answers the prefix, judged from outside; None when unknown.

        The page that a proxy sends for no virtual proxy is the same for every prefix, so the
        answer is compared with that for a prefix that cannot exist.
        """
        if self.admitted:
            return True
        summary = self.rejection
        if summary is None or self.baseline is None:
            return None
        return not (summary.same_as(self.baseline) or summary.kind == "header_incorrect")

    def talk_ended(self, outcome: str) -> t.Optional[Talk]:
        """The conversation with the engine, when it came out so."""
        talk = self.engine.talk if self.engine else None
        return talk if talk is not None and talk.outcome == outcome else None

    def response_kinds(self) -> t.Set[str]:
        """Every kind of answer that came with the good token or its session."""
        engine = self.engine.response if self.engine else None
        login = self.login.response if self.login else None
        return {summary.kind for summary in (login, self.page, engine, self.repeated) if summary}
