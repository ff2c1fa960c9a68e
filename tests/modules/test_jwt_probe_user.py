# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wrong_user: what the options name is what the login has to prove."""

from __future__ import annotations

import typing as t

import pytest

from support.probe_bench import Bench, codes, good_claims, token_of
from support.simulator import Simulator

Json = dict[str, t.Any]
RELEASES = pytest.mark.parametrize("release", ["current", "classic"])


@pytest.fixture
def bench(simulator: Simulator) -> Bench:
    return Bench(simulator)


def prepare(bench: Bench, release: str, **proxy: t.Any) -> None:
    bench.prepare(proxy, release=release)
    others = [{"userDirectory": d, "userId": i} for d, i in (("OTHER", "probe"), ("ACME", "other"))]
    bench.site.seed(user=others)


CONSTANT = {"jwtAttributeUserDirectory": "[OTHER]"}
CONSTANT_ID = {"jwtAttributeUserId": "[other]"}


def claims(**changes: t.Any) -> Json:
    return {"token": token_of(good_claims(**changes))}


#: Name, virtual proxy, options (a None leaves one out), the user that is logged in.
ROWS: list[tuple[str, Json, Json, str]] = [
    ("constant directory", CONSTANT, {}, r"OTHER\probe"),
    ("constant id", CONSTANT_ID, {}, r"ACME\other"),
    ("constant directory, token", CONSTANT, claims(), r"OTHER\probe"),
    ("constant, token names nobody else", CONSTANT,
     {**claims(), "user_id": None, "user_directory": None}, r"OTHER\probe"),
    ("token for another user", {}, claims(userId="other"), r"ACME\other"),
    ("token for another directory", {}, claims(userDirectory="OTHER"), r"OTHER\probe"),
    ("only the id is named", {}, {**claims(userId="other"), "user_directory": None},
     r"ACME\other"),
    ("other claim holds the user", {"jwtAttributeUserId": "sub"},
     claims(sub="other"), r"ACME\other"),
]  # fmt: skip


@RELEASES
@pytest.mark.parametrize("repository", [True, False])
@pytest.mark.parametrize(("name", "proxy", "options", "found"), ROWS, ids=[r[0] for r in ROWS])
def test_another_user_is_logged_in(
    bench: Bench, release: str, repository: bool, name: str, proxy: Json, options: Json, found: str
) -> None:
    prepare(bench, release, **proxy)
    result = bench.run(repository=repository, **options)
    assert result["verdict"] == "wrong_user", result
    assert (result["ok"], result["failed"]) == (False, True)
    (finding,) = [f for f in result["findings"] if f["code"] == "wrong_user"]
    assert finding["level"] == "error"
    assert finding["evidence"]["found"] == found
    assert f"{result['user']['directory']}\\{result['user']['id']}" == found


@pytest.mark.parametrize(("name", "proxy", "options", "found"), ROWS, ids=[r[0] for r in ROWS])
def test_the_repository_proves_it_where_nobody_is_asked(
    bench: Bench, name: str, proxy: Json, options: Json, found: str
) -> None:
    prepare(bench, "current", **proxy)
    for way in ({"checks": ["session"]}, {"check": True}):
        result = bench.run(**way, **options)
        assert result["verdict"] == "wrong_user", result
        evidence = result["findings"][0]["evidence"]
        assert (evidence["found"], evidence["sources"]) == (found, ["virtual proxy"])
    assert bench.run(expect="denied", check=True, **options)["failed"]


@RELEASES
@pytest.mark.parametrize("repository", [True, False])
@pytest.mark.parametrize(
    ("proxy", "options"),
    [
        ({}, {"user_id": "PROBE", "user_directory": "acme"}),
        ({"jwtAttributeUserDirectory": "[acme]"}, {"user_id_claim": "userId"}),
        ({"jwtAttributeUserDirectory": "[ACME]"},
         {**claims(userDirectory=None), "user_id": None, "user_directory": None}),
        ({}, {**claims(), "user_id": None, "user_directory": None}),
        ({}, {**claims(userId="Probe"), "user_id": "pROBE"}),
        ({}, {**claims(userId=["probe"])}),
    ],
)  # fmt: skip
def test_the_user_that_was_named(
    bench: Bench, release: str, repository: bool, proxy: Json, options: Json
) -> None:
    prepare(bench, release, **proxy)
    result = bench.run(repository=repository, **options)
    assert result["verdict"] == "access_granted", result


@RELEASES
@pytest.mark.parametrize("end_session", ["user", "auto"])
def test_sessions_of_the_other_user_go_on(bench: Bench, release: str, end_session: str) -> None:
    """``DELETE /qps/user`` would end the sessions of a person that the options do not name."""
    prepare(bench, release)
    token = claims(userId="other")
    bench.run(**token, user_id="other", end_session="never")
    (at_work,) = bench.sessions()
    result = bench.run(repository=False, **token, end_session=end_session)
    assert result["verdict"] == "wrong_user"
    assert at_work["id"] in {session["id"] for session in bench.sessions()}
    assert "session_left_open" in codes(result, "warning")
