# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The order of blame, and the verdict.

The verdict is the first error in this order. A finding stands before another when, as long as it
is not mended, the other cannot be seen on the proxy: no connection hides the route, the route hides
the token, the signature hides the claims, a refused login hides page and engine. Within one layer
the order is that in which a server checks a token. What explains no refusal comes last.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..evidence import Evidence
from . import certificate as rules_certificate
from . import network as rules_network
from . import route as rules_route
from . import security as rules_security
from . import session as rules_session
from . import token as rules_token
from . import user as rules_user
from .base import CATALOGUE, Finding, make
from .entry import ERROR, WARNING

Rule = t.Callable[[Evidence], rules_network.Result]

#: Every rule, named by the code that it proves, in the order of blame.
BLAME_ORDER: t.Tuple[Rule, ...] = (
    # May the token be sent that way?
    rules_security.insecure_transport,
    # Is there a proxy?
    rules_network.dns_unresolved,
    rules_network.http_not_allowed,
    rules_network.tcp_refused,
    rules_network.tcp_timeout,
    rules_network.tls_hostname_mismatch,
    rules_network.tls_expired,
    rules_network.tls_purpose,
    rules_network.tls_weak,
    rules_network.tls_untrusted,
    rules_network.proxy_unavailable,
    rules_network.not_qlik,
    # Does the request reach the virtual proxy? The proxy limits headers before it routes.
    rules_token.token_too_large,
    rules_route.prefix_unknown,
    rules_route.not_linked,
    rules_route.not_linked_to_central,
    rules_route.host_not_allowed,
    rules_route.duplicate_prefix,
    rules_route.method_not_jwt,
    rules_security.anonymous_access,
    # Is the token taken?
    rules_token.token_malformed,
    rules_token.algorithm_unsupported,
    rules_certificate.certificate_missing,
    rules_certificate.certificate_bare_public_key,
    rules_certificate.certificate_unreadable,
    rules_token.key_mismatch,
    rules_token.token_time_invalid,
    rules_token.token_expired,
    rules_token.token_not_yet_valid,
    rules_token.clock_skew,
    rules_token.audience_mismatch,
    rules_token.claim_name_invalid,
    rules_token.claim_case_mismatch,
    rules_token.user_id_claim_missing,
    rules_token.user_directory_claim_missing,
    rules_token.mandatory_attribute_missing,
    # May the user in?
    rules_user.user_unknown,
    rules_user.user_blocked,
    rules_user.user_inactive,
    # Whether proxies look at these dates is unknown, so every certain cause stands before them.
    rules_certificate.certificate_expired,
    rules_route.not_routed,
    rules_token.token_rejected,
    # Does the session hold?
    rules_session.session_cookie_missing,
    rules_session.stale_session_cookie,
    rules_user.wrong_user,
    rules_user.no_access_pass,
    rules_session.page_not_served,
    rules_session.csrf_token_missing,
    rules_session.origin_not_allowed,
    rules_session.websocket_blocked,
    # Does the engine answer? It asks for licence and slot before it looks for an engine.
    rules_user.session_limit,
    rules_session.no_load_balancing_node,
    rules_session.engine_unavailable,
    rules_session.app_access_denied,
    # What explains no refusal.
    rules_security.bad_token_accepted,
    rules_network.repository_unreachable,
    rules_network.repository_forbidden,
    rules_session.session_left_open,
    rules_route.session_cookie_conflict,
    rules_route.redirect_uri_ignored,
    rules_certificate.certificate_expires_soon,
    rules_certificate.weak_key,
    rules_certificate.service_key_reused,
    rules_security.allow_list_wildcard,
    rules_security.allow_list_entry_invalid,
    rules_security.long_lived_token,
    rules_token.claim_unmapped,
    rules_network.slow_start,
)

ACCESS_GRANTED = "access_granted"

#: In check mode, when nothing speaks against the login that was not tried.
NOT_TRIED = "not_tried"


@dataclasses.dataclass(frozen=True)
class Judgement:
    """Every finding in the order of blame, and the code that explains the outcome."""

    findings: t.Tuple[Finding, ...]
    verdict: str

    @property
    def first_error(self) -> t.Optional[Finding]:
        """The finding that the verdict names; None when there is no error."""
        return next((item for item in self.findings if item.level == ERROR), None)


def judge(evidence: Evidence) -> Judgement:
    """Apply every rule."""
    findings: t.List[Finding] = []
    for rule in BLAME_ORDER:
        entry = CATALOGUE[rule.__name__]
        if entry.last_resort and any(item.level == ERROR for item in findings):
            continue
        found = rule(evidence)
        if found is None:
            continue
        level = found.level or entry.level
        if level == ERROR and entry.refuses and evidence.admitted:
            level = WARNING
        findings.append(make(entry.code, found, level))
    error = next((item.code for item in findings if item.level == ERROR), None)
    granted = ACCESS_GRANTED if evidence.admitted else NOT_TRIED
    return Judgement(tuple(findings), error or granted)
