# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about the way from an address to a virtual proxy."""

from __future__ import annotations

from .entry import ERROR, WARNING, Entry

_LINKS = "Virtual proxies > Associated items > Proxies"

ENTRIES = (
    Entry(
        "prefix_unknown",
        ERROR,
        "The site has no virtual proxy with the prefix '{prefix}'.",
        "Create the virtual proxy, or correct the prefix.",
        "Virtual proxies > Identification > Prefix",
        "qlik_virtual_proxy.prefix",
        refuses=True,
    ),
    Entry(
        "not_linked",
        ERROR,
        "The virtual proxy '{prefix}' is not linked to {where}, so it is not served there.",
        "Link the virtual proxy to the proxy service, always also to that of the central node.",
        _LINKS,
        "qlik_virtual_proxy.proxies",
        refuses=True,
    ),
    Entry(
        "not_linked_to_central",
        ERROR,
        "The virtual proxy '{prefix}' is not linked to the proxy service of the central node; on "
        "a site with several nodes every proxy then refuses it.",
        "Link the virtual proxy to the proxy service of the central node as well.",
        _LINKS,
        "qlik_virtual_proxy.proxies",
        refuses=True,
    ),
    Entry(
        "host_not_allowed",
        ERROR,
        "The host name {host} is not allowed for the virtual proxy '{prefix}': {why}.",
        "If {host} leads to this site, add it to the host allow list: the name alone, as clients "
        "write it in the URL, without scheme, port, or path. If the release does not check host "
        "names, add {host} to trusted_hosts instead.",
        "Virtual proxies > Advanced > Host allow list",
        "qlik_virtual_proxy.host_allow_list",
        refuses=True,
    ),
    Entry(
        "http_not_allowed",
        ERROR,
        "url begins with http://, and the proxy service does not allow plain HTTP.",
        "Use https://, or allow HTTP on the proxy service if the token may travel unencrypted.",
        "Proxies > Ports > Allow HTTP",
        "qlik_proxy_service.allow_http",
        refuses=True,
    ),
    Entry(
        "method_not_jwt",
        ERROR,
        "The virtual proxy '{prefix}' does not authenticate by JWT, so it ignores the token.",
        "Use the prefix of a virtual proxy for JWT, or set the authentication method to JWT.",
        "Virtual proxies > Authentication > Authentication method",
        "qlik_virtual_proxy.authentication_method",
        refuses=True,
    ),
    Entry(
        "duplicate_prefix",
        ERROR,
        "{count} virtual proxies have the prefix '{prefix}', so which of them answers is chance.",
        "Keep one of them, and delete the others or give them another prefix.",
        "Virtual proxies > Identification > Prefix",
        "qlik_virtual_proxy.prefix",
        refuses=True,
    ),
    Entry(
        "session_cookie_conflict",
        WARNING,
        "Another virtual proxy uses the session cookie name {cookie_name}, so a browser that uses "
        "both loses one session to the other.",
        "Give each virtual proxy a session cookie header name of its own.",
        "Virtual proxies > Identification > Session cookie header name",
        "qlik_virtual_proxy.session_cookie_header_name",
    ),
    Entry(
        "redirect_uri_ignored",
        WARNING,
        "The virtual proxy has an authentication module redirect URI, which has no effect with "
        "JWT: without a good token a user gets an error, never a redirect.",
        "Clear the setting, and let the portal send a fresh token before the old one expires.",
        "Virtual proxies > Authentication > Authentication module redirect URI",
        "qlik_virtual_proxy.authentication_module_redirect_uri",
    ),
    Entry(
        "not_routed",
        ERROR,
        "No virtual proxy answers {place}: the proxy says the same as for a prefix that does not "
        "exist.",
        "Check that the prefix exists, that its virtual proxy is linked to this proxy and to the "
        "central one, and that the host allow list holds {host}. Give host and client_cert_path, "
        "and the probe says which of them it is.",
        "Virtual proxies",
        "qlik_jwt_probe.host",
        refuses=True,
        last_resort=True,
    ),
)
