# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Session cookies: their names on TLS and plain HTTP, and their attributes."""

from __future__ import annotations

from ..store import Entity

_SAME_SITE = {1: "None", 2: "Lax", 3: "Strict"}


def cookie_name(virtual_proxy: Entity, secure: bool) -> str:
    """The cookie's name; plain HTTP has one of its own."""
    name = str(virtual_proxy["sessionCookieHeaderName"])
    return name if secure else name + "-HTTP"


def set_cookie(virtual_proxy: Entity, secure: bool, session_id: str) -> str:
    """The value of Set-Cookie for a new session."""
    parts = [f"{cookie_name(virtual_proxy, secure)}={session_id}", "Path=/", "HttpOnly"]
    scheme = "Https" if secure else "Http"
    domain = virtual_proxy.get("sessionCookieDomain")
    if domain:
        parts.append(f"Domain={domain}")
    if virtual_proxy.get(f"hasSecureAttribute{scheme}"):
        parts.append("Secure")
    same_site = _SAME_SITE.get(virtual_proxy.get(f"sameSiteAttribute{scheme}") or 0)
    if same_site:
        parts.append(f"SameSite={same_site}")
    return "; ".join(parts)
