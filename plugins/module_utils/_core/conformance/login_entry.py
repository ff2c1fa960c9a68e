# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Questions about the first login: links, status, cookie, and the hosts that are allowed."""

from __future__ import annotations

import functools
import typing as t

from ..probe.responses import classify
from .claims import ALLOWED_HOST, FOREIGN_HOST
from .question import FLAG, LOGIN, STATUS, Value, handled, question, setting, unhandled
from .wire import Unanswered

if t.TYPE_CHECKING:
    from ..ports import Response
    from .bench import Bench

ask = functools.partial(question, level=LOGIN)

_LOGIN = "GET /<prefix>/qps/csrftoken with token"


@ask(
    "central_link_rule", "login", "Must a virtual proxy be linked to the central node's proxy?",
    sent="PUT /qrs/proxyservice/<id> of another node, " + _LOGIN, mark="code", kind=FLAG,
    assumed=[True],
    effects={
        False: setting(
            "Reports name the finding not_linked_to_central although logins work. Link the virtual "
            "proxy to the central node's proxy as well."
        )
    },
)  # fmt: skip
def central_link_rule(site: Bench) -> t.Optional[Value]:
    """`proxies: central` is recommended because of it. The option `node` is needed to see it."""
    if site.logins.is_central:
        raise Unanswered("needs_other_site")
    try:
        dummy = site.logins.session()
    except Unanswered:
        if site.logins.admin_knows():
            return True
        raise
    return False


@ask(
    "login_status", "login", "What is the status of a login?", sent=_LOGIN, mark="code",
    kind=STATUS, assumed=[204],
    effects={
        200: handled("It counts as a login."),
        404: handled("Releases before November 2024 do not know the path. The cookie counts."),
    },
)  # fmt: skip
def login_status(site: Bench) -> t.Optional[Value]:
    """Decides whether the probe and the authentication method jwt recognize a login."""
    return site.logins.session().response.status


@ask(
    "login_csrf_token", "login", "Does a login return a CSRF token?", sent=_LOGIN, mark="doc",
    kind=FLAG, assumed=[True],
    effects={False: handled("Releases before November 2024 need none.")},
)  # fmt: skip
def login_csrf_token(site: Bench) -> t.Optional[Value]:
    """Clients need it for WebSockets."""
    return site.logins.session().csrf is not None


def _attribute(site: Bench, name: str) -> str:
    """The value of an attribute of the session cookie in lower case; "" without one."""
    for line in site.logins.session().response.all_headers("Set-Cookie"):
        pair, *attributes = line.split(";")
        if site.names.owns({"sessionCookieHeaderName": pair.partition("=")[0].strip()}):
            for attribute in attributes:
                key, dummy, value = attribute.strip().partition("=")
                if key.lower() == name:
                    return value.strip().lower() or "yes"
    return ""


@ask(
    "cookie_http_only", "login", "Is the session cookie HttpOnly?", sent=_LOGIN, mark="inf",
    kind=FLAG, assumed=[True], effects={False: setting("Scripts can read the session cookie.")},
)  # fmt: skip
def cookie_http_only(site: Bench) -> t.Optional[Value]:
    """Protects the session from scripts."""
    return bool(_attribute(site, "httponly"))


@ask(
    "cookie_secure", "login", "Is the session cookie Secure?", sent=_LOGIN, mark="inf", kind=FLAG,
    assumed=[True], effects={False: setting("Set secure_attribute_https to true.")},
)  # fmt: skip
def cookie_secure(site: Bench) -> t.Optional[Value]:
    """Keeps browsers from sending the session over plain HTTP."""
    return bool(_attribute(site, "secure"))


@ask(
    "cookie_same_site", "login",
    "Which SameSite attribute does the session cookie have?", sent=_LOGIN,
    mark="spec", words=["absent", "none", "lax", "strict"], assumed=["lax"],
    effects={w: setting("Set same_site_attribute_https.") for w in ("absent", "none", "strict")},
)  # fmt: skip
def cookie_same_site(site: Bench) -> t.Optional[Value]:
    """Decides whether pages of other sites can embed Qlik Sense."""
    return _attribute(site, "samesite") or "absent"


@ask(
    "cookie_path", "login", "Is the path of the session cookie the root?", sent=_LOGIN,
    mark="inf", kind=FLAG, assumed=[True],
    effects={False: handled("The collection sends the cookie below the prefix only.")},
)  # fmt: skip
def cookie_path(site: Bench) -> t.Optional[Value]:
    """With the root as path, virtual proxies with the same cookie name disturb each other."""
    return _attribute(site, "path") == "/"


# -- hosts


def _with_host(site: Bench, host: str) -> Response:
    headers = {"Host": host}
    return site.proxy.ask(site.names.prefix, cookie=site.logins.cookie, headers=headers)


@ask(
    "foreign_host", "hosts", "What is the status if the host is not allowed?",
    sent="GET /<prefix>/qps/csrftoken with cookie and a foreign Host", mark="users", kind=STATUS,
    words=["accepted"], assumed=[400],
    effects={
        403: handled("The finding host_not_allowed recognizes both."),
        "accepted": handled("Releases before September 2019 do not check the host."),
    },
)  # fmt: skip
def foreign_host(site: Bench) -> t.Optional[Value]:
    """The finding `host_not_allowed` depends on it."""
    status = _with_host(site, FOREIGN_HOST).status
    return "accepted" if status == site.logins.session().response.status else status


@ask(
    "listed_host", "hosts", "Is a host of the host allow list accepted?",
    sent="GET /<prefix>/qps/csrftoken with cookie and a listed Host", mark="users", kind=FLAG,
    assumed=[True],
    effects={False: unhandled("host_allow_list does not work as documented.")},
)  # fmt: skip
def listed_host(site: Bench) -> t.Optional[Value]:
    """The option `host_allow_list` depends on it."""
    return _with_host(site, ALLOWED_HOST).status == site.logins.session().response.status


@ask(
    "own_name_allowed", "hosts", "Is the node's own name allowed without an entry?",
    sent="GET /<prefix>-expired/qps/csrftoken with the node's host name as Host", mark="unv",
    kind=FLAG, assumed=[True],
    effects={False: setting("Add the host name of each node to host_allow_list.")},
)  # fmt: skip
def own_name_allowed(site: Bench) -> t.Optional[Value]:
    """Decides whether the node's name has to be in the host allow list."""
    own = str(site.logins.service()["serverNodeConfiguration"].get("hostName") or "")
    cookie = site.logins.cookie
    if (
        not own
        or site.proxy.ask(site.names.prefix, cookie=cookie, headers={"Host": FOREIGN_HOST}).status
        == site.logins.session().response.status
    ):
        raise Unanswered("needs_other_site")
    dummy = site.logins.expired()
    first, allowed = (
        classify(site.proxy.ask(site.names.expired, headers={"Host": host}))
        for host in (own, ALLOWED_HOST)
    )
    return first.same_as(allowed)
