# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The ladder: what is tried in which order, where it stops, and that it leaves nothing behind.

Requests of a run that goes well: one for a prefix that cannot exist, which tells whether a Qlik
proxy answers and opens no session; one login; and, on its cookie, one or two for each check.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..errors import TransportError
from ..ports import UNAVAILABLE
from .checks import Checks
from .client import Client, OpenSession
from .evidence import Evidence, Fault, Login
from .evidence_builder import (
    CONNECT,
    LOGIN,
    LOGOUT,
    RESOLVE,
    ROUTE,
    SETTLING,
    TLS,
    Notes,
    Patience,
    fault_of,
    may_pass_by,
)
from .login import CSRF_PATH, BadToken, attempt, try_bad_tokens
from .responses import look
from .sessions import Administration, SessionBook
from .settings import NEGATIVE


@dataclasses.dataclass(frozen=True)
class Kit:
    """What climbing takes beside the evidence so far; ``bearer`` is the token itself.

    ``refused_beforehand`` says why no login may be tried at all ("" when one may); ``hopeless``
    that waiting cannot help, because a mistake in the configuration is proven already.
    """

    client: Client
    bearer: str = dataclasses.field(repr=False)
    bad_tokens: t.Sequence[BadToken] = ()
    administration: t.Optional[Administration] = None
    refused_beforehand: str = ""
    hopeless: bool = False


def reach_only(evidence: Evidence, client: Client) -> Evidence:
    """Whether the proxy can be reached, by the one request that opens no session."""
    notes = Notes()
    _reach(client, notes, Patience(0, client.tools), evidence)
    notes.see(skew=client.skew)
    return notes.complete(evidence)


def stay_away(evidence: Evidence, why: str) -> Evidence:
    """Nothing at all is sent to the proxy."""
    notes = Notes()
    notes.see(not_tried=why)
    notes.step(LOGIN, None, note=why)
    return notes.complete(evidence)


def climb(evidence: Evidence, kit: Kit) -> Evidence:
    """The same evidence with everything that the proxy showed.

    Every session that was opened is ended, also when something unforeseen interrupts the run.
    """
    notes, book = Notes(), SessionBook()
    wanted = evidence.settings
    settling = 0.0 if wanted.awaits_refusal else SETTLING
    patience = Patience(wanted.wait, kit.client.tools, settling)
    created = False
    try:
        if _reach(kit.client, notes, patience, evidence):
            login = _try_login(evidence, kit, notes, book, patience)
            created = bool(login and login.accepted and _is_new(evidence))
            _negative(evidence, kit, notes, book, login)
    finally:
        _log_out(evidence, kit, notes, book, created)
    notes.see(skew=kit.client.skew, waited=patience.waited, user_created=created)
    return notes.complete(evidence)


def _reach(client: Client, notes: Notes, patience: Patience, evidence: Evidence) -> bool:
    while True:
        try:
            response = client.impossible()
        except TransportError as error:
            if error.is_of_a_restart and patience.again():
                continue
            _note_unreachable(notes, fault_of(error), evidence)
            return False
        seen = look(response)
        if seen.status in UNAVAILABLE and patience.again():
            continue
        break
    notes.step(RESOLVE, True)
    notes.step(CONNECT, True, seconds=seen.seconds)
    notes.step(TLS, True if evidence.settings.secure else None)
    notes.see(baseline=seen)
    if seen.status in UNAVAILABLE:
        notes.step(ROUTE, False, seen)
        return False
    return True


def _note_unreachable(notes: Notes, fault: Fault, evidence: Evidence) -> None:
    """Which rung the fault belongs to; those below it were climbed."""
    notes.see(fault=fault)
    if fault.kind == "dns":
        rungs = [RESOLVE]
    elif fault.kind.startswith("tls"):
        rungs = [RESOLVE, CONNECT, TLS]
    elif fault.sent:
        rungs = [RESOLVE, CONNECT, *([TLS] if evidence.settings.secure else []), ROUTE]
    else:
        rungs = [RESOLVE, CONNECT]
    for rung in rungs:
        notes.step(rung, rung != rungs[-1], note=fault.message if rung == rungs[-1] else "")


def _try_login(
    evidence: Evidence, kit: Kit, notes: Notes, book: SessionBook, patience: Patience
) -> t.Optional[Login]:
    if kit.refused_beforehand:
        notes.see(not_tried=kit.refused_beforehand)
        notes.step(LOGIN, None, note=kit.refused_beforehand)
        return None
    if evidence.settings.end_session in ("auto", "own"):
        notes.see(sessions_before=book.watch(kit.administration, evidence.user))
    login, session = _log_in(kit, book, patience)
    notes.see(login=login, fault=login.fault)
    seen = login.seen
    if seen is not None:
        notes.step(ROUTE, notes.complete(evidence).routed is not False, seen)
    notes.step(LOGIN, login.accepted, seen, note=login.fault.message if login.fault else "")
    if session is None or not login.accepted:
        if seen is not None and seen.status == 403 and not login.accepted:
            _without_token(kit, notes, book)
        return login
    Checks(kit.client, evidence, notes, book, kit.administration).run(login, session)
    return login


def _log_in(
    kit: Kit, book: SessionBook, patience: Patience
) -> t.Tuple[Login, t.Optional[OpenSession]]:
    while True:
        try:
            result = attempt(kit.client, kit.bearer, book)
        except TransportError as error:
            if error.is_of_a_restart and patience.again():
                continue
            return Login(accepted=False, path=CSRF_PATH, fault=fault_of(error)), None
        seen = result.login.seen
        if result.login.accepted or seen is None or kit.hopeless:
            return result.login, result.session
        if not (patience.again() if may_pass_by(seen) else patience.settles()):
            return result.login, result.session


def _without_token(kit: Kit, notes: Notes, book: SessionBook) -> None:
    """Whether a 403 comes before the token is looked at: then the host is what is not wanted."""
    try:
        notes.see(tokenless=attempt(kit.client, None, book).login.seen)
    except TransportError as error:
        notes.see(fault=fault_of(error))


def _negative(
    evidence: Evidence, kit: Kit, notes: Notes, book: SessionBook, login: t.Optional[Login]
) -> None:
    """Try the bad tokens wherever a virtual proxy answers: also where the good one was refused."""
    if NEGATIVE not in evidence.settings.checks or login is None or login.fault is not None:
        return
    if notes.complete(evidence).routed is False:
        return
    trials, note = try_bad_tokens(kit.client, kit.bad_tokens, book)
    notes.see(trials=tuple(trials))
    wrong = [trial for trial in trials if trial.let_in and trial.kind != "none"]
    notes.step(NEGATIVE, not wrong if trials else None, note=note)


def _log_out(evidence: Evidence, kit: Kit, notes: Notes, book: SessionBook, created: bool) -> None:
    if book.is_empty:
        return
    timer = kit.client.tools.timer
    started = timer()
    way = evidence.settings.end_session
    identity = notes.complete(evidence).identity
    if identity is not None and not identity.is_called(evidence.wanted_user):
        # The session is another user's, whose other sessions are not to be ended.
        created, way = False, "own" if way == "user" else way
    left = book.end_all(kit.client, kit.administration, way, created=created)
    notes.see(left_open=left)
    if way == "never":
        notes.step(LOGOUT, None, note="end_session is never: the session times out by itself.")
    else:
        notes.step(LOGOUT, left is None, seconds=timer() - started, note=left.why if left else "")


def _is_new(evidence: Evidence) -> bool:
    """Whether the login makes the user: the repository knew none before."""
    view = evidence.view
    return view is not None and view.user_read and view.user is None
