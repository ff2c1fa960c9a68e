# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_proxy_service when answers are lost or others write: what is said, what is left."""

from __future__ import annotations

import pytest

from modules.other_administrator import edits, links_another
from modules.proxy_service_case import NODES, service, stored
from support.case import Case, Json
from support.simulator import Simulator


@pytest.fixture
def case(site: Simulator) -> Case:
    return Case("qlik_proxy_service", site)


def edit_between(site: Simulator, change: Json) -> None:
    """Another administrator changes settings of the central proxy just before a PUT."""
    entity = service(site)
    edits(site, "proxyservice", entity, {"settings": {**entity["settings"], **change}})


def test_conflict_with_another_setting_is_merged(case: Case) -> None:
    edit_between(case.site, {"maxHeaderLines": 777})
    result = case.done(proxies=["all"], allow_http=True)
    assert result["proxies_restarted"] == dict.fromkeys(NODES, 1)
    assert stored(case.site, "allowHttp") == dict.fromkeys(NODES, True)
    assert stored(case.site, "maxHeaderLines")["Central"] == 777


def test_link_of_another_administrator_is_not_lost(case: Case) -> None:
    other = links_another(case.site)
    case.done(proxies=["central"], allow_http=True)
    settings = service(case.site)["settings"]
    assert other["id"] in [item["id"] for item in settings["virtualProxies"]]
    assert settings["allowHttp"] is True


def test_edit_of_the_same_setting_is_an_error_that_names_them(case: Case) -> None:
    edit_between(case.site, {"maxHeaderLines": 777})
    result = case.run(proxies=["all"], max_header_lines=50)
    assert result["failed"]
    assert stored(case.site, "maxHeaderLines")["Central"] == 777
    for word in ("max_header_lines", "Central", service(case.site)["modifiedByUserName"]):
        assert word in result["msg"]


def test_same_edit_of_another_administrator_is_welcome(case: Case) -> None:
    edit_between(case.site, {"maxHeaderLines": 50})
    result = case.done(proxies=["Central"], max_header_lines=50)
    assert result["proxies_restarted"] == {}
    assert len(case.writes()) == 1


@pytest.mark.parametrize("action", ["reset_after", "truncate", "html", "reset_before"])
def test_lost_answer_is_cleared_up(case: Case, action: str) -> None:
    case.site.fault(port="qrs", method="PUT", nth=2, action=action)
    result = case.done(proxies=["all"], allow_http=True)
    assert result["proxies_restarted"] == dict.fromkeys(NODES, 1)
    assert stored(case.site, "allowHttp") == dict.fromkeys(NODES, True)
    sent = [r["path"] for r in case.site.requests(port="qrs", method="PUT")]
    assert len(sent) == (4 if action in ("html", "reset_before") else 3)


def test_answers_to_two_writes_may_be_lost(case: Case) -> None:
    for number in (1, 3):
        case.site.fault(port="qrs", method="PUT", nth=number, action="reset_after")
    result = case.done(proxies=["all"], allow_http=True)
    assert result["proxies_restarted"] == dict.fromkeys(NODES, 1)
    assert len(case.writes()) == 3


def test_answer_that_is_lost_again_and_again_is_an_error(case: Case) -> None:
    case.site.fault(port="qrs", method="PUT", action="reset_before", times=9)
    result = case.run(proxies=["all"], allow_http=True)
    assert result["failed"]
    assert "is not known" in result["msg"]
    assert len(case.writes()) == 2


def test_change_that_the_server_drops_is_said(case: Case) -> None:
    body = service(case.site)
    case.site.fault(port="qrs", method="PUT", action="status", status=200, body=body)
    result = case.run(proxies=["central"], allow_http=True)
    assert result["failed"]
    assert "its answer has other values for allow_http" in result["msg"]
