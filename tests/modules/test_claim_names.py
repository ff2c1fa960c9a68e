# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of claims that no token can have, in the options of a virtual proxy and on a site."""

from __future__ import annotations

import pytest

from modules.restore_case import JWT, stored
from modules.virtual_proxy_case import MODULES, case_of
from support.case import Case
from support.simulator import Simulator

RESERVED = ("iss", "aud", "exp", "nbf", "iat", "jti")
BAD: list[tuple[str, str]] = [
    *((name, "reserves") for name in RESERVED),
    ("userId ", "space at the beginning or end"),
    ("\u00a0userId", "space at the beginning or end"),
    (" ", "is empty"),
    ("[", "only one square bracket"),
    ("]", "only one square bracket"),
    ("[JWT", "only one square bracket"),
    ("JWT]", "only one square bracket"),
    ("[]", "constant without a value"),
    ("[ ]", "constant without a value"),
]
GOOD = ("sub", "userId", "UserId", "EXP", "[JWT]", "[exp]", "user id", "groups[0]", "https://a/b")
ATTRIBUTES = ("jwt_attribute_user_id", "jwt_attribute_user_directory")


@pytest.fixture(params=MODULES)
def case(request: pytest.FixtureRequest, site: Simulator) -> Case:
    return case_of(request.param, site)


@pytest.mark.parametrize("option", ATTRIBUTES)
@pytest.mark.parametrize(("name", "why"), BAD)
def test_rejected(case: Case, option: str, name: str, why: str) -> None:
    said = case.rejected(**{**JWT, option: name})
    assert said.startswith(f"{option} is ")
    assert why in said
    case.done(**JWT)
    assert case.rejected(**{**JWT, option: name}) == said


@pytest.mark.parametrize("name", GOOD)
def test_accepted(case: Case, name: str) -> None:
    case.done(**{**JWT, "jwt_attribute_user_id": name})
    assert stored(case.site)["jwtAttributeUserId"] == name


def test_both_alike(case: Case) -> None:
    said = case.rejected(**{**JWT, "jwt_attribute_user_directory": "userId"})
    assert "both are 'userId'" in said
    case.done(**JWT)
    assert case.rejected(**{**JWT, "jwt_attribute_user_directory": "userId"}) == said
    said = case.rejected(**{**JWT, "jwt_attribute_user_id": "userDirectory"})
    assert "both are 'userDirectory'" in said
    case.done(**{**JWT, **dict.fromkeys(ATTRIBUTES, "[JWT]")})


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([("exp", "Expiry")], "jwt_attribute that is 'exp'"),
        ([("group ", "group")], "jwt_attribute that is 'group '"),
        ([("[", "group")], "jwt_attribute that is '['"),
        ([(" ", "group")], "needs a jwt_attribute"),
        ([("group", " ")], "needs a sense_attribute"),
        ([("group", "group ")], "sense_attribute that is 'group '"),
        ([("group", "group"), ("group", "group")], "maps group to group twice"),
    ],
)
def test_attribute_maps(case: Case, entries: list[tuple[str, str]], why: str) -> None:
    names = ("jwt_attribute", "sense_attribute")
    wanted = [dict(zip(names, entry, strict=True)) for entry in entries]
    assert why in case.rejected(**JWT, jwt_attribute_map=wanted)


def test_an_entry_beside_one_that_the_site_has(case: Case) -> None:
    one = {"jwt_attribute": "group", "sense_attribute": "group"}
    case.done(**JWT, jwt_attribute_map=[one])
    twice = [one, {**one, "mandatory": True}]
    assert "twice" in case.rejected(**JWT, jwt_attribute_map=twice)
    assert case.done(**JWT, jwt_attribute_map=twice[1:])["changed"]


@pytest.mark.parametrize("names", [("exp", "[]"), ("userId ", "]"), ("userId", "userId")])
def test_what_the_site_has_stays(case: Case, names: tuple[str, str]) -> None:
    case.done(**JWT)
    odd = dict(zip(("jwtAttributeUserId", "jwtAttributeUserDirectory"), names, strict=True))
    case.site.patch("virtualproxyconfig", stored(case.site)["id"], odd)
    same = dict(zip(ATTRIBUTES, names, strict=True))
    case.site.clear_requests()
    assert case.done(**{**JWT, **same})["changed"] is False
    assert case.writes() == []
    case.done(**{**JWT, **same, "description": "new"})
    assert {name: stored(case.site)[name] for name in odd} == odd
    case.done(**JWT)
    assert stored(case.site)["jwtAttributeUserDirectory"] == "userDirectory"


def test_the_report_of_a_site(case: Case) -> None:
    case.done(**JWT)
    case.site.patch("virtualproxyconfig", stored(case.site)["id"], {"jwtAttributeUserId": "exp"})
    judgements = Case("qlik_virtual_proxy_info", case.site).done(judge=True)["judgements"]
    codes = {item["code"]: item for one in judgements for item in one["findings"]}
    assert "JWT attribute for user ID is 'exp'" in codes["claim_name_invalid"]["summary"]
