# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A passphrase that is also a word of the site: what is read and written back stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from playbooks.runs import Json, Workplace
from support import tls_server as ca
from support.module_runner import MASKED_RESULTS


def play(*tasks: Json) -> list[Json]:
    """A play with the options of the connection as defaults."""
    names = ("host", "port", "client_cert_path", "client_key_path", "ca_path")
    defaults = {name: f"{{{{ qlik_{name} }}}}" for name in names}
    defaults["client_key_passphrase"] = "{{ passphrase | default(omit) }}"
    return [
        {
            "hosts": "qlik",
            "connection": "local",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "module_defaults": {"group/qlikops.sense.qrs": defaults},
            "tasks": tasks,
        }
    ]


READ: Json = {
    "name": "Read the virtual proxies",
    "qlikops.sense.qlik_virtual_proxy_info": {},
    "register": "found",
}
WRITE: Json = {
    "name": "Write them back",
    "qlikops.sense.qlik_virtual_proxies": {"virtual_proxies": "{{ found.virtual_proxies }}"},
}


@pytest.mark.parametrize("passphrase", ["qlik", "correct horse battery staple"])
def test_what_is_read_can_be_written_back(workplace: Workplace, passphrase: str) -> None:
    site = workplace.simulator
    site.seed(
        virtualproxyconfig=[
            {
                "prefix": "portal",
                "description": "of qlik",
                "sessionCookieHeaderName": "X-Portal",
                "websocketCrossOriginWhiteList": ["qlik.example.com"],
            }
        ]
    )
    key = serialization.load_pem_private_key(
        Path(site.certificates["client_key"]).read_bytes(), None
    )
    encrypted = workplace.directory / "client_key.pem"
    encrypted.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase.encode()),
        )
    )
    before = site.state()["entities"]

    host = workplace.site(qlik_client_key_path=str(encrypted), passphrase=passphrase)
    run = workplace.run(play(READ, WRITE), hosts={"dev": host})

    assert site.state()["entities"] == before
    if MASKED_RESULTS and passphrase == "qlik":
        (said,) = run.failed().failures
        assert "the value of client_key_passphrase also occurs in the result (" in said
    else:
        assert run.ok().changed == 0


def test_what_is_restored_is_not_masked_in_the_output(workplace: Workplace) -> None:
    """ansible-core 2.22 and newer mask every secret in the output of the whole run."""
    site = workplace.simulator
    wish = {
        "prefix": "portal",
        "jwt_certificate": ca.certificate("tokens"),
        "jwt_attribute_user_id": "userId",
        "jwt_attribute_user_directory": "userDirectory",
        "session_inactivity_timeout": 30,
    }
    words = "changed=1 30 localhost portal Central -----BEGIN CERTIFICATE-----"
    create = {"name": "Create it", "qlikops.sense.qlik_virtual_proxy": wish}
    change = {
        "name": "Change it",
        "qlikops.sense.qlik_virtual_proxy": {**wish, "session_inactivity_timeout": 31},
        "register": "changed",
    }
    restore = {
        "name": "Restore it",
        "qlikops.sense.qlik_virtual_proxy": {"restore": "{{ changed.before }}"},
    }
    say = {"name": "Print words", "ansible.builtin.debug": {"msg": words}}

    tasks = play(create, change, restore, say)
    run = workplace.run(tasks, "--diff", hosts={"dev": workplace.site()}).ok()

    assert run.changed == 3
    assert run.result("Print words")["msg"] == words
    assert "REDACTED" not in run.output
    assert site.entity("virtualproxyconfig", prefix="portal")["sessionInactivityTimeout"] == 30
