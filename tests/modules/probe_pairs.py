# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two faults at once: which of them is the verdict.

The pairs are written down by hand: what hides the other is named first.
"""

from __future__ import annotations

#: What hides, and what it hides.
PAIRS = (
    # No connection hides everything.
    ("tcp_refused", "not_linked"),
    ("tls_untrusted", "prefix_unknown"),
    ("proxy_unavailable", "method_not_jwt"),
    ("dns_unresolved", "host_not_allowed"),
    ("tls_untrusted", "key_mismatch"),
    ("tcp_timeout", "token_expired"),
    ("http_not_allowed", "audience_mismatch"),
    ("tcp_refused", "certificate_missing"),
    ("proxy_unavailable", "certificate_bare_public_key"),
    ("tls_hostname_mismatch", "user_inactive"),
    ("tcp_refused", "user_unknown"),
    ("dns_unresolved", "no_load_balancing_node"),
    ("tcp_refused", "origin_not_allowed"),
    ("tls_untrusted", "anonymous_access"),
    ("proxy_unavailable", "bad_token_accepted"),
    # The limit of headers comes before the route, the route before the token.
    ("token_too_large", "not_linked"),
    ("not_linked", "host_not_allowed"),
    ("not_linked", "key_mismatch"),
    ("prefix_unknown", "token_expired"),
    ("host_not_allowed", "audience_mismatch"),
    ("method_not_jwt", "token_expired"),
    ("not_linked", "certificate_missing"),
    ("host_not_allowed", "certificate_unreadable"),
    ("not_linked", "user_inactive"),
    ("not_linked", "user_unknown"),
    ("not_linked", "no_load_balancing_node"),
    ("host_not_allowed", "page_not_served"),
    ("not_linked", "anonymous_access"),
    ("host_not_allowed", "bad_token_accepted"),
    # Where everybody is anonymous no token is looked at.
    ("anonymous_access", "key_mismatch"),
    ("anonymous_access", "certificate_missing"),
    ("anonymous_access", "user_inactive"),
    ("anonymous_access", "websocket_blocked"),
    # How a token can be read, then who signed it, then when, then for whom, then by whom.
    ("algorithm_unsupported", "certificate_bare_public_key"),
    ("certificate_missing", "token_expired"),
    ("certificate_unreadable", "audience_mismatch"),
    ("key_mismatch", "token_expired"),
    ("key_mismatch", "certificate_expired"),
    ("token_expired", "audience_mismatch"),
    ("token_not_yet_valid", "mandatory_attribute_missing"),
    ("audience_mismatch", "claim_case_mismatch"),
    ("user_directory_claim_missing", "mandatory_attribute_missing"),
    # A refused token hides the user, the session and what comes after.
    ("key_mismatch", "user_inactive"),
    ("claim_case_mismatch", "user_blocked"),
    ("token_expired", "user_unknown"),
    ("token_expired", "no_load_balancing_node"),
    ("mandatory_attribute_missing", "origin_not_allowed"),
    ("key_mismatch", "bad_token_accepted"),
    ("certificate_missing", "user_inactive"),
    ("certificate_bare_public_key", "no_load_balancing_node"),
    ("certificate_unreadable", "bad_token_accepted"),
    # Whether proxies look at the certificate's dates is not certain.
    ("user_inactive", "certificate_expired"),
    ("user_blocked", "user_inactive"),
    ("user_inactive", "no_load_balancing_node"),
    ("user_inactive", "bad_token_accepted"),
    # A session that does not hold hides what is done with it; the licence hides the slot.
    ("stale_session_cookie", "page_not_served"),
    ("stale_session_cookie", "no_access_pass"),
    ("no_access_pass", "page_not_served"),
    ("no_access_pass", "session_limit"),
    ("no_access_pass", "bad_token_accepted"),
    ("page_not_served", "origin_not_allowed"),
    ("page_not_served", "bad_token_accepted"),
    ("csrf_token_missing", "no_load_balancing_node"),
    ("origin_not_allowed", "engine_unavailable"),
    ("websocket_blocked", "session_limit"),
    ("session_limit", "no_load_balancing_node"),
    ("session_limit", "engine_unavailable"),
    ("engine_unavailable", "bad_token_accepted"),
)
