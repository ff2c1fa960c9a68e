# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to a key pair on a Windows node, over WinRM and over PSRP, up to a proven login."""

from __future__ import annotations

import base64
import itertools
import typing as t

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization import pkcs12 as containers

from playbooks.runs import Json, Run
from playbooks.windows import WindowsPlace, thumbprint
from support import key_material as km
from support.windows_node import Transport

Host = t.Callable[[WindowsPlace], Json]
KEY = km.rsa_key(number=2)
PFX = r"D:\Schlüssel für Qlik\Köln.pfx"


def generated(place: WindowsPlace) -> Json:
    """A new pair, and a copy on the node."""
    return {"jwt_keypair_windows_directory": r"D:\Qlik keys", "jwt_keypair_windows_owner": "admin"}


def pem(place: WindowsPlace) -> Json:
    """A PEM bundle on the node."""
    bundle = km.key_pem(KEY) + km.certificate_pem(km.certificate(KEY))
    path = r"D:\keys\bundle.pem"
    place.node.seed(files=[{"path": path, "content": bundle.decode(), "encoding": "utf-16"}])
    return {"jwt_keypair_source": "pem", "jwt_keypair_src_path": path}


def local_certificates(place: WindowsPlace) -> Json:
    """The site's own server certificate."""
    return {"jwt_keypair_source": "local_certificates"}


def by_thumbprint(place: WindowsPlace) -> Json:
    """As the dialog of the certificate shows it: lower case, spaces, an invisible mark in front."""
    shown = thumbprint(place.local("server.pem")).lower()
    pairs = " ".join(shown[at : at + 2] for at in range(0, 40, 2))
    return {"jwt_keypair_source": "certificate_store", "jwt_keypair_thumbprint": f"\u200e{pairs}"}


def by_friendly_name(place: WindowsPlace) -> Json:
    """QlikClient of the service account, as which the tasks on the node run."""
    return {
        **place.node.become(),
        "jwt_keypair_source": "certificate_store",
        "jwt_keypair_friendly_name": "QlikClient",
    }


def pkcs12(place: WindowsPlace) -> Json:
    """A PFX on the node, with blanks and umlauts in its path."""
    container = containers.serialize_key_and_certificates(
        None, KEY, km.certificate(KEY), None, BestAvailableEncryption(b"geheim")
    )
    coded = base64.b64encode(container).decode()
    place.node.seed(files=[{"path": PFX, "content_base64": coded}])
    return {
        "jwt_keypair_source": "pkcs12",
        "jwt_keypair_src_path": PFX,
        "jwt_keypair_src_passphrase": "geheim",
    }


SOURCES: dict[str, Host] = {
    source.__name__: source
    for source in (generated, pem, local_certificates, by_thumbprint, by_friendly_name, pkcs12)
}

#: Those whose key also opens the repository, which the proof warns of.
QLIKS_OWN = {"local_certificates", "by_thumbprint", "by_friendly_name"}
#: In check mode nobody logs in, and there is nothing yet whose access could be changed.
UNSEEN = {
    "Log in through the virtual proxies",
    "Grant access to the directory",
    "Disable inherited permissions on the directory",
    "Grant access to the private key",
    "Disable inherited permissions on the private key",
}


def changed_tasks(run: Run) -> set[str]:
    """The names of the tasks that changed something, or would."""
    return {
        event["task"].rpartition(" : ")[2]
        for event in run.events
        if event["event"] == "ok" and event["result"].get("changed")
    }


#: A part of the matrix stands for the whole where there is little time.
PLUGINS: tuple[Transport, ...] = ("winrm", "psrp")
USUAL = {("by_friendly_name", "psrp")}
EVERY = [
    pytest.param(*row, marks=[] if row in USUAL else pytest.mark.long)
    for row in itertools.product(SOURCES, PLUGINS)
]


@pytest.mark.parametrize(("source", "place"), EVERY, indirect=["place"])
def test_from_the_node_to_a_login(place: WindowsPlace, source: str) -> None:
    host = place.host(**SOURCES[source](place))
    before = place.files()

    predicted = place.run(host, "--check", "--diff").ok()
    assert place.files() == before
    assert not place.workplace.key.exists()
    first = place.run(host, "--diff").ok()
    second = place.run(host).ok()

    assert (
        first.result("Log in through the virtual proxies")["results"][0]["verdict"]
        == "access_granted"
    )
    assert (
        second.result("Log in through the virtual proxies")["results"][0]["verdict"]
        == "access_granted"
    )
    assert second.changed == 0
    assert changed_tasks(predicted) == changed_tasks(first) - UNSEEN
    certificate = x509.load_pem_x509_certificate(
        place.workplace.key.with_suffix(".crt").read_bytes()
    )
    key = load_pem_private_key(place.workplace.key.read_bytes(), None)
    assert key.public_key() == certificate.public_key()
    assert place.workplace.key.stat().st_mode & 0o777 == 0o600
    wanted = {r"D:\Qlik keys", r"D:\Qlik keys\jwt.key", r"D:\Qlik keys\jwt.crt"}
    assert place.files().keys() - before.keys() == (wanted if source == "generated" else set())
    assert place.left_on_controller() == []
    for run in (first, second):
        warned = {w.removeprefix("[WARNING]: ").partition(":")[0] for w in run.warnings}
        assert warned == ({"service_key_reused"} if source in QLIKS_OWN else set())


@pytest.mark.long
@pytest.mark.parametrize("how", ["service", "without password"])
def test_an_account_that_may_not_log_on_locally(place: WindowsPlace, how: str) -> None:
    """As is usual for the account of Qlik's services; a gMSA has no password to give."""
    place.node.reset(service_logon="service", network_logon_keys="refused")
    host = place.host(
        **place.node.become(),
        jwt_keypair_source="certificate_store",
        jwt_keypair_friendly_name="QlikClient",
    )
    play = [{"hosts": "qlik", "gather_facts": False, "roles": ["qlikops.sense.jwt_keypair"]}]

    refused = place.run(host, playbook=play).failed()
    assert "has not been granted the requested logon type" in refused.failures[0]
    if how == "service":
        host["ansible_become_flags"] = "logon_type=service"
    else:
        del host["ansible_become_password"]
    place.run(host, playbook=play).ok()

    assert place.workplace.key.exists()
