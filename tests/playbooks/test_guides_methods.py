# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of docs/ways-in.md and docs/rights.md, in the order of the pages."""

from __future__ import annotations

import pytest
import yaml

from playbooks.pages import export_certificates, placed
from playbooks.runs import Json, Run, Workplace
from playbooks.verify import KEY, seed
from support import key_material as km
from support.blocks import texts

PREPARE, TOKEN, HEADER, WINDOWS = (
    yaml.safe_load(text) for text in texts("docs/ways-in.md", "yaml")
)
(ACCOUNT,) = (yaml.safe_load(text) for text in texts("docs/rights.md", "yaml"))
PASSWORD = "of the service"


@pytest.fixture
def prepared(workplace: Workplace) -> Workplace:
    """The files that the tasks name."""
    directory = workplace.directory / "etc"
    export_certificates(workplace.simulator, directory)
    (directory / "automation.key").write_bytes(km.key_pem(KEY))
    (directory / "automation.crt").write_bytes(km.certificate_pem(km.certificate(KEY)))
    return workplace


def run(workplace: Workplace, tasks: list[Json], port: int, **more: str) -> Run:
    """The tasks in a play, on the site. They leave its port to the environment."""
    site = workplace.simulator
    places = {"/etc/qlik/": f"{workplace.directory}/etc/", "qlik.example.com": site.host}
    play = {"name": "Tasks of the guide", "hosts": "qlik", "gather_facts": False}
    host = {
        "ansible_connection": "local",
        "ansible_python_interpreter": workplace.python,
        "ansible_service_password": PASSWORD,
    }
    environment = {"QLIK_PORT": str(port), "SSL_CERT_FILE": site.proxy_ca, **more}
    return workplace.run(
        [{**play, "tasks": placed(tasks, places)}], hosts={"site": host}, environment=environment
    )


@pytest.mark.long
def test_with_a_token(prepared: Workplace) -> None:
    site = prepared.simulator
    run(prepared, PREPARE, site.qrs_port).ok()
    assert site.entity("user", userDirectory="AUTOMATION", userId="ansible")["roles"] == [
        "RootAdmin"
    ]
    assert run(prepared, PREPARE, site.qrs_port).ok().changed == 0
    seed(site)
    site.clear_requests()

    run(prepared, TOKEN, site.node()["https_port"]).ok()

    portal = site.entity("virtualproxyconfig", prefix="portal")
    assert portal["sessionInactivityTimeout"] == 60
    assert portal["modifiedByUserName"] == r"AUTOMATION\ansible"
    assert site.requests(port="qrs") == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("tasks", "directory"), [(HEADER, "AUTOMATION"), (WINDOWS, "EXAMPLE")], ids=["header", "ntlm"]
)
def test_with_a_header_or_a_windows_account(
    prepared: Workplace, tasks: list[Json], directory: str
) -> None:
    site = prepared.simulator
    header = {"headerAuthenticationHeaderName": "X-Portal-User", "authenticationMethod": 2}
    site.seed(
        virtualproxyconfig=[{"prefix": "internal", "link": "all", **header}],
        user=[{"userDirectory": directory, "userId": "ansible", "roles": ["RootAdmin"]}],
        windowsaccounts=[{"directory": directory, "user_id": "ansible", "password": PASSWORD}],
    )
    site.clear_requests()

    ended = run(prepared, tasks, site.node()["https_port"]).ok()

    found = ended.result(tasks[0]["name"])["virtual_proxies"]
    assert {one["prefix"] for one in found} == {"", "internal"}
    assert site.requests(port="qrs") == []


@pytest.mark.long
def test_the_account_with_fewer_rights(prepared: Workplace) -> None:
    site = prepared.simulator
    run(prepared, ACCOUNT, site.qrs_port).ok()

    account = site.entity("user", userDirectory="PORTAL", userId="ansible")
    assert account["name"] == "Ansible"
    assert account["roles"] == ["QlikopsSense"]
    # Roles and modules act as that account with the variables of the guide.
    site.clear_requests()
    read = [{"name": "Read", "qlikops.sense.qlik_virtual_proxy_info": {"host": site.host}}]
    certificates = site.certificates
    run(
        prepared, read, site.qrs_port,
        QLIK_CLIENT_CERT=certificates["client_cert"], QLIK_CLIENT_KEY=certificates["client_key"],
        QLIK_CA=certificates["root"], QLIK_API_USER_DIRECTORY="PORTAL", QLIK_API_USER_ID="ansible",
    )  # fmt: skip
    acted = {request["headers"]["X-Qlik-User"] for request in site.requests(port="qrs")}
    assert acted == {"UserDirectory=PORTAL; UserId=ansible"}
