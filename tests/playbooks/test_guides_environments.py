# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of docs/environments.md."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

import pytest

from playbooks.pages import export_certificates, reached
from playbooks.runs import Workplace
from support import simulator
from support.blocks import commands, texts
from tools.checkout import ROOT

PAGE = "docs/environments.md"
PROXY = "virtualproxyconfig"
SETUP = "qlikops.sense.jwt_setup"


@pytest.mark.long
def test_several_sites(workplace: Workplace, tmp_path: Path) -> None:
    """The directory of the examples, with a simulated site for each of its hosts."""
    (listed,) = texts(PAGE, "text")
    dev, preview, every = commands(texts(PAGE, "shell")[0])
    place = workplace.directory / "examples"
    ignored = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(ROOT / "examples", place, ignore=ignored)
    names = [line.split()[0] for line in listed.splitlines()]
    assert [name for name in names if "<host>" not in name and not (place / name).exists()] == []
    (place / "host_vars").mkdir()
    with contextlib.ExitStack() as stack:
        sites = {}
        for stage in ("dev", "test", "prod"):
            site = stack.enter_context(simulator.start(tmp_path / stage))
            sites[stage] = site
            host = f"qlik-{stage}.example.com"
            export_certificates(site, place / "sites" / host)
            here = {
                name: value
                for name, value in reached(Workplace(workplace.directory, site)).items()
                if name in ("qlik_host", "qlik_port", "qlik_url", "qlik_tls_server_name")
                or name.startswith("jwt_verify_url_")
            }
            here["jwt_verify_allow_user_creation"] = True
            (place / "host_vars" / f"{host}.yml").write_text(json.dumps(here), encoding="utf-8")

        def done() -> set[str]:
            return {name for name, one in sites.items() if one.entities(PROXY, prefix="portal")}

        begin = "cd examples\n"
        workplace.shell(begin + dev).ok()
        assert done() == {"dev"}
        assert workplace.shell(begin + preview).ok().changed > 0
        assert done() == {"dev"}
        run = workplace.shell(begin + every).ok()
        assert done() == {"dev", "test", "prod"}
        assert "3 of 3 sites done" in run.output
        assert run.hosts["qlik-dev.example.com"]["changed"] == 0


@pytest.mark.long
def test_a_second_login_with_its_own_key(workplace: Workplace) -> None:
    site = workplace.simulator
    (variables,) = texts(PAGE, "yaml")
    preview, create = commands(texts(PAGE, "shell")[1])
    (workplace.directory / "catalogue.yml").write_text(variables, encoding="utf-8")
    (workplace.directory / "sites" / "dev").mkdir(parents=True)
    host = workplace.login()
    workplace.run(SETUP, hosts={"dev": host}).ok()
    first = site.entity(PROXY, prefix="portal")

    assert workplace.shell(preview).ok().changed > 0
    assert site.entities(PROXY, prefix="catalogue") == []
    workplace.shell(create).ok()

    second = site.entity(PROXY, prefix="catalogue")
    assert site.entity(PROXY, prefix="portal") == first
    assert second["jwtPublicKeyCertificate"] != first["jwtPublicKeyCertificate"]
    assert (workplace.directory / "sites" / "dev" / "catalogue.key").exists()
    assert workplace.run(SETUP, hosts={"dev": host}).ok().changed == 0
    assert workplace.shell(create).ok().changed == 0
