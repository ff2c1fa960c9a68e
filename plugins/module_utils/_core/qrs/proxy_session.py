# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The session through a proxy: login, cookie, waiting for a restart.

The proxy opens a session for the first request that proves the user's identity, and accepts the
cookie from then on; a program without cookies opens a session per request. A write may restart the
proxy that transports it: the session is lost, and the proxy does not answer for some seconds. Both
are handled here. A write that may have reached the repository is never sent again.
"""

from __future__ import annotations

import typing as t
from urllib.parse import urljoin, urlsplit

from ..errors import AnswerError, TransportError
from ..ports import UNAVAILABLE, Request, Response
from .cookies import CSRF_HEADER, cookies_of, csrf_token

if t.TYPE_CHECKING:
    from ..ports import Clock
    from .auth import Send
    from .proxy_login import Login

#: Seconds after an own write in which a proxy may be restarting: integrators wait 10 to 30, and
#: its first answer takes up to 20 more.
PATIENCE = 60.0
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 4.0

#: Redirects of one Windows login: to the login, and back with a ticket.
_HOPS = 4

_REDIRECTS = (301, 302, 303, 307, 308)

#: What is known to be said by the proxy itself, so that the repository got nothing of the request.
_UNKNOWN_SESSION = b"Authentication error"
_INACTIVE = b"account is inactive"
_NOT_SERVED = b"http request header is incorrect"


class ProxySession:
    """See ``access.Access``. ``base_url`` leads to the virtual proxy, without ``/qrs``."""

    def __init__(self, base_url: str, login: Login, clock: Clock) -> None:
        self._base_url = base_url
        self._login = login
        self._clock = clock
        self._cookies: t.Dict[str, str] = {}
        self._csrf: t.Optional[str] = None
        self._opened = False
        self._patient_until = 0.0
        self._doubtful = False

    def exchange(self, send: Send, request: Request) -> Response:
        """Send ``request`` within the session; its answer."""
        if self._doubtful and _writes(request):
            self._make_sure(send, request)
        try:
            response = self._patiently(send, request)
        finally:
            if _may_restart(request):
                self._patient_until = self._clock.now() + PATIENCE
                self._doubtful = True
        if not _writes(request):
            self._doubtful = False
        return response

    def _make_sure(self, send: Send, request: Request) -> None:
        """Ask something before a write that follows one that may have ended session and connection.

        A lost read is harmless; a write that was cut off may have been done.
        """
        try:
            self.exchange(send, self._about(request))
        except TransportError as error:
            error.sent = False
            raise

    def _patiently(self, send: Send, request: Request) -> Response:
        pause = _FIRST_PAUSE
        while True:
            out_of_time = self._clock.now() + pause > self._patient_until
            try:
                response = self._in_session(send, request)
            except TransportError as error:
                passes = error.passes and not (error.sent and _writes(request))
                if out_of_time or not passes:
                    raise
            else:
                if out_of_time or not _is_restarting(request, response):
                    return response
            self._clock.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def advice(self, response: Response) -> str:
        """What to do about an answer that is not the one asked for."""
        if response.status in _REDIRECTS:
            return f"The proxy leads to a login page. {self._login.elsewhere}"
        if _is_not_served(response):
            host, prefix = urlsplit(self._base_url).hostname, urlsplit(self._base_url).path
            return (
                f"The proxy does not serve '{prefix}/' under the name {host}: check api_prefix, "
                "that the virtual proxy is linked, also to the central node's proxy, and that its "
                "host allow list has this name."
            )
        if response.status < 300 and response.is_html:
            return "A page answered instead of the repository: check api_prefix, auth and port."
        if _INACTIVE in response.body and response.status == 403:
            return f"It keeps {self._login.rights} out: activate the user in QMC, Users."
        if response.status in (400, 401, 403) and not self._opened:
            if self._login.windows and not response.header("WWW-Authenticate"):
                return self._login.elsewhere
            return self._login.rejection()
        if response.status == 403:
            return f"Check that {self._login.rights} may do this: it needs an administrator's role."
        if response.status == 404:
            return "Check host, port and api_prefix."
        return ""

    def _in_session(self, send: Send, request: Request, again: bool = True) -> Response:
        if self._login.windows and not self._opened and _writes(request):
            # The steps of a Windows login would carry the write several times.
            first = self._attempt(send, self._about(request))
            if not self._opened:
                return self._unless_good(first)
        response = self._attempt(send, request)
        if self._opened and again and _is_unknown(response):
            # Rejected by the proxy: it did not reach the repository.
            self._forget()
            return self._in_session(send, request, again=False)
        if response.status == 403 and self._opened and self._csrf is None:
            self._csrf = ""
            self._attempt(send, self._about(request, "/qps/csrftoken"))
            if self._csrf:
                return self._attempt(send, request)
        return response

    def _attempt(self, send: Send, request: Request) -> Response:
        response = self._learn(send(self._dressed(request)))
        if not self._login.windows or self._opened:
            return response
        url = request.url
        for dummy in range(_HOPS):
            if response.status not in _REDIRECTS:
                break
            target = _target(url, response)
            if target is None or not _is_same_server(url, target):
                break
            if "internal_forms_authentication" in target:
                break
            url = target
            response = self._learn(send(self._dressed(request._replace(url=url))))
        return response

    def _dressed(self, request: Request) -> Request:
        headers = {**request.headers, **self._login.always}
        if not self._opened:
            headers.update(self._login.opening)
        if self._cookies:
            headers["Cookie"] = "; ".join(
                f"{name}={value}" for name, value in self._cookies.items()
            )
        if self._csrf:
            headers[CSRF_HEADER] = self._csrf
        windows = self._login.windows and not _writes(request)
        return request._replace(headers=headers, windows_login=windows)

    def _learn(self, response: Response) -> Response:
        found = cookies_of(response)
        self._cookies.update((cookie.name, cookie.value) for cookie in found)
        self._csrf = csrf_token(response) or self._csrf
        # A load balancer adds its own cookies, even to the proxy's error page.
        if self._cookies and response.status in (200, 201, 204, 403) and not response.is_html:
            self._opened = True
        return response

    def _unless_good(self, response: Response) -> Response:
        """The answer to a login in place of that to a write that was not sent for it."""
        if response.status < 300:
            raise AnswerError(
                "The proxy let the login pass and set no session cookie: look for what removes "
                "cookies between here and the proxy.",
                status=response.status,
            )
        return response

    def _about(self, request: Request, path: str = "/qrs/about") -> Request:
        """A request that only asks, with the key of ``request``."""
        key = request.headers["X-Qlik-Xrfkey"]
        headers = {"X-Qlik-Xrfkey": key}
        return Request("GET", f"{self._base_url}{path}?Xrfkey={key}", headers)

    def _forget(self) -> None:
        self._cookies.clear()
        self._csrf = None
        self._opened = False


def _writes(request: Request) -> bool:
    return request.method != "GET"


def _may_restart(request: Request) -> bool:
    """Whether the proxy may restart for it: for a change of itself, or of what it serves."""
    path = urlsplit(request.url).path
    kinds = ("/qrs/virtualproxyconfig/", "/qrs/proxyservice/")
    return _writes(request) and any(kind in path for kind in kinds)


def _is_restarting(request: Request, response: Response) -> bool:
    """Whether the proxy says that it is not ready, and nothing was done."""
    if response.status == 400:
        return _is_not_served(response)
    return response.status in UNAVAILABLE and not _writes(request)


def _is_not_served(response: Response) -> bool:
    """The proxy's own page for what lies before any login: it knows no such virtual proxy."""
    return response.is_html and _NOT_SERVED in response.body


def _is_unknown(response: Response) -> bool:
    """Whether the proxy does not know the session any more."""
    if response.status == 500:
        return response.is_html and _UNKNOWN_SESSION in response.body
    return response.status == 401 or response.status in _REDIRECTS


def _target(url: str, response: Response) -> t.Optional[str]:
    """Where a redirect leads; None if that is not an address."""
    try:
        target = urljoin(url, response.header("Location") or "")
        urlsplit(target)
    except ValueError:
        return None
    return target


def _is_same_server(url: str, other: str) -> bool:
    """Whether both name the same server: no other server gets the cookie or the login."""
    return urlsplit(url)[:2] == urlsplit(other)[:2]
