# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What jobs of AWX export, and what is restored."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import restore
from unit.plugin_utils.hosts import Json, variables

BEFORE = [{"prefix": "p"}]
DONE = {"failure": {"done": ["x"]}, "before": [{"prefix": "q"}]}


@pytest.mark.parametrize(
    ("own", "prefixes"),
    [
        ({}, []),
        ({"jwt_virtual_proxy_result": {"before": BEFORE}}, ["p"]),
        (
            {"jwt_virtual_proxy_outcome": DONE, "jwt_virtual_proxy_result": {"before": BEFORE}},
            ["q"],
        ),
        ({"jwt_virtual_proxy_outcome": {"failure": {"done": []}, "before": BEFORE}}, []),
        ({"jwt_remove_result": {"before": [{"prefix": "r"}]}}, ["r"]),
        (
            {
                "jwt_virtual_proxy_result": {"before": BEFORE},
                "jwt_remove_result": {"before": [{"prefix": "p"}, {"prefix": "r"}]},
            },
            ["p", "r"],
        ),
    ],
)
def test_what_a_job_changed(own: Json, prefixes: list[str]) -> None:
    assert [one["prefix"] for one in restore.changed(variables(own))] == prefixes


def test_what_a_job_exports_is_restored_by_another_one() -> None:
    exported = restore.state(variables({"jwt_virtual_proxy_result": {"before": BEFORE}}))
    assert restore.wanted(variables(exported)) == BEFORE
    given = {**exported, "jwt_restore_before": '[{"prefix": "given"}]'}
    assert restore.wanted(variables(given)) == [{"prefix": "given"}]
    other = {**exported, "inventory_hostname": "other"}
    assert restore.wanted(variables(other)) == []


@pytest.mark.parametrize(
    ("verify", "set_up", "failed", "proven"),
    [
        (None, None, False, False),
        (True, None, False, True),
        ("True", False, False, True),
        (False, True, True, False),
        (None, True, True, True),
        # A later job failed and exported nothing.
        (None, True, False, False),
    ],
)
def test_the_newest_proof_counts(verify: t.Any, set_up: t.Any, failed: bool, proven: bool) -> None:
    own: Json = {"jwt_restore_set_up_failed": failed}
    for job, value in (("verify", verify), ("set_up", set_up)):
        if value is not None:
            own.update(restore.proof(variables(), job=job, proven=value))
    own.update(restore.state(variables({"jwt_virtual_proxy_result": {"before": BEFORE}})))
    assert restore.is_proven(variables(own)) is proven
    assert restore.wanted(variables(own)) == ([] if proven else BEFORE)


def test_what_the_role_prints_and_returns() -> None:
    nothing = variables()
    assert restore.why_not(nothing).startswith("No earlier job exported a change of this site")
    assert restore.not_proven(nothing) == restore.why_not(nothing)
    proven = variables(restore.proof(variables(), job="verify", proven=True))
    assert "were proven" in restore.why_not(proven)
    state = restore.state(variables({"jwt_virtual_proxy_result": {"before": BEFORE}}))
    restored = variables({**state, "jwt_restore__outcome": {"changed": True}})
    assert restore.result(restored) == {"changed": True, "restored": len(BEFORE)}
    assert restore.not_proven(restored).endswith(f"previous state: {len(BEFORE)}.")
    assert restore.result(nothing) == {"changed": False, "restored": 0}
