# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every behaviour that sources leave open or that differs between releases, as one table row.

``mark`` says where the default comes from: doc, spec, code, users, inf (inferred), unv
(unverified). The README of the simulator describes each in a sentence.
"""

from __future__ import annotations

import dataclasses

Value = str | int | float | bool
RELEASES = ("current", "classic")


@dataclasses.dataclass(frozen=True)
class Switch:
    """One switch.

    ``allowed`` lists the values; an empty tuple means any number from ``minimum`` on (no lower
    limit when None). ``classic`` is the preset of the old releases where it differs.
    """

    name: str
    default: Value
    allowed: tuple[Value, ...]
    mark: str
    about: str
    classic: Value | None = None
    minimum: float | None = 0

    def preset(self, release: str) -> Value:
        """The value with which ``release`` starts."""
        if release == "classic" and self.classic is not None:
            return self.classic
        return self.default


SWITCHES: tuple[Switch, ...] = (
    # What the proxy says to tokens and cookies.
    Switch("bad_token_status", 400, (400, 401), "code", "status for an unusable token", 401),
    Switch("bad_token_body", "empty", ("empty", "page"), "code", "its body", "page"),
    Switch("unknown_cookie", 500, (401, 500), "code", "status for an unknown cookie", 401),
    Switch("csrf", "required", ("required", "absent"), "doc", "CSRF token on WebSockets", "absent"),
    Switch("no_credentials", 401, (401, 302, 400), "users", "neither token nor cookie"),
    Switch("qrs_csrf", "off", ("off", "writes", "all"), "unv", "CSRF header on /qrs by cookie"),
    Switch("host_refusal", 400, (400, 403), "users", "status for a host that is not allowed"),
    Switch("host_check", "on", ("on", "off"), "users", "the Host header is checked"),
    Switch("allow_list_match", "suffix", ("suffix", "exact"), "unv", "host allow list matching"),
    Switch("own_name_allowed", True, (True, False), "unv", "the node's own name is allowed"),
    Switch("ws_bearer", "ignored", ("ignored", 403), "users", "Authorization on the upgrade"),
    Switch("csrftoken_status", 204, (204, 200), "code", "status of GET qps/csrftoken"),
    Switch("central_link_rule", "on", ("on", "off"), "code", "not linked to central: rejected"),
    Switch("inactive_user", "login_403", ("login_403", "app_403"), "code", "where it is rejected"),
    Switch("unknown_user", "create", ("create", "reject"), "code", "first login of a user"),
    Switch("max_sessions", 5, (), "doc", "parallel sessions of one user"),
    Switch("session_release_s", 300, (), "doc", "seconds until an ended session's slot is free"),
    Switch("clock_skew_s", 300, (), "unv", "tolerance for exp, nbf and iat, in seconds"),
    Switch("missing_aud", "reject", ("reject", "accept"), "inf", "audience set, token without one"),
    Switch(
        "bare_public_key",
        "rejects_tokens",
        ("rejects_tokens", "works", 400),
        "unv",
        "a PUBLIC KEY block instead of a certificate",
    ),
    Switch("pem_check_on_save", "off", ("off", 400), "unv", "QRS parses the JWT certificate"),
    Switch("cert_expiry_check", "off", ("off", "on"), "unv", "an expired JWT certificate"),
    Switch(
        "accepts_bad_token",
        "none",
        ("none", "unsigned", "foreign", "expired"),
        "inf",
        "a broken proxy: negative control of tests",
    ),
    Switch("qps_admin_port", "on", ("on", "off"), "spec", "port 4243 listens"),
    # What the repository checks and stores.
    Switch("unique_scope", "site", ("site", "proxy", "off"), "unv", "prefix and cookie name"),
    Switch("upper_prefix", "lower", ("lower", 400, "store"), "unv", "an upper-case prefix"),
    Switch("omitted_on_put", "default", ("default", "keep"), "doc", "properties left out of a PUT"),
    Switch("null_list", 500, (500, 400), "users", "null sent for a list"),
    Switch("empty_child_id", 400, (400, 201), "code", "empty id in a new child"),
    Switch("default_vp_unlink", "accepted", ("accepted", 400), "code", "unlinking the default one"),
    Switch("delete_linked", "cascade", ("cascade", 400), "inf", "deleting a linked virtual proxy"),
    Switch("user_flags", "optional", ("optional", "required"), "spec", "flags of a new user"),
    Switch(
        "connector_user",
        "editable",
        ("editable", "ignored", 400),
        "unv",
        "name and roles of a user from a directory connector",
    ),
    # How the repository answers.
    Switch("xrfkey_status", 403, (403, 400), "code", "Xrfkey missing or different"),
    Switch("missing_user_header", 403, (403, "accept"), "users", "no X-Qlik-User"),
    Switch("client_cert_refusal", 403, (403, "tls"), "users", "a foreign client certificate"),
    Switch("filter_case", "insensitive", ("insensitive", "sensitive"), "unv", "string comparison"),
    Switch("plus_in_query", "literal", ("literal", "space"), "code", "a plus sign in a query"),
    Switch("error_body", "text", ("text", "json", "empty"), "unv", "bodies of 400, 404, 409, 500"),
    Switch("full_limit", "none", ("none", 100), "code", "where /full is cut"),
    Switch("read_rights", "all", ("all", "none", "part"), "inf", "what reads may see"),
    # Time and restarts.
    Switch(
        "restart_on",
        "both",
        ("both", "virtual_proxy", "proxy_service"),
        "unv",
        "writes that restart proxies",
    ),
    Switch("notice_s", 0, (), "inf", "how long proxies keep the settings before a write"),
    Switch("restart_seconds", 0, (), "code", "how long a restarting proxy refuses connections"),
    Switch("cold_start_s", 0, (), "code", "delay of the first request to a proxy"),
    Switch("clock_offset_s", 0, (), "inf", "the site's clock minus the real one", minimum=None),
)
BY_NAME: dict[str, Switch] = {switch.name: switch for switch in SWITCHES}
