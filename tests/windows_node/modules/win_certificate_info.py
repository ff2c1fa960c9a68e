# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_certificate_info``: what is in a store."""

from __future__ import annotations

import base64
import datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from ..model.certificates import StoredCertificate
from ..model.stores import USER
from .base import Call, Json, Model, ModuleFailure
from .stores import system_store

_USAGES = {
    "digital_signature": "DigitalSignature",
    "content_commitment": "NonRepudiation",
    "key_encipherment": "KeyEncipherment",
    "data_encipherment": "DataEncipherment",
    "key_agreement": "KeyAgreement",
    "key_cert_sign": "KeyCertSign",
    "crl_sign": "CrlSign",
}
_PURPOSES = {"serverAuth": "Server Authentication", "clientAuth": "Client Authentication"}
_FIELDS = {
    "2.5.29.14": "Subject Key Identifier",
    "2.5.29.15": "Key Usage",
    "2.5.29.17": "Subject Alternative Name",
    "2.5.29.19": "Basic Constraints",
    "2.5.29.35": "Authority Key Identifier",
    "2.5.29.37": "Enhanced Key Usage",
}


def run(call: Call) -> Json:
    """All certificates of the store, or those with the thumbprint, in their order."""
    options = call.options
    store = system_store(call, options["store_location"], options["store_name"])
    found: list[StoredCertificate] = []
    if store is None and options["store_location"] == USER:
        # X509Store.Open: what it does with a store that does not exist differs by location.
        raise ModuleFailure(
            'Unhandled exception while executing module: Exception calling "Open" with "1" '
            'argument(s): "The system cannot find the file specified."'
        )
    if store is not None and options["thumbprint"] is not None:
        found = call.node.stores.find(store, options["thumbprint"])
    elif store is not None:
        found = call.node.stores.certificates(store)
    ordered = sorted(found, key=lambda item: item.thumbprint)
    return {
        "changed": False,
        "exists": bool(found),
        "certificates": [_describe(item) for item in ordered],
    }


def _describe(item: StoredCertificate) -> Json:
    certificate = item.certificate
    subject, issuer = _common_name(certificate.subject), _common_name(certificate.issuer)
    public = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.PKCS1
    )
    described: Json = {
        "archived": False,
        "dns_names": [subject],
        "extensions": [],
        "friendly_name": item.friendly_name,
        "has_private_key": item.key is not None,
        "issued_by": issuer,
        "issued_to": subject,
        "issuer": _name(certificate.issuer),
        "raw": base64.b64encode(item.der).decode(),
        "public_key": base64.b64encode(public).decode(),
        "serial_number": _even(f"{certificate.serial_number:X}"),
        "signature_algorithm": _signature(certificate),
        "subject": _name(certificate.subject),
        "thumbprint": item.thumbprint,
        "valid_from": certificate.not_valid_before_utc.timestamp(),
        "valid_from_iso8601": _iso(certificate.not_valid_before_utc),
        "valid_to": certificate.not_valid_after_utc.timestamp(),
        "valid_to_iso8601": _iso(certificate.not_valid_after_utc),
        "version": certificate.version.value + 1,
    }
    for extension in certificate.extensions:
        _add_extension(described, extension)
    return described


def _add_extension(described: Json, extension: x509.Extension[x509.ExtensionType]) -> None:
    value = extension.value
    shown = value.public_bytes().hex(" ")
    if isinstance(value, x509.BasicConstraints):
        described["is_ca"] = value.ca
        described["path_length_constraint"] = value.path_length or 0
    elif isinstance(value, x509.ExtendedKeyUsage):
        described["intended_purposes"] = [_PURPOSES.get(o._name, o._name) for o in value]
    elif isinstance(value, x509.KeyUsage):
        usages = [ours for theirs, ours in _USAGES.items() if getattr(value, theirs)]
        described["key_usages"] = usages
    elif isinstance(value, x509.SubjectKeyIdentifier):
        described["ski"] = shown = value.digest.hex().upper()
    elif isinstance(value, x509.SubjectAlternativeName):
        names = value.get_values_for_type(x509.DNSName)
        described["dns_names"] += names
        shown = ", ".join(f"DNS Name={name}" for name in names)
    described["extensions"].append(
        {
            "critical": extension.critical,
            "field": _FIELDS.get(extension.oid.dotted_string),
            "value": shown,
        }
    )


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def _name(name: x509.Name) -> str:
    return name.rfc4514_string().replace(",", ", ")


def _signature(certificate: x509.Certificate) -> str:
    algorithm = certificate.signature_hash_algorithm
    return f"{algorithm.name if algorithm else ''}RSA"


def _even(digits: str) -> str:
    return digits if len(digits) % 2 == 0 else "0" + digits


def _iso(moment: datetime.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


MODEL = Model(run)
