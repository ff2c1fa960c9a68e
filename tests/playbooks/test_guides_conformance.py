# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of docs/conformance.md, and of the role conformance."""

from __future__ import annotations

import json

import pytest

from playbooks.pages import placed
from playbooks.runs import Workplace
from support.blocks import texts
from tools.checkout import ROOT

CHECK, SIMULATE = texts("docs/conformance.md", "shell")
#: Prints what the simulator of the guide is, and ends it.
STOP = """
timeout 60 sh -c 'until [ -e site/ready.json ]; do sleep 0.1; done'
curl --fail --silent --noproxy '*' "$(jq --raw-output .control_url site/ready.json)/state"
kill "$(jq .pid site/ready.json)"
wait
"""


@pytest.mark.long
def test_check_a_site_and_simulate_it(workplace: Workplace) -> None:
    site = workplace.simulator
    assert texts("roles/conformance/README.md", "shell") == [CHECK]
    site.reset(release="classic", nodes=["Central"])
    before = site.state()["entities"]
    hosts = {"qlik.example.com": workplace.site()}
    workplace.save_inventory({"qlik": {"hosts": hosts}})

    workplace.shell(CHECK).ok()

    (file,) = (workplace.directory / "conformance").glob("**/conformance.json")
    assert file.with_suffix(".html").exists()
    assert {request["method"] for request in site.requests(port="qrs")} == {"GET"}
    assert site.state()["entities"] == before

    # A developer has the file beside the simulator.
    place = workplace.directory / "tests" / "simulator"
    place.mkdir(parents=True)
    (place / "qlik_simulator").symlink_to(ROOT / "tests" / "simulator" / "qlik_simulator")
    file.rename(place / "conformance.json")
    script = placed(SIMULATE, {"/tmp/site": f"{workplace.directory}/site"}).strip()
    run = workplace.shell(f"{script} &\ncd ../..{STOP}").ok()
    assert json.loads(run.output.strip().splitlines()[-1])["release"] == "classic"
