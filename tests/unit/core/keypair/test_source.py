# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key pair that is taken from elsewhere, as PEM."""

from __future__ import annotations

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import keys
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._core.keypair import (
    options as keypair_options,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.keypair import (
    source as key_source,
)
from support import key_material as km
from support.keypair_files import (
    ABSENT,
    CERTIFICATE,
    ENCRYPTED,
    KEY,
    NEW,
    OTHER,
    PLAIN,
    POLICIES,
    Contents,
    good,
    plan,
    written,
)


def source(*texts: bytes, passphrase: str | None = None) -> key_source.Material:
    return key_source.from_pem(b"".join(texts), passphrase=passphrase, name="source x")


def test_in_memory() -> None:
    result = plan({})
    assert result.is_new_key
    assert result.matches is True
    assert result.writes == ()


@pytest.mark.parametrize("policy", POLICIES)
def test_pem_to_files(policy: str) -> None:
    material = source(CERTIFICATE, PLAIN.replace(b"\n", b"\r\n"))
    result = plan(ABSENT, material=material, regenerate=policy)
    content = written(result)
    assert content["private_key"] == PLAIN
    assert content["certificate"] == CERTIFICATE
    assert content["public_key"] == km.public_pem(KEY)
    assert not result.is_new_key
    assert plan(dict(content), material=material, regenerate=policy).writes == ()
    for kind in ("private_key", "certificate"):
        other: Contents = {
            **content,
            "private_key": km.key_pem(OTHER),
            "certificate": km.certificate_pem(km.certificate(OTHER)),
        }
        if policy in POLICIES[:2]:
            with pytest.raises(keypair_options.Rejected):
                plan({kind: other[kind]}, material=material, regenerate=policy)
        else:
            changed = plan({kind: other[kind]}, material=material, regenerate=policy)
            assert written(changed) == {kind: content[kind]}


def test_a_renewed_certificate_of_the_same_key_is_taken_under_every_policy() -> None:
    renewed = km.certificate_pem(km.certificate(KEY, days=999))
    for policy in POLICIES:
        result = plan(good(), material=source(PLAIN, renewed), regenerate=policy)
        assert written(result) == {"certificate": renewed}


def test_source_with_a_key_alone() -> None:
    result = plan(ABSENT, material=source(PLAIN), common_name="x")
    assert keys.matches(KEY, x509.load_pem_x509_certificate(written(result)["certificate"]))


def test_source_without_a_key() -> None:
    material = source(km.public_pem(KEY), CERTIFICATE)
    assert material.matches is True
    result = plan({"public_key": None, "certificate": None}, material=material)
    assert written(result) == {"public_key": km.public_pem(KEY), "certificate": CERTIFICATE}
    with pytest.raises(InvalidInput, match=r"no private key\. Remove private_key_path"):
        plan({"private_key": None}, material=material)
    with pytest.raises(InvalidInput, match="only a public key"):
        plan({"certificate": None}, material=source(km.public_pem(KEY)))


@pytest.mark.parametrize("policy", POLICIES)
def test_certificate_alone_for_the_key_that_is_there(policy: str) -> None:
    """As an authority sends it, or a certificate store shows it."""
    renewed = km.certificate_pem(km.certificate(KEY, days=400))
    files = {"private_key": PLAIN, "certificate": CERTIFICATE, "public_key": None}

    result = plan(files, material=source(renewed), regenerate=policy)

    assert written(result) == {"certificate": renewed, "public_key": km.public_pem(KEY)}
    assert result.matches is True
    assert result.notes == ()
    for file, passphrase in ((km.key_pem(OTHER), None), (ENCRYPTED, "wrong"), (b"rubbish", None)):
        with pytest.raises(InvalidInput, match=r"/k/jwt\.key"):
            plan(
                {**files, "private_key": file},
                material=source(renewed),
                regenerate=policy,
                passphrase=passphrase,
            )


def test_key_and_certificate_that_do_not_belong_together() -> None:
    material = source(km.key_pem(OTHER), CERTIFICATE)
    assert plan({}, material=material).matches is False
    with pytest.raises(InvalidInput, match="do not belong together"):
        plan({"certificate": None}, material=material)
    crossed = source(km.public_pem(OTHER), CERTIFICATE)
    assert crossed.matches is False
    assert any("bare public key" in note for note in crossed.notes)


@settings(max_examples=15, deadline=None)
@given(
    st.permutations(
        [
            PLAIN,
            km.public_pem(KEY),
            CERTIFICATE,
            km.certificate_pem(km.certificate(OTHER)),
            km.key_pem(NEW),
            b"Bag Attributes\r\n",
        ]
    ),
    st.booleans(),
)
def test_the_pair_is_found_in_any_order(blocks: list[bytes], windows: bool) -> None:
    data = b"".join(blocks)
    material = source(data.replace(b"\n", b"\r\n") if windows else data)
    assert material.matches is True
    assert material.key is not None
    assert material.key.private_numbers() == KEY.private_numbers()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (km.VAULT, "unvault"),
        (b"hello", "holds no"),
        (CERTIFICATE[:300] + PLAIN, "ends before its -----END CERTIFICATE"),
        (PLAIN[:300] + CERTIFICATE, "ends before its -----END PRIVATE KEY"),
        (ENCRYPTED, "no passphrase"),
        (km.key_pem(km.ec_key()), "not an RSA key"),
    ],
)
def test_sources_that_cannot_be_read(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        source(data)
    assert "source x" in caught.value.message
