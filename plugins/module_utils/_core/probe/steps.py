# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The steps of a run: their order, where they stop, and that they leave nothing behind.

Requests of a successful run: one for a prefix that cannot exist, which shows whether a Qlik proxy
answers and opens no session; one login; and, with its cookie, one or two for each check.
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
    EvidenceBuilder,
    RetryDeadline,
    fault_of,
    may_be_restarting,
)
from .login import CSRF_PATH, BadToken, attempt, try_bad_tokens
from .responses import classify
from .sessions import Administration, SessionBook
from .settings import NEGATIVE


@dataclasses.dataclass(frozen=True)
class Kit:
    """What the steps need besides the evidence so far; ``bearer`` is the token itself.

    ``rejected_beforehand`` says why no login may be tried at all ("" when one may); ``hopeless``
    that waiting cannot help, because a mistake in the configuration is proven already.
    """

    client: Client
    bearer: str = dataclasses.field(repr=False)
    bad_tokens: t.Sequence[BadToken] = ()
    administration: t.Optional[Administration] = None
    rejected_beforehand: str = ""
    hopeless: bool = False


def reach_only(evidence: Evidence, client: Client) -> Evidence:
    """Whether the proxy can be reached, by the one request that opens no session."""
    builder = EvidenceBuilder()
    _reach(client, builder, RetryDeadline(0, client.tools), evidence)
    builder.set(skew=client.skew)
    return builder.build(evidence)


def stay_away(evidence: Evidence, why: str) -> Evidence:
    """Nothing at all is sent to the proxy."""
    builder = EvidenceBuilder()
    builder.set(not_tried=why)
    builder.step(LOGIN, None, note=why)
    return builder.build(evidence)


def run_steps(evidence: Evidence, kit: Kit) -> Evidence:
    """The same evidence with everything that the proxy showed.

    Every session that was opened is ended, also when something unforeseen interrupts the run.
    """
    builder, book = EvidenceBuilder(), SessionBook()
    wanted = evidence.settings
    settling = 0.0 if wanted.expects_rejection else SETTLING
    deadline = RetryDeadline(wanted.wait, kit.client.tools, settling)
    created = False
    try:
        if _reach(kit.client, builder, deadline, evidence):
            login = _try_login(evidence, kit, builder, book, deadline)
            created = bool(login and login.accepted and _is_new(evidence))
            _negative(evidence, kit, builder, book, login)
    finally:
        _log_out(evidence, kit, builder, book, created)
    builder.set(skew=kit.client.skew, waited=deadline.waited, user_created=created)
    return builder.build(evidence)


def _reach(
    client: Client, builder: EvidenceBuilder, deadline: RetryDeadline, evidence: Evidence
) -> bool:
    while True:
        try:
            response = client.impossible()
        except TransportError as error:
            if error.is_of_a_restart and deadline.again():
                continue
            _note_unreachable(builder, fault_of(error), evidence)
            return False
        summary = classify(response)
        if summary.status in UNAVAILABLE and deadline.again():
            continue
        break
    builder.step(RESOLVE, True)
    builder.step(CONNECT, True, seconds=summary.seconds)
    builder.step(TLS, True if evidence.settings.secure else None)
    builder.set(baseline=summary)
    if summary.status in UNAVAILABLE:
        builder.step(ROUTE, False, summary)
        return False
    return True


def _note_unreachable(builder: EvidenceBuilder, fault: Fault, evidence: Evidence) -> None:
    """Which step the fault belongs to; the steps before it were taken."""
    builder.set(fault=fault)
    if fault.kind == "dns":
        steps = [RESOLVE]
    elif fault.kind.startswith("tls"):
        steps = [RESOLVE, CONNECT, TLS]
    elif fault.sent:
        steps = [RESOLVE, CONNECT, *([TLS] if evidence.settings.secure else []), ROUTE]
    else:
        steps = [RESOLVE, CONNECT]
    for step in steps:
        builder.step(step, step != steps[-1], note=fault.message if step == steps[-1] else "")


def _try_login(
    evidence: Evidence,
    kit: Kit,
    builder: EvidenceBuilder,
    book: SessionBook,
    deadline: RetryDeadline,
) -> t.Optional[Login]:
    if kit.rejected_beforehand:
        builder.set(not_tried=kit.rejected_beforehand)
        builder.step(LOGIN, None, note=kit.rejected_beforehand)
        return None
    if evidence.settings.end_session in ("auto", "own"):
        builder.set(sessions_before=book.watch(kit.administration, evidence.user))
    login, session = _log_in(kit, book, deadline)
    builder.set(login=login, fault=login.fault)
    summary = login.response
    if summary is not None:
        builder.step(ROUTE, builder.build(evidence).routed is not False, summary)
    builder.step(LOGIN, login.accepted, summary, note=login.fault.message if login.fault else "")
    if session is None or not login.accepted:
        if summary is not None and summary.status == 403 and not login.accepted:
            _without_token(kit, builder, book)
        return login
    Checks(kit.client, evidence, builder, book, kit.administration).run(login, session)
    return login


def _log_in(
    kit: Kit, book: SessionBook, deadline: RetryDeadline
) -> t.Tuple[Login, t.Optional[OpenSession]]:
    while True:
        try:
            result = attempt(kit.client, kit.bearer, book)
        except TransportError as error:
            if error.is_of_a_restart and deadline.again():
                continue
            return Login(accepted=False, path=CSRF_PATH, fault=fault_of(error)), None
        summary = result.login.response
        if result.login.accepted or summary is None or kit.hopeless:
            return result.login, result.session
        if not (deadline.again() if may_be_restarting(summary) else deadline.settles()):
            return result.login, result.session


def _without_token(kit: Kit, builder: EvidenceBuilder, book: SessionBook) -> None:
    """Whether a 403 comes before the token is looked at: then the host is what is not wanted."""
    try:
        builder.set(tokenless=attempt(kit.client, None, book).login.response)
    except TransportError as error:
        builder.set(fault=fault_of(error))


def _negative(
    evidence: Evidence,
    kit: Kit,
    builder: EvidenceBuilder,
    book: SessionBook,
    login: t.Optional[Login],
) -> None:
    """Try the bad tokens if a virtual proxy answers, even if it rejected the good token."""
    if NEGATIVE not in evidence.settings.checks or login is None or login.fault is not None:
        return
    if builder.build(evidence).routed is False:
        return
    trials, note = try_bad_tokens(kit.client, kit.bad_tokens, book)
    builder.set(trials=tuple(trials))
    wrong = [trial for trial in trials if trial.let_in and trial.kind != "none"]
    builder.step(NEGATIVE, not wrong if trials else None, note=note)


def _log_out(
    evidence: Evidence, kit: Kit, builder: EvidenceBuilder, book: SessionBook, created: bool
) -> None:
    if book.is_empty:
        return
    timer = kit.client.tools.timer
    started = timer()
    way = evidence.settings.end_session
    identity = builder.build(evidence).identity
    if identity is not None and not identity.is_called(evidence.wanted_user):
        # The session is another user's, whose other sessions are not to be ended.
        created, way = False, "own" if way == "user" else way
    left = book.end_all(kit.client, kit.administration, way, created=created)
    builder.set(left_open=left)
    if way == "never":
        builder.step(LOGOUT, None, note="end_session is never: the session times out by itself.")
    else:
        builder.step(LOGOUT, left is None, seconds=timer() - started, note=left.why if left else "")


def _is_new(evidence: Evidence) -> bool:
    """Whether the login makes the user: the repository knew none before."""
    view = evidence.view
    return view is not None and view.user_read and view.user is None
