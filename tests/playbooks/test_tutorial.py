# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tutorial, from an empty directory: its files, its commands, and the output that it shows."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
import requests

from playbooks.pages import compared, reached
from playbooks.runs import Run, Workplace
from tools.checkout import ROOT

GUIDE = (ROOT / "docs" / "getting-started.md").read_text(encoding="utf-8")
HOST = "qlik.example.com"


def save_files(directory: Path) -> None:
    """The files that the reader saves; their first line is a comment with their name."""
    for name, text in re.findall(r"^```yaml\n# (\S+\.yml)\n(.*?)^```$", GUIDE, re.M | re.S):
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")


def commands() -> list[list[str]]:
    """The arguments of each ansible-playbook of the tutorial, in order."""
    return [
        shlex.split(line)[1:] for line in re.findall(r"^ansible-playbook .*$", GUIDE, re.MULTILINE)
    ]


def shown() -> list[list[str]]:
    """The lines of each output that the tutorial shows; dots replace other lines."""
    blocks = re.findall(r"^```text\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return [[line for line in compared(block) if line != "..."] for block in blocks]


@pytest.mark.long
def test_the_tutorial_from_an_empty_directory(workplace: Workplace) -> None:
    site = workplace.simulator
    place = workplace.directory
    save_files(place)
    # Each run writes an inventory of its own.
    (place / "inventory.yml").rename(place / "tutorial.yml")
    certificates = place / "sites" / HOST
    certificates.mkdir(parents=True, mode=0o700)
    for name, file in (("client_cert", "client"), ("client_key", "client_key"), ("root", "root")):
        shutil.copy(site.certificates[name], certificates / f"{file}.pem")
    simulated = ("qlik_host", "qlik_port", "qlik_url", "jwt_verify_url_", "jwt_verify_qps_")
    here = {n: v for n, v in reached(workplace).items() if n.startswith(simulated)}

    def run(command: list[str]) -> Run:
        option, inventory, playbook, *rest = command
        assert (option, inventory) == ("-i", "inventory.yml")
        return workplace.run(
            playbook, "-i", "tutorial.yml", *rest, "-e", json.dumps(here), hosts={}
        ).ok()

    preview, first, second, token = commands()
    assert run(preview).changed > 0
    assert not (certificates / "portal.key").exists()
    runs = [run(first), run(second)]
    run(token)

    assert runs[1].changed == 0
    for ran, lines in zip(runs, shown(), strict=True):
        assert [line for line in lines if line not in compared(ran.output)] == []
    signed = (certificates / "login_test.token").read_text(encoding="ascii").strip()
    page = requests.get(
        f"{here['qlik_url']}/portal/hub/",
        headers={"Authorization": f"Bearer {signed}"},
        verify=site.proxy_ca,
        allow_redirects=False,
        timeout=30,
    )
    assert page.status_code == 200
