# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of docs/adoption.md, with the playbooks that stand there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from playbooks.runs import Json, Workplace
from playbooks.test_roles_examples import examples
from support import tls_server as ca

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "adoption.md"
SITE = "qlik.example.com"


def placed(play: Json) -> Json:
    """The play with the host of the example replaced by the simulated one."""
    for task in play["tasks"]:
        for arguments in task.values():
            if isinstance(arguments, dict) and "host" in arguments:
                arguments["host"] = "{{ simulated_host }}"
    return play


@pytest.mark.long
def test_a_clicked_together_site_is_taken_over(workplace: Workplace) -> None:
    site = workplace.simulator
    site.seed(
        custompropertydefinition=[{"name": "env", "objectTypes": ["VirtualProxyConfig"]}],
        virtualproxyconfig=[
            {
                "prefix": "portal",
                "description": "Grüße: 'clicked' & \"kept\"",
                "authenticationMethod": 4,
                "jwtPublicKeyCertificate": ca.certificate("tokens").replace("\n", "\r\n"),
                "additionalResponseHeaders": "X-One: 1\r\nX-Two: yes",
                "websocketCrossOriginWhiteList": ["on", "1e3"],
                "tags": ["by hand"],
                "customProperties": [{"value": "012", "definition": "env"}],
                "link": ["Central"],
            },
            {"prefix": "Odd Prefix/1", "authenticationMethod": 3, "samlEntityId": "x", "link": []},
        ],
    )
    before = site.state()["entities"]
    write, bring = examples(GUIDE.read_text(encoding="utf-8"))
    host = {**workplace.site(), "simulated_host": site.host}
    environment = {"QLIK_PORT": str(site.qrs_port)}
    every = {"ansible_python_interpreter": sys.executable}

    def run(play: list[Json], *flags: str) -> int:
        ended = workplace.run(
            [placed(play[0])], *flags, hosts={SITE: host}, every=every, environment=environment
        )
        return ended.ok().changed

    hidden = workplace.directory / "host_vars" / f"{SITE}.yml"
    hidden.parent.mkdir()
    hidden.write_text("{}", encoding="utf-8")
    refused = workplace.run(
        [placed(write[0])], hosts={SITE: host}, every=every, environment=environment
    )
    assert f"Move {hidden} into" in refused.failed().failures[-1]
    hidden.unlink()
    assert run(write) == 2
    file = workplace.directory / "host_vars" / SITE / "virtual_proxies.yml"
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    found = written["qlik_site_virtual_proxies"]
    assert sorted(item["prefix"] for item in found) == ["", "Odd Prefix/1", "portal"]
    assert run(bring) == 0
    assert site.state()["entities"] == before

    # Whose file it is now: what is changed there comes to the site, and nothing else.
    portal = next(item for item in found if item["prefix"] == "portal")
    portal["session_inactivity_timeout"] = 77
    file.write_text(yaml.safe_dump(written), encoding="utf-8")
    assert run(bring, "--diff") == 1
    entity = site.entity("virtualproxyconfig", prefix="portal")
    (same,) = (item for item in before["virtualproxyconfig"] if item["prefix"] == "portal")
    dates = {"modifiedDate", "modifiedByUserName"}
    changed = {key for key in entity if entity[key] != same[key]} - dates
    assert changed == {"sessionInactivityTimeout"}
