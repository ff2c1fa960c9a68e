# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates as a Windows store holds them, and the files that they come in and go out as."""

from __future__ import annotations

import base64
import dataclasses
import shutil
import subprocess
import typing as t

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

#: How both parts and their check are encrypted. ``3des``: what Export() of .NET Framework, and so
#: win_certificate_store, writes on every Windows. ``rc2-40``: the certificate with RC2-40, as older
#: releases did. ``aes``: AES-256 and SHA-256, as dialogs of newer ones can.
ContainerForm = t.Literal["3des", "rc2-40", "aes"]
CONTAINER_FORMS: t.Final[tuple[ContainerForm, ...]] = ("3des", "rc2-40", "aes")


class WrongPasswordError(Exception):
    """The container opens with another password."""


class NotACertificateError(Exception):
    """Bytes that hold no certificate."""


class KeyNotExportableError(Exception):
    """The private key was imported without leave to export it."""


@dataclasses.dataclass(frozen=True)
class StoredCertificate:
    """A certificate in a store; ``key`` is its private key, if the machine has it."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey | None = None
    exportable: bool = True
    friendly_name: str = ""

    @property
    def thumbprint(self) -> str:
        """SHA-1 of the certificate in capital hexadecimal digits."""
        return self.certificate.fingerprint(hashes.SHA1()).hex().upper()

    @property
    def der(self) -> bytes:
        """The certificate alone."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The certificate alone, as win_certificate_store writes it: CRLF, none at the end."""
        lines = base64.encodebytes(self.der).decode().replace("\n", "")
        body = "\r\n".join(lines[at : at + 76] for at in range(0, len(lines), 76))
        return f"-----BEGIN CERTIFICATE-----\r\n{body}\r\n-----END CERTIFICATE-----".encode()

    def container(self, password: str | None, form: ContainerForm) -> bytes:
        """A PKCS#12 container of certificate and key; KeyNotExportableError."""
        if self.key is not None and not self.exportable:
            raise KeyNotExportableError("Key not valid for use in specified state.")
        openssl = shutil.which("openssl")
        if form == "rc2-40" and password and self.key is not None and openssl:
            # cryptography does not write RC2.
            return _by_openssl(openssl, self, self.key, password)
        encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
        if password and form == "aes":
            encryption = serialization.BestAvailableEncryption(password.encode())
        elif password:
            encryption = (
                serialization.PrivateFormat.PKCS12.encryption_builder()
                .kdf_rounds(2000)
                .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
                .hmac_hash(hashes.SHA1())
                .build(password.encode())
            )
        name = self.friendly_name.encode() or None
        return pkcs12.serialize_key_and_certificates(
            name, self.key, self.certificate, None, encryption
        )


def read(data: bytes, password: str | None, *, exportable: bool = True) -> list[StoredCertificate]:
    """The certificates in a file: PEM, DER or PKCS#12.

    WrongPasswordError, NotACertificateError.
    """
    if data.lstrip().startswith(b"-----BEGIN CERTIFICATE-----"):
        # .NET takes the first certificate of such a file.
        return [StoredCertificate(x509.load_pem_x509_certificates(data)[0])]
    try:
        return [StoredCertificate(x509.load_der_x509_certificate(data))]
    except ValueError:
        return _read_container(data, password, exportable)


def _read_container(data: bytes, password: str | None, exportable: bool) -> list[StoredCertificate]:
    secret = password.encode() if password else None
    try:
        found = pkcs12.load_pkcs12(data, secret)
    except ValueError as error:
        if "password" in str(error).lower() or "mac" in str(error).lower():
            raise WrongPasswordError("The specified network password is not correct.") from None
        raise NotACertificateError("Cannot find the requested object.") from None
    certificates: list[StoredCertificate] = []
    if found.cert is not None:
        key = found.key if isinstance(found.key, rsa.RSAPrivateKey) else None
        name = (found.cert.friendly_name or b"").decode()
        certificates.append(StoredCertificate(found.cert.certificate, key, exportable, name))
    certificates += [StoredCertificate(extra.certificate) for extra in found.additional_certs]
    return certificates


def _by_openssl(
    openssl: str, stored: StoredCertificate, key: rsa.RSAPrivateKey, password: str
) -> bytes:
    secrets = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    command = [openssl, "pkcs12", "-export", "-legacy", "-keypbe", "PBE-SHA1-3DES"]
    command += ["-certpbe", "PBE-SHA1-RC2-40", "-macalg", "sha1", "-passout", "env:CONTAINER"]
    if stored.friendly_name:
        command += ["-name", stored.friendly_name]
    certificate = stored.certificate.public_bytes(serialization.Encoding.PEM)
    made = subprocess.run(
        command,
        input=secrets + certificate,
        capture_output=True,
        check=True,
        env={"CONTAINER": password},
    )
    return made.stdout
