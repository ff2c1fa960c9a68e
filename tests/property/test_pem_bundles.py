# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a file holds, and however it was saved: the right key pair, or one clear sentence."""

from __future__ import annotations

import re
import typing as t

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._core.keypair.source import from_pem
from support import key_material as km

PASSPHRASE = "offen, Sesam"
PAIRS = {"own": km.rsa_key(), "other": km.rsa_key(number=1)}
FORMS: dict[str, dict[str, t.Any]] = {
    "PKCS#8": {},
    "PKCS#1": {"traditional": True},
    "encrypted": {"passphrase": PASSPHRASE},
}
KEYS = {
    f"{whose} key {form}": km.key_pem(key, **options).decode()
    for whose, key in PAIRS.items()
    for form, options in FORMS.items()
}
CERTIFICATES = {
    f"{whose} certificate": km.certificate_pem(km.certificate(key)).decode()
    for whose, key in PAIRS.items()
}
PUBLIC = {f"{whose} public key": km.public_pem(key).decode() for whose, key in PAIRS.items()}
AROUND = {
    "attributes": "Bag Attributes\n    friendlyName: Schlüssel für Köln\n",
    "subject": "subject=CN = Qlik Sense JWT, O = Ümläut\n",
    "blank": "\n",
}
BAD = {
    "half a certificate": CERTIFICATES["own certificate"][:500] + "\n",
    "half a key": KEYS["own key PKCS#8"][:500] + "\n",
    "a key that is not RSA": km.key_pem(km.ec_key()).decode(),
}
PIECES = {**KEYS, **CERTIFICATES, **PUBLIC, **AROUND, **BAD}
MIXTURES = st.lists(
    st.tuples(st.sampled_from(sorted(PIECES)), st.sampled_from(["\n", "\r\n"])), max_size=6
)
#: As openssl, Notepad and PowerShell write.
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


def whose(name: str) -> str:
    return name.partition(" ")[0]


def wanted(names: list[str]) -> tuple[str | None, str | None]:
    """Whose key and whose certificate are right: the first two that belong together."""
    keys = [whose(name) for name in names if name in KEYS]
    certificates = [whose(name) for name in names if name in CERTIFICATES]
    for one in keys:
        if one in certificates:
            return one, one
    return next(iter(keys), None), next(iter(certificates), None)


def numbers(key: rsa.RSAPrivateKey | rsa.RSAPublicKey) -> int:
    public = key.public_key() if isinstance(key, rsa.RSAPrivateKey) else key
    return public.public_numbers().n


@settings(max_examples=200, deadline=None)
@given(MIXTURES, ENCODINGS)
@example(
    [("other key PKCS#8", "\n"), ("own key PKCS#1", "\n"), ("own certificate", "\r\n")], "utf-16"
)
@example([("own public key", "\n"), ("other certificate", "\n")], "utf-8-sig")
@example([], "utf-16")
def test_the_right_pair_or_one_sentence(pieces: list[tuple[str, str]], encoding: str) -> None:
    names = [name for name, dummy in pieces]
    text = "".join(PIECES[name].replace("\n", ending) for name, ending in pieces)
    data = text.encode(encoding)
    if set(names) & BAD.keys() or not set(names) - AROUND.keys():
        with pytest.raises(InvalidInput) as caught:
            from_pem(data, passphrase=PASSPHRASE, name="file x")
        assert "file x" in caught.value.message
        assert re.fullmatch(r"[A-Z][^\n]+\.", caught.value.message)
        return
    material = from_pem(data, passphrase=PASSPHRASE, name="file x")
    key, certificate = wanted(names)
    assert (material.key is None) == (key is None)
    assert (material.certificate is None) == (certificate is None)
    if material.key is not None and key is not None:
        assert numbers(material.key) == numbers(PAIRS[key])
    if material.certificate is not None and certificate is not None:
        held = material.certificate.public_key()
        assert isinstance(held, rsa.RSAPublicKey)
        assert numbers(held) == numbers(PAIRS[certificate])
    if key and certificate:
        assert material.matches is (key == certificate)
