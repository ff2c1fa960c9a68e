# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The answers follow the switches of the simulator: every value of every switch, both releases.

The rows are made from the table of switches. Which questions show a switch, and so which level it
needs, comes from the reader of the switch.
"""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.question import (
    LEVELS,
    LOGIN,
    READ,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.run import questions
from qlik_simulator.reported import NOT_OBSERVED, READERS, release_of, switches_of, unknown_switches
from qlik_simulator.switch_table import BY_NAME, RELEASES, Value
from support.conformance_check import Check, answers
from support.simulator import Simulator

LEVEL_OF = {item.id: item.level for item in questions(LOGIN)}

#: Values of switches that take any number. The answer names the number, or the nearest step.
NUMBERS: dict[str, tuple[Value, ...]] = {
    "max_sessions": (0, 1, 5, 7),
    "session_release_s": (0, 300),
    "clock_skew_s": (0, 300, 600),
    "notice_s": (0, 1),
    "restart_seconds": (0, 1),
    "cold_start_s": (0, 1),
    "clock_offset_s": (0, -500, 90),
}

#: A release in which a switch has no effect.
WITHOUT_EFFECT = {("csrftoken_status", "classic"): "the path does not exist"}


#: Switches that hide the others, or need another site.
ALONE = ("central_link_rule", "full_limit", "read_rights")


class Asked(dict[str, t.Any]):
    """Answers that note which of them a reader wants."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def get(self, name: str, default: t.Any = None) -> t.Any:
        self.names.append(name)
        return default


def read_by(switch: str) -> list[str]:
    """The questions that show a switch."""
    asked = Asked()
    READERS[switch](asked)
    return asked.names


def level_of(switch: str) -> str:
    """The level that a switch needs."""
    return max((LEVEL_OF[name] for name in read_by(switch)), key=LEVELS.index)


def rows() -> list[t.Any]:
    """Every value of every switch, in both releases. Those that need a login or are old are long.

    ``TOGETHER`` covers them in a few runs.
    """
    found = []
    for release in RELEASES:
        for name in READERS:
            for value in BY_NAME[name].allowed or NUMBERS[name]:
                if (name, release) in WITHOUT_EFFECT:
                    continue
                is_quick = release == RELEASES[0] and (level_of(name) != LOGIN or name in ALONE)
                marks = [] if is_quick else [pytest.mark.long]
                identity = f"{name}={value} {release}"
                found.append(pytest.param(release, name, value, marks=marks, id=identity))
    return found


def arrange(site: Simulator, release: str, switches: t.Mapping[str, Value]) -> Check:
    """A site with these switches, and with what it takes to see them."""
    is_central = "central_link_rule" not in switches
    site.reset(release=release, switches=switches, nodes=["Central"] if is_central else None)
    if "full_limit" in switches:
        site.seed(tag=[{"name": f"tag {number}"} for number in range(120)])
    if "read_rights" in switches:
        site.seed(virtualproxyconfig=[{"prefix": f"p{n}", "link": ["Central"]} for n in range(4)])
    return Check(site)


def test_every_switch_has_a_reader_or_a_reason() -> None:
    assert unknown_switches() == set()
    assert all(len(reason) > 20 for reason in NOT_OBSERVED.values())
    assert {name for name in READERS if not BY_NAME[name].allowed} == set(NUMBERS)


def test_readers_name_questions_that_exist() -> None:
    assert {name for switch in READERS for name in read_by(switch)} <= set(LEVEL_OF)


@pytest.mark.parametrize(("release", "name", "value"), rows())
def test_the_answer_follows_the_switch(
    site: Simulator, release: str, name: str, value: Value
) -> None:
    check = arrange(site, release, {name: value})
    before = check.stored()
    node = "rim1" if name == "central_link_rule" else "Central"
    found = answers(check.done(level_of(name), node=node))
    assert switches_of(found)[name] == value
    assert release_of(found) == release
    assert check.stored() == before


#: Values that do not hide each other. A switch that a row leaves out has the value of its release.
TOGETHER: tuple[dict[str, Value], ...] = (
    {
        "bad_token_status": 400, "bad_token_body": "empty", "unknown_cookie": 500,
        "csrf": "required", "no_credentials": 302, "qrs_csrf": "writes", "host_check": "on",
        "host_refusal": 403, "allow_list_match": "exact", "own_name_allowed": False,
        "ws_bearer": 403, "csrftoken_status": 200, "inactive_user": "app_403",
        "unknown_user": "reject", "max_sessions": 1, "session_release_s": 0, "clock_skew_s": 0,
        "accepts_bad_token": "none",
        "missing_aud": "accept", "bare_public_key": "works", "cert_expiry_check": "on",
        "qps_admin_port": "off", "unique_scope": "proxy", "upper_prefix": "store",
        "omitted_on_put": "keep", "null_list": 400, "empty_child_id": 201, "delete_linked": 400,
        "user_flags": "required", "xrfkey_status": 400, "missing_user_header": "accept",
        "client_cert_refusal": "tls", "filter_case": "sensitive", "plus_in_query": "space",
        "error_body": "json", "restart_on": "virtual_proxy", "clock_offset_s": -500,
    },
    {
        "bad_token_status": 401, "bad_token_body": "page", "unknown_cookie": 401,
        "csrf": "absent", "no_credentials": 400, "qrs_csrf": "all", "host_check": "off",
        "max_sessions": 7, "session_release_s": 300, "clock_skew_s": 300, "bare_public_key": 400,
        "pem_check_on_save": 400, "accepts_bad_token": "foreign", "unique_scope": "off",
        "upper_prefix": 400, "error_body": "empty", "restart_on": "proxy_service",
        "clock_offset_s": 90,
    },
    {
        "csrf": "required", "csrftoken_status": 204, "no_credentials": 401, "qrs_csrf": "off",
        "host_refusal": 400, "allow_list_match": "suffix", "own_name_allowed": True,
        "ws_bearer": "ignored", "inactive_user": "login_403", "unknown_user": "create",
        "max_sessions": 0, "clock_skew_s": 600, "missing_aud": "reject",
        "bare_public_key": "rejects_tokens", "cert_expiry_check": "off",
        "accepts_bad_token": "unsigned", "unique_scope": "site", "delete_linked": "cascade",
        "restart_on": "both", "notice_s": 0, "restart_seconds": 1, "cold_start_s": 1,
    },
    {
        "accepts_bad_token": "expired", "max_sessions": 5, "notice_s": 1, "restart_seconds": 0,
        "cold_start_s": 0, "clock_offset_s": 0,
    },
)  # fmt: skip


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("number", range(len(TOGETHER)))
def test_the_answers_follow_many_switches_at_once(
    site: Simulator, number: int, release: str
) -> None:
    wanted = TOGETHER[number]
    check = arrange(site, release, wanted)
    before = check.stored()
    found = switches_of(answers(check.done("login")))
    assert {name: found.get(name) for name in wanted} == wanted
    assert check.stored() == before


def test_every_value_is_in_a_quick_row() -> None:
    """What a login shows, in both releases."""
    quick = {(p.values[1], p.values[2]) for p in rows() if not p.marks}
    together = {item for row in TOGETHER for item in row.items()}
    for name in READERS:
        for value in BY_NAME[name].allowed or NUMBERS[name]:
            assert (name, value) in quick | together
            assert (name, value) in together or level_of(name) != LOGIN or name in ALONE


def test_most_switches_need_no_login() -> None:
    """The level read is what users run first."""
    assert sum(level_of(name) == READ for name in READERS) >= 9
