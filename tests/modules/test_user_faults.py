# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_user when answers are lost or others write: what is said, what is left."""

from __future__ import annotations

import pytest

from modules.other_administrator import edits
from modules.user_case import POST, WHO, exists, seed, stored
from support.case import Case
from support.simulator import Simulator


@pytest.fixture
def case(site: Simulator) -> Case:
    return Case("qlik_user", site)


def test_conflict_with_another_property_is_merged(case: Case) -> None:
    seed(case.site)
    edits(case.site, "user", stored(case.site), {"blacklisted": False, "roles": ["Theirs"]})
    assert case.done(**WHO, name="ours")["changed"] is True
    user = stored(case.site)
    assert (user["name"], user["blacklisted"], user["roles"]) == ("ours", False, ["Theirs"])


def test_edit_of_the_same_property_is_an_error_that_names_them(case: Case) -> None:
    seed(case.site)
    edits(case.site, "user", stored(case.site), {"roles": ["Theirs"]})
    result = case.run(**WHO, roles=["Ours"])
    assert result["failed"]
    assert stored(case.site)["roles"] == ["Theirs"]
    for word in ("roles", "PORTAL\\login_test", stored(case.site)["modifiedByUserName"]):
        assert word in result["msg"]


@pytest.mark.parametrize("action", ["reset_after", "truncate"])
@pytest.mark.parametrize("state", ["created", "changed", "deleted"])
def test_lost_answer_is_cleared_up(case: Case, action: str, state: str) -> None:
    if state != "created":
        seed(case.site)
    method = {"created": "POST", "changed": "PUT", "deleted": "DELETE"}[state]
    case.site.fault(port="qrs", method=method, action=action)
    options = {"state": "absent"} if state == "deleted" else {"name": "After"}
    result = case.done(**WHO, **options)
    assert result["changed"] is True
    assert len(case.site.requests(port="qrs", method=method)) == 1
    if state == "deleted":
        assert not exists(case.site)
    else:
        assert stored(case.site)["name"] == "After"
        assert result["id"] == stored(case.site)["id"]


def test_creation_that_may_still_be_under_way_is_not_sent_twice(case: Case) -> None:
    case.site.fault(port="qrs", method="POST", action="reset_before")
    result = case.run(**WHO)
    assert result["failed"]
    assert "is not known" in result["msg"]
    assert case.writes() == [POST]
    assert case.done(**WHO)["changed"] is True
