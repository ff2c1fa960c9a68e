# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens: claims, signatures, and reading whatever somebody calls a token."""

from __future__ import annotations

import base64
import dataclasses
import json
import typing as t

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import token_file, tokens
from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto.claim_names import (
    REGISTERED_CLAIMS,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from support import key_material as km

KEY = km.rsa_key()
OTHER = km.rsa_key(number=1)
NOW = 1793606430
OPTIONS = tokens.ClaimOptions(user_id="jdoe", user_directory="ACME")
CLAIMS = tokens.claims(OPTIONS, now=NOW, lifetime=3600)


def part(token: str, number: int) -> t.Any:
    text = token.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_claims() -> None:
    assert CLAIMS == {
        "userId": "jdoe",
        "userDirectory": "ACME",
        "iat": NOW - 30,
        "exp": NOW + 3600,
    }
    full = tokens.ClaimOptions(
        user_id="jdoe",
        user_directory="ACME",
        user_id_claim="sub",
        user_directory_claim="[ACME]",
        attributes={"Group": ["a", "b"], "level": 3, "vip": False, "empty": []},
        audience="qlik",
        issuer="portal",
    )
    assert tokens.claims(full, now=NOW, lifetime=1) == {
        "sub": "jdoe",
        "Group": ["a", "b"],
        "level": 3,
        "vip": False,
        "empty": [],
        "aud": "qlik",
        "iss": "portal",
        "iat": NOW - 30,
        "exp": NOW + 1,
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"user_id": None}, "user_id is empty"),
        ({"user_id": "  "}, "user_id is empty"),
        ({"user_directory": ""}, "user_directory is empty"),
        ({"user_id_claim": "userDirectory"}, "same claim"),
        ({"user_id_claim": "exp"}, "user_id_claim is 'exp'"),
        ({"user_directory_claim": "sub2", "user_id_claim": ""}, "user_id_claim is empty"),
        ({"user_directory_claim": "aud"}, "user_directory_claim is 'aud'"),
        ({"attributes": {"exp": 1}}, "claim 'exp'"),
        ({"attributes": {"sub": "x"}}, "claim 'sub'"),
        ({"attributes": {"userId": "admin"}}, "claim 'userId'"),
        ({"attributes": {" ": "x"}}, "without a name"),
        ({"attributes": {"a": {"b": 1}}}, "'a' is neither"),
        ({"attributes": {"a": None}}, "'a' is neither"),
        ({"attributes": {"a": [["x"]]}}, "'a' is neither"),
    ],
)
def test_claims_refused(change: dict[str, t.Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        tokens.claims(dataclasses.replace(OPTIONS, **change), now=NOW, lifetime=60)


@pytest.mark.parametrize("lifetime", [0, -1, 2**31])
def test_lifetimes_refused(lifetime: int) -> None:
    with pytest.raises(InvalidInput, match=f"{lifetime} seconds"):
        tokens.claims(OPTIONS, now=NOW, lifetime=lifetime)


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [("RS256", hashes.SHA256()), ("RS384", hashes.SHA384()), ("RS512", hashes.SHA512())],
)
def test_signature_by_hand(algorithm: str, digest: hashes.HashAlgorithm) -> None:
    token = tokens.mint(CLAIMS, key=KEY, algorithm=algorithm)
    assert part(token, 0) == {"alg": algorithm, "typ": "JWT"}
    assert part(token, 1) == CLAIMS
    signed, dummy, signature = token.rpartition(".")
    KEY.public_key().verify(
        base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)),
        signed.encode(),
        padding.PKCS1v15(),
        digest,
    )
    assert tokens.is_signed_for(token, km.certificate(KEY))
    assert not tokens.is_signed_for(token, km.certificate(OTHER))
    assert not tokens.is_signed_by(token, km.ec_key().public_key())


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256", "PS256", "rs256", ""])
def test_other_algorithms_are_refused(algorithm: str) -> None:
    with pytest.raises(InvalidInput, match="does not check"):
        tokens.mint(CLAIMS, key=KEY, algorithm=algorithm)


def test_the_signature_is_judged_alone() -> None:
    odd = {"exp": 1, "nbf": 2**40, "iat": 2**40, "aud": ["x"], "sub": 5, "iss": 7, "jti": 9}
    token = jwt.PyJWS().encode(json.dumps(odd).encode(), KEY, algorithm="RS256")
    assert tokens.is_signed_by(token, KEY.public_key())


def test_negative_controls() -> None:
    unsigned = tokens.unsigned(CLAIMS)
    assert part(unsigned, 0)["alg"] == "none"
    assert unsigned.endswith(".")
    assert tokens.read(unsigned).claims == CLAIMS
    past = tokens.expired(CLAIMS, now=NOW)
    assert past["exp"] == NOW - 86400
    assert past["iat"] < past["exp"]
    assert token_file.timeless(past) == token_file.timeless(CLAIMS)
    for token in (
        unsigned,
        unsigned + "AAAA",
        "",
        "a.b.c",
        tokens.mint(CLAIMS, key=OTHER, algorithm="RS256"),
    ):
        assert not tokens.is_signed_by(token, KEY.public_key())


def test_weak_keys_give_no_noise(recwarn: pytest.WarningsRecorder) -> None:
    weak = km.rsa_key(1024)
    assert tokens.is_signed_by(tokens.mint(CLAIMS, key=weak, algorithm="RS256"), weak.public_key())
    assert not recwarn.list


GOOD = tokens.mint(CLAIMS, key=KEY, algorithm="RS256")


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("Bearer " + GOOD, "begins with Bearer"),
        (GOOD.replace(".", " .", 1), "holds blanks"),
        (GOOD + "ü", "holds blanks or other"),
        ("a.b", "this one has 2"),
        ("a.b.c.d", "this one has 4"),
        ("e30.a.b.c.d", "encrypted one"),
        ("a.e30.", "first part"),
        ("e30.W10.", "second part"),
        ("e30." + "!" * 8 + ".", "second part"),
        ("//8." + "e30.", "first part"),
    ],
)
def test_faults(token: str, words: str) -> None:
    read = tokens.read(token)
    assert read.fault is not None
    assert words in read.fault
    assert GOOD not in read.fault


def test_read() -> None:
    read = tokens.read(f"  {GOOD}\n")
    assert (read.fault, read.algorithm, read.claims) == (None, "RS256", CLAIMS)
    assert read.time("exp") == NOW + 3600
    assert read.time("nbf") is None
    for value in ("1", True, None, [1]):
        assert tokens.Token({}, {"exp": value}).time("exp") is None
    assert tokens.Token({}, {"exp": 10**400}).time("exp") == float("inf")
    assert tokens.Token({"alg": 5}, {}).algorithm is None


SIGNED, SIGNATURE = GOOD.rsplit(".", 1)


@pytest.mark.parametrize(
    ("signature", "words"),
    [
        (SIGNATURE, None),
        (SIGNATURE[:-4] + "AAAA", None),
        (tokens.mint(CLAIMS, key=km.rsa_key(1024), algorithm="RS256").rpartition(".")[2], None),
        ("", "is empty"),
        ("+" + SIGNATURE[1:], "is not base64url"),
        ("/" + SIGNATURE[1:], "is not base64url"),
        (SIGNATURE + "==", "is not base64url"),
        ("%" + SIGNATURE[1:], "is not base64url"),
        ("A" * 5, "is not base64url"),
        (SIGNATURE[:-4], "bytes, and a key of"),
        (SIGNATURE + "AAAA", "bytes, and a key of"),
        ("AAAA", "has 3 bytes"),
    ],
)
def test_form_of_the_signature(signature: str, words: str | None) -> None:
    token = f"{SIGNED}.{signature}"
    fault = tokens.form_fault(token, KEY.key_size)
    assert (fault is None) if words is None else (words in str(fault))
    assert fault is None or not signature or signature not in fault


@pytest.mark.parametrize("name", ["crit", "zip", "enc"])
def test_a_header_that_asks_for_more(name: str) -> None:
    token = jwt.encode(CLAIMS, KEY, algorithm="RS256", headers={name: ["x"]})
    assert tokens.is_signed_by(token, KEY.public_key())
    assert f"parameter {name}," in str(tokens.form_fault(token, KEY.key_size))


@pytest.mark.parametrize("headers", [{"typ": "at+jwt"}, {"x5t": "a"}, {"kid": "a"}])
def test_a_header_that_tells_more(headers: dict[str, t.Any]) -> None:
    token = jwt.encode(CLAIMS, KEY, algorithm="RS256", headers=headers)
    assert tokens.is_signed_by(token, KEY.public_key())
    assert tokens.form_fault(token, KEY.key_size) is None
    assert tokens.form_fault(token) is None


def test_a_key_id_that_is_not_text_is_no_other_key() -> None:
    header = base64.urlsafe_b64encode(b'{"alg":"RS256","kid":5}').decode().rstrip("=")
    signed = f"{header}.{GOOD.split('.')[1]}"
    signature = KEY.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    last = base64.urlsafe_b64encode(signature).decode().rstrip("=")
    assert tokens.is_signed_by(f"{signed}.{last}", KEY.public_key())


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=60), st.from_regex(r"[\w-]{0,9}(\.[\w-]{0,9}){2}")))
def test_anything_can_be_read(text: str) -> None:
    read = tokens.read(text)
    assert read.fault is None or read.fault.endswith(".")
    assert (tokens.form_fault(text) or ".").endswith(".")
    assert not tokens.is_signed_by(text, KEY.public_key())


def test_deep_nesting_is_a_fault() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 200000).decode().rstrip("=")
    assert tokens.read(f"{deep}.{deep}.").fault is not None


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(
    lambda name: bool(name.strip()) and name not in (*REGISTERED_CLAIMS, "userId", "userDirectory")
)
VALUES = st.one_of(st.text(max_size=8), st.integers(-(2**53), 2**53), st.booleans())


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda x: bool(x.strip())),
    st.dictionaries(NAMES, st.one_of(VALUES, st.lists(VALUES, max_size=3)), max_size=3),
    st.integers(1, 10**8),
)
def test_what_goes_in_comes_out(user: str, attributes: dict[str, t.Any], lifetime: int) -> None:
    options = dataclasses.replace(OPTIONS, user_id=user, attributes=attributes)
    claims = tokens.claims(options, now=NOW, lifetime=lifetime)
    token = tokens.mint(claims, key=KEY, algorithm="RS256")
    assert tokens.read(token).claims == claims
    assert tokens.is_signed_by(token, KEY.public_key())


def why(present: bytes | None, **change: t.Any) -> str | None:
    arguments: dict[str, t.Any] = {
        "path": "/x",
        "wanted": tokens.claims(OPTIONS, now=NOW + 100, lifetime=3600),
        "algorithm": "RS256",
        "public_key": KEY.public_key(),
        "now": NOW + 100,
        "renew_before": 300,
        "lifetime": 3600,
    }
    return token_file.why_mint(present, **{**arguments, **change})


@pytest.mark.parametrize(
    ("present", "change", "reason"),
    [
        (GOOD, {}, None),
        (GOOD + "\n", {}, None),
        (None, {}, "there is none"),
        ("", {}, "there is none"),
        (GOOD, {"now": NOW + 3300}, None),
        (GOOD, {"now": NOW + 3301}, "less than 300 seconds"),
        (GOOD, {"now": NOW + 9999}, "less than 300 seconds"),
        (GOOD, {"lifetime": 3499}, "more than 3499"),
        (GOOD, {"algorithm": "RS512"}, "algorithm"),
        (GOOD, {"public_key": OTHER.public_key()}, "another key"),
        (GOOD, {"wanted": {**CLAIMS, "aud": "x"}}, "claims"),
        (tokens.unsigned(CLAIMS), {}, "algorithm"),
        (
            tokens.mint({"userId": "jdoe", "userDirectory": "ACME"}, key=KEY, algorithm="RS256"),
            {},
            "more than 3600",
        ),
    ],
)
def test_why_a_token_in_a_file_is_replaced(
    present: str | None, change: dict[str, t.Any], reason: str | None
) -> None:
    found = why(None if present is None else present.encode(), **change)
    assert found == reason if reason is None else reason in str(found)


@pytest.mark.parametrize("present", [km.key_pem(KEY), b"hello", b"a.b.c", b"\xff\x00\x01"])
def test_something_else_in_the_file_is_left_alone(present: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"path: /x does not contain a token"):
        why(present)


def test_renewal_in_every_run_is_refused() -> None:
    with pytest.raises(InvalidInput, match="less than lifetime"):
        why(None, renew_before=3600)
    assert [token_file.default_renew_before(seconds) for seconds in (1, 60, 3600)] == [0, 30, 300]
