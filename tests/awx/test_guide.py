# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What docs/awx.md tells to write is what the definitions and the roles take."""

from __future__ import annotations

import re

import pytest
import yaml

from awx.definitions import KINDS, Json, items, loaded, named
from tools.checkout import ROOT

GUIDE = (ROOT / "docs" / "awx.md").read_text(encoding="utf-8")
EXAMPLES = [
    yaml.safe_load(text)
    for text in re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
]
#: What the collection that configures AWX reads, besides what is defined here.
CONFIGURATION = {*KINDS, "controller_credentials", "controller_hosts", "controller_groups"}


def options() -> set[str]:
    """The variables of all roles."""
    return {
        name
        for path in (ROOT / "roles").glob("*/meta/argument_specs.yml")
        for entry in loaded(path)["argument_specs"].values()
        for name in entry.get("options", {})
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(next(iter(example)))[:40])
def test_an_example_sets_what_is_read(example: Json | list[Json]) -> None:
    if isinstance(example, list):
        (play,) = example
        directory = play["tasks"][0]["ansible.builtin.include_vars"]["dir"]
        assert (ROOT / directory.partition("qlikops-sense/")[2]).is_dir()
        return
    known = {*options(), *CONFIGURATION}
    assert [n for n in example if n not in known and not n.startswith("ansible_")] == []


def test_the_credentials_fill_in_their_types() -> None:
    (example,) = [e for e in EXAMPLES if isinstance(e, dict) and "controller_credentials" in e]
    used = {name for item in items("templates") for name in item["credentials"]}
    assert {item["name"] for item in example["controller_credentials"]} == used
    for item in example["controller_credentials"]:
        definition = named("credential_types", item["credential_type"])
        fields = {field["id"] for field in definition["inputs"]["fields"]}
        assert item["inputs"].keys() <= fields
        assert {*definition["inputs"]["required"]} <= item["inputs"].keys()


def test_the_guide_names_what_is_there() -> None:
    variables = {*re.findall(r"`((?:jwt|qlik|qrs)_[a-z_]+)`", GUIDE)}
    playbooks = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    assert variables - options() - playbooks - {"jwt_keypair"} == set()
    for item in items("templates"):
        assert f"| {item['name']} | `{item['playbook']}` |" in GUIDE
    for item in [*items("credential_types"), *items("workflows")]:
        assert item["name"] in GUIDE
