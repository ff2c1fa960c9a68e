# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The negative control: tokens that no virtual proxy may accept."""

from __future__ import annotations

import dataclasses
import typing as t

from ..errors import TransportError
from .client import Client, OpenSession
from .evidence import Trial, User
from .login import attempt
from .sessions import SessionBook, user_in


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
        status = result.login.seen.status if result.login.seen else None
        trials.append(Trial(bad.kind, let_in, status, user))
    return trials, ""


def _user_of(client: Client, session: t.Optional[OpenSession]) -> t.Optional[User]:
    """Who was let in: an anonymous visitor is another matter than a user with a bad token."""
    if session is None:
        return None
    response = client.get("qps/user", session=session)
    return user_in(response.body, "proxy") if response.status == 200 else None
