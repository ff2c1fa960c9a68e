# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key pair that is taken from a PKCS#12 container."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._core.keypair import (
    source as key_source,
)
from support import key_material as km
from support.keypair_files import CERTIFICATE, KEY, OTHER, PLAIN


def container(key: rsa.RSAPrivateKey | None, passphrase: str | None) -> bytes:
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        encryption = serialization.BestAvailableEncryption(passphrase.encode())
    chain = [km.certificate(OTHER, common_name="CA")]
    return pkcs12.serialize_key_and_certificates(
        b"QlikClient", key, km.certificate(KEY), chain, encryption
    )


@pytest.mark.parametrize("passphrase", [None, km.PASSPHRASE, "Straße"])
def test_pkcs12(passphrase: str | None) -> None:
    data = container(KEY, passphrase)
    material = key_source.from_pkcs12(data, passphrase=passphrase, name="source x")
    assert material.matches is True
    assert material.certificate == km.certificate(KEY)


@pytest.mark.skipif(km.OPENSSL is None, reason="no openssl program")
@pytest.mark.parametrize(
    "options",
    [
        ["-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-3DES"],
        ["-legacy", "-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
        ["-certpbe", "AES-256-CBC", "-keypbe", "AES-256-CBC"],
    ],
)
@pytest.mark.parametrize("passphrase", ["secret words", ""])
def test_containers_of_every_age(options: list[str], passphrase: str) -> None:
    data = km.openssl(
        "pkcs12", "-export", *options, "-passout", f"pass:{passphrase}", data=PLAIN + CERTIFICATE
    )
    material = key_source.from_pkcs12(data, passphrase=passphrase or None, name="source x")
    assert material.matches is True
    assert material.key is not None
    assert material.key.private_numbers() == KEY.private_numbers()


@pytest.mark.parametrize(
    ("data", "passphrase", "words"),
    [
        (container(KEY, km.PASSPHRASE), "wrong", "passphrase is wrong"),
        (container(KEY, km.PASSPHRASE), None, "needs a passphrase"),
        (container(KEY, None)[:900], None, "ends too early: it states"),
        (container(KEY, None)[:-9] + b"123456789", None, "not an intact"),
        (b"", None, "is empty"),
        (PLAIN, None, "PEM text"),
        (km.VAULT, None, "unvault"),
    ],
)
def test_containers_that_cannot_be_opened(data: bytes, passphrase: str | None, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        key_source.from_pkcs12(data, passphrase=passphrase, name="source x")


def test_a_container_without_a_key() -> None:
    material = key_source.from_pkcs12(container(None, "x" * 8), passphrase="x" * 8, name="source x")
    assert material.key is None
    assert material.certificate is not None


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 30])
def test_base64_that_is_cut_off(cut: int) -> None:
    data = base64.b64encode(container(KEY, None)).rstrip(b"=")[:-cut]
    with pytest.raises(InvalidInput, match="neither binary nor in base64"):
        key_source.from_pkcs12(data, passphrase=None, name="source x")
