# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an installation of Qlik Sense leaves on a node: certificates, their files, Host.cfg."""

from __future__ import annotations

import base64
import hashlib
import json
import typing as t
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from .. import settings
from .accounts import Identity
from .certificates import StoredCertificate
from .node import Node
from .stores import MACHINE, USER, StoreId

REPOSITORY = r"C:\ProgramData\Qlik\Sense\Repository"
LOCAL_CERTIFICATES = REPOSITORY + r"\Exported Certificates\.Local Certificates"
HOST_CFG = r"C:\ProgramData\Qlik\Sense\Host.cfg"
CLIENT_NAME = "QlikClient"


class CertificateFilesError(Exception):
    """A directory that does not hold what the site simulator makes."""


def install(node: Node, directory: Path) -> None:
    """Puts the certificates of a simulated site where a real one has them."""
    files = _files(directory)
    system = node.system()
    node.files.make_directory(system, REPOSITORY)
    # The account of the repository service exports the certificates.
    service = Identity(node.service_account, over_network=False)
    node.files.make_directory(service, LOCAL_CERTIFICATES)
    for name, data in files.items():
        node.files.write(service, f"{LOCAL_CERTIFICATES}\\{name}.pem", data)
    host = _host_name(x509.load_pem_x509_certificate(files["server"]))
    node.files.write(system, HOST_CFG, base64.b64encode(host.encode()))
    chosen = node.settings
    root = StoredCertificate(x509.load_pem_x509_certificate(files["root"]))
    node.stores.add(StoreId(MACHINE, "", "Root"), root)
    server = _pair(files, "server", "", chosen.server_key_exportable)
    node.stores.add(StoreId(MACHINE, "", "My"), server)
    client = _pair(files, "client", CLIENT_NAME, chosen.client_key_exportable)
    for holder, name in (
        (node.service_account, settings.SERVICE),
        (node.administrator, settings.ADMINISTRATOR),
    ):
        if chosen.client_certificate_of in (name, settings.BOTH):
            node.stores.add(StoreId(USER, holder.sid, "My"), client)


def _files(directory: Path) -> dict[str, bytes]:
    place = directory / "certificates" if (directory / "certificates").is_dir() else directory
    server = "server"
    if not (place / "server.pem").exists():
        server = f"server_{_stem_of_central(place)}"
    names = {
        "client": "client",
        "client_key": "client_key",
        "root": "root",
        "server": server,
        "server_key": f"{server}_key",
    }
    try:
        return {name: (place / f"{file}.pem").read_bytes() for name, file in names.items()}
    except OSError as error:
        raise CertificateFilesError(f"{directory}: {error}") from None


def _stem_of_central(place: Path) -> str:
    """What the site simulator calls the central node's files: a digest of the node's name."""
    try:
        nodes = json.loads((place / "manifest.json").read_text())["nodes"]
    except (OSError, ValueError, KeyError) as error:
        raise CertificateFilesError(f"{place}: {error}") from None
    return hashlib.sha256(nodes[0][0].encode()).hexdigest()[:12]


def _pair(
    files: t.Mapping[str, bytes], name: str, friendly_name: str, exportable: bool
) -> StoredCertificate:
    key = load_pem_private_key(files[f"{name}_key"], None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise CertificateFilesError(f"{name}_key.pem holds no RSA key")
    certificate = x509.load_pem_x509_certificate(files[name])
    return StoredCertificate(certificate, key, exportable, friendly_name)


def _host_name(certificate: x509.Certificate) -> str:
    extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return extension.value.get_values_for_type(x509.DNSName)[0]
