# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users copy: the examples of the READMEs, the inventory to start from, the quickstart."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from playbooks.pages import compared, examples, export_certificates, reached
from playbooks.reports import Reports
from playbooks.runs import Workplace
from support.blocks import texts

ROOT = Path(__file__).resolve().parents[2]
#: In an order in which one can stand on the shoulders of the other.
ROLES = ("jwt_keypair", "jwt_virtual_proxy", "qrs_connection", "jwt_verify")


@pytest.mark.long
def test_the_examples_of_the_roles_run(workplace: Workplace) -> None:
    site = workplace.simulator
    site.seed(virtualproxyconfig=[{"prefix": "formerly", "sessionCookieHeaderName": "X-Old"}])
    variables = json.dumps(reached(workplace))
    for role in ROLES:
        text = (ROOT / "roles" / role / "README.md").read_text(encoding="utf-8")
        (play,) = examples(text)
        run = workplace.run(play, "-e", variables, hosts={"qlik.example.com": {}}).ok()
        assert run.warnings == []

    prefixes = {e["prefix"] for e in site.entities("virtualproxyconfig")}
    assert prefixes == {"", "portal", "catalogue"}
    assert site.entity("virtualproxyconfig", prefix="portal")["sessionInactivityTimeout"] == 30
    assert site.entity("user", userDirectory="PORTAL", userId="login_test")
    assert Reports(workplace.directory / "reports").json()["ok"]


@pytest.mark.long
def test_the_example_of_the_rotation_runs(workplace: Workplace) -> None:
    """On the site that the example of jwt_virtual_proxy leaves."""
    # That example describes one of the two virtual proxies with the key.
    variables = json.dumps({**reached(workplace), "jwt_rotate_key_keep_previous": True})
    for role in ("jwt_keypair", "jwt_virtual_proxy", "jwt_rotate_key"):
        text = (ROOT / "roles" / role / "README.md").read_text(encoding="utf-8")
        (play,) = examples(text)
        run = workplace.run(play, "-e", variables, hosts={"qlik.example.com": {}}).ok()
        assert run.warnings == []

    assert workplace.key.with_suffix(".key.previous").exists()


def test_the_examples_of_the_readme_run(workplace: Workplace) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (preview,) = re.findall(r"Run `(ansible-playbook .* portal\.yml --check --diff)` first", text)
    (play,) = texts("README.md", "yaml")
    login, first, second = compared(texts("README.md", "text")[0])
    (workplace.directory / "portal.yml").write_text(play, encoding="utf-8")
    (workplace.directory / "here.json").write_text(json.dumps(reached(workplace)), encoding="utf-8")
    workplace.save_inventory({"qlik": {"hosts": {"qlik.example.com": {}}}})

    assert workplace.shell(f"{preview} -e @here.json").ok().changed > 0
    assert workplace.simulator.entities("virtualproxyconfig", prefix="portal") == []
    for recap in (first, second):
        run = workplace.shell(f"{preview.removesuffix(' --check --diff')} -e @here.json").ok()
        assert {login, recap} <= {*compared(run.output)}


@pytest.mark.long
@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_inventory_to_start_from(workplace: Workplace, stage: str) -> None:
    copy = workplace.directory / "copy"
    shutil.copytree(ROOT / "examples", copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    host = f"qlik-{stage}.example.com"
    site_directory = copy / "sites" / host
    site = workplace.simulator
    export_certificates(site, site_directory)
    here = {
        name: value
        for name, value in reached(workplace).items()
        if name in ("qlik_host", "qlik_port", "qlik_url", "qlik_tls_server_name")
        or name.startswith("jwt_verify_url_")
    }
    arguments = [
        *("-i", str(copy / "inventory.yml"), "--limit", stage),
        *("-e", json.dumps({**here, "jwt_verify_allow_user_creation": True})),
    ]

    first = workplace.run(str(copy / "site.yml"), *arguments, hosts={}).ok()
    second = workplace.run(str(copy / "site.yml"), *arguments, hosts={}).ok()

    assert set(first.hosts) == {host}
    assert second.changed == 0
    allowed = site.entity("virtualproxyconfig", prefix="portal")["websocketCrossOriginWhiteList"]
    others = {
        "dev": ["portal-dev.example.com"],
        # The last is where its clients come by.
        "prod": ["portal.example.com", "reports.example.com"],
    }
    assert allowed == [host, *others[stage]]
    assert (site_directory / "portal.key").exists()


def test_the_quickstart(tmp_path: Path) -> None:
    """As `make quickstart` runs it, with an empty HOME that stays empty."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    script = ROOT / "examples" / "quickstart.py"

    run = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(
        r"ACME\\jdoe logged in by JWT through https://localhost:\d+/portal/", run.stdout
    )
    assert "3 tried, 3 rejected" in run.stdout
    assert "qlik_client_cert_path" in run.stdout
    assert list(tmp_path.iterdir()) == []
    assert not (ROOT / ".build" / "quickstart" / "site" / "ready.json").exists()
