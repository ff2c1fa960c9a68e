# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The registry is complete: every public code, its texts, and its place in the order."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.probe import audit, result
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.findings import order
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.findings.base import (
    LEVELS,
    RULES,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy.options import (
    virtual_proxy_spec,
)
from ansible_collections.qlikops.sense.plugins.module_utils._modules.probe_options import probe_spec
from ansible_collections.qlikops.sense.plugins.module_utils._modules.proxy_service import (
    proxy_service_spec,
)
from ansible_collections.qlikops.sense.plugins.module_utils._modules.user import user_spec

#: The public interface, written down once more: a code that is renamed breaks playbooks.
CODES = [
    "dns_unresolved",
    "tcp_refused",
    "tcp_timeout",
    "tls_untrusted",
    "tls_hostname_mismatch",
    "tls_expired",
    "tls_purpose",
    "tls_weak",
    "not_qlik",
    "proxy_unavailable",
    "slow_start",
    "repository_unreachable",
    "repository_forbidden",
    "prefix_unknown",
    "not_linked",
    "not_linked_to_central",
    "host_not_allowed",
    "http_not_allowed",
    "method_not_jwt",
    "duplicate_prefix",
    "session_cookie_conflict",
    "redirect_uri_ignored",
    "not_routed",
    "token_malformed",
    "algorithm_unsupported",
    "key_mismatch",
    "token_time_invalid",
    "token_expired",
    "token_not_yet_valid",
    "clock_skew",
    "user_id_claim_missing",
    "user_directory_claim_missing",
    "claim_name_invalid",
    "claim_case_mismatch",
    "claim_unmapped",
    "audience_mismatch",
    "mandatory_attribute_missing",
    "token_too_large",
    "token_rejected",
    "certificate_missing",
    "certificate_unreadable",
    "certificate_bare_public_key",
    "certificate_expired",
    "certificate_expires_soon",
    "weak_key",
    "user_unknown",
    "user_inactive",
    "user_blocked",
    "no_access_pass",
    "session_limit",
    "wrong_user",
    "session_cookie_missing",
    "stale_session_cookie",
    "session_left_open",
    "csrf_token_missing",
    "origin_not_allowed",
    "websocket_blocked",
    "no_load_balancing_node",
    "engine_unavailable",
    "app_access_denied",
    "page_not_served",
    "bad_token_accepted",
    "anonymous_access",
    "allow_list_wildcard",
    "allow_list_entry_invalid",
    "service_key_reused",
    "long_lived_token",
    "insecure_transport",
]

#: Options of other modules of the collection that findings point at, and roles' names.
MODULES = {
    "qlik_jwt_probe",
    "qlik_jwt_token",
    "qlik_keypair",
    "qlik_proxy_service",
    "qlik_user",
    "qlik_virtual_proxy",
}
SPECS = {
    "qlik_jwt_probe": probe_spec,
    "qlik_proxy_service": proxy_service_spec,
    "qlik_user": user_spec,
    "qlik_virtual_proxy": virtual_proxy_spec,
}


def test_every_public_code_has_a_rule() -> None:
    assert sorted(RULES) == sorted(CODES)


def test_every_rule_has_one_place_in_the_order() -> None:
    assert sorted(code for layer in order.ORDER for code in layer.codes) == sorted(RULES)


def test_every_file_with_rules_is_imported() -> None:
    files = {path.stem for path in Path(order.__file__).parent.glob("*.py")}
    assert files - {"base", "order"} == {rule.family for rule in RULES.values()}
    assert len(result.FAMILIES) == len({rule.family for rule in RULES.values()})


def test_the_audit_applies_every_rule_that_needs_the_repository_only() -> None:
    assert {rule.code for rule in audit.RULES} == {r.code for r in RULES.values() if r.audit}


@pytest.mark.parametrize("code", CODES)
def test_rule_is_complete(code: str) -> None:
    rule = RULES[code]
    assert rule.check.__name__ == rule.code == code
    assert rule.level in LEVELS
    assert rule.summary.endswith(".")
    assert rule.remedy.endswith(".")
    assert (rule.check.__doc__ or "").strip().endswith(".")
    # A remedy may use only what the summary needs, or tests of rules could not see a gap.
    assert _names(rule.remedy) <= _names(rule.summary) | {"host"}
    if rule.option:
        module, dummy, option = rule.option.partition(".")
        assert module in MODULES
        assert module not in SPECS or option in SPECS[module]()


def _names(template: str) -> set[str]:
    return {name for dummy, name, *rest in string.Formatter().parse(template) if name}
