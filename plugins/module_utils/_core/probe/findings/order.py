# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The order of precedence of all codes, errors and warnings. The first error is the verdict.

A finding comes before another if the other one cannot be observed until the first one is fixed: no
connection hides the route, the route hides the token, the signature hides the claims, and a
rejected login hides page and engine. Within a layer the order is that in which a server checks.
"""

from __future__ import annotations

import typing as t
from types import ModuleType

from .base import RULES, Rule


class Layer(t.NamedTuple):
    """Codes that answer one question. ``note`` explains their order if it is not clear."""

    question: str
    codes: t.Tuple[str, ...]
    note: str = ""


ORDER: t.Tuple[Layer, ...] = (
    Layer("May the token be sent to this address?", ("insecure_transport",)),
    Layer(
        "Is there a proxy?",
        (
            "dns_unresolved",
            "http_not_allowed",
            "tcp_refused",
            "tcp_timeout",
            "tls_hostname_mismatch",
            "tls_expired",
            "tls_purpose",
            "tls_weak",
            "tls_untrusted",
            "proxy_unavailable",
            "not_qlik",
        ),
    ),
    Layer(
        "Does the request reach the virtual proxy?",
        (
            "token_too_large",
            "prefix_unknown",
            "not_linked",
            "not_linked_to_central",
            "host_not_allowed",
            "duplicate_prefix",
            "method_not_jwt",
            "anonymous_access",
        ),
        "The proxy limits headers before it routes.",
    ),
    Layer(
        "Is the token accepted?",
        (
            "token_malformed",
            "algorithm_unsupported",
            "certificate_missing",
            "certificate_bare_public_key",
            "certificate_unreadable",
            "key_mismatch",
            "token_time_invalid",
            "token_expired",
            "token_not_yet_valid",
            "clock_skew",
            "audience_mismatch",
            "claim_name_invalid",
            "claim_case_mismatch",
            "user_id_claim_missing",
            "user_directory_claim_missing",
            "mandatory_attribute_missing",
        ),
    ),
    Layer(
        "Is the user accepted?",
        (
            "user_unknown",
            "user_blocked",
            "user_inactive",
        ),
    ),
    Layer(
        "What else can explain the rejection?",
        (
            "certificate_expired",
            "not_routed",
            "token_rejected",
        ),
        "Proxies may ignore the dates of the certificate, so every certain cause comes first.",
    ),
    Layer(
        "Does the session work?",
        (
            "session_cookie_missing",
            "stale_session_cookie",
            "wrong_user",
            "no_access_pass",
            "page_not_served",
            "csrf_token_missing",
            "origin_not_allowed",
            "websocket_blocked",
        ),
    ),
    Layer(
        "Does the engine answer?",
        (
            "session_limit",
            "no_load_balancing_node",
            "engine_unavailable",
            "app_access_denied",
        ),
        "The proxy checks license and session limit before it looks for an engine.",
    ),
    Layer(
        "What does not explain a rejection",
        (
            "bad_token_accepted",
            "repository_unreachable",
            "repository_forbidden",
            "session_left_open",
            "session_cookie_conflict",
            "redirect_uri_ignored",
            "certificate_expires_soon",
            "weak_key",
            "service_key_reused",
            "allow_list_wildcard",
            "allow_list_entry_invalid",
            "long_lived_token",
            "claim_unmapped",
            "slow_start",
        ),
    ),
)

_PLACE = {code: place for place, code in enumerate(code for layer in ORDER for code in layer.codes)}


def rules_of(*families: ModuleType) -> t.Tuple[Rule, ...]:
    """The rules in these files, in the order of precedence."""
    names = {family.__name__.rpartition(".")[2] for family in families}
    found = (rule for rule in RULES.values() if rule.family in names)
    return tuple(sorted(found, key=lambda rule: _PLACE[rule.code]))
