# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow: set up, prove, or put back what was there."""

from __future__ import annotations

import typing as t

import pytest

from awx.definitions import Json, items, named
from awx.job import Job
from awx.launch import combined, in_workflow
from awx.place import USER, AwxPlace

(WORKFLOW,) = items("workflows")
#: What the server itself writes.
DATES = ("modifiedDate", "modifiedByUserName")


class Run(t.NamedTuple):
    """The jobs of a run of the workflow by the nodes, and what they handed on."""

    jobs: dict[str, Job]
    artifacts: Json


def run(
    place: AwxPlace,
    answers: Json,
    between: t.Callable[[], object] = lambda: None,
    **only_in: Json,
) -> Run:
    """Run the workflow as AWX does; ``between`` happens after the node that sets up.

    ``only_in`` are variables that hosts have in the job of one node alone.
    """
    nodes = {node["identifier"]: node for node in WORKFLOW["simplified_workflow_nodes"]}
    jobs: dict[str, Job] = {}
    artifacts: Json = {}
    following = ["set up"]
    while following:
        name = following.pop()
        template = named("templates", nodes[name]["unified_job_template"])
        given = place.credentials()
        job = place.awx.run(
            template,
            in_workflow(template, WORKFLOW, answers, artifacts),
            [given[credential] for credential in template["credentials"]],
            hosts={host: {**own, **only_in.get(name, {})} for host, own in place.awx.hosts.items()},
        )
        jobs[name] = job
        artifacts.update(job.artifacts)
        place.assert_no_secret(job)
        if name == "set up":
            between()
        good = job.status == "successful"
        following += nodes[name].get("success_nodes" if good else "failure_nodes", [])
    return Run(jobs, artifacts)


def plain(entity: Json) -> Json:
    """An entity without what the server itself writes."""
    return {name: value for name, value in entity.items() if name not in DATES}


@pytest.mark.long
def test_what_is_proven_stays(place: AwxPlace) -> None:
    ended = run(place, USER)

    assert {name: job.status for name, job in ended.jobs.items()} == {
        "set up": "successful",
        "prove": "successful",
    }
    assert [note["proven"] for note in ended.artifacts.values()] == [True]
    assert place.simulator.entity("virtualproxyconfig", prefix="portal")


@pytest.mark.long
def test_what_is_not_proven_is_put_back(place: AwxPlace) -> None:
    site = place.simulator
    before = place.click()
    answers = {**USER, "jwt_virtual_proxy_description": "{{ changed }}"}

    def somebody_blocks_the_user() -> None:
        assert site.entity("virtualproxyconfig", prefix="portal")["description"] == "{{ changed }}"
        user = site.entity("user", userId="jdoe")
        site.patch("user", user["id"], {"inactive": True})

    ended = run(place, answers, somebody_blocks_the_user)

    assert [job.status for job in ended.jobs.values()] == ["successful", "failed", "failed"]
    after = site.entity("virtualproxyconfig", prefix="portal")
    assert plain(after) == plain(before)
    assert "What was there before is there again" in ended.jobs["put back"].failures
    assert ended.jobs["put back"].changed == 1


@pytest.mark.long
def test_what_cannot_be_proven_is_put_back(place: AwxPlace) -> None:
    """The proof that the set-up handed over does not count any more."""
    before = place.click()
    nowhere = {
        "qrs_credentials_enabled": True,
        "qrs_credentials_directory": "/nowhere",
        "ansible_connection": "local",
    }

    ended = run(place, {**USER, "jwt_virtual_proxy_description": "changed"}, prove=nowhere)

    assert [job.status for job in ended.jobs.values()] == ["successful", "failed", "failed"]
    assert "nowhere" in ended.jobs["prove"].failures
    assert plain(place.simulator.entity("virtualproxyconfig", prefix="portal")) == plain(before)


@pytest.mark.long
def test_what_was_created_is_removed_where_the_set_up_fails(place: AwxPlace) -> None:
    site = place.simulator
    answers = {**USER, "jwt_verify_allow_user_creation": "False"}

    ended = run(place, answers)

    assert [*ended.jobs] == ["set up", "put back"]
    assert site.entities("virtualproxyconfig", prefix="portal") == []
    assert len(site.entities("virtualproxyconfig")) == 1


@pytest.mark.long
def test_nothing_is_put_back_where_nothing_was_changed(place: AwxPlace) -> None:
    site = place.simulator
    before = place.click()
    answers = {**USER, "jwt_virtual_proxy_session_inactivity_timeout": 5}
    site.fault(
        port="qrs", method="PUT", path="/qrs/virtualproxyconfig", action="status", status=400
    )

    ended = run(place, answers)

    assert [job.status for job in ended.jobs.values()] == ["failed", "failed"]
    assert "nothing was put back" in ended.jobs["put back"].failures
    assert site.entity("virtualproxyconfig", prefix="portal") == before


@pytest.mark.long
def test_what_failed_in_the_middle_is_put_back(place: AwxPlace) -> None:
    site = place.simulator
    before = place.click()
    service = site.entity("proxyservice")
    others = [one for one in service["settings"]["virtualProxies"] if one["id"] != before["id"]]
    site.patch("proxyservice", service["id"], {"settings": {"virtualProxies": others}})
    answers = {
        **USER,
        "jwt_virtual_proxy_description": "changed",
        "jwt_virtual_proxy_proxies": "central",
    }
    site.fault(port="qrs", method="PUT", path="/qrs/proxyservice", action="status", status=400)

    ended = run(place, answers)

    assert [job.status for job in ended.jobs.values()] == ["failed", "failed"]
    assert "changed the virtual proxy 'portal'" in ended.jobs["set up"].failures
    assert ended.jobs["put back"].changed == 1
    assert plain(site.entity("virtualproxyconfig", prefix="portal")) == plain(before)


@pytest.mark.long
def test_what_was_proven_without_a_change_is_no_failure_of_a_site(place: AwxPlace) -> None:
    """Where another site of the same job failed, its set-up leads to the job that puts back."""
    place.click()
    template = named("templates", "Qlik Sense - put virtual proxies back")
    set_up = place.set_up(USER).ok()
    unchanged = place.set_up(USER).ok()
    assert unchanged.changed == 0

    for job in (set_up, unchanged):
        (note,) = job.artifacts.values()
        assert (note["host"], note["proven"]) == ("central", True)
        put_back = place.awx.run(
            template,
            combined(template, job.artifacts),
            [place.credentials()["Qlik Sense site"]],
        ).ok()
        assert put_back.changed == 0
        assert "The logins of this site were proven" in put_back.stdout
