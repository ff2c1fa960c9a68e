# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the variables of a site are written."""

from __future__ import annotations

import base64

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import export
from unit.plugin_utils.hosts import Json, variables


@pytest.mark.parametrize(
    ("own", "path"),
    [
        ({"jwt_export_directory": "out/"}, "/srv/play/out/central.yml"),
        ({"jwt_export_directory": "/out"}, "/out/central.yml"),
        ({"jwt_export_directory": "~/out"}, "~/out/central.yml"),
        ({"jwt_export_directory": "out", "jwt_export_host": "linux"}, "out/central.yml"),
        ({"jwt_export_directory": "out", "qlik_api_host": "linux"}, "out/central.yml"),
    ],
)
def test_path(own: Json, path: str) -> None:
    assert export.path(variables(own)) == path


@pytest.mark.parametrize(
    ("directory", "rivals"),
    [
        ("/inv/exported", []),
        (
            "/inv/host_vars",
            [
                "/inv/host_vars/central",
                "/inv/host_vars/central.yaml",
                "/inv/host_vars/central.json",
            ],
        ),
        (
            "/inv/host_vars/central",
            [f"/inv/host_vars/central{end}" for end in (".yml", ".yaml", ".json")],
        ),
    ],
)
def test_what_ansible_would_read_instead(directory: str, rivals: list[str]) -> None:
    found = export.looked_for(variables({"jwt_export_directory": directory}))
    assert found == [f"{directory}/central.yml", directory, *rivals]


def test_obstacles() -> None:
    own = variables({"jwt_export_directory": "/inv/host_vars"})
    stats = [
        {"jwt_export__looked_for": str(number), "stat": {"exists": number != 3}}
        for number in range(4)
    ]
    assert export.obstacles(own, {"results": stats[:2]}, fault="") == []
    first, second = export.obstacles(own, {"results": stats}, fault="it was edited")
    assert first == "/inv/host_vars/central.yml: it was edited"
    assert second.startswith("2: Ansible reads either this or /inv/host_vars/central.yml")


@pytest.mark.parametrize("name", ["a/b", ".hidden", "../up"])
def test_a_name_that_is_no_file_name(name: str) -> None:
    own = variables({"inventory_hostname": name, "jwt_export_directory": "/out"})
    assert "cannot be used as a file name" in export.faults(own)[0]
    assert "jwt_export_directory: set" in export.faults(variables())[0]


def test_the_file_and_the_result() -> None:
    entity = {"prefix": "portal", "description": "{{ lookup('pipe', 'id') }}"}
    own: Json = {
        "jwt_export_directory": "/out",
        "jwt_export__site": {
            "virtual_proxies": [entity],
            "nodes": [{"name": "Central", "central": True}],
        },
        "jwt_export__written": {"changed": True},
    }
    written = export.content(variables(own))
    assert written["fault"] == ""
    assert "!unsafe" in written["content"]
    assert export.result(variables(own)) == {
        "changed": True,
        "path": "/out/central.yml",
        "prefixes": ["portal"],
    }
    same = {"content": base64.b64encode(written["content"].encode()).decode()}
    assert export.content(variables({**own, "jwt_export__existing": same})) == written
    edited = {"content": base64.b64encode(b"jwt_virtual_proxy_definitions: []\n").decode()}
    own["jwt_export__existing"] = edited
    assert export.content(variables(own))["fault"].startswith("The file was edited")
    # Of a task that was skipped.
    own["jwt_export__existing"] = {"skipped": True}
    assert export.content(variables(own)) == written
