# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A site like the one that a ``conformance.json`` describes: ``--as``.

Each reader below takes the answers by id and returns the value of one switch, or None if the
answers do not show it. ``NOT_OBSERVED`` has a reason for every other switch.
"""

from __future__ import annotations

import contextlib
import json
import pathlib
import typing as t

from .switch_table import BY_NAME, Value
from .switches import SwitchError, parse

Answers = t.Mapping[str, t.Any]

#: Switches that no client can see, or only by harm to a site.
NOT_OBSERVED = {
    "default_vp_unlink": "the default virtual proxy would be unlinked, which locks all users out",
    "connector_user": "users from a directory connector belong to the site and are not changed",
}


class ReportError(ValueError):
    """The file is not a result of the conformance check."""


def settings_of(path: pathlib.Path) -> tuple[str, dict[str, Value]]:
    """The release and the switches that the result in a file describes."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        answers = {answer["id"]: answer["observed"] for answer in found["answers"]}
    except (ValueError, KeyError, TypeError) as error:
        raise ReportError(f"{path} is not a result of the conformance check") from error
    return release_of(answers), switches_of(answers)


def release_of(answers: Answers) -> str:
    """The preset that has the properties of the site."""
    return "classic" if answers.get("has_engine_checks") is False else "current"


def switches_of(answers: Answers) -> dict[str, Value]:
    """The value of every switch that the answers show."""
    found: dict[str, Value] = {}
    for name, reader in READERS.items():
        value = reader(answers)
        # An answer that no value of the switch gives leaves the default.
        with contextlib.suppress(SwitchError):
            if value is not None:
                found[name] = parse(name, value)
    return found


def _same(answer: str) -> t.Callable[[Answers], t.Any]:
    """The answer is the value, as far as the switch has it."""

    def read(answers: Answers) -> t.Any:
        return answers.get(answer)

    return read


def _words(answer: str, words: t.Mapping[t.Any, Value]) -> t.Callable[[Answers], t.Any]:
    def read(answers: Answers) -> t.Any:
        observed = answers.get(answer)
        return None if observed is None else words.get(observed)

    return read


def _bad_token_status(answers: Answers) -> t.Any:
    for name in ("token_malformed", "token_foreign_key", "token_expired"):
        if isinstance(answers.get(name), int):
            return answers[name]
    return None


_BAD = {"token_unsigned": "unsigned", "token_foreign_key": "foreign", "token_expired": "expired"}


def _accepts_bad_token(answers: Answers) -> t.Any:
    if all(answers.get(name) is None for name in _BAD):
        return None
    found = [word for name, word in _BAD.items() if answers.get(name) == "accepted"]
    return found[0] if found else "none"


def _unique_scope(answers: Answers) -> t.Any:
    if answers.get("same_prefix") == 400:
        return "site"
    return _words("same_prefix_linked", {400: "proxy", 200: "off"})(answers)


def _bare_public_key(answers: Answers) -> t.Any:
    if answers.get("bare_key_saved") == "rejected":
        return 400
    outcome = answers.get("bare_key_login")
    if outcome is None:
        return None
    return "works" if outcome == "accepted" else "rejects_tokens"


def _host_check(answers: Answers) -> t.Any:
    outcome = answers.get("foreign_host")
    return None if outcome is None else "off" if outcome == "accepted" else "on"


def _restart_on(answers: Answers) -> t.Any:
    ends = (answers.get("edit_ends_sessions"), answers.get("link_ends_sessions"))
    return {
        (True, True): "both",
        (True, False): "virtual_proxy",
        (False, True): "proxy_service",
    }.get(t.cast("tuple[bool, bool]", ends))


def _csrf(answers: Answers) -> t.Any:
    return _words("login_csrf_token", {True: "required", False: "absent"})(answers)


#: From the longest time that was accepted to one that is not accepted any more.
_SKEW = {0: 0, 10: 30, 45: 60, 75: 120, 150: 200, 270: 300, 330: 600, 700: 900}

READERS: dict[str, t.Callable[[Answers], t.Any]] = {
    "bad_token_status": _bad_token_status,
    "bad_token_body": _words("token_body", {"empty": "empty", "html": "page"}),
    "unknown_cookie": _same("unknown_cookie"),
    "csrf": _csrf,
    "no_credentials": _same("no_credentials"),
    "qrs_csrf": _words("repository_csrf", {"none": "off", "writes": "writes", "all": "all"}),
    "host_refusal": _words("foreign_host", {400: 400, 403: 403}),
    "host_check": _host_check,
    "allow_list_match": _same("allow_list_match"),
    "own_name_allowed": _same("own_name_allowed"),
    "ws_bearer": _words("socket_with_bearer", {101: "ignored", 403: 403}),
    "csrftoken_status": _words("login_status", {204: 204, 200: 200}),
    "central_link_rule": _words("central_link_rule", {True: "on", False: "off"}),
    "inactive_user": _words("inactive_user", {403: "login_403", "accepted": "app_403"}),
    "unknown_user": _words("unknown_user", {"created": "create", "rejected": "reject"}),
    "max_sessions": _same("parallel_sessions"),
    "session_release_s": _words("session_slot", {"at_once": 0, "later": 300}),
    "clock_skew_s": _words("clock_tolerance", _SKEW),
    "missing_aud": _words(
        "token_without_audience", {400: "reject", 401: "reject", "accepted": "accept"}
    ),
    "bare_public_key": _bare_public_key,
    "pem_check_on_save": _words("certificate_check", {"unchanged": "off", "rejected": 400}),
    "cert_expiry_check": _words("expired_certificate", {"accepted": "off", 400: "on", 401: "on"}),
    "accepts_bad_token": _accepts_bad_token,
    "qps_admin_port": _words("admin_port", {"open": "on", "closed": "off"}),
    "unique_scope": _unique_scope,
    "upper_prefix": _words(
        "upper_case_prefix", {"lower": "lower", "rejected": 400, "unchanged": "store"}
    ),
    "omitted_on_put": _words("omitted_property", {"default": "default", "kept": "keep"}),
    "null_list": _same("null_list"),
    "empty_child_id": _words("empty_child_id", {400: 400, 200: 201}),
    "delete_linked": _words("delete_linked", {204: "cascade", 400: 400}),
    "user_flags": _words("user_without_flags", {201: "optional", 400: "required"}),
    "xrfkey_status": _same("xrfkey_missing"),
    "missing_user_header": _words("user_header_missing", {403: 403, 200: "accept"}),
    "client_cert_refusal": _same("certificate_missing"),
    "filter_case": _same("filter_case"),
    "plus_in_query": _same("plus_in_query"),
    "error_body": _words("body_of_404", {"text": "text", "json": "json", "empty": "empty"}),
    "full_limit": _same("full_limit"),
    "read_rights": _same("read_rights"),
    "restart_on": _restart_on,
    "notice_s": _same("change_delay"),
    "restart_seconds": _same("restart_time"),
    "cold_start_s": _same("slowest_answer"),
    "clock_offset_s": _same("clock_offset"),
}


def unknown_switches() -> set[str]:
    """Switches without reader and reason, and the other way round."""
    return set(BY_NAME) ^ set(READERS) ^ set(NOT_OBSERVED)
