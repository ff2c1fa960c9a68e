# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A restore where the server sets properties back that no option manages."""

from __future__ import annotations

import typing as t

import pytest

from modules.restore_case import GONE, stored
from support.case import Case, Json
from support.simulator import Simulator

CHANGE: Json = {"prefix": "portal", "description": "x"}
OTHER = "ACME\\someone"


def resets(site: Simulator, **instead: str) -> None:
    """From now on, each write sets samlEntityId to its default, or to the value given here."""
    for method in ("POST", "PUT"):
        site.fault(
            port="qrs", method=method, path="/virtualproxyconfig", action="not_stored", times=99,
            type="virtualproxyconfig", properties=["samlEntityId"], instead=instead,
        )  # fmt: skip


@pytest.fixture
def case(one: Case, many: Case, request: pytest.FixtureRequest) -> t.Iterator[Case]:
    site = one.site
    site.patch("virtualproxyconfig", stored(site)["id"], {"samlEntityId": "idp"})
    yield {"one": one, "many": many}[request.param]
    site.clear_faults()


def restored(case: Case, before: Json, *, check: bool = False) -> Json:
    case.site.clear_requests()
    result = case.run(check=check, restore=[before] if case.module.endswith("proxies") else before)
    assert not result.get("failed"), result
    return result


BOTH = pytest.mark.parametrize("case", ["one", "many"], indirect=True)


@BOTH
@pytest.mark.parametrize("instead", [{}, {"samlEntityId": "other"}])
@pytest.mark.parametrize("change", [CHANGE, GONE])
def test_it_is_written_once(one: Case, case: Case, instead: Json, change: Json) -> None:
    resets(case.site, **instead)
    before = one.done(**change)["before"]
    first = restored(case, before)
    assert first["changed"]
    assert "had samlEntityId, which this server does not store" in str(first["warnings"])
    kept = stored(case.site)
    for check in (True, False):
        again = restored(case, before, check=check)
        assert (again["changed"], again["proxies_restarted"]) == (False, {})
        assert case.writes() == []
        assert "other values in samlEntityId. They were not written" in str(again["warnings"])
    assert stored(case.site) == kept


@BOTH
def test_what_another_user_wrote_last_is_put_back(one: Case, case: Case) -> None:
    before = one.done(**CHANGE)["before"]
    restored(case, before)
    theirs = {"samlEntityId": "theirs", "modifiedByUserName": OTHER}
    case.site.patch("virtualproxyconfig", stored(case.site)["id"], theirs)
    assert restored(case, before)["changed"]
    assert stored(case.site)["samlEntityId"] == "idp"
    assert restored(case, before)["changed"] is False


@BOTH
def test_an_option_that_differs_is_written_with_it(one: Case, case: Case) -> None:
    before = one.done(**CHANGE)["before"]
    case.site.patch("virtualproxyconfig", stored(case.site)["id"], {"samlEntityId": ""})
    assert restored(case, before)["changed"]
    assert (stored(case.site)["samlEntityId"], stored(case.site)["description"]) == ("idp", "")


@BOTH
def test_another_user_restores_it(one: Case, case: Case) -> None:
    before = one.done(**CHANGE)["before"]
    restored(case, before)
    case.site.patch("virtualproxyconfig", stored(case.site)["id"], {"samlEntityId": ""})
    restore = [before] if case.module.endswith("proxies") else before
    assert case.run(restore=restore, api_user_id="sa_repository")["changed"]
    assert stored(case.site)["samlEntityId"] == "idp"
