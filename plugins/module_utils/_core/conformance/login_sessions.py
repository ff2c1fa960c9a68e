# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Questions about a session: its user, its cookie, the repository behind the proxy, port 4243."""

from __future__ import annotations

import functools
import typing as t
import uuid

from ..probe.responses import classify
from ..qrs.cookies import CSRF_HEADER
from .question import FLAG, LOGIN, STATUS, Value, handled, question, unhandled
from .read_requests import NO_ID
from .reserved import USER_DIRECTORY
from .wire import Unanswered, content, entity_of

if t.TYPE_CHECKING:
    from .bench import Bench

ask = functools.partial(question, level=LOGIN)


@ask(
    "session_user", "sessions", "Does the proxy return the user of the session?",
    sent="GET /<prefix>/qps/user", mark="unv", kind=FLAG, assumed=[True],
    effects={False: handled("The probe asks port 4243 and the repository.")},
)  # fmt: skip
def session_user(site: Bench) -> t.Optional[Value]:
    """The finding `wrong_user` depends on it."""
    found = entity_of(site.proxy.ask(site.names.prefix, "qps/user", cookie=site.logins.cookie))
    lower = {str(key).lower(): str(value).lower() for key, value in found.items()}
    wanted = (USER_DIRECTORY.lower(), site.names.user("test"))
    return (lower.get("userdirectory"), lower.get("userid")) == wanted


@ask(
    "no_session_user", "sessions", "What is the status without a session?",
    sent="GET /<prefix>/qps/user without cookie and token", mark="unv", kind=STATUS,
    assumed=[200, 401],
)  # fmt: skip
def no_session_user(site: Bench) -> t.Optional[Value]:
    """Pages use it to find out whether a user is logged in."""
    dummy = site.logins.session()
    return site.proxy.ask(site.names.prefix, "qps/user").status


@ask(
    "no_credentials", "sessions", "What is the status without token and cookie?",
    sent="GET /<prefix>/qps/csrftoken", mark="users", kind=STATUS, assumed=[401],
    effects={
        302: handled("The probe follows no redirect, and reports it."),
        400: handled("The probe compares it with the answer to an unknown prefix."),
    },
)  # fmt: skip
def no_credentials(site: Bench) -> t.Optional[Value]:
    """The probe tests whether anonymous access is possible."""
    dummy = site.logins.session()
    return site.proxy.ask(site.names.prefix).status


@ask(
    "unknown_cookie", "sessions", "What is the status of an unknown session cookie?",
    sent="GET /<prefix>/qps/csrftoken with an unknown cookie", mark="code", kind=STATUS,
    assumed=[500, 401],
)  # fmt: skip
def unknown_cookie(site: Bench) -> t.Optional[Value]:
    """The collection logs in again when its session ended."""
    name = site.logins.cookie.partition("=")[0]
    return site.proxy.ask(site.names.prefix, cookie=f"{name}={uuid.UUID(NO_ID)}").status


@ask(
    "cookie_wins", "sessions", "Does a session win over a bad token?",
    sent="GET /<prefix>/qps/csrftoken with cookie and bad token", mark="inf", kind=FLAG,
    assumed=[True],
    effects={False: handled("The probe sends either of them.")},
)  # fmt: skip
def cookie_wins(site: Bench) -> t.Optional[Value]:
    """Some clients always send both."""
    response = site.proxy.ask(site.names.prefix, cookie=site.logins.cookie, bearer="a.b.c")
    return response.status == site.logins.session().response.status


@ask(
    "repository_xrfkey", "sessions", "What is the status of the repository without Xrfkey?",
    sent="GET /<prefix>/qrs/about with cookie, without Xrfkey", mark="code", kind=STATUS,
    assumed=[403], effects={400: handled("The collection always sends the key.")},
)  # fmt: skip
def repository_xrfkey(site: Bench) -> t.Optional[Value]:
    """Through the proxy the same rule applies as directly."""
    headers = _csrf(site)
    return site.proxy.ask(
        site.names.prefix, "qrs/about", cookie=site.logins.cookie, headers=headers
    ).status


@ask(
    "repository_csrf", "sessions", "Which requests to the repository need the CSRF token?",
    sent="GET /<prefix>/qrs/about, PUT /<prefix>/qrs/tag/<unknown id>", mark="unv",
    words=["none", "writes", "all"], assumed=["none"],
    effects={
        "writes": handled("The collection sends the token as soon as it knows it."),
        "all": handled("The collection sends the token as soon as it knows it."),
    },
)  # fmt: skip
def repository_csrf(site: Bench) -> t.Optional[Value]:
    """Needed for the authentication methods jwt, header, and ntlm."""
    headers = _csrf(site)

    def is_blocked(method: str, path: str, body: t.Any) -> bool:
        how: t.Dict[str, t.Any] = {
            "method": method, "cookie": site.logins.cookie, "body": body, "xrfkey": True,
        }  # fmt: skip
        without = classify(site.proxy.ask(site.names.prefix, path, **how))
        if not headers:
            # The repository answers with JSON or text, the proxy with a page.
            return without.is_html
        return not without.same_as(
            classify(site.proxy.ask(site.names.prefix, path, headers=headers, **how))
        )

    if is_blocked("GET", "qrs/about", None):
        return "all"
    return "writes" if is_blocked("PUT", f"qrs/tag/{NO_ID}", {"id": NO_ID}) else "none"


def _csrf(site: Bench) -> t.Dict[str, str]:
    token = site.logins.session().csrf
    return {CSRF_HEADER: token} if token else {}


# -- port 4243


def _listed(site: Bench) -> t.List[t.Dict[str, t.Any]]:
    port = site.ports.admin
    if port is None:
        raise Unanswered("needs_certificate")
    dummy = site.logins.session()
    letters = site.ports.tools.letters()
    response = port.ask("GET", site.names.prefix, "session", xrfkey=letters, timeout=15)
    found = content(response)
    if response.status != 200 or not isinstance(found, list):
        raise Unanswered("needs_other_site")
    return [item for item in found if isinstance(item, dict)]


@ask(
    "admin_session_id", "sessions", "Does port 4243 list the cookie's value as session id?",
    sent="GET /qps/<prefix>/session on port 4243", mark="spec", kind=FLAG, assumed=[True],
    effects={False: unhandled("The probe cannot end its session. It times out.")},
)  # fmt: skip
def admin_session_id(site: Bench) -> t.Optional[Value]:
    """`end_session: own` depends on it."""
    value = site.logins.cookie.partition("=")[2]
    return any(value in item.values() for item in _listed(site))


@ask(
    "admin_names", "sessions", "How are the properties of a session written?",
    sent="GET /qps/<prefix>/session on port 4243", mark="doc", words=["pascal", "camel"],
    assumed=["pascal", "camel"],
)  # fmt: skip
def admin_names(site: Bench) -> t.Optional[Value]:
    """Documentation and API description contradict each other."""
    names = {str(name) for item in _listed(site) for name in item}
    return "pascal" if "SessionId" in names else "camel" if "sessionId" in names else "other"
