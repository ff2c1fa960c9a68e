# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""One run of the probe from its settings to its evidence."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .client import Client, Tools
from .evidence import Evidence, RepositoryFault
from .findings import user as rules_user
from .findings.base import ERROR, RULES
from .repository import engines_run, named_user, pass_allocated, read_view, user_name, with_user
from .result import judge
from .sending import INSECURE, NOTES, withheld
from .sessions import Administration
from .settings import NEGATIVE, Settings
from .steps import Kit, reach_only, run_steps, stay_away
from .token_under_test import TokenUnderTest, bad_tokens
from .view import View

if t.TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

    from ..ports import Dialer, Transport
    from ..qrs.client import Qrs

#: Why no login is tried although one was asked for; the finding user_unknown says the rest.
_UNKNOWN_USER = "The repository shows no such user, and allow_user_creation is false."
_NOT_SENDABLE = "The token holds characters that no HTTP header can carry."

#: RFC 9110 5.5: what a header's value may hold, less what no token has.
_SENDABLE = re.compile(r"[\x20-\x7e]+")


@dataclasses.dataclass(frozen=True)
class Ports:
    """What the run reaches the world through.

    ``token_under_test`` makes the token once the virtual proxy's claim names are known,
    ``administration`` the way to port 4243 once the proxies are; ``qrs`` is None without a
    repository, ``dialer`` if WebSockets are not supported.
    """

    proxy: Transport
    qrs: t.Optional[Qrs]
    token_under_test: t.Callable[[t.Optional[View]], TokenUnderTest]
    administration: t.Callable[[t.Optional[View]], t.Optional[Administration]]
    foreign_key: t.Callable[[], rsa.RSAPrivateKey]
    tools: Tools
    dialer: t.Optional[Dialer] = None


def examine(settings: Settings, ports: Ports, *, check_mode: bool) -> Evidence:
    """Read the repository, then log in; in check mode only ask whether the proxy is there."""
    view, fault = _read(ports.qrs, settings)
    under_test = ports.token_under_test(view)
    token = under_test.view(view)
    name = user_name(view, token.claims, under_test.names)
    if view is not None and ports.qrs is not None and view.virtual_proxy is not None:
        found = with_user(ports.qrs, view, name)
        view, fault = (view, found) if isinstance(found, RepositoryFault) else (found, None)
    evidence = Evidence(
        settings=settings,
        now=ports.tools.clock(),
        token=token,
        user=name,
        named=named_user(view, token.claims, under_test.names, under_test.user),
        view=view,
        repository_fault=fault,
    )
    if withheld(evidence) == INSECURE:
        return stay_away(evidence, NOTES[INSECURE])
    client = Client(
        ports.proxy,
        settings,
        ports.tools,
        view.text("sessionCookieHeaderName") if view else None,
        ports.dialer,
    )
    if check_mode:
        return reach_only(evidence, client)
    bad = []
    if NEGATIVE in settings.checks:
        bad = bad_tokens(under_test, view, now=int(evidence.now), foreign_key=ports.foreign_key)
    kit = Kit(
        client=client,
        bearer=under_test.token.strip(),
        bad_tokens=bad,
        administration=ports.administration(view),
        rejected_beforehand=_rejected_beforehand(evidence, under_test),
        hopeless=_is_hopeless(evidence),
    )
    examined = run_steps(evidence, kit)
    return examined if view is None or ports.qrs is None else _asked(ports.qrs, view, examined)


def _asked(qrs: Qrs, view: View, examined: Evidence) -> Evidence:
    """With what the repository is asked only after a failure that it may explain."""
    summary = examined.engine.response if examined.engine else None
    if summary is not None and summary.status >= 500:
        examined = dataclasses.replace(examined, engines_run=engines_run(qrs, view))
    if rules_user.is_doubtful(examined):
        examined = dataclasses.replace(examined, pass_allocated=pass_allocated(qrs, view))
    return examined


def _read(
    qrs: t.Optional[Qrs], settings: Settings
) -> t.Tuple[t.Optional[View], t.Optional[RepositoryFault]]:
    if qrs is None:
        return None, None
    found = read_view(qrs, settings.prefix)
    return (None, found) if isinstance(found, RepositoryFault) else (found, None)


def _rejected_beforehand(evidence: Evidence, under_test: TokenUnderTest) -> str:
    """Why no login may be tried: the address may not receive a token, the login would make a user
    without leave to do so, or the token cannot be sent at all."""
    reason = withheld(evidence)
    if reason is not None:
        return NOTES[reason]
    view = evidence.view
    unknown = view is not None and view.user_read and view.user is None
    if unknown and not evidence.settings.allow_user_creation:
        return _UNKNOWN_USER
    return "" if _SENDABLE.fullmatch(under_test.token.strip()) else _NOT_SENDABLE


def _is_hopeless(evidence: Evidence) -> bool:
    """Whether the configuration alone explains the rejection, so that waiting cannot help."""
    findings = judge(evidence).findings
    return any(item.level == ERROR and RULES[item.code].rejects for item in findings)
