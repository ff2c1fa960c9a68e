# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTML that the proxy sends: error pages, login form, the client's start pages."""

from __future__ import annotations

import base64
import html

HEADER_INCORRECT = "The http request header is incorrect."
ACCOUNT_INACTIVE = (
    "Your account is inactive. Contact your administrator to activate it. (HTTP code: 403)"
)
NO_ACCESS_PASS = "You cannot access Qlik Sense because you have no access pass."
UNKNOWN_SESSION = "Authentication error: Restart the browser."

_STYLED_PAGE_BYTES = 88_000
_STYLE = (
    "body{margin:0;background:#f2f2f2;font-family:sans-serif}"
    ".box{margin:10% auto;width:30em;padding:2em;background:#fff}"
)


def error_page(title: str, text: str = "") -> str:
    """A styled error page, blown up by an embedded image to the size of the real ones."""
    body = f"<div class='box'><h1>{html.escape(title)}</h1><p>{html.escape(text)}</p></div>"
    page = _document(title, body + "{image}")
    missing = _STYLED_PAGE_BYTES - len(page.encode())
    return page.replace("{image}", _image(missing))


def login_form(target: str) -> str:
    """The form that ticket authentication ends at for browsers without Windows login."""
    fields = (
        "<input name='username' type='text'><input name='pwd' type='password'>"
        "<button type='submit'>Log in</button>"
    )
    action = html.escape(target, quote=True)
    return _document("Qlik Sense", f"<form method='post' action='{action}'>{fields}</form>")


def client_page(title: str, text: str = "") -> str:
    """A start page of hub, app or console: a shell that scripts fill."""
    note = f"<p class='message'>{html.escape(text)}</p>" if text else ""
    return _document(title, f"<div id='qlik-client'>{note}</div>")


def _document(title: str, body: str) -> str:
    head = f"<meta charset='utf-8'><title>{html.escape(title)}</title><style>{_STYLE}</style>"
    return f"<!doctype html>\n<html><head>{head}</head><body>{body}</body></html>\n"


def _image(size: int) -> str:
    prefix, suffix = "<img alt='' src='data:image/png;base64,", "'>"
    room = size - len(prefix) - len(suffix) + len("{image}")
    noise = bytes(value % 251 for value in range(room * 3 // 4))
    return prefix + base64.b64encode(noise).decode() + suffix
