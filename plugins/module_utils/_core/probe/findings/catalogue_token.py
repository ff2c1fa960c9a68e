# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about the token, compared with the virtual proxy."""

from __future__ import annotations

from .entry import ERROR, INFO, Entry

_USER_ID = "Virtual proxies > Authentication > JWT attribute for user ID"
_DIRECTORY = "Virtual proxies > Authentication > JWT attribute for user directory"
_MAP = "Virtual proxies > Authentication > JWT attribute mapping"

ENTRIES = (
    Entry(
        "token_malformed",
        ERROR,
        "The token is not a valid JSON Web Token. {why}.",
        "Give the token whole and alone, as header.claims.signature.",
        option="qlik_jwt_probe.token",
        refuses=True,
    ),
    Entry(
        "algorithm_unsupported",
        ERROR,
        "The token says that it is signed by {algorithm}; virtual proxies check RS256, RS384 and "
        "RS512 only.",
        "Sign with an RSA key and one of these three algorithms.",
        option="qlik_jwt_token.algorithm",
        refuses=True,
    ),
    Entry(
        "key_mismatch",
        ERROR,
        "The token is not signed with the key whose certificate the virtual proxy trusts.",
        "Paste the certificate of the signing key into the virtual proxy, or sign with the key "
        "that belongs to the certificate there.",
        "Virtual proxies > Authentication > JWT certificate",
        "qlik_virtual_proxy.jwt_certificate",
        refuses=True,
    ),
    Entry(
        "token_time_invalid",
        ERROR,
        "These times of the token are not seconds since 1970: {times}.",
        "Write iat, nbf, and exp as numbers of seconds, without quotation marks. In JavaScript, "
        "use Math.floor(Date.now() / 1000).",
        option="qlik_jwt_token.lifetime",
        refuses=True,
    ),
    Entry(
        "token_expired",
        ERROR,
        "The token expired at {expired_at}.",
        "Mint a new token. A JWT virtual proxy has no login page to fall back to, so whatever "
        "hands out tokens has to renew them in time.",
        option="qlik_jwt_token.lifetime",
        refuses=True,
    ),
    Entry(
        "token_not_yet_valid",
        ERROR,
        "The token is not valid before {valid_from}.",
        "Mend the clock of the machine that signs, and date nbf and iat back by half a minute.",
        option="qlik_jwt_token.lifetime",
        refuses=True,
    ),
    Entry(
        "clock_skew",
        ERROR,
        "The clocks of the proxy and of the machine where the task runs differ by {seconds} s.",
        "Synchronise the clocks of the Qlik Sense nodes and of the machine that signs tokens.",
        refuses=True,
    ),
    Entry(
        "user_id_claim_missing",
        ERROR,
        "The token has no usable claim '{expected}', from which the virtual proxy takes the user "
        "id.",
        "Put the user id as text into the claim '{expected}', or enter the claim's real name in "
        "the virtual proxy.",
        _USER_ID,
        "qlik_virtual_proxy.jwt_attribute_user_id",
        refuses=True,
    ),
    Entry(
        "user_directory_claim_missing",
        ERROR,
        "The token has no usable claim '{expected}', from which the virtual proxy takes the user "
        "directory.",
        "Put the user directory as text into the claim '{expected}', or enter the claim's real "
        "name in the virtual proxy.",
        _DIRECTORY,
        "qlik_virtual_proxy.jwt_attribute_user_directory",
        refuses=True,
    ),
    Entry(
        "claim_name_invalid",
        ERROR,
        "No token can log in, because the virtual proxy expects a claim that no token can have. "
        "{why}.",
        "Enter the names of two claims in the virtual proxy, such as userId and userDirectory, or "
        "a constant such as [JWT].",
        f"{_USER_ID}, JWT attribute for user directory",
        "qlik_virtual_proxy.jwt_attribute_user_id",
        refuses=True,
    ),
    Entry(
        "claim_case_mismatch",
        ERROR,
        "The token has the claim '{found}', and the virtual proxy expects '{expected}': names "
        "of claims are compared with their case.",
        "Write both alike.",
        "Virtual proxies > Authentication > JWT attribute for user ID, JWT attribute for user "
        "directory, JWT attribute mapping",
        "qlik_virtual_proxy.jwt_attribute_user_id",
        refuses=True,
    ),
    Entry(
        "claim_unmapped",
        INFO,
        "The virtual proxy maps no attribute from these claims of the token: {claims}.",
        "Map them when security rules shall see them as user.environment.<name>; else leave them "
        "out of the token.",
        _MAP,
        "qlik_virtual_proxy.jwt_attribute_map",
    ),
    Entry(
        "audience_mismatch",
        ERROR,
        "The virtual proxy expects the audience '{expected}', and the token has {found}.",
        "Mint the token with that audience, or clear or change the audience in the virtual proxy.",
        "Virtual proxies > Authentication > JWT audience",
        "qlik_virtual_proxy.jwt_audience",
        refuses=True,
    ),
    Entry(
        "mandatory_attribute_missing",
        ERROR,
        "The token lacks claims that the virtual proxy marks as mandatory: {missing}.",
        "Put the claims into the token, or take the mark off in the virtual proxy.",
        _MAP,
        "qlik_virtual_proxy.jwt_attribute_map",
        refuses=True,
    ),
    Entry(
        "token_too_large",
        ERROR,
        "The token is {length} characters long, and the proxy takes headers of {limit} bytes.",
        "Put fewer attributes into the token, or raise the limit of the proxy service.",
        "Proxies > Advanced > Max header size (bytes)",
        "qlik_proxy_service.max_header_size_bytes",
        refuses=True,
    ),
    Entry(
        "token_rejected",
        ERROR,
        "The virtual proxy at {place} refused the login, and its answer does not tell why.",
        "Compare key, expiry, claim names, audience and mandatory attributes with the virtual "
        "proxy. Give host and client_cert_path, and the probe compares them itself.",
        "Virtual proxies > Authentication",
        "qlik_jwt_probe.host",
        refuses=True,
        last_resort=True,
    ),
)
