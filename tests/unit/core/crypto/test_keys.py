# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private keys: what can be read, and one sentence for what cannot."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives import serialization

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import keys
from support import key_material as km

KEY = km.rsa_key()
PLAIN = km.key_pem(KEY)
PKCS1 = km.key_pem(KEY, traditional=True)


@pytest.mark.parametrize(
    ("content", "passphrase", "encrypted"),
    [
        (PLAIN, None, False),
        (PLAIN, "not needed", False),
        (PKCS1, None, False),
        (PKCS1.replace(b"\n", b"\r\n"), None, False),
        (PLAIN.decode().encode("utf-16"), None, False),
        (b"Bag Attributes\n" + PLAIN, None, False),
        (PLAIN.replace(b"\n", b"\\n"), None, False),
        (km.certificate_pem(km.certificate(KEY)) + PLAIN, None, False),
        (km.key_pem(KEY, passphrase=km.PASSPHRASE), km.PASSPHRASE, True),
        (km.key_pem(KEY, traditional=True, passphrase=km.PASSPHRASE), km.PASSPHRASE, True),
        (km.key_pem(KEY, passphrase="Straße"), "Straße", True),
    ],
)
def test_load(content: bytes, passphrase: str | None, encrypted: bool) -> None:
    loaded = keys.load(content, passphrase=passphrase)
    assert loaded.key.private_numbers() == KEY.private_numbers()
    assert loaded.encrypted is encrypted


@pytest.mark.parametrize(
    ("content", "passphrase", "reason"),
    [
        (b"", None, "empty"),
        (b"\xef\xbb\xbf \r\n", None, "empty"),
        (km.VAULT, None, "vault"),
        (km.certificate_pem(km.certificate(KEY)), None, "certificate"),
        (km.public_pem(KEY), None, "public_key"),
        (b"ssh-rsa AAAAB3NzaC1yc2E= me", None, "not_pem"),
        (b"\x00\x01\x02\xff" * 50, None, "not_pem"),
        (PLAIN[:600], None, "damaged"),
        (PKCS1[:-20], None, "damaged"),
        (b"\n".join(PLAIN.split(b"\n")[:4] + PLAIN.split(b"\n")[6:]), None, "damaged"),
        (b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", None, "damaged"),
        (km.key_pem(KEY, passphrase=km.PASSPHRASE), None, "passphrase_missing"),
        (km.key_pem(KEY, passphrase=km.PASSPHRASE), "", "passphrase_missing"),
        (km.key_pem(KEY, passphrase=km.PASSPHRASE), "wrong", "passphrase_wrong"),
        (km.key_pem(KEY, traditional=True, passphrase=km.PASSPHRASE), None, "passphrase_missing"),
        (km.key_pem(KEY, traditional=True, passphrase=km.PASSPHRASE), "bad", "passphrase_wrong"),
        (km.key_pem(km.ec_key()), None, "not_rsa"),
        (km.key_pem(km.ec_key(), traditional=True), None, "not_rsa"),
    ],
)
def test_unusable(content: bytes, passphrase: str | None, reason: str) -> None:
    with pytest.raises(keys.UnusableKey) as caught:
        keys.load(content, passphrase=passphrase, name="private key at /etc/x")
    error = caught.value
    assert error.reason == reason
    assert error.message.startswith("The private key at /etc/x ")
    assert error.message.endswith(".")
    text = content.decode("latin-1").encode()
    assert not any(line in error.message for line in km.body_lines(text))
    assert error.__cause__ is None


@pytest.mark.parametrize("passphrase", [None, km.PASSPHRASE])
def test_dump_is_pkcs8_that_others_read(passphrase: str | None) -> None:
    text = keys.dump(KEY, passphrase=passphrase)
    label = b"ENCRYPTED PRIVATE KEY" if passphrase else b"PRIVATE KEY"
    assert text.startswith(b"-----BEGIN " + label + b"-----")
    read = serialization.load_pem_private_key(text, passphrase.encode() if passphrase else None)
    assert read.private_numbers() == KEY.private_numbers()  # type: ignore[union-attr]


@pytest.mark.skipif(km.OPENSSL is None, reason="no openssl program")
def test_as_openssl_sees_it() -> None:
    text = keys.dump(KEY, passphrase=km.PASSPHRASE)
    modulus = km.openssl("rsa", "-noout", "-modulus", "-passin", f"pass:{km.PASSPHRASE}", data=text)
    assert modulus.decode().strip() == f"Modulus={KEY.public_key().public_numbers().n:X}"
    der = km.openssl("pkey", "-pubout", "-outform", "DER", data=PLAIN)
    digest = hashlib.sha256(der).hexdigest().upper()
    assert keys.fingerprint(keys.public_der(KEY.public_key())).replace(":", "") == digest
    assert km.openssl("pkey", "-pubout", data=PLAIN).decode() == keys.public_pem(KEY.public_key())


def test_generate() -> None:
    key = keys.generate(2048)
    assert key.key_size == 2048
    assert key.public_key().public_numbers().e == 65537
    assert key.private_numbers() != keys.generate(2048).private_numbers()


def test_matches() -> None:
    assert keys.matches(KEY, km.certificate(KEY))
    assert not keys.matches(km.rsa_key(number=1), km.certificate(KEY))


def test_a_key_is_not_shown_by_repr() -> None:
    assert "RSAPrivateKey" not in repr(keys.load(PLAIN))
