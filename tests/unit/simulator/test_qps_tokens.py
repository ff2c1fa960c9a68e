# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tokens open a session: algorithm, signature, dates, audience, claims, attributes."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support.qps_bench import Bench, certificate, in_loop, signing_key

DAY = 86_400


async def _accepts(bench: Bench, token: str) -> bool:
    answer = await bench.send("/jwt/qps/csrftoken", token=token)
    return answer.status == 204


def _public_key() -> str:
    key = signing_key().public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


@pytest.mark.parametrize(
    ("algorithm", "accepted"),
    [("RS256", True), ("RS384", True), ("RS512", True), ("PS256", False)],
)
@in_loop
async def test_algorithms(algorithm: str, accepted: bool) -> None:
    async with Bench() as bench:
        bench.add()
        assert await _accepts(bench, bench.token(algorithm=algorithm)) is accepted


@in_loop
async def test_tokens_of_other_families_are_refused() -> None:
    async with Bench() as bench:
        bench.add()
        key = ec.generate_private_key(ec.SECP256R1())
        assert not await _accepts(bench, bench.token(key=key, algorithm="ES256"))
        assert not await _accepts(bench, bench.token(key="secret" * 8, algorithm="HS256"))
        assert not await _accepts(bench, bench.token(key="", algorithm="none"))


@pytest.mark.parametrize(
    ("claims", "accepted"),
    [
        ({"exp": None}, True),
        ({"exp": 1}, True),
        ({"exp": -200}, True),
        ({"exp": -400}, False),
        ({"nbf": 200}, True),
        ({"nbf": 400}, False),
        ({"iat": 200}, True),
        ({"iat": 400}, False),
        ({"iat": -DAY}, True),
    ],
)
@in_loop
async def test_dates_with_the_default_skew(claims: dict[str, int | None], accepted: bool) -> None:
    async with Bench() as bench:
        bench.add()
        now = int(bench.site.now())
        dates: dict[str, t.Any] = {
            name: now + value for name, value in claims.items() if value is not None
        }
        without = [name for name, value in claims.items() if value is None]
        assert await _accepts(bench, bench.token(without=without, **dates)) is accepted


@in_loop
async def test_dates_that_are_no_numbers_are_refused() -> None:
    async with Bench() as bench:
        bench.add()
        assert not await _accepts(bench, bench.token(exp="tomorrow"))


@pytest.mark.parametrize(("skew", "accepted"), [(0, False), (60, True)])
@in_loop
async def test_clock_skew_switch(skew: int, accepted: bool) -> None:
    async with Bench(clock_skew_s=skew) as bench:
        bench.add()
        token = bench.token(exp=int(bench.site.now()) - 30)
        assert await _accepts(bench, token) is accepted


@pytest.mark.parametrize(("offset", "accepted"), [(0, True), (DAY, False), (-DAY, False)])
@in_loop
async def test_the_clock_of_the_site_counts(offset: int, accepted: bool) -> None:
    async with Bench() as bench:
        bench.add()
        token = bench.token(iat=int(bench.site.now()))
        bench.site.switches.update({"clock_offset_s": offset})
        assert await _accepts(bench, token) is accepted


@pytest.mark.parametrize(
    ("expected", "aud", "accepted"),
    [
        ("qlik", "qlik", True),
        ("qlik", ["other", "qlik"], True),
        ("qlik", "Qlik", False),
        ("qlik", ["other"], False),
        ("", "anything", True),
    ],
)
@in_loop
async def test_audience(expected: str, aud: str | list[str], accepted: bool) -> None:
    async with Bench() as bench:
        bench.add(jwtAudience=expected)
        assert await _accepts(bench, bench.token(aud=aud)) is accepted


@pytest.mark.parametrize(("value", "accepted"), [("reject", False), ("accept", True)])
@in_loop
async def test_missing_aud_switch(value: str, accepted: bool) -> None:
    async with Bench(missing_aud=value) as bench:
        bench.add(jwtAudience="qlik")
        assert await _accepts(bench, bench.token()) is accepted


@pytest.mark.parametrize(
    ("changes", "claims", "user"),
    [
        ({"jwtAttributeUserId": "sub"}, {"sub": "kim"}, ("EXAMPLE", "kim")),
        ({"jwtAttributeUserDirectory": "[JWT]"}, {}, ("JWT", "anna")),
        ({"jwtAttributeUserId": "number"}, {"number": 7}, ("EXAMPLE", "7")),
        ({"jwtAttributeUserId": "userID"}, {}, None),
        ({"jwtAttributeUserId": ""}, {}, None),
        ({}, {"userId": ""}, None),
        ({}, {"userId": ["anna", "kim"]}, None),
    ],
)
@in_loop
async def test_claims_name_the_user(
    changes: dict[str, t.Any], claims: dict[str, t.Any], user: tuple[str, str] | None
) -> None:
    async with Bench() as bench:
        bench.add(**changes)
        assert await _accepts(bench, bench.token(**claims)) is (user is not None)
        found = [(s.user_directory, s.user_id) for s in bench.memory.sessions.live()]
        assert found == ([user] if user else [])


@in_loop
async def test_mapped_claims_become_session_attributes_and_others_do_not() -> None:
    async with Bench() as bench:
        mapping = [
            {"jwtAttribute": "groups", "senseAttribute": "Group", "isMandatory": True},
            {"jwtAttribute": "mail", "senseAttribute": "Mail", "isMandatory": False},
            {"jwtAttribute": "[fixed]", "senseAttribute": "Kind", "isMandatory": True},
        ]
        bench.add(jwtAttributeMap=mapping)
        assert await _accepts(bench, bench.token(groups=["a", "b"], other="x"))
        (session,) = bench.memory.sessions.live()
        assert session.attributes == [{"Group": "a"}, {"Group": "b"}, {"Kind": "fixed"}]
        user = bench.site.find_user("EXAMPLE", "anna")
        assert user is not None
        assert user["attributes"] == []


@pytest.mark.parametrize("text", ["", "rubbish", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END"])
@in_loop
async def test_an_unreadable_certificate_refuses_every_token(text: str) -> None:
    async with Bench() as bench:
        bench.add(jwtPublicKeyCertificate=text)
        assert not await _accepts(bench, bench.token())


@in_loop
async def test_text_around_the_certificate_is_tolerated() -> None:
    async with Bench() as bench:
        pem = certificate(signing_key()).replace("\n", "\r\n")
        bench.add(jwtPublicKeyCertificate=f"Bag Attributes\r\n{_public_key()}{pem}tail\r\n")
        assert await _accepts(bench, bench.token())


@in_loop
async def test_a_certificate_with_another_kind_of_key_refuses_every_token() -> None:
    async with Bench() as bench:
        key = ec.generate_private_key(ec.SECP256R1())
        bench.add(jwtPublicKeyCertificate=certificate(key))
        assert not await _accepts(bench, bench.token(key=key, algorithm="ES256"))
        assert not await _accepts(bench, bench.token())


@pytest.mark.parametrize(
    ("value", "accepted"), [("rejects_tokens", False), ("works", True), (400, False)]
)
@in_loop
async def test_bare_public_key_switch(value: t.Any, accepted: bool) -> None:
    async with Bench(bare_public_key=value) as bench:
        bench.add(jwtPublicKeyCertificate=_public_key())
        assert await _accepts(bench, bench.token()) is accepted


@pytest.mark.parametrize(("value", "accepted"), [("off", True), ("on", False)])
@in_loop
async def test_cert_expiry_check_switch(value: str, accepted: bool) -> None:
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    async with Bench(cert_expiry_check=value) as bench:
        bench.add(jwtPublicKeyCertificate=certificate(signing_key(), yesterday))
        assert await _accepts(bench, bench.token()) is accepted


@pytest.mark.parametrize("value", ["none", "unsigned", "foreign", "expired"])
@in_loop
async def test_accepts_bad_token_switch_lets_in_that_one_kind(value: str) -> None:
    async with Bench(accepts_bad_token=value) as bench:
        bench.add()
        tokens = {
            "unsigned": bench.token(key="", algorithm="none"),
            "foreign": bench.token(key=signing_key("wrong")),
            "expired": bench.token(exp=int(bench.site.now()) - DAY),
        }
        accepted = {kind for kind, token in tokens.items() if await _accepts(bench, token)}
        assert accepted == {value} - {"none"}
        assert await _accepts(bench, bench.token())


@in_loop
async def test_a_short_key_is_accepted() -> None:
    async with Bench() as bench:
        key = signing_key("short", 1024)
        bench.add(jwtPublicKeyCertificate=certificate(key))
        assert await _accepts(bench, bench.token(key=key))


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
@in_loop
async def test_the_scheme_in_either_case(scheme: str) -> None:
    async with Bench() as bench:
        bench.add()
        headers = {"Authorization": f"{scheme} {bench.token()}"}
        assert (await bench.send("/jwt/qps/csrftoken", headers=headers)).status == 204
