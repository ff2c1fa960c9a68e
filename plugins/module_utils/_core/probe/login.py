# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Logs in with a token and decides whether the login was accepted."""

from __future__ import annotations

import dataclasses
import typing as t

from ..errors import TransportError
from ..ports import Response
from ..qrs.cookies import csrf_token
from .client import Client, OpenSession
from .evidence import Login, Trial, User
from .responses import ResponseSummary, classify
from .sessions import SessionBook, user_in

CSRF_PATH = "qps/csrftoken"
ABOUT_PATH = "qrs/about"


@dataclasses.dataclass(frozen=True)
class Attempt:
    """What a login got, with the session that it opened."""

    login: Login
    session: t.Optional[OpenSession] = None


def attempt(
    client: Client,
    bearer: t.Optional[str],
    book: SessionBook,
    *,
    bad_token: bool = False,
) -> Attempt:
    """Log in with ``bearer``, or without any token.

    Every session is recorded in ``book`` at once, so that it can be ended after any failure.
    ``qps/csrftoken`` needs neither Xrfkey nor license. Releases before November 2024 do not have
    it; they answer 404 *after* the login, which is then proven by the repository's ``about``
    (accepted statuses: 200, 204, 404, as Qlik's own load tester takes them).
    """

    def log_in(path: str) -> t.Tuple[Response, t.Optional[OpenSession]]:
        with book.expecting():
            response = client.get(path, bearer=bearer, xrfkey=path == ABOUT_PATH)
            session = client.session_in(response, bad_token=bad_token)
            if session is not None:
                book.add(session)
            return response, session

    response, session = log_in(CSRF_PATH)
    summary = classify(response)
    if summary.status != 404:
        csrf = csrf_token(response) is not None
        accepted = summary.status in (200, 204) and _is_token_answer(summary, csrf, session)
        book.lose(1 if accepted and session is None else 0)
        return Attempt(_login(accepted, summary, CSRF_PATH, session, csrf), session)
    if session is None:
        response, session = log_in(ABOUT_PATH)
    else:
        response = client.get(ABOUT_PATH, session=session, xrfkey=True)
    summary = classify(response)
    accepted = _is_about(response, summary)
    # Both requests logged in, and neither gave a cookie that could be kept.
    book.lose(2 if accepted and session is None else 0)
    return Attempt(_login(accepted, summary, ABOUT_PATH, session, csrf=False), session)


def _login(
    accepted: bool,
    summary: ResponseSummary,
    path: str,
    session: t.Optional[OpenSession],
    csrf: bool,
) -> Login:
    name = session.cookie.name if session else None
    return Login(accepted, summary, path, cookie_name=name, csrf=csrf)


def _is_token_answer(
    summary: ResponseSummary, csrf: bool, session: t.Optional[OpenSession]
) -> bool:
    """Whether a proxy opened a session; some web servers answer every request with a page."""
    may_be_page = summary.is_html or summary.kind == "encoded"
    return csrf or session is not None or summary.status == 204 or not may_be_page


def _is_about(response: Response, summary: ResponseSummary) -> bool:
    return (
        summary.status == 200
        and summary.kind == "json"
        and b"buildVersion" in response.body[:65536]
    )


@dataclasses.dataclass(frozen=True)
class BadToken:
    """``kind`` as in ``Trial``; ``make`` gives the token, None for a login without one."""

    kind: str
    make: t.Callable[[], t.Optional[str]]


def try_bad_tokens(
    client: Client, bad_tokens: t.Sequence[BadToken], book: SessionBook
) -> t.Tuple[t.List[Trial], str]:
    """Log in with each; the second value says why some were not tried ("" when all were)."""
    trials: t.List[Trial] = []
    for bad in bad_tokens:
        try:
            result = attempt(client, bad.make(), book, bad_token=True)
            user = _user_of(client, result.session)
        except TransportError as error:
            return trials, error.message
        let_in = result.login.accepted or result.session is not None
        status = result.login.response.status if result.login.response else None
        trials.append(Trial(bad.kind, let_in, status, user))
    return trials, ""


def _user_of(client: Client, session: t.Optional[OpenSession]) -> t.Optional[User]:
    """Who was let in: an anonymous visitor is another matter than a user with a bad token."""
    if session is None:
        return None
    response = client.get("qps/user", session=session)
    return user_in(response.body, "proxy") if response.status == 200 else None
