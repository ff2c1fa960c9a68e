# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_jwt_probe against every fault of the matrix, in both releases, with and without QRS."""

from __future__ import annotations

import typing as t

import pytest

from modules.probe_case import Case
from modules.probe_matrix import CASES
from support.probe_bench import Bench, codes
from support.simulator import Simulator

#: Expected without the repository in any run that opened a session: nobody could end it.
LEFT_OPEN = "session_left_open"


@pytest.fixture
def bench(simulator: Simulator) -> Bench:
    return Bench(simulator)


def _rows() -> t.Iterator[t.Any]:
    for case in CASES:
        for release in case.releases:
            for repository in (True, False):
                name = f"{case.name}-{release}-{'qrs' if repository else 'outside'}"
                yield pytest.param(case, release, repository, id=name.replace(" ", "_"))


@pytest.mark.parametrize(("case", "release", "repository"), list(_rows()))
def test_verdict(bench: Bench, case: Case, release: str, repository: bool) -> None:
    bench.prepare(
        case.proxy,
        user=case.user,
        release=release,
        switches=case.switches,
        nodes=case.nodes,
        users=case.users,
    )
    options = case.options(bench)
    bench.site.clear_requests()
    before = bench.configuration()

    result = bench.run(repository=repository, **options)

    wanted = case.proven if repository else case.outside
    assert result["verdict"] == wanted, result
    granted = wanted == "access_granted"
    assert result["ok"] is granted
    assert bool(result.get("failed")) is not granted
    if not granted:
        assert codes(result)[0] == wanted
        assert result["msg"].startswith(f"{wanted}: ")
        assert " Remedy: " in result["msg"]
    elif repository:
        assert codes(result) == []
        assert codes(result, "warning") == list(case.warnings)
    if repository and not granted:
        assert set(case.warnings) <= set(codes(result, "warning"))
    assert bench.configuration() == before
    _judge_sessions(bench, result, repository)


def _judge_sessions(bench: Bench, result: dict[str, t.Any], repository: bool) -> None:
    """At most one login, and one more for each bad token that was let in; none stays open."""
    log = bench.site.requests(port="https")
    opened = [r for r in log if "bearer" in str(r["headers"]).lower() or _has_bearer(r)]
    assert len(opened) <= 6
    if repository:
        assert bench.sessions() == []
        assert LEFT_OPEN not in codes(result, "warning")
    elif bench.sessions():
        assert LEFT_OPEN in codes(result, "warning")
        bad = next((f for f in result["findings"] if f["code"] == "bad_token_accepted"), None)
        anonymous = any(f["code"] == "anonymous_access" for f in result["findings"])
        extra = (len(bad["evidence"]["kinds"]) if bad else 0) + (4 if anonymous else 0)
        assert len(bench.sessions()) <= 1 + extra


def _has_bearer(request: dict[str, t.Any]) -> bool:
    return any(name.lower() == "authorization" for name in dict(request["headers"]))
