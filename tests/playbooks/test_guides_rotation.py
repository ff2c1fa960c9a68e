# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of docs/rotation.md."""

from __future__ import annotations

import pytest

from playbooks.pages import placed
from playbooks.rotation import logs_in, public, trusted
from playbooks.runs import Json, Workplace
from support.blocks import commands, texts

PAGE = "docs/rotation.md"
REPLACE, BEGIN, FINISH, REHEARSE = (commands(text) for text in texts(PAGE, "shell"))
SETUP = "ansible-playbook -i inventory.yml qlikops.sense.jwt_setup"


def set_up(workplace: Workplace, group: str) -> Json:
    """A login to the site in that group, whose key has the name in the guide; the virtual proxy."""
    host = workplace.login(jwt_keypair_private_key_path=str(workplace.directory / "portal.key"))
    stages: Json = {name: {} for name in ("dev", "test", "prod")}
    hosts = {"hosts": {"qlik.example.com": host}}
    workplace.save_inventory({"qlik": {"children": {**stages, group: hosts}}})
    workplace.shell(SETUP).ok()
    return portal(workplace)


def portal(workplace: Workplace) -> Json:
    """The virtual proxy whose key is replaced."""
    return workplace.simulator.entity("virtualproxyconfig", prefix="portal")


@pytest.mark.long
def test_replace(workplace: Workplace) -> None:
    before = set_up(workplace, "dev")
    key = workplace.directory / "portal.key"
    preview, rotate = REPLACE

    assert workplace.shell(preview).ok().changed > 0
    assert portal(workplace) == before
    workplace.shell(rotate).ok()

    assert trusted(portal(workplace)) == public(key) != trusted(before)
    assert workplace.shell(SETUP).ok().changed == 0


@pytest.mark.long
def test_overlap(workplace: Workplace) -> None:
    site = workplace.simulator
    before = set_up(workplace, "prod")
    key = workplace.directory / "portal.key"
    new_key = workplace.directory / "portal.key.next"

    (begin,) = BEGIN
    workplace.shell(begin).ok()
    assert trusted(portal(workplace)) == public(key) == trusted(before)
    assert logs_in(site, key)
    assert logs_in(site, new_key, "portal-next")

    (finish,) = FINISH
    workplace.shell(finish).ok()
    assert not new_key.exists()
    assert {e["prefix"] for e in site.entities("virtualproxyconfig")} == {"", "portal-next"}
    assert logs_in(site, key, "portal-next")
    # The change of the variables that the guide asks for.
    inventory = workplace.directory / "inventory.yml"
    text = inventory.read_text(encoding="utf-8")
    inventory.write_text(text.replace('"portal"', '"portal-next"'), encoding="utf-8")
    assert workplace.shell(SETUP).ok().changed == 0


@pytest.mark.long
def test_the_rehearsal_leaves_nothing(workplace: Workplace) -> None:
    site = workplace.simulator
    before = set_up(workplace, "test")
    files = {path.name for path in workplace.directory.iterdir()}
    (variables,) = texts(PAGE, "yaml")
    here = placed(variables, {"/etc/qlik/": f"{workplace.directory}/"})
    (workplace.directory / "rehearsal.yml").write_text(here, encoding="utf-8")
    create, rotate, remove = REHEARSE

    workplace.shell(create).ok()
    first = site.entity("virtualproxyconfig", prefix="rehearsal")
    workplace.shell(rotate).ok()
    second = site.entity("virtualproxyconfig", prefix="rehearsal")
    assert trusted(second) == public(workplace.directory / "rehearsal.key") != trusted(first)
    workplace.shell(remove).ok()

    assert {e["prefix"] for e in site.entities("virtualproxyconfig")} == {"", "portal"}
    assert portal(workplace) == before
    assert {path.name for path in workplace.directory.iterdir()} == files | {"rehearsal.yml"}
    assert workplace.shell(SETUP).ok().changed == 0
