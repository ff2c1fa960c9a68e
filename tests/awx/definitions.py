# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The definitions of ``extensions/aap``, read as Ansible reads them."""

from __future__ import annotations

import functools
import typing as t
from pathlib import Path

import yaml

from meta.source import checkout_files, relative
from tools.checkout import ROOT

PLACE = ROOT / "extensions" / "aap"
Json = dict[str, t.Any]
#: Made by hand, or from a vault: they hold secrets.
CREDENTIALS = {
    "Qlik Sense site": "Qlik Sense site certificate",
    "Qlik Sense JWT signing key": "Qlik Sense JWT signing key",
}
#: Where the collection infra.aap_configuration looks for each kind, in release 3.
KINDS = {
    "controller_credential_types",
    "controller_execution_environments",
    "controller_inventories",
    "controller_projects",
    "controller_schedules",
    "controller_templates",
    "controller_workflows",
}


class Unsafe(str):
    """A text that Ansible leaves as it is, for it is a template of AWX."""


class Loader(yaml.SafeLoader):
    """YAML with the one tag that the definitions use."""


def _unsafe(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Unsafe:
    return Unsafe(loader.construct_scalar(node))


Loader.add_constructor("!unsafe", _unsafe)


@functools.cache
def variables() -> Json:
    """All variables of the directory."""
    found: Json = {}
    for path in sorted(PLACE.glob("*.yml")):
        content = read(path.read_text(encoding="utf-8"))
        assert not found.keys() & content.keys(), f"{path.name} says again what another file says"
        found.update(content)
    return found


def read(text: str) -> Json:
    """The variables in a YAML text."""
    # Ansible warns of each key that replaces a merged one.
    assert "<<" not in text
    content: Json = yaml.load(text, Loader)
    return content


def loaded(path: Path) -> Json:
    """A YAML file."""
    content: Json = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def items(kind: str) -> list[Json]:
    """The definitions of a kind, such as ``templates``."""
    found: list[Json] = variables()[f"controller_{kind}"]
    return found


def named(kind: str, name: str) -> Json:
    """The definition of a kind with a name."""
    (found,) = [item for item in items(kind) if item["name"] == name]
    return found


def template_of(playbook: str) -> Json:
    """The one job template of a playbook of the collection."""
    (found,) = [item for item in items("templates") if Path(item["playbook"]).stem == playbook]
    return found


def ids(items: list[Json]) -> list[str]:
    """What tests are called after."""
    return [str(item["name"]) for item in items]


def playbooks() -> set[str]:
    """The playbooks of the collection."""
    return {relative(p) for p in checkout_files(".yml") if p.parent == ROOT / "playbooks"}
