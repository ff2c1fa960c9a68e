# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What applies to each entry of a list of virtual proxies that does not set it."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy.defaults import (
    EMPTY,
    common,
    completed,
)

Json = dict[str, t.Any]


def test_an_entry_keeps_what_it_sets() -> None:
    options = common({"description": "all", "jwt_audience": None}, ["tags"])
    assert options == {"description": "all", "tags": [], "tags_mode": "replace"}
    assert completed({"prefix": "a", "description": ""}, options)["description"] == ""
    assert completed({"prefix": "a", "description": None}, options)["description"] == "all"
    assert completed({"prefix": "a", "tags": ["x"]}, options)["tags"] == ["x"]


@pytest.mark.parametrize("name", EMPTY)
def test_each_option_that_can_be_cleared(name: str) -> None:
    assert not common({}, [name])[name]


@pytest.mark.parametrize(
    ("defaults", "clear", "sentence"),
    [
        ({}, ["state"], "clear: state cannot be empty."),
        ({}, ["b", "a"], "a, b cannot be empty"),
        ({"description": ""}, ["description"], "description is given, too"),
    ],
)
def test_wrong_names(defaults: Json, clear: list[str], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        common(defaults, clear)


@pytest.mark.parametrize(
    ("entry", "certificate"),
    [
        ({}, "PAIR"),
        ({"authentication_method": "jwt"}, "PAIR"),
        ({"jwt_certificate": ""}, ""),
        ({"jwt_certificate": "OWN"}, "OWN"),
        ({"authentication_method": "ticket"}, None),
        ({"state": "absent"}, None),
    ],
)
def test_the_certificate_is_for_jwt_without_one(entry: Json, certificate: str | None) -> None:
    assert completed(entry, {}, "PAIR").get("jwt_certificate") == certificate
    method = {"authentication_method": "ticket"}
    assert "jwt_certificate" not in completed({}, method, "PAIR")
