# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX demands of schedules, playbooks and workflows, written from its source.

``awx/api/serializers.py`` (ScheduleSerializer), ``awx/main/utils/ansible.py`` (could_be_playbook,
skip_directory) and ``awx/main/models/workflow.py``. Each function yields a sentence for each fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from awx.definitions import Json

START = re.compile(r"DTSTART(;[^:]+)?:[0-9]+T[0-9]+Z?")
NAIVE_START = re.compile(r"DTSTART:[0-9]+T[0-9]+ ")
RULE = re.compile(r"RULE:[^\s]*")
NUMBERED_DAY = re.compile(r"BYDAY[:=][0-9]+[a-zA-Z]{2}")
COUNT = re.compile(r"COUNT=([0-9]+)")
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY")
PLAYBOOK = re.compile(
    r"^\s*?-?\s*?(?:hosts|(ansible\.builtin\.)?include|(ansible\.builtin\.)?import_playbook):\s*?.*?$"
)
#: Directories that AWX does not search, at any depth, beside hidden ones.
SKIPPED = {"roles", "tasks", "group_vars", "host_vars"}
LINKS = ("success_nodes", "failure_nodes", "always_nodes")


def of_rule(rrule: str) -> Iterator[str]:
    """What is wrong with the recurrence of a schedule."""
    starts = len(START.findall(rrule))
    if starts != 1 or NAIVE_START.search(rrule):
        yield "needs one DTSTART, in UTC or with TZID"
    if "exdate:" in rrule.lower() or "rdate:" in rrule.lower():
        yield "may have neither EXDATE nor RDATE"
    rules = RULE.findall(rrule)
    if not rules:
        yield "needs a rule"
    for rule in rules:
        parts = dict(part.partition("=")[::2] for part in rule.partition(":")[2].split(";"))
        if "INTERVAL" not in parts:
            yield "needs INTERVAL"
        if parts.get("FREQ") not in FREQUENCIES:
            yield f"FREQ may not be {parts.get('FREQ')}"
        if NUMBERED_DAY.search(rule):
            yield "BYDAY may have no number"
        if "COUNT" in parts and "UNTIL" in parts:
            yield "may not have COUNT and UNTIL"
        if int(parts.get("COUNT", 0)) > 999:
            yield "COUNT may be 999 at most"


def of_playbook(root: Path, playbook: str) -> Iterator[str]:
    """Why AWX would not offer a playbook of a project."""
    path = root / playbook
    folders = Path(playbook).parent.parts
    if SKIPPED & {*folders}:
        yield "is in a directory that is not searched"
    if any(part.startswith(".") for part in folders) or path.suffix not in (".yml", ".yaml"):
        yield "is hidden, or no YAML file"
    if not path.is_file():
        yield "is not there"
    elif not looks_like_a_playbook(path.read_text(encoding="utf-8", errors="ignore")):
        yield "does not look like a playbook"


def looks_like_a_playbook(text: str) -> bool:
    """Whether a line has the key of a play, or the file is encrypted. AWX parses no YAML."""
    return text.startswith("$ANSIBLE_VAULT;") or any(map(PLAYBOOK.match, text.splitlines()))


def offered(root: Path, files: Iterable[str]) -> set[str]:
    """The files of a project that AWX offers as playbooks."""
    return {
        name
        for name in files
        if name.endswith((".yml", ".yaml")) and not list(of_playbook(root, name))
    }


def of_workflow(workflow: Json, templates: set[str]) -> Iterator[str]:
    """What is wrong with the nodes of a workflow."""
    nodes = workflow["simplified_workflow_nodes"]
    names = [node["identifier"] for node in nodes]
    yield from (f"{one} is there twice" for one in sorted({n for n in names if names.count(n) > 1}))
    for node in nodes:
        if node["unified_job_template"] not in templates:
            yield f"{node['identifier']}: there is no template {node['unified_job_template']}"
        for link in LINKS:
            yield from (
                f"{node['identifier']}: {link} names {one}"
                for one in node.get(link, [])
                if one not in names
            )
        both = {*node.get("always_nodes", [])} & {
            *node.get("success_nodes", []),
            *node.get("failure_nodes", []),
        }
        yield from (f"{node['identifier']}: {one} twice" for one in sorted(both))
    if any(in_circle(name, nodes) for name in names):
        yield "goes in a circle"


def in_circle(start: str, nodes: list[Json]) -> bool:
    """Whether the links lead from a node to itself."""
    after = {node["identifier"]: {x for key in LINKS for x in node.get(key, [])} for node in nodes}
    seen: set[str] = set()
    todo = {*after[start]}
    while todo:
        name = todo.pop()
        seen.add(name)
        todo |= after.get(name, set()) - seen
    return start in seen
