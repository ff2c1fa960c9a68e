# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of docs/reports.md, as they are there."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from playbooks.pages import placed
from playbooks.reports import Reports
from playbooks.runs import Json, Workplace
from playbooks.verify import KEY, seed
from support import key_material as km
from support.blocks import commands, texts

PAGE = "docs/reports.md"
VERIFY, EXPIRY, PIPELINE, UPGRADE = texts(PAGE, "shell")
GITLAB, KEPT = (yaml.safe_load(text) for text in texts(PAGE, "yaml"))
(ALERTS,) = texts(PAGE, "promql")
HOST = "qlik.example.com"


@pytest.fixture
def login(workplace: Workplace) -> Workplace:
    """The inventory of a site whose login is as its variables describe it."""
    certificate = km.certificate_pem(km.certificate(KEY)).decode()
    workplace.key.write_bytes(km.key_pem(KEY))
    workplace.key.chmod(0o600)
    workplace.key.with_suffix(".crt").write_text(certificate, encoding="ascii")
    seed(workplace.simulator, jwtPublicKeyCertificate=certificate)
    save_inventory(workplace)
    return workplace


def save_inventory(workplace: Workplace, **more: object) -> None:
    """The site in the group of the playbooks, with these variables besides."""
    workplace.save_inventory({"qlik": {"hosts": {HOST: workplace.login(**more)}}})


def report(workplace: Workplace, directory: str = "reports") -> Json:
    """The report of jwt_report in a directory."""
    return Reports(workplace.directory / directory, "jwt_report").json()


@pytest.mark.long
def test_the_report_of_a_pipeline(login: Workplace) -> None:
    """The job of GitLab: the command in its script, and the files that it keeps."""
    (command,) = GITLAB["prove-logins"]["script"]
    assert commands(VERIFY) == [command]
    login.shell(VERIFY).ok()

    artifacts = GITLAB["prove-logins"]["artifacts"]
    (directory,) = artifacts["paths"]
    assert Reports(login.directory / directory).json()["ok"]
    assert (login.directory / artifacts["reports"]["junit"]).exists()


@pytest.mark.long
def test_the_host_that_keeps_reports(login: Workplace) -> None:
    kept = login.directory / "srv"
    variables = placed(KEPT, {"/srv/": f"{kept}/"})
    host = login.login(**variables)
    others = {variables["jwt_verify_report_host"]: {"ansible_connection": "local"}}

    login.run("qlikops.sense.jwt_verify", hosts={HOST: host}, others=others).ok()

    assert Reports(kept / "reports" / "qlik").json()["ok"]


@pytest.mark.long
def test_state_and_certificates(login: Workplace) -> None:
    login.shell(EXPIRY).ok()
    assert report(login)["ok"]
    metrics = (login.directory / "reports" / "metrics.prom").read_text(encoding="utf-8")
    alerts = {*re.findall(r"qlik_\w+", ALERTS)}
    assert len(alerts) == 2
    assert alerts <= {*re.findall(r"^(qlik_\w+)", metrics, re.MULTILINE)}

    save_inventory(login, jwt_report_expiry_days=100_000)
    assert login.shell(EXPIRY).code == 2
    assert not report(login)["ok"]


@pytest.mark.long
def test_a_pipeline_distinguishes_drift_from_an_unknown_state(login: Workplace) -> None:
    assert login.shell(PIPELINE).code == 0
    save_inventory(login, jwt_virtual_proxy_session_inactivity_timeout=12)
    assert login.shell(PIPELINE).code == 2
    save_inventory(login, qlik_host="127.0.0.1", qlik_port=1, qlik_retries=0)
    assert login.shell(PIPELINE).code == 1
    # An unknown state is not taken for drift, nor for its absence.
    save_inventory(login, jwt_virtual_proxy_prefix="")
    assert login.shell(PIPELINE).code == 1


@pytest.mark.long
def test_an_upgrade_differs_in_the_release_alone(login: Workplace) -> None:
    before, upgrade, after = UPGRADE.partition("# Upgrade Qlik Sense.\n")
    assert upgrade
    login.shell(before).ok()
    same = login.shell(after)
    assert (same.code, "\n<" in same.output) == (0, False)

    # Another release, as a report shows it.
    file = login.directory / "before" / "report.json"
    text = file.read_text(encoding="utf-8")
    release = report(login, "before")["sites"][0]["state"]["release"]
    file.write_text(text.replace(json.dumps(release), '"formerly"'), encoding="utf-8")
    compared = login.shell(commands(after)[1])
    assert compared.code == 1
    assert re.findall(r"^[<>] +(.*)$", compared.output, re.MULTILINE) == [
        '"release": "formerly",',
        f'"release": {json.dumps(release)},',
    ]
