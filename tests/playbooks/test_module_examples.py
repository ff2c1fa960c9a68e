# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the modules' documentation run as they stand there.

Only places are replaced: the example's hosts by the simulated site, its directories by one of the
test. Everything else, wrong names above all, has to work as a reader would copy it.
"""

from __future__ import annotations

import ast
import shutil
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from playbooks.pages import placed
from playbooks.runs import Workplace
from support import tls_server as ca
from support.module_runner import connection, run_module

MODULES = Path(__file__).resolve().parents[2] / "plugins" / "modules"
NAMES = sorted(path.stem for path in MODULES.glob("qlik_*.py"))
PASSPHRASE = "of the container"
Json = dict[str, t.Any]


def examples(name: str) -> list[Json]:
    """The tasks of a module's EXAMPLES."""
    tree = ast.parse((MODULES / f"{name}.py").read_text(encoding="utf-8"))
    (text,) = (
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "EXAMPLES"
        and isinstance(node.value, ast.Constant)
    )
    return t.cast(list[Json], yaml.safe_load(str(text)))


def furnish(workplace: Workplace) -> dict[str, str]:
    """What the examples take for granted; returns where their places are."""
    etc, portal, root = (workplace.directory / name for name in ("qlik", "portal", "root"))
    for directory in (etc, portal, root):
        directory.mkdir()
    certificates = workplace.simulator.certificates
    shutil.copy(certificates["client_cert"], etc / "client.pem")
    shutil.copy(certificates["client_key"], etc / "client_key.pem")
    shutil.copy(certificates["root"], etc / "root.pem")
    shutil.copy(certificates["server_cert"], etc / "server.pem")
    (portal / "jwt.key").write_text(ca.key_pem("portal"))
    (portal / "jwt-old.key").write_text(ca.key_pem("portal-old"))
    (workplace.directory / "portal.crt").write_text(ca.certificate("portal"))
    encryption = BestAvailableEncryption(PASSPHRASE.encode())
    container = pkcs12.serialize_key_and_certificates(
        b"QlikClient", ca.key("pfx"), ca.loaded("pfx"), None, encryption
    )
    (root / "QlikClient.pfx").write_bytes(container)
    return {
        "https://qlik.example.com": workplace.simulator.node()["url"],
        "/etc/qlik/": f"{etc}/",
        "/etc/portal/": f"{portal}/",
        "/root/": f"{root}/",
    }


def seed_portal(workplace: Workplace) -> None:
    """The virtual proxy and the user that the examples of the probe speak of."""
    site = workplace.simulator
    site.seed(user=[{"userDirectory": "PORTAL", "userId": "probe"}])
    created = run_module(
        "qlik_virtual_proxy",
        {
            **connection(site),
            "prefix": "portal",
            "jwt_certificate": ca.certificate("portal"),
            "jwt_attribute_user_id": "userId",
            "jwt_attribute_user_directory": "userDirectory",
            "host_allow_list": ["portal.example.com"],
        },
    )
    assert not created.get("failed"), created


def token() -> str:
    """A token that the portal might have minted."""
    options = {
        "private_key_content": ca.key_pem("portal"),
        "user_id": "probe",
        "user_directory": "PORTAL",
    }
    return str(run_module("qlik_jwt_token", options, no_log=True)["token"])


@pytest.mark.parametrize("name", NAMES)
def test_examples_run(workplace: Workplace, name: str) -> None:
    places = furnish(workplace)
    site = workplace.simulator
    if name == "qlik_jwt_probe":
        seed_portal(workplace)
    if name == "qlik_jwt_token":
        (workplace.directory / "qlik" / "jwt.key").write_text(ca.key_pem("portal"))
    tasks = placed(examples(name), places)
    for task in tasks:
        for arguments in task.values():
            if isinstance(arguments, dict) and arguments.get("host") == "qlik.example.com":
                arguments["host"] = site.host
    play = {
        "name": f"Examples of {name}",
        "hosts": "qlik",
        "gather_facts": False,
        "vars": {
            "vault_pfx_passphrase": PASSPHRASE,
            "vault_jwt_private_key": ca.key_pem("portal"),
            "portal_token": token(),
        },
        "tasks": tasks,
    }
    environment = {
        "QLIK_PORT": str(site.qrs_port),
        "QLIK_CLIENT_CERT": site.certificates["client_cert"],
        "QLIK_CLIENT_KEY": site.certificates["client_key"],
        "QLIK_CA": site.certificates["root"],
        # Stands in for the system's own authorities, which browsers' certificates are from.
        "SSL_CERT_FILE": site.proxy_ca,
    }
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    ended = workplace.run([play], hosts={"site": host}, environment=environment).ok()
    assert len(ended.events) == len(tasks) + 1
    assert ended.hosts["site"]["skipped"] == 0
