# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the proxy answers when it lets nobody in, by the switches of the release."""

from __future__ import annotations

from aiohttp import web

from ..switches import Switches
from . import pages


class Refused(Exception):
    """Ends the handling of a request with ``response``."""

    def __init__(self, response: web.StreamResponse) -> None:
        super().__init__(response.status)
        self.response = response


def html_response(text: str, status: int = 200, reason: str | None = None) -> web.Response:
    """An HTML page."""
    return web.Response(status=status, reason=reason, text=text, content_type="text/html")


def error(status: int, title: str, text: str = "") -> web.Response:
    """A styled error page."""
    return html_response(pages.error_page(title, text), status)


def header_incorrect() -> web.Response:
    """The 400 page: the same bytes for every cause that lies before authentication."""
    page = pages.error_page(pages.HEADER_INCORRECT)
    return html_response(page, 400, pages.HEADER_INCORRECT)


def host_refused(switches: Switches) -> web.Response:
    """The host in the request is not allowed."""
    if switches.host_refusal == 403:
        return error(403, "Forbidden")
    return header_incorrect()


def headers_too_large() -> web.Response:
    """More header than maxHeaderSizeBytes or maxHeaderLines allow."""
    return web.Response(status=400)


def bad_token(switches: Switches) -> web.Response:
    """A token that opens no session, whatever is wrong with it."""
    status = int(switches.bad_token_status)
    if switches.bad_token_body == "page":
        return error(status, "Unauthorized" if status == 401 else "Bad Request")
    return web.Response(status=status)


def no_credentials(switches: Switches, login_uri: str) -> web.Response:
    """Neither token nor cookie at a virtual proxy for JWT."""
    if switches.no_credentials == 302:
        return redirect(login_uri)
    if switches.no_credentials == 400:
        return web.Response(status=400)
    return error(401, "Unauthorized")


def unknown_cookie(switches: Switches) -> web.Response:
    """A session cookie that this proxy never gave out or has forgotten."""
    if switches.unknown_cookie == 500:
        return error(500, "Internal server error", pages.UNKNOWN_SESSION)
    return error(401, "Unauthorized")


def account_inactive() -> web.Response:
    """The user is inactive or blacklisted."""
    return error(403, "Forbidden", pages.ACCOUNT_INACTIVE)


def not_found() -> web.Response:
    """Nothing is served at that path."""
    return error(404, "Not found")


def redirect(location: str) -> web.Response:
    """To a login page; the proxy closes the connection after it."""
    response = web.Response(status=302, headers={"Location": location})
    response.force_close()
    return response


def cross_site_websocket() -> web.Response:
    """The WebSocket handshake is refused. The reason goes to the proxy's log only."""
    return web.Response(status=403)
