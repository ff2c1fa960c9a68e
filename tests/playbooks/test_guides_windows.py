# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The blocks of the documentation that need a Windows node."""

from __future__ import annotations

import pytest
import yaml

from playbooks.pages import examples, placed
from playbooks.runs import Json
from playbooks.verify import KEY, seed
from playbooks.windows import WindowsPlace
from support import key_material as km
from support.blocks import commands, texts
from tools.checkout import ROOT

#: Where certificates come from in a host that reads them on the node.
FILES = ("qlik_client_cert_path", "qlik_client_key_path", "qlik_ca_path")
KEYS = [
    {"name": "Ensure the key pair", "hosts": "qlik", "gather_facts": False}
    | {"roles": ["qlikops.sense.jwt_keypair"]}
]


def without_files(host: Json) -> Json:
    """The host without a certificate on the controller."""
    return {name: value for name, value in host.items() if name not in FILES}


@pytest.mark.long
def test_a_key_from_the_certificate_store(place: WindowsPlace) -> None:
    """The first block of the role jwt_keypair."""
    become = place.node.become()
    block = yaml.safe_load(texts("roles/jwt_keypair/README.md", "yaml")[0])
    assert {*become} < {*block}
    host = place.host(
        **placed(block, {block["ansible_become_user"]: become["ansible_become_user"]}),
        vault_qliksvc_password=become["ansible_become_password"],
    )

    place.run(host, playbook=KEYS).ok()

    assert place.workplace.key.read_text(encoding="ascii").startswith("-----BEGIN PRIVATE KEY")
    assert place.run(host, playbook=KEYS).ok().changed == 0


@pytest.mark.long
@pytest.mark.parametrize("place", ["psrp"], indirect=True)
def test_certificates_from_the_node(place: WindowsPlace) -> None:
    """The example of the role qrs_credentials."""
    (play,) = examples((ROOT / "roles/qrs_credentials/README.md").read_text(encoding="utf-8"))
    directory = place.workplace.directory
    host = {n: v for n, v in place.host().items() if not n.startswith("jwt_virtual_proxy_")}
    here = placed(play, {"/etc/qlik/": f"{directory}/"})

    place.run(without_files(host), playbook=here).ok()

    assert place.workplace.simulator.entity("virtualproxyconfig", prefix="portal")
    assert (directory / "central.key").exists()


@pytest.mark.long
def test_certificates_from_the_node_for_a_job(place: WindowsPlace) -> None:
    """The variables of docs/awx.md. The fake node has no NTLM."""
    (block,) = [b for b in map(yaml.safe_load, texts("docs/awx.md", "yaml"))
                if "qrs_credentials_enabled" in b]  # fmt: skip
    host = without_files(place.host(**placed(block, {"ntlm": "basic"})))

    place.run(host).ok()

    assert place.workplace.simulator.entity("virtualproxyconfig", prefix="portal")


@pytest.mark.long
def test_remove_everything(place: WindowsPlace) -> None:
    """The commands of docs/remove.md, and its file with the other parts of the login."""
    site, directory = place.workplace.simulator, place.workplace.directory
    preview, remove = commands(texts("docs/remove.md", "shell")[0])
    text = placed(texts("docs/remove.md", "yaml")[0], {"/etc/qlik/": f"{directory}/"})
    (directory / "remove-portal.yml").write_text(text, encoding="utf-8")
    parts = yaml.safe_load(text)
    (copy,) = parts["jwt_remove_windows_key_files"]
    seed(site)
    user = parts["jwt_remove_user"]
    site.seed(user=[{"userDirectory": user["directory"], "userId": user["id"]}])
    service = site.entity("proxyservice")
    settings = {"allowHttp": True, "restListenPort": site.node()["admin_port"]}
    site.patch("proxyservice", service["id"], {"settings": settings})
    place.node.seed(files=[{"path": copy, "content": km.key_pem(KEY).decode()}])
    (directory / "portal.key").write_bytes(km.key_pem(KEY))
    (directory / "portal.crt").write_bytes(km.certificate_pem(km.certificate(KEY)))
    inventory = {"qlik": {"children": {"test": {"hosts": {"central": place.host()}}}}}
    place.workplace.save_inventory(inventory)

    for ending in ("", " -e @remove-portal.yml"):
        shown = place.workplace.shell(preview + ending).ok()
        assert shown.changed > 0
        assert site.entities("virtualproxyconfig", prefix="portal")
    unconfirmed = remove.replace(" -e jwt_remove_confirm=portal", "")
    assert unconfirmed != remove
    assert "the virtual proxies portal" in place.workplace.shell(unconfirmed).failed().failures[0]
    assert site.entities("virtualproxyconfig", prefix="portal")

    place.workplace.shell(f"{remove} -e @remove-portal.yml").ok()

    assert site.entities("virtualproxyconfig", prefix="portal") == []
    assert site.entities("user", userId=user["id"]) == []
    assert site.entity("proxyservice")["settings"]["allowHttp"] is False
    assert not [path for path in parts["jwt_remove_key_files"] if (directory / path).exists()]
    assert place.node.file(copy) is None
