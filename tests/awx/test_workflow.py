# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow: set up, prove, or put back what was there."""

from __future__ import annotations

import typing as t

import pytest

from awx.definitions import Json, items, named
from awx.job import Job
from awx.launch import Ended, combined, in_workflow, inherited_in_each_order
from awx.place import USER, AwxPlace
from awx.rules_templates import LINKS

(WORKFLOW,) = items("workflows")
#: What the server itself writes.
DATES = ("modifiedDate", "modifiedByUserName")


class Run(t.NamedTuple):
    """The jobs of a run of the workflow by the nodes, and what they exported."""

    jobs: dict[str, Job]
    artifacts: Json

    @property
    def proven(self) -> dict[str, bool]:
        """What each job exported about the logins of the site."""
        return {
            name: note["proven"]
            for name, job in self.jobs.items()
            for note in job.artifacts.values()
            if isinstance(note, dict) and "proven" in note
        }


def run(
    place: AwxPlace,
    answers: Json,
    between: t.Callable[[], object] = lambda: None,
    canceled: t.Mapping[str, t.Callable[[], bool]] | None = None,
    **only_in: Json,
) -> Run:
    """Run the workflow as AWX does; ``between`` happens after the node that sets up.

    ``canceled`` are conditions on which the job of a node is canceled; ``only_in`` are variables
    that hosts have in the job of one node alone.
    """
    nodes = {node["identifier"]: node for node in WORKFLOW["simplified_workflow_nodes"]}
    jobs: dict[str, Job] = {}
    ended: dict[str, Ended] = {}
    following = ["set up"]
    while following:
        name = following.pop()
        template = named("templates", nodes[name]["unified_job_template"])
        given = place.credentials()
        # AWX merges in the order of the ids of the nodes. The result may not depend on it.
        (inherited,) = inherited_in_each_order([ended[n] for n in parents(name) if n in ended])
        job = place.awx.run(
            template,
            in_workflow(template, WORKFLOW, answers, inherited),
            [given[credential] for credential in template["credentials"]],
            hosts={host: {**own, **only_in.get(name, {})} for host, own in place.awx.hosts.items()},
            canceled=(canceled or {}).get(name, lambda: False),
        )
        jobs[name] = job
        ended[name] = Ended(inherited, job.artifacts)
        place.assert_no_secret(job)
        if name == "set up":
            between()
        good = job.status == "successful"
        following += nodes[name].get("success_nodes" if good else "failure_nodes", [])
    return Run(jobs, {key: note for job in jobs.values() for key, note in job.artifacts.items()})


def parents(name: str) -> list[str]:
    """The nodes that lead to a node of the workflow."""
    return [
        node["identifier"]
        for node in WORKFLOW["simplified_workflow_nodes"]
        if any(name in node.get(link, []) for link in LINKS)
    ]


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
    assert ended.proven == {"set up": True, "prove": True}
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
    assert "Virtual proxies restored to their previous state: 1." in ended.jobs["put back"].failures
    assert ended.proven == {"set up": True, "prove": False}
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
    assert "Nothing was restored." in ended.jobs["put back"].failures
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
def test_what_was_proven_is_kept_where_the_set_up_failed_on_another_site(place: AwxPlace) -> None:
    """The site was changed, or was already as the variables say."""
    place.awx.hosts["broken"] = {**place.awx.hosts["central"], "qlik_port": 1, "qlik_host": "::1"}
    template = named("templates", "Qlik Sense - put virtual proxies back")
    changed = place.set_up(USER).failed()
    unchanged = place.set_up(USER).failed()
    assert (changed.changed > 0, unchanged.changed) == (True, 0)
    del place.awx.hosts["broken"]

    for job in (changed, unchanged):
        assert job.artifacts["jwt_restore_set_up_failed"] is True
        put_back = place.awx.run(
            template,
            combined(template, job.artifacts),
            [place.credentials()["Qlik Sense site"]],
        ).ok()
        assert put_back.changed == 0
        assert "The logins of this site were proven" in put_back.stdout


@pytest.mark.long
def test_a_proof_that_is_canceled_is_put_back(place: AwxPlace) -> None:
    """The proof of the set-up does not count, because the set-up did not fail."""
    site = place.simulator
    before = place.click()

    def logins_take_long() -> None:
        site.clear_requests()
        site.fault(port="https", method="GET", path="/*", action="delay", seconds=30, times=9)

    ended = run(
        place,
        {**USER, "jwt_virtual_proxy_description": "changed"},
        logins_take_long,
        canceled={"prove": lambda: bool(site.requests())},
    )

    assert [job.status for job in ended.jobs.values()] == ["successful", "canceled", "failed"]
    assert ended.jobs["prove"].artifacts == {}
    assert ended.jobs["put back"].changed == 1
    assert plain(site.entity("virtualproxyconfig", prefix="portal")) == plain(before)


@pytest.mark.long
def test_a_set_up_that_is_canceled_exports_nothing(place: AwxPlace) -> None:
    """The guide and the message say so, because the site is changed."""
    site = place.simulator
    place.click()
    site.fault(port="https", method="GET", path="/*", action="delay", seconds=30, times=9)

    ended = run(
        place,
        {**USER, "jwt_virtual_proxy_description": "changed"},
        canceled={"set up": lambda: bool(site.requests(method="PUT"))},
    )

    assert [job.status for job in ended.jobs.values()] == ["canceled", "failed"]
    assert ended.jobs["set up"].artifacts == {}
    assert "exports nothing, even if it has changed the site" in ended.jobs["put back"].failures
    assert site.entity("virtualproxyconfig", prefix="portal")["description"] == "changed"
