# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masked texts are found in input, and in a result the values that Ansible would mask."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible.module_utils.common import parameters

from ansible_collections.qlikops.sense.plugins.module_utils._core.masking import (
    MARKS,
    damage,
    masked,
    newly_masked,
    without,
)
from support.module_runner import MASKED_RESULTS

TEXTS = st.text(alphabet="ab1-.é", max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-20, 2000) | st.floats(0, 20) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
SECRETS = st.sets(TEXTS.filter(bool), max_size=3)


def places(result: t.Any, *secrets: str) -> list[str]:
    return [str(item) for item in damage(result, secrets)]


def test_every_place_is_named() -> None:
    result = {
        "virtual_proxies": [{"host_allow_list": ["qlik.example.com", "other"]}],
        "id": 7,
        "requests": 17.5,
        "changed": True,
        "qlik": None,
    }
    assert places(result, "qlik") == ["virtual_proxies[0].host_allow_list[0]"]
    assert places(result, "7") == ["id", "requests"]
    assert places(result, "True", "None", "nowhere") == []
    assert places("qlik", "qlik") == [""]


@pytest.mark.skipif(not MASKED_RESULTS, reason="this ansible-core masks only output")
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES, SECRETS)
def test_it_foresees_what_ansible_masks(result: t.Any, secrets: set[str]) -> None:
    found = list(damage({"result": result}, secrets))
    changed = parameters.remove_values({"result": result}, secrets) != {"result": result}
    assert bool(found) == changed
    rest = without({"result": result}, [item.place for item in found])
    assert parameters.remove_values(rest, secrets) == rest


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_is_found_everywhere(mark: str) -> None:
    value = {"a": [{"b": f"x{mark}y"}], f"k{mark}": 1}
    found = [(item.place, item.mark) for item in masked(value)]
    assert ("a[0].b", mark) in found
    assert ("", mark) in found
    assert all(mark in item.fault for item in masked(mark) if item.mark == mark)


def test_fewer_stars_mean_themselves() -> None:
    assert list(masked(["*", "*.example.com", "*" * 7, "redacted", 8, None])) == []


def test_what_was_there_before_is_not_new() -> None:
    stars = "******** portal"
    assert newly_masked(stars, stars) is None
    assert newly_masked({"env": stars, "more": "x"}, {"env": stars}) is None
    assert newly_masked(["a", stars], [stars]) is None
    assert newly_masked(stars, "portal") is not None
    assert newly_masked({"env": "$REDACTED$", "a": stars}, {"a": stars}) is not None
    assert newly_masked("portal", None) is None
