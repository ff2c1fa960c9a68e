# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about settings of the virtual proxy."""

from __future__ import annotations

from ..evidence import Evidence
from .base import ERROR, WARNING, Found, Result, finding


@finding(
    "method_not_jwt",
    ERROR,
    summary="The virtual proxy '{prefix}' does not authenticate by JWT, so it ignores the token.",
    remedy="Use the prefix of a virtual proxy for JWT, or set the authentication method to JWT.",
    field="Virtual proxies > Authentication > Authentication method",
    option="qlik_virtual_proxy.authentication_method",
    rejects=True,
)
def method_not_jwt(e: Evidence) -> Result:
    """Only a virtual proxy whose method is JWT reads the token. Others send the client to a
    login page. Without the repository, that redirect is the proof."""
    view = e.known_view
    if view is not None:
        found = {"prefix": e.settings.prefix, "authentication_method": view.method}
        return None if view.is_jwt else Found(found)
    if e.view is not None or e.rejection is None or e.routed is False:
        return None
    if e.rejection.kind not in ("login_redirect", "login_form"):
        return None
    return Found({"prefix": e.settings.prefix, **e.rejection.evidence()})


@finding(
    "duplicate_prefix",
    ERROR,
    summary="{count} virtual proxies have the prefix '{prefix}', so any of them may answer.",
    remedy="Keep one of them. Delete the others, or change their prefix.",
    field="Virtual proxies > Identification > Prefix",
    option="qlik_virtual_proxy.prefix",
    rejects=True,
    audit=True,
)
def duplicate_prefix(e: Evidence) -> Result:
    """The repository's API description does not forbid two virtual proxies with the same prefix. If
    the login works, this is a warning."""
    if e.view is None or len(e.view.candidates) < 2:
        return None
    ids = sorted(str(item["id"]) for item in e.view.candidates)
    return Found({"prefix": e.settings.prefix, "count": len(ids), "ids": ids})


@finding(
    "session_cookie_conflict",
    WARNING,
    summary="Another virtual proxy uses the session cookie name {cookie_name}, so a browser that "
    "uses both loses one session to the other.",
    remedy="Set a different session cookie header name for each virtual proxy.",
    field="Virtual proxies > Identification > Session cookie header name",
    option="qlik_virtual_proxy.session_cookie_header_name",
    audit=True,
)
def session_cookie_conflict(e: Evidence) -> Result:
    """Cookies belong to the host, not to the prefix: the second login overwrites the cookie of
    the first one."""
    view = e.known_view
    if view is None:
        return None
    name = view.text("sessionCookieHeaderName")
    others = sorted(
        str(item.get("prefix") or "(default)")
        for item in view.served
        if item["id"] != (view.virtual_proxy or {}).get("id")
        and str(item.get("sessionCookieHeaderName") or "").lower() == name.lower()
    )
    return Found({"cookie_name": name, "other_prefixes": others}) if name and others else None


@finding(
    "redirect_uri_ignored",
    WARNING,
    summary="The virtual proxy has an authentication module redirect URI, which has no effect "
    "with JWT: without a good token a user gets an error, never a redirect.",
    remedy="Clear the setting, and let the portal send a fresh token before the old one expires.",
    field="Virtual proxies > Authentication > Authentication module redirect URI",
    option="qlik_virtual_proxy.authentication_module_redirect_uri",
    audit=True,
)
def redirect_uri_ignored(e: Evidence) -> Result:
    """The setting belongs to ticket authentication. Readers of JWT guides ask for it, to send
    users to another page when a token has expired. No release does so for JWT."""
    uri = e.jwt_view.text("authenticationModuleRedirectUri") if e.jwt_view else ""
    return Found({"authentication_module_redirect_uri": uri}) if uri else None
