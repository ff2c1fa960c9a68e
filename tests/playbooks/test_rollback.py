# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways back of docs/rollback.md, with the playbooks that stand there."""

from __future__ import annotations

import json
import re
import sys
import typing as t
from pathlib import Path

import pytest
import yaml

from awx import launch
from playbooks.hostile import evaluated, expression, texts
from playbooks.pages import examples
from playbooks.runs import Json, Run, Workplace
from support import blocks
from support import tls_server as ca

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "rollback.md"
SITE = "qlik.example.com"


@pytest.fixture
def portal(workplace: Workplace) -> t.Iterator[Workplace]:
    """A site with the virtual proxy that the guide speaks of, and one beside it."""
    workplace.simulator.seed(
        virtualproxyconfig=[
            {
                "prefix": prefix,
                "description": f"Grüße: 'clicked' & {expression('description')}",
                "authenticationMethod": 4,
                "jwtPublicKeyCertificate": ca.certificate("tokens"),
                "websocketCrossOriginWhiteList": ["on", "1e3", *texts("host")],
                "additionalResponseHeaders": f"{expression('header')}: {expression('value')}",
                "jwtAttributeMap": [
                    {"jwtAttribute": "g", "senseAttribute": text, "isMandatory": True}
                    for text in texts("group")
                ],
                "tags": ["by hand", *texts("tag")],
                "unknownToUs": [None, {"a": 1.5, expression("key"): expression("unknown")}],
                "link": ["Central"],
            }
            for prefix in ("portal", "reports")
        ]
    )
    yield workplace
    assert evaluated(workplace) == []


def run(workplace: Workplace, play: list[Json], *flags: str, **variables: object) -> Run:
    """A play of the guide, with its host replaced by the simulated one."""
    site = workplace.simulator
    text = json.dumps(play).replace('{{ inventory_hostname }}"', '{{ simulated_host }}"')
    host = {**workplace.site(), "simulated_host": site.host, **variables}
    return workplace.run(
        json.loads(text), *flags, hosts={SITE: host},
        every={"ansible_python_interpreter": sys.executable},
        environment={"QLIK_PORT": str(site.qrs_port)},
    )  # fmt: skip


def settled(workplace: Workplace) -> list[Json]:
    """The virtual proxies without what each write changes."""
    text = json.dumps(workplace.simulator.entities("virtualproxyconfig"))

    def kept(item: Json) -> Json:
        dates = {"modifiedDate", "modifiedByUserName"}
        # A part that was taken out comes back as a new one.
        own = dates | ({"id", "createdDate"} if "jwtAttribute" in item else set())
        return {key: value for key, value in item.items() if key not in own}

    return list(json.loads(text, object_hook=kept))


@pytest.mark.parametrize(
    "works", [False, pytest.param(True, marks=pytest.mark.long)], ids=["fails", "works"]
)
def test_a_change_that_does_not_work_is_taken_back(portal: Workplace, works: bool) -> None:
    change, _bulk, _undo, _job = examples(GUIDE.read_text(encoding="utf-8"))
    before = settled(portal)
    ended = run(portal, change, acceptance_test="true" if works else "false")
    if works:
        entity = portal.simulator.entity("virtualproxyconfig", prefix="portal")
        assert ended.ok().changed == 1
        assert entity["sessionInactivityTimeout"] == 60
    else:
        assert ended.failed().failures[-1] == "The change did not work and was rolled back."
        assert settled(portal) == before


@pytest.mark.long
def test_a_task_undoes_a_change(portal: Workplace) -> None:
    """The first block of the guide, after the first task of the second one."""
    (play,), *_others = examples(GUIDE.read_text(encoding="utf-8"))
    (undo,) = yaml.safe_load(blocks.texts("docs/rollback.md", "yaml")[0])
    before = settled(portal)
    play["connection"] = "local"
    play["tasks"] = [play["tasks"][0]["block"][0], undo]

    assert run(portal, [play]).ok().changed == 2

    assert settled(portal) == before
    assert len([r for r in portal.simulator.requests(port="qrs") if r["method"] == "PUT"]) > 1


@pytest.mark.long
def test_a_whole_site_is_taken_back_from_a_file(portal: Workplace) -> None:
    _change, bulk, undo, _job = examples(GUIDE.read_text(encoding="utf-8"))
    before = settled(portal)
    wanted = [
        {"prefix": "portal", "description": "x", "jwt_attribute_map": []},
        {"prefix": "reports", "proxies": [], "proxies_mode": "replace", "tags": []},
        {"prefix": "new", "authentication_method": "ticket"},
    ]
    ended = run(portal, bulk, jwt_virtual_proxy_definitions=wanted).ok()
    assert settled(portal) != before
    kept = portal.directory / f"before-{SITE}.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert len(json.loads(kept.read_text(encoding="utf-8"))) == 3
    assert ended.hosts[SITE]["skipped"] == 0
    assert run(portal, undo, "--check", "--diff").ok().changed == 1
    assert settled(portal) != before
    assert run(portal, undo).ok().changed == 1
    assert settled(portal) == before
    assert run(portal, undo).ok().changed == 0


@pytest.mark.long
def test_the_change_of_an_earlier_job_is_undone(portal: Workplace) -> None:
    """The reader saves the artifacts of a job of jwt_setup, as AWX shows them."""
    _change, _bulk, _undo, job = examples(GUIDE.read_text(encoding="utf-8"))
    before = settled(portal)
    artifacts = portal.directory / "artifacts.json"
    wanted = [
        {"prefix": "portal", "description": "x"},
        {"prefix": "new", "authentication_method": "ticket"},
    ]
    host = portal.site(jwt_virtual_proxy_definitions=wanted)
    setup = ("qlikops.sense.jwt_setup", "--tags", "jwt_virtual_proxy")
    ended = portal.run(*setup, hosts={SITE: host}).ok()
    artifacts.write_text(
        json.dumps({**ended.handed_over, "jwt_restore_set_up_failed": True}), encoding="utf-8"
    )
    assert settled(portal) != before

    assert portal.run(job, "--check", "--diff", hosts={SITE: host}).ok().changed == 1
    portal.run(job, hosts={SITE: host}).ok()
    assert settled(portal) == before

    artifacts.write_text("{}", encoding="utf-8")
    run = portal.run(job, hosts={SITE: host}).ok()
    assert run.changed == 0
    assert "No earlier job exported a change of this site" in run.output


@pytest.mark.long
def test_a_whole_site_is_taken_back_by_a_later_job(portal: Workplace) -> None:
    """As AWX does it: what a run handed over comes as extra vars, texts marked as no templates."""
    text = GUIDE.read_text(encoding="utf-8")
    _change, bulk, undo, _job = examples(text)
    (taken,) = re.findall(r"^```yaml\n(restore: .*?)^```$", text, re.MULTILINE | re.DOTALL)
    before = settled(portal)
    wanted = [
        {"prefix": "portal", "description": "x"},
        {"prefix": "new", "authentication_method": "ticket"},
    ]

    assert run(portal, bulk, "--check", jwt_virtual_proxy_definitions=wanted).ok().handed_over == {}
    handed_over = run(portal, bulk, jwt_virtual_proxy_definitions=wanted).ok().handed_over
    assert settled(portal) != before
    (portal.directory / f"before-{SITE}.json").unlink()
    undo[0]["vars"] = bulk[0]["vars"]
    undo[0]["tasks"][0]["qlikops.sense.qlik_virtual_proxies"].update(yaml.safe_load(taken))
    extra = portal.directory / "extra.yml"
    extra.write_text(launch.extra_vars_file(handed_over, {}), encoding="utf-8")

    assert run(portal, undo, "-e", f"@{extra}").ok().changed == 1
    assert settled(portal) == before


@pytest.mark.long
def test_what_a_failed_task_has_changed_is_saved(portal: Workplace) -> None:
    _change, bulk, undo, _job = examples(GUIDE.read_text(encoding="utf-8"))
    before = settled(portal)
    wanted = [{"prefix": prefix, "description": "x"} for prefix in ("portal", "reports")]
    portal.simulator.fault(
        port="qrs",
        method="PUT",
        path=".*/virtualproxyconfig/.*",
        nth=2,
        action="status",
        status=400,
    )

    ended = run(portal, bulk, jwt_virtual_proxy_definitions=wanted).failed()

    assert ended.handed_over
    assert settled(portal) != before
    portal.simulator.clear_faults()
    assert run(portal, undo).ok().changed == 1
    assert settled(portal) == before
