# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rotation on a site that fails: in the end one of the two keys logs in, never neither.

Every request of a rotation meets a fault: from the write on each meets every kind. Before it, when
nothing has changed yet, each meets one kind, in turn, since a run of the playbook takes its time;
with ROTATION_FAULTS=all in the environment (`make rotation`) each of those meets every kind, too.
"""

from __future__ import annotations

import collections
import os
import typing as t
from pathlib import Path

import pytest

from playbooks.rotation import (
    OLD,
    REFUSED_LOGINS,
    ROTATE,
    files,
    in_force,
    logs_in,
    public,
    while_the_new_key_is_trusted,
)
from playbooks.runs import Json, Run, Workplace
from playbooks.verify import seed
from support import key_material as km
from support.simulator import Simulator

pytestmark = pytest.mark.long

FAULTS: dict[str, Json] = {
    "reset before": {"action": "reset_before"},
    "reset after": {"action": "reset_after"},
    "500": {"action": "status", "status": 500},
    "503": {"action": "status", "status": 503},
    "429": {"action": "status", "status": 429, "headers": {"Retry-After": "1"}},
    "timeout": {"action": "hang", "seconds": 6},
    "truncated": {"action": "truncate"},
    "html": {"action": "html"},
    "edit": {
        "action": "edit_between",
        "type": "virtualproxyconfig",
        "where": {"prefix": "portal"},
        "change": {"description": "of somebody else"},
    },
}
DOWN: Json = {"action": "status", "status": 503, "times": 100000}
KEYS = {"jwt.key", "jwt.crt"}


def host(workplace: Workplace) -> Json:
    """A host that loses no time on a site that does not answer."""
    return workplace.login(qlik_timeout=3, qlik_retries=1, jwt_verify_wait=3)


def fresh(workplace: Workplace) -> Simulator:
    """A site and files as before a rotation."""
    site = workplace.simulator
    site.clear_faults()
    site.reset(nodes=["Central"], switches={"max_sessions": 1000})
    for path in workplace.directory.glob("jwt.*"):
        path.unlink()
    in_force(workplace)
    seed(site)
    site.clear_requests()
    return site


def working(workplace: Workplace) -> list[Path]:
    """The keys at hand that log in."""
    found = [workplace.key, workplace.key.with_suffix(".key.next")]
    return [key for key in found if key.exists() and logs_in(workplace.simulator, key)]


def judged(workplace: Workplace, run: Run) -> str:
    """What became of a rotation, once the site answers again; a run that says less is a fault."""
    site = workplace.simulator
    assert working(workplace), run.output
    if run.code == 0:
        assert public(workplace.key) != public(km.key_pem(OLD))
        assert logs_in(site, workplace.key), run.output
        assert files(workplace) == KEYS
        return "rotated"
    message = run.failures[-1]
    assert run.code == 2, run.output
    if message.endswith("The old one was put back, and logs in."):
        assert working(workplace) == [workplace.key]
        assert workplace.key.read_bytes() == km.key_pem(OLD)
        assert files(workplace) == KEYS
        return "put back"
    if "could not be put back" in message:
        workplace.run(ROTATE, hosts={"dev": host(workplace)}).ok()
        assert working(workplace) == [workplace.key]
        assert public(workplace.key) != public(km.key_pem(OLD))
        assert files(workplace) == KEYS
        return "repaired by the next run"
    # Before anything was written.
    assert logs_in(site, km.key_pem(OLD)), run.output
    assert files(workplace) == KEYS
    return "refused"


@pytest.mark.parametrize("part", ["before the write", "from the write on"])
@pytest.mark.parametrize("number", range(len(FAULTS)), ids=list(FAULTS))
def test_at_every_request(
    workplace: Workplace, number: int, part: str, record_property: t.Callable[[str, object], None]
) -> None:
    site = fresh(workplace)
    workplace.run(ROTATE, hosts={"dev": host(workplace)}).ok()
    requests = site.requests()
    write = next(n for n, request in enumerate(requests, 1) if request["method"] == "PUT")
    assert 10 < write < len(requests) - 10
    chosen = range(write, len(requests) + 1)
    if part == "before the write":
        every = os.environ.get("ROTATION_FAULTS") == "all"
        chosen = range(1, write) if every else range(number + 1, write, len(FAULTS))
    fault = list(FAULTS.values())[number]
    counts: collections.Counter[str] = collections.Counter()

    for nth in chosen:
        fresh(workplace).fault(nth=nth, **fault)
        run = workplace.run(ROTATE, hosts={"dev": host(workplace)})
        site.clear_faults()
        counts[judged(workplace, run)] += 1

    name = list(FAULTS)[number]
    record_property("table", f"{name}, {part}, {counts.total()} requests: {dict(counts)}")


#: Who edits in between each time is met by retrying, as when it happens once.
ON_THE_WAY_BACK = [
    pytest.param(name, times, id=f"{name}, {words}")
    for name in FAULTS
    for times, words in ((1, "once"), (3, "each time"))
    if (name, times) != ("edit", 3)
]


@pytest.mark.parametrize(("name", "times"), ON_THE_WAY_BACK)
def test_on_the_way_back(workplace: Workplace, name: str, times: int) -> None:
    """The second write, that of the old certificate, meets a fault as well."""
    site = fresh(workplace)
    back = {"port": "qrs", "method": "PUT", "path": "/qrs/virtualproxyconfig/", "times": times}

    with while_the_new_key_is_trusted(site, REFUSED_LOGINS, {**back, **FAULTS[name]}):
        run = workplace.run(ROTATE, hosts={"dev": host(workplace)}).failed()

    assert judged(workplace, run) in ("put back", "repaired by the next run")


@pytest.mark.parametrize("port", [None, "qrs", "https"], ids=["all", "repository", "proxy"])
def test_a_site_that_goes_down_is_repaired_by_the_next_run(
    workplace: Workplace, port: str | None
) -> None:
    site = fresh(workplace)
    down = DOWN if port is None else {**DOWN, "port": port}
    refused = [] if port != "qrs" else [REFUSED_LOGINS]

    with while_the_new_key_is_trusted(site, down, *refused, for_good=True):
        run = workplace.run(ROTATE, hosts={"dev": host(workplace)}).failed()

    assert "could not be put back" in run.failures[-1]
    assert judged(workplace, run) == "repaired by the next run"
