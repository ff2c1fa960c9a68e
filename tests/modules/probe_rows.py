# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs rows of the fault matrix: the verdict, what fails the task, sessions, configuration."""

from __future__ import annotations

import contextlib
import typing as t
from unittest import mock

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.findings import (
    network as rules_network,
)
from ansible_collections.qlikops.sense.plugins.module_utils._modules import probe as _probe
from support.probe_bench import Bench, codes, signing_key
from support.probe_scenario import Scenario, prepare
from support.simulator import Simulator

#: Expected without the repository in any run that opened a session: nobody could end it.
LEFT_OPEN = "session_left_open"


def rows_of(cases: t.Iterable[Scenario]) -> list[t.Any]:
    """Each case in its releases, with and without the repository, as parameters of a test."""
    found = []
    for case in cases:
        for release in case.releases:
            for repository in (True, False):
                name = f"{case.name}-{release}-{'qrs' if repository else 'outside'}"
                marks = [pytest.mark.long] if release == "classic" else []
                found.append(
                    pytest.param(case, release, repository, id=name.replace(" ", "_"), marks=marks)
                )
    return found


@contextlib.contextmanager
def benched(simulator: Simulator, case: Scenario) -> t.Iterator[Bench]:
    """A bench for one row. The foreign key of the negative control is made once for all of them:
    anew for every run it would take most of the time."""
    with (
        mock.patch.object(_probe, "new_foreign_key", return_value=signing_key("foreign")),
        mock.patch.object(rules_network, "SLOW_S", case.slow_s),
        contextlib.ExitStack() as stack,
    ):
        yield Bench(simulator, stack)


def judge_row(bench: Bench, case: Scenario, release: str, repository: bool) -> None:
    """Break a fresh site as the row says, probe it, and hold what comes out against the row."""
    options = {**prepare(bench, case, release=release), **case.credentials()}
    bench.site.clear_requests()
    before = bench.configuration()
    at_work = {session["id"] for session in bench.sessions()}

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
    if repository or case.infos == ("slow_start",):
        assert set(case.infos) <= set(codes(result, "info"))
    if repository and case.evidence:
        (found,) = (item for item in result["findings"] if item["code"] == case.code)
        assert case.evidence.items() <= found["evidence"].items()
    if repository:
        # It was asked already, whatever came of it.
        assert not any("Set host" in found["remedy"] for found in result["findings"])
        assert not any(
            found["option"] == "qlik_jwt_probe.host"
            for found in result["findings"]
            if found["code"] in ("token_rejected", "not_routed")
        )
    assert bench.configuration() == before
    _judge_sessions(bench, result, repository, at_work)


def _judge_sessions(
    bench: Bench, result: dict[str, t.Any], repository: bool, at_work: set[str]
) -> None:
    """At most one login, and one more for each bad token that was let in; none stays open, but
    those of somebody who works under the same name."""
    log = bench.site.requests(port="https")
    opened = [r for r in log if "bearer" in str(r["headers"]).lower() or _has_bearer(r)]
    assert len(opened) <= 6
    left = {session["id"] for session in bench.sessions()}
    assert at_work <= left
    left -= at_work
    if repository:
        assert left == set()
        assert LEFT_OPEN not in codes(result, "warning")
    elif left:
        assert LEFT_OPEN in codes(result, "warning")
        bad = next((f for f in result["findings"] if f["code"] == "bad_token_accepted"), None)
        anonymous = any(f["code"] == "anonymous_access" for f in result["findings"])
        extra = (len(bad["evidence"]["kinds"]) if bad else 0) + (4 if anonymous else 0)
        # Where no cookie comes, an old release opens one session for each of two requests.
        unseen = 1 if result["verdict"] == "session_cookie_missing" else 0
        assert len(left) <= 1 + extra + unseen


def _has_bearer(request: dict[str, t.Any]) -> bool:
    return any(name.lower() == "authorization" for name in dict(request["headers"]))
