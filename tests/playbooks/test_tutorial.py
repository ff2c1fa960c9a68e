# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tutorial, from an empty directory: its files, its commands, and the output that it shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from playbooks.pages import compared, export_certificates, reached
from playbooks.runs import Run, Workplace
from support import galaxy_server, wheels
from support.blocks import commands, texts

PAGE = "docs/getting-started.md"
INSTALL, EXPORT, PREVIEW, FIRST, SECOND, TOKEN = texts(PAGE, "shell")
HOST = "qlik.example.com"


def save_files(directory: Path) -> list[str]:
    """Save the files of the page, whose first line is a comment with their name; other blocks."""
    others = []
    for text in texts(PAGE, "yaml"):
        name = re.match(r"# (\S+\.yml)\n", text)
        if name:
            (directory / name[1]).parent.mkdir(exist_ok=True)
            (directory / name[1]).write_text(text, encoding="utf-8")
        else:
            others.append(text)
    return others


def shown() -> list[list[str]]:
    """The lines of each output that the tutorial shows; dots replace other lines."""
    return [[line for line in compared(b) if line != "..."] for b in texts(PAGE, "text")]


def prepare(workplace: Workplace) -> dict[str, str]:
    """Servers for curl; the variables with which programs find PyPI."""
    home = workplace.directory / "home"
    home.mkdir(exist_ok=True)
    # The certificate of the simulated proxy does not contain the name in the tutorial.
    port = urlsplit(workplace.simulator.node()["url"]).port
    lines = ["insecure", f"connect-to = {HOST}:443:localhost:{port}", "noproxy = *"]
    (home / ".curlrc").write_text("\n".join(lines), encoding="utf-8")
    index = wheels.environment(
        workplace.directory / "wheels", "ansible-core", "requests", "cryptography", "PyJWT"
    )
    return {"ANSIBLE_COLLECTIONS_PATH": f"{home}/.ansible/collections", **index}


@pytest.mark.long
def test_the_tutorial_from_an_empty_directory(workplace: Workplace) -> None:
    site = workplace.simulator
    environment = prepare(workplace)
    place = workplace.directory / "qlik-portal"
    archives = [
        galaxy_server.release(workplace.directory),
        galaxy_server.substitute(workplace.directory, "ansible.windows", "3.0.0"),
    ]
    with galaxy_server.serve(archives) as galaxy:
        source = {**environment, "ANSIBLE_GALAXY_SERVER": galaxy.url()}
        workplace.shell(INSTALL, environment=source).ok()

    def run(script: str) -> Run:
        begin = "cd qlik-portal\n. .venv/bin/activate\n"
        return workplace.shell(begin + script, environment=environment).ok()

    run(EXPORT)
    certificates = place / "sites" / HOST
    assert certificates.stat().st_mode & 0o777 == 0o700
    export_certificates(site, certificates)
    (optional,) = save_files(place)
    simulated = ("qlik_host", "qlik_port", "qlik_url", "jwt_verify_url_", "jwt_verify_qps_")
    here = {n: v for n, v in reached(workplace).items() if n.startswith(simulated)}
    here |= {n: here.get(n, site.host) for n in yaml.safe_load(optional)}
    (place / "host_vars").mkdir()
    (place / "host_vars" / f"{HOST}.yml").write_text(json.dumps(here), encoding="utf-8")

    assert run(PREVIEW).changed > 0
    assert not (certificates / "portal.key").exists()
    runs = [run(FIRST), run(SECOND)]

    assert runs[1].changed == 0
    for ran, lines in zip(runs, shown(), strict=True):
        assert [line for line in lines if line not in compared(ran.output)] == []
    assert len(commands(TOKEN)) == 2
    assert run(TOKEN).output.splitlines()[-1] == "200"
    refused = run(commands(TOKEN)[1].replace("--fail", "").replace("Bearer ", "Bearer x"))
    assert refused.output.strip() != "200"
