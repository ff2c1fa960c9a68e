# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/rights.md asks for what the modules really do in the repository: no less, and no more."""

from __future__ import annotations

import re

import pytest
import yaml

from support import tls_server as ca
from support.case import Case, Json
from support.conformance_check import NAME as CHECK
from support.conformance_check import Check
from support.probe_bench import NAME as PROBE
from support.probe_bench import Bench
from support.simulator import Simulator
from tools.checkout import ROOT

ACTIONS = {"POST": "Create", "GET": "Read", "PUT": "Update", "DELETE": "Delete"}
TEXT = (ROOT / "docs" / "rights.md").read_text(encoding="utf-8")

JWT: Json = {
    "prefix": "jwt",
    "jwt_certificate": ca.certificate("tokens"),
    "jwt_attribute_user_id": "userId",
    "jwt_attribute_user_directory": "userDirectory",
}
MARKED: Json = {"tags": ["new"], "custom_properties": {"stage": "test"}}
WHO: Json = {"directory": "PORTAL", "id": "login_test"}

#: Runs that together do everything that a module can do in the repository.
RUNS: dict[str, list[Json]] = {
    "qlik_proxy_service": [{"proxies": ["central"], "allow_http": True}],
    "qlik_user": [WHO, {**WHO, "name": "x"}, {**WHO, "state": "absent"}],
    "qlik_virtual_proxies": [
        {"virtual_proxies": [{**JWT, **MARKED}]},
        {"virtual_proxies": [{"prefix": "jwt", "description": "x"}]},
        {"virtual_proxies": [{"prefix": "jwt", "proxies": ["rim1"]}]},
        {"virtual_proxies": [{"prefix": "jwt", "state": "absent"}]},
    ],
    "qlik_virtual_proxy": [
        {**JWT, **MARKED},
        {**JWT, "description": "x"},
        {**JWT, "proxies": ["rim1"], "proxies_mode": "replace"},
        {"prefix": "jwt", "state": "absent"},
    ],
    "qlik_virtual_proxy_info": [{}],
}


def documented() -> dict[str, dict[str, set[str]]]:
    """The table: for each module and action the resource filters."""
    head, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in TEXT.splitlines()
        if line.startswith(("| module |", "| `qlik_"))
    )
    return {
        row[0].strip("`"): {
            action: set(re.findall(r"`([^`]+)`", cell))
            for action, cell in zip(head[1:], row[1:], strict=True)
        }
        for row in rows
    }


def filters(site: Simulator) -> dict[str, set[str]]:
    """The same, from what was asked of the repository."""
    names = {path: found[0]["schemaPath"] for path, found in typed(site).items()}
    found: dict[str, set[str]] = {action: set() for action in ACTIONS.values()}
    for request in site.requests(port="qrs"):
        kind = request["path"].split("/")[2]
        if kind in names:
            found[ACTIONS[request["method"]]].add(f"{names[kind]}_*")
        else:
            # Everybody may ask the repository what it is. The other one is a path that is unknown.
            assert kind.lower() in ("about", "qlikopsconformance")
    return found


def typed(site: Simulator) -> dict[str, list[Json]]:
    entities: dict[str, list[Json]] = site.state()["entities"]
    return {path: found for path, found in entities.items() if found}


def test_every_module_of_the_repository_has_its_row() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert sorted(documented()) == runtime["action_groups"]["qrs"] == sorted([*RUNS, PROBE, CHECK])


@pytest.mark.parametrize("name", RUNS)
def test_rights_are_those_that_the_module_uses(site: Simulator, name: str) -> None:
    definition = {"name": "stage", "objectTypes": ["VirtualProxyConfig"], "choiceValues": ["test"]}
    site.seed(custompropertydefinition=[definition])
    for options in RUNS[name]:
        Case(name, site).done(**options)
    assert filters(site) == documented()[name]


def test_rights_are_those_that_the_probe_uses(site: Simulator) -> None:
    bench = Bench(site)
    bench.prepare(nodes=["Central", "rim1"])
    assert bench.run()["verdict"] == "access_granted"
    assert filters(site) == documented()[PROBE]


def test_rights_are_those_that_the_conformance_check_uses(site: Simulator) -> None:
    site.reset(nodes=["Central"])
    site.seed(tag=[{"name": "a"}], custompropertydefinition=[{"name": "stage"}])
    site.clear_requests()
    Check(site).done("login")
    assert filters(site) == documented()[CHECK]


def test_rules_add_up_to_the_table() -> None:
    """The rules give every right of the table, and none beyond it."""
    rules = re.findall(
        r"^\| Resource filter \| `([^`]+)` \|\n\| Actions \| ([^|]+) \|$", TEXT, re.MULTILINE
    )
    given = {
        (action.strip(), name.strip())
        for names, actions in rules
        for name in names.split(",")
        for action in actions.split(",")
    }
    needed = {
        (action, name)
        for row in documented().values()
        for action, names in row.items()
        for name in names
    }
    assert len(rules) == 8
    assert given == needed
