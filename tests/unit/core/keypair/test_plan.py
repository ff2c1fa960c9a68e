# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key pair in files: every policy against every state, and no key replaced by accident."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing as t

import pytest
from cryptography import x509

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import keys
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._core.keypair import (
    options as keypair_options,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.keypair import plan as keypair
from support import key_material as km
from support.keypair_files import (
    ABSENT,
    CERTIFICATE,
    ENCRYPTED,
    KEY,
    MAKERS,
    NEW,
    OTHER,
    PATHS,
    PLAIN,
    POLICIES,
    good,
    plan,
    written,
)

KEEP, NEW_KEY, REFUSE = "keep", "new key", "refuse"
#: What is there, the passphrase given, and what happens under never, fail, partial, full, always.
STATES: list[tuple[str, bytes | None, str | None, str]] = [
    ("absent", None, None, "NNNNN"),
    ("absent, passphrase", None, km.PASSPHRASE, "NNNNN"),
    ("good", PLAIN, None, "KKKKN"),
    (
        "good PKCS#1 with CRLF",
        km.key_pem(KEY, traditional=True).replace(b"\n", b"\r\n"),
        None,
        "KKKKN",
    ),
    ("good encrypted", ENCRYPTED, km.PASSPHRASE, "KKKKN"),
    ("other size", km.key_pem(km.rsa_key(1024)), None, "KRNNN"),
    ("not RSA", km.key_pem(km.ec_key()), None, "RRNNN"),
    ("encrypted, no passphrase", ENCRYPTED, None, "RRRNN"),
    ("encrypted, wrong passphrase", ENCRYPTED, "wrong", "RRRNN"),
    ("passphrase, not encrypted", PLAIN, km.PASSPHRASE, "RRRNN"),
    ("empty", b"", None, "RRRNN"),
    ("truncated", PLAIN[:500], None, "RRRNN"),
    ("garbage", b"\x00\xff" * 99, None, "RRRNN"),
    ("vault", km.VAULT, None, "RRRNN"),
    ("certificate", CERTIFICATE, None, "RRRNN"),
    ("public key", km.public_pem(KEY), None, "RRRNN"),
]
CASES = [
    pytest.param(content, passphrase, policy, letters[number], id=f"{name}-{policy}")
    for name, content, passphrase, letters in STATES
    for number, policy in enumerate(POLICIES)
]


@pytest.mark.parametrize(("content", "passphrase", "policy", "letter"), CASES)
def test_policies(content: bytes | None, passphrase: str | None, policy: str, letter: str) -> None:
    wanted: dict[str, t.Any] = {"regenerate": policy, "passphrase": passphrase}
    if letter == "R":
        with pytest.raises(keypair_options.Rejected if content is None else InvalidInput) as caught:
            plan({"private_key": content}, **wanted)
        assert PATHS["private_key"] in caught.value.message
        assert "Nothing was written" in caught.value.message
        assert not any(line in str(caught.value) for line in km.body_lines(PLAIN))
        return
    result = plan({"private_key": content}, **wanted)
    if letter == "K":
        assert written(result) == {}
        assert not result.is_new_key
        return
    assert result.is_new_key
    loaded = keys.load(written(result)["private_key"], passphrase=passphrase)
    assert loaded.key.private_numbers() == NEW.private_numbers()
    assert loaded.encrypted is (passphrase is not None)


def test_never_says_that_the_size_is_another_one() -> None:
    result = plan({"private_key": km.key_pem(km.rsa_key(1024))}, regenerate="never")
    assert any("1024 bits, and 2048 are wanted" in note for note in result.notes)
    assert any("weak" in note for note in result.notes)


def test_from_nothing() -> None:
    result = plan(ABSENT, common_name="portal", valid_days=30)
    assert [write.kind for write in result.writes] == ["private_key", "public_key", "certificate"]
    content = written(result)
    assert content["public_key"] == km.public_pem(NEW)
    certificate = x509.load_pem_x509_certificate(content["certificate"])
    assert keys.matches(NEW, certificate)
    assert certificate.not_valid_after_utc == km.NOW + dt.timedelta(days=30)
    assert result.matches is True
    again = plan(dict(content), common_name="portal", valid_days=30, renew_before_days=29)
    assert again.writes == ()
    assert again.before == again.after == {}


def test_the_diff_shows_no_key_and_nothing_that_cannot_be_predicted() -> None:
    result = plan(good(), regenerate="always")
    shown = repr((result.before, result.after, result, result.writes))
    for secret in (PLAIN, written(result)["private_key"]):
        assert not any(line in shown for line in km.body_lines(secret))
    assert result.after["private_key"]["fingerprint"] == "(new)"
    assert result.before["private_key"]["fingerprint"] == keys.fingerprint(
        keys.public_der(KEY.public_key())
    )


@pytest.mark.parametrize("policy", POLICIES[:4])
@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({}, None),
        ({"common_name": "test", "valid_days": 365, "renew_before_days": 364}, None),
        ({"common_name": "other"}, "common name"),
        ({"valid_days": 366}, "valid for 365 days, and 366"),
        ({"renew_before_days": 366}, "365 days left"),
    ],
)
def test_the_certificate_alone(policy: str, wanted: dict[str, t.Any], reason: str | None) -> None:
    result = plan(good(), regenerate=policy, **wanted)
    if reason is None:
        assert result.writes == ()
        return
    (write,) = result.writes
    assert write.kind == "certificate"
    assert reason in write.why
    assert keys.matches(KEY, x509.load_pem_x509_certificate(write.content))
    again = plan({**good(), "certificate": write.content}, regenerate=policy, **wanted)
    assert again.writes == ()


def test_a_reissued_certificate_keeps_what_was_not_named() -> None:
    (write,) = plan(good(days=500), common_name="new").writes
    certificate = x509.load_pem_x509_certificate(write.content)
    assert certificate.not_valid_after_utc == km.NOW + dt.timedelta(days=500)
    (write,) = plan(good(), valid_days=100).writes
    assert x509.load_pem_x509_certificate(write.content).subject.rfc4514_string() == "CN=test"


BELONGS_TO_OTHER: dict[str, bytes] = {
    "public_key": km.public_pem(OTHER),
    "certificate": km.certificate_pem(km.certificate(OTHER)),
}


@pytest.mark.parametrize("kind", ["public_key", "certificate"])
@pytest.mark.parametrize("policy", POLICIES[:4])
def test_companions(kind: str, policy: str) -> None:
    """Those of another key are replaced from partial on, unreadable ones from full on."""
    for content, allowed in (
        (BELONGS_TO_OTHER[kind], POLICIES[2:]),
        (b"damaged", POLICIES[3:]),
        (km.VAULT, POLICIES[3:]),
        (b"", POLICIES[3:]),
        (PLAIN, ()),
        (PLAIN + CERTIFICATE, ()),
    ):
        present = {**good(), kind: content}
        if policy in allowed:
            assert [write.kind for write in plan(present, regenerate=policy).writes] == [kind]
        else:
            with pytest.raises(InvalidInput) as caught:
                plan(present, regenerate=policy)
            assert PATHS[kind] in caught.value.message


@pytest.mark.parametrize("policy", ["never", "fail"])
@pytest.mark.parametrize("kind", ["public_key", "certificate"])
def test_a_lost_key_is_not_replaced_while_its_certificate_is_there(policy: str, kind: str) -> None:
    with pytest.raises(keypair_options.Rejected, match="another private key"):
        plan({"private_key": None, kind: good()[kind]}, regenerate=policy)


def test_a_certificate_of_an_authority_is_renewed_there() -> None:
    issued = km.certificate_pem(km.certificate(KEY, issuer=(OTHER, "CA")))
    present = good(certificate=issued)
    assert plan(present).writes == ()
    with pytest.raises(keypair_options.Rejected, match="renewed there"):
        plan(present, renew_before_days=400)
    (write,) = plan(present, renew_before_days=400, regenerate="partial_idempotence").writes
    assert write.kind == "certificate"


def test_an_expired_certificate_is_said() -> None:
    later = dataclasses.replace(MAKERS, now=km.NOW + dt.timedelta(days=400))
    result = plan(good(), makers=later)
    assert result.writes == ()
    assert any("expired 35 days ago" in note for note in result.notes)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"valid_days": 10, "renew_before_days": 10}, "in every run"),
        ({"renew_before_days": 3650}, "in every run"),
        ({"valid_days": 0}, "valid_days has to be 1"),
        ({"renew_before_days": 0}, "renew_before_days has to be 1"),
        ({"common_name": "x" * 65}, "1 to 64"),
        ({"common_name": "a\0b"}, r"common name holds a control character \(U\+0000\)"),
    ],
)
def test_options_that_contradict_themselves(wanted: dict[str, t.Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        plan(ABSENT, **wanted)


def test_one_path_for_two_files() -> None:
    file = keypair_options.File("/k", None)
    with pytest.raises(InvalidInput, match="different files"):
        keypair.plan({"private_key": file, "certificate": file}, keypair_options.Wanted(), MAKERS)
