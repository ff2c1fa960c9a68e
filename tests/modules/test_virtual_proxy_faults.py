# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_virtual_proxy when a request fails or others write: what is said, what is left."""

from __future__ import annotations

import pytest

from modules.other_administrator import edits, links_another
from modules.virtual_proxy_case import JWT, linked, stored
from support.case import Case
from support.simulator import Simulator


@pytest.fixture
def case(site: Simulator) -> Case:
    return Case("qlik_virtual_proxy", site)


@pytest.mark.parametrize("rights", ["none", "part"])
def test_missing_rights_are_not_absence(case: Case, site: Simulator, rights: str) -> None:
    case.done(**JWT)
    site.switch(read_rights=rights)
    message = case.rejected(**JWT)
    assert "rights" in message or "central" in message


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 503])
@pytest.mark.parametrize("body", ["text", "json", "empty"])
def test_error_is_never_taken_for_absence(
    case: Case, site: Simulator, status: int, body: str
) -> None:
    site.switch(error_body=body)
    for path in ("virtualproxyconfig", "proxyservice", "servernodeconfiguration"):
        site.clear_faults()
        site.fault(
            port="qrs", method="GET", path=f"/{path}/", action="status", status=status, times=9
        )
        message = case.rejected(**JWT, retries=0)
        assert f"answered {status}" in message
        assert path in message


@pytest.mark.parametrize("action", ["html", "truncate", "reset_before", "reset_after"])
def test_broken_answers_to_reads_are_named(case: Case, site: Simulator, action: str) -> None:
    site.fault(port="qrs", method="GET", path="/proxyservice/", action=action, times=9)
    assert case.rejected(**JWT, retries=0)


def test_passing_fault_is_survived(case: Case, site: Simulator) -> None:
    site.fault(port="qrs", method="GET", path="/virtualproxyconfig/", action="reset_before")
    site.fault(port="qrs", method="GET", path="/proxyservice/", action="status", status=503)
    assert case.done(**JWT)["changed"] is True
    assert linked(site) == ["Central"]


def test_conflict_with_another_field_is_merged(case: Case, site: Simulator) -> None:
    case.done(**JWT)
    edits(site, "virtualproxyconfig", stored(site), {"sessionInactivityTimeout": 99})
    case.done(**JWT, description="ours")
    assert stored(site)["description"] == "ours"
    assert stored(site)["sessionInactivityTimeout"] == 99


def test_edit_of_the_same_field_is_an_error_that_names_them(case: Case, site: Simulator) -> None:
    case.done(**JWT)
    edits(site, "virtualproxyconfig", stored(site), {"description": "theirs"})
    result = case.run(**JWT, description="ours")
    assert result["failed"]
    assert stored(site)["description"] == "theirs"
    assert stored(site)["modifiedByUserName"] in result["msg"]
    assert "description" in result["msg"]


def test_link_of_another_administrator_is_not_lost(case: Case, site: Simulator) -> None:
    links_another(site)
    case.done(**JWT)
    assert linked(site) == ["Central"]
    assert linked(site, "other") == ["Central"]


@pytest.mark.parametrize("status", [400, 403, 500])
def test_creation_that_cannot_be_linked_is_taken_back(
    case: Case, site: Simulator, status: int
) -> None:
    fault = {"port": "qrs", "path": "/proxyservice/", "action": "status", "status": status}
    site.fault(method="PUT", times=9, **fault)
    result = case.run(**JWT)
    assert result["failed"]
    assert "was removed again" in result["msg"]
    assert site.entities("virtualproxyconfig", prefix="jwt") == []
    site.clear_faults()
    assert case.done(**JWT)["changed"] is True
    assert linked(site) == ["Central"]


def test_half_done_work_is_said_and_finished_by_the_next_run(case: Case, site: Simulator) -> None:
    for method, path in (("PUT", "/proxyservice/"), ("DELETE", "/virtualproxyconfig/")):
        site.fault(port="qrs", method=method, path=path, action="status", status=400, times=9)
    result = case.run(**JWT)
    assert result["failed"]
    assert "created the virtual proxy 'jwt'" in result["msg"]
    assert "Run again to finish, with the option proxies" in result["msg"]
    assert linked(site) == []
    site.clear_faults()
    assert "no proxy service serves" in str(case.done(**JWT)["warnings"])
    assert case.done(**JWT, proxies=["central"])["changed"] is True
    assert linked(site) == ["Central"]


@pytest.mark.parametrize("action", ["reset_after", "truncate"])
@pytest.mark.parametrize("verb", ["POST /virtualproxyconfig", "PUT /proxyservice/"])
def test_lost_answer_to_a_creation_is_cleared_up(
    case: Case, site: Simulator, action: str, verb: str
) -> None:
    method, path = verb.split()
    site.fault(port="qrs", method=method, path=path, action=action)
    assert case.done(**JWT)["changed"] is True
    assert len(site.entities("virtualproxyconfig", prefix="jwt")) == 1
    assert linked(site) == ["Central"]
    assert case.done(**JWT)["changed"] is False


@pytest.mark.parametrize("action", ["reset_before", "reset_after", "truncate", "html"])
def test_lost_answer_to_a_change_is_cleared_up(case: Case, site: Simulator, action: str) -> None:
    case.done(**JWT)
    site.fault(port="qrs", method="PUT", path="/virtualproxyconfig/", action=action)
    assert case.done(**JWT, description="x")["changed"] is True
    assert stored(site)["description"] == "x"


def test_creation_that_may_still_be_under_way_is_not_sent_twice(
    case: Case, site: Simulator
) -> None:
    site.fault(port="qrs", method="POST", path="/virtualproxyconfig", action="reset_before")
    result = case.run(**JWT)
    assert result["failed"]
    assert "is not known" in result["msg"]
    assert [line.split()[0] for line in case.writes()] == ["POST"]
    assert case.done(**JWT)["changed"] is True
