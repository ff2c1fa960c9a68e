# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs of the templates, from the answers of a survey to what AWX keeps of them."""

from __future__ import annotations

import base64
import json

import pytest

from awx.definitions import items, named, template_of
from awx.launch import accepted
from awx.place import USER, AwxPlace
from playbooks.reports import Reports


def test_answers_of_a_survey_reach_the_site(place: AwxPlace) -> None:
    site = place.simulator
    before = place.click(sessionInactivityTimeout=17)
    answers = {
        **USER,
        "jwt_virtual_proxy_description": "{{ lookup('ansible.builtin.env', 'HOME') }}",
        "jwt_virtual_proxy_jwt_audience": "",
        "jwt_virtual_proxy_load_balancing_nodes": "",
        "jwt_virtual_proxy_clear": [],
        "jwt_virtual_proxy_host_allow_list": "portal.example.com\n\nqlik.example.com\n",
        "jwt_virtual_proxy_host_allow_list_mode": "append",
    }

    job = place.set_up(answers).ok()

    after = site.entity("virtualproxyconfig", prefix="portal")
    assert after["description"] == "{{ lookup('ansible.builtin.env', 'HOME') }}"
    assert after["websocketCrossOriginWhiteList"] == [
        *before["websocketCrossOriginWhiteList"],
        "portal.example.com",
        "qlik.example.com",
    ]
    for name in ("jwtPublicKeyCertificate", "sessionInactivityTimeout", "loadBalancingServerNodes"):
        assert after[name] == before[name], name
    assert site.entity("user", userDirectory="ACME", userId="jdoe")
    (previous, proof) = job.artifacts.values()
    assert proof == {"host": "central", "proven": True}
    assert previous["host"] == "central"
    (was,) = json.loads(base64.b64decode(previous["before"]))
    assert was["entity"]["description"] == before["description"]
    place.assert_no_secret(job)
    # Nothing of the job is left, neither on the controller nor in the execution environment.
    assert place.left() == []


@pytest.mark.long
def test_an_empty_answer_clears_nothing(place: AwxPlace) -> None:
    before = place.click()
    questions = template_of("jwt_setup")["survey_spec"]["spec"]
    # All but the virtual proxy, and whether the user may be created.
    empty = {
        question["variable"]: [] if question["type"] == "multiselect" else ""
        for question in questions
        if question["type"] != "integer" and question["variable"] not in USER
    }

    job = place.set_up({**USER, **empty}).ok()

    assert place.simulator.entity("virtualproxyconfig", prefix="portal") == before
    assert place.simulator.requests(method="PUT") == []
    assert [*job.artifacts.values()] == [{"host": "central", "proven": True}]


@pytest.mark.long
def test_what_shall_be_empty_is_chosen(place: AwxPlace) -> None:
    place.click()

    place.set_up({**USER, "jwt_virtual_proxy_clear": ["description", "host_allow_list"]}).ok()

    after = place.simulator.entity("virtualproxyconfig", prefix="portal")
    assert (after["description"], after["websocketCrossOriginWhiteList"]) == ("", [])


@pytest.mark.long
def test_false_is_false(place: AwxPlace) -> None:
    site = place.simulator

    restart = place.set_up(USER, trusted={"jwt_virtual_proxy_allow_restart": "False"}).failed()
    assert "allow_restart" in restart.failures
    assert site.entities("virtualproxyconfig", prefix="portal") == []
    place.click()
    create = place.set_up({**USER, "jwt_verify_allow_user_creation": "False"}).failed()
    assert "user_unknown" in create.failures

    assert site.entities("user", userId="jdoe") == []
    place.assert_no_secret(create)


@pytest.mark.long
def test_a_job_of_type_check_changes_nothing(place: AwxPlace) -> None:
    job = place.set_up(USER, job_type="check").ok()

    assert place.simulator.entities("virtualproxyconfig", prefix="portal") == []
    assert job.changed > 0
    assert job.artifacts == {}


@pytest.mark.long
def test_a_removal_is_confirmed_in_the_survey(place: AwxPlace) -> None:
    site = place.simulator
    for prefix in ("portal", "other"):
        place.click(prefix=prefix, sessionCookieHeaderName=f"X-{prefix}")
    answers = {"jwt_remove_prefixes": "portal\n\nother\n", "jwt_remove_user": ""}

    place.launch("jwt_remove", {**answers, "jwt_remove_confirm": "portal"}).failed()
    assert len(site.entities("virtualproxyconfig")) == 3
    place.launch("jwt_remove", {**answers, "jwt_remove_confirm": "other\nportal"}).ok()

    assert [entity["prefix"] for entity in site.entities("virtualproxyconfig")] == [""]


@pytest.mark.long
def test_reports_lie_where_they_outlive_the_job(place: AwxPlace) -> None:
    place.click()
    place.awx.others["reports"] = place.kept_here()
    directory = place.kept / "reports"
    where = {
        "jwt_verify_report_directory": str(directory),
        "jwt_verify_report_host": "reports",
    }

    job = place.prove(place.login(), trusted=where).ok()

    report = Reports(directory)
    assert report.json()["ok"]
    assert report.site("central")["logins"][0]["verdict"] == "access_granted"
    place.assert_no_secret(job)
    for path in directory.iterdir():
        assert place.leaks(path.read_bytes()) == []


@pytest.mark.long
@pytest.mark.parametrize("schedule", items("schedules"), ids=lambda item: str(item["name"]))
def test_a_schedule_runs_with_what_it_says(place: AwxPlace, schedule: dict[str, object]) -> None:
    template = named("templates", str(schedule["unified_job_template"]))
    place.click()
    place.simulator.seed(user=[{"userDirectory": "PORTAL", "userId": "login_test"}])
    inventory = named("inventories", template["inventory"])
    described = {"jwt_virtual_proxy_prefix": "portal", **inventory["variables"]}
    place.awx.hosts["central"].update(described)
    extra_vars = accepted(template, json.loads(json.dumps(schedule["extra_data"])))

    credentials = [c for name, c in place.credentials().items() if name in template["credentials"]]
    job = place.awx.run(template, extra_vars, credentials).ok()

    assert set(job.stats["ok"]) == {"central"}
