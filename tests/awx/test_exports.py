# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Artifacts: no two jobs of a workflow export the same name for the same site."""

from __future__ import annotations

import hashlib
import itertools
import re
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.qlikops.sense.plugins.plugin_utils import restore
from ansible_collections.qlikops.sense.plugins.plugin_utils.variables import Variables
from awx.definitions import Json, ids, items, named, playbooks
from awx.rules_templates import LINKS
from meta.source import relative
from tools.checkout import ROOT

DIGEST = hashlib.sha256(b"host").hexdigest()[:16]


def exports(playbook: str) -> set[str]:
    """The names of the artifacts that a playbook exports for a host."""
    role = ROOT / "roles" / "jwt_restore"
    found: set[str] = set()
    plays = loaded_list(ROOT / playbook)
    included = [*inclusions(plays, "qlikops.sense.jwt_restore")]
    for task in inclusions(plays, "qlikops.sense.site_results"):
        # The end of a run exports more only for this playbook.
        if task.get("vars") == {"site_results_playbook": "jwt_setup"}:
            end = loaded_list(ROOT / "roles" / "site_results" / "tasks" / "finish_more.yml")
            included += inclusions(end, "qlikops.sense.jwt_restore")
    for task in included:
        file = role / "tasks" / t.cast(str, _role(task)["tasks_from"])
        (export,) = loaded_list(file)
        data = export["ansible.builtin.set_stats"]["data"]
        if isinstance(data, dict):
            found |= data.keys()
            continue
        (plan,) = re.findall(r"'restore\.(\w+)'", data)
        inputs = {"job": task.get("vars", {}).get("jwt_restore_job", "verify"), "proven": True}
        known = Variables({"inventory_hostname": "host"})
        made = restore.PLANS[plan](known, **(inputs if plan == "proof" else {}))
        found |= {name.replace(DIGEST, "host") for name in made}
    return found


def inclusions(tasks: t.Any, role: str) -> t.Iterator[Json]:
    """The tasks at any depth that include other tasks of a role than its main ones."""
    if isinstance(tasks, list):
        for part in tasks:
            yield from inclusions(part, role)
    elif isinstance(tasks, dict):
        included = _role(tasks)
        if included.get("name") == role and "tasks_from" in included:
            yield tasks
        yield from inclusions([*tasks.values()], role)


def _role(task: Json) -> Json:
    """What a task includes."""
    names = ("ansible.builtin.import_role", "ansible.builtin.include_role")
    found: list[Json] = [task[name] for name in names if name in task]
    return found[0] if found else {}


def loaded_list(path: Path) -> list[Json]:
    """A YAML file with plays or tasks."""
    content: list[Json] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def test_only_one_role_exports_artifacts() -> None:
    exporting = {
        relative(path).split("/")[1]
        for path in (ROOT / "roles").rglob("*.yml")
        if "set_stats" in path.read_text(encoding="utf-8")
    }
    assert exporting == {"jwt_restore"}
    plays = [(ROOT / path).read_text(encoding="utf-8") for path in playbooks()]
    assert not [text for text in plays if "set_stats" in text]


@pytest.mark.parametrize("item", items("workflows"), ids=ids(items("workflows")))
def test_no_parents_of_a_node_export_the_same_name(item: Json) -> None:
    """AWX merges them by the ids of the nodes, so an older one could win."""
    nodes = item["simplified_workflow_nodes"]
    exported = {
        node["identifier"]: exports(named("templates", node["unified_job_template"])["playbook"])
        for node in nodes
    }
    assert [exported[name] for name in ("set up", "prove")] == [
        {"jwt_restore_of_host", "jwt_restore_set_up_of_host", "jwt_restore_set_up_failed"},
        {"jwt_restore_verify_of_host"},
    ]
    for node in nodes:
        leading = [
            exported[parent["identifier"]]
            for parent in nodes
            for link in LINKS
            if node["identifier"] in parent.get(link, [])
        ]
        assert not [one for one, other in itertools.combinations(leading, 2) if one & other]
