# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The definitions, and those of docs/awx.md, as infra.aap_configuration passes them on."""

from __future__ import annotations

import json
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml

import ansible
from ansible.module_utils.common.validation import check_type_dict

from awx.definitions import Json, items
from awx.guide import EXAMPLES

#: How release 3.0.0 passes the variables of an inventory, a host, and a group to a module that
#: takes a mapping.
PASSED = (
    "{{ item.variables | default(omit, true)"
    " | regex_replace('{  {', '{_~~remove~~_{') | regex_replace('_~~remove~~_', '') }}"
)
#: Since this release, an omitted value ends as a text there.
OMITTED_IS_TEXT = (2, 19)
RELEASE = tuple(int(part) for part in ansible.__version__.split(".")[:2])


def guided(kind: str) -> list[Json]:
    """The objects of a kind in the blocks of the guide."""
    return [
        item
        for example in EXAMPLES
        if isinstance(example, dict)
        for item in t.cast("list[Json]", example.get(kind, []))
    ]


def passed(directory: Path, objects: list[Json]) -> list[object]:
    """What a module gets as the variables of each object, from the installed ansible-core."""
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {
            "ansible_python_interpreter": sys.executable,
            "objects": objects,
            "kept": str(directory / "passed.json"),
        },
        "tasks": [
            {
                "name": "Pass them on",
                "ansible.builtin.set_fact": {"passed": PASSED},
                "loop": "{{ objects }}",
                "register": "each",
            },
            {
                "name": "Write them to a file",
                "ansible.builtin.copy": {
                    "content": "{{ each.results | map(attribute='ansible_facts.passed',"
                    " default='omitted') | list | to_json }}",
                    "dest": "{{ kept }}",
                    "mode": "0600",
                },
            },
        ],
    }
    (directory / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    program = Path(sys.executable).parent / "ansible-playbook"
    command = [str(program), "-i", "localhost,", "-c", "local", str(directory / "play.yml")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found: list[object] = json.loads((directory / "passed.json").read_text(encoding="utf-8"))
    return found


def test_the_variables_of_every_object_reach_awx_as_a_mapping(tmp_path: Path) -> None:
    objects = [
        *items("inventories"),
        *[o for kind in ("hosts", "groups") for o in guided(f"controller_{kind}")],
    ]
    assert len(objects) >= 3

    found = passed(tmp_path, objects)

    assert [item["name"] for item in objects if not item.get("variables")] == []
    assert [check_type_dict(value) for value in found] == [item["variables"] for item in objects]


@pytest.mark.skipif(RELEASE < OMITTED_IS_TEXT, reason="this ansible-core omits the value")
@pytest.mark.parametrize("variables", [{}, {"variables": {}}, {"variables": ""}])
def test_missing_variables_do_not(tmp_path: Path, variables: Json) -> None:
    (found,) = passed(tmp_path, [{"name": "qlik", **variables}])

    with pytest.raises(TypeError):
        check_type_dict(found)
