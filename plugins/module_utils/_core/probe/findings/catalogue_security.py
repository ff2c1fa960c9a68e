# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings that a security reviewer would raise."""

from __future__ import annotations

from .entry import ERROR, WARNING, Entry

_ALLOW_LIST = "Virtual proxies > Advanced > Host allow list"

ENTRIES = (
    Entry(
        "bad_token_accepted",
        ERROR,
        "The virtual proxy lets in a token that it has to refuse: {kinds}.",
        "Take the virtual proxy out of service, and look for what stands in front of it or "
        "replaces its check of tokens.",
        "Virtual proxies > Authentication",
        "qlik_virtual_proxy.state",
    ),
    Entry(
        "anonymous_access",
        WARNING,
        "The virtual proxy '{prefix}' lets visitors in without a token.",
        "Set the anonymous access mode to no anonymous user.",
        "Virtual proxies > Authentication > Anonymous access mode",
        "qlik_virtual_proxy.anonymous_access_mode",
    ),
    Entry(
        "allow_list_wildcard",
        WARNING,
        "The host allow list holds a wildcard: {entries}.",
        "List the host names that clients use.",
        _ALLOW_LIST,
        "qlik_virtual_proxy.host_allow_list",
    ),
    Entry(
        "allow_list_entry_invalid",
        WARNING,
        "The host allow list holds entries that do not do what they seem to: {entries}.",
        "Enter host names alone, as clients write them, without scheme, port or path; addresses "
        "of clients have no meaning there.",
        _ALLOW_LIST,
        "qlik_virtual_proxy.host_allow_list",
    ),
    Entry(
        "service_key_reused",
        WARNING,
        "Tokens are signed with the key of a certificate that Qlik Sense issued to its own "
        "services: who holds that key can be any service and any user.",
        "Make a key for tokens alone, and put its certificate in place of this one.",
        "Virtual proxies > Authentication > JWT certificate",
        "qlik_keypair.source",
    ),
    Entry(
        "long_lived_token",
        WARNING,
        "The token is valid for {lifetime}, and one token cannot be revoked.",
        "Mint tokens that live for minutes or hours, and renew them.",
        option="qlik_jwt_token.lifetime",
    ),
    Entry(
        "insecure_transport",
        WARNING,
        "Others can read the token and the session cookie on the way: {why}.",
        "Use https:// and verify the certificate, and disable plain HTTP on the proxy service. To "
        "send the token over plain HTTP anyway, set allow_insecure_transport.",
        "Proxies > Ports > Allow HTTP",
    ),
)
