# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The virtual proxies that the variables describe."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import virtual_proxy as plans
from ansible_collections.qlikops.sense.plugins.plugin_utils.variables import Variables

Json = dict[str, t.Any]
PAIR = {"certificate": "PAIR", "fingerprint": "f1", "prefixes": ["a"], "site": "central:4242"}


def variables(**own: t.Any) -> Variables:
    """The variables of the host "central". Most are variables of the role."""
    raw = {
        name if name.startswith("jwt_keypair_") else f"jwt_virtual_proxy_{name}": value
        for name, value in own.items()
    }
    return Variables({"inventory_hostname": "central", "hostvars": {"central": {}}, **raw})


def test_each_definition_has_the_options_that_it_does_not_set() -> None:
    own = variables(
        description="all",
        tags="x,y",
        jwt_audience="",
        definitions=[{"prefix": "a"}, {"prefix": "b", "description": "own"}],
    )
    assert plans.wanted(own) == [
        {"prefix": "a", "description": "all", "tags": ["x", "y"]},
        {"prefix": "b", "description": "own", "tags": ["x", "y"]},
    ]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("host_allow_list", "a.com\nb.com", ["a.com", "b.com"]),
        ("host_allow_list", "a.com, b.com", ["a.com", "b.com"]),
        ("proxies", ["Central,Rim"], ["Central", "Rim"]),
        ("tags", ["one, with a comma", "two"], ["one, with a comma", "two"]),
        ("tags", 7, ["7"]),
        ("custom_properties", '{"env": "test"}', {"env": "test"}),
        ("jwt_attribute_map", "- {a: b}", [{"a": "b"}]),
        ("extended_security_environment", False, False),
        ("session_inactivity_timeout", 0, 0),
    ],
)
def test_options_as_a_job_template_passes_them(name: str, value: t.Any, found: t.Any) -> None:
    assert plans.given(variables(**{name: value})) == {name: found}


@pytest.mark.parametrize("value", ["", None, [], {}, "\n"])
def test_unanswered_lists_are_not_given(value: t.Any) -> None:
    assert plans.given(variables(tags=value, custom_properties=value)) == {}


def test_clearing_replaces_what_would_be_appended() -> None:
    own = variables(prefix="a", clear="tags\ndescription", tags_mode="append")
    assert plans.wanted(own) == [
        {"prefix": "a", "tags": [], "tags_mode": "replace", "description": ""}
    ]


@pytest.mark.parametrize(
    ("entry", "certificate"),
    [
        ({}, "PAIR"),
        ({"jwt_certificate": "OWN"}, "OWN"),
        ({"authentication_method": "ticket"}, None),
        ({"state": "absent"}, None),
    ],
)
def test_the_certificate_of_the_pair(entry: Json, certificate: str | None) -> None:
    own = variables(definitions=[{"prefix": "a", **entry}], jwt_keypair_result=PAIR)
    (found,) = plans.entries_of(own)
    assert found.get("jwt_certificate") == certificate


def test_a_pair_of_another_key_is_not_used() -> None:
    result = {**PAIR, "private_key_path": "/old"}
    own = variables(prefix="a", jwt_keypair_result=result, jwt_keypair_private_key_path="/new")
    assert plans.certificate(own) == ""
    assert plans.unclaimed(own) == []


@pytest.mark.parametrize(
    ("there", "foreign"),
    [
        ({"b": "f2"}, ["b"]),
        ({"b": None}, ["b"]),
        ({"b": "f1"}, []),
        ({"b": "f0"}, []),
        ({}, []),
        ({"a": "f2"}, []),
    ],
)
def test_a_virtual_proxy_that_trusts_another_key_keeps_it(there: Json, foreign: list[str]) -> None:
    """Unless the pair was made for it, or the key is the one before it."""
    site = {
        "virtual_proxies": [{"prefix": prefix} for prefix in there],
        "judgements": [
            {"prefix": prefix, "certificate": {"fingerprint": key} if key else None}
            for prefix, key in there.items()
        ],
    }
    own = variables(
        definitions=[{"prefix": "a"}, {"prefix": "b"}],
        jwt_keypair_result={**PAIR, "predecessors": ["f0"]},
    )
    assert plans.unclaimed(own) == ["b"]
    assert plans.foreign(own, site) == foreign
    assert plans.claimed(own)["prefixes"] == ["a", "b"]


def test_nothing_is_claimed_without_a_pair() -> None:
    assert plans.claimed(variables(prefix="a")) == {}


def test_a_new_virtual_proxy_without_its_certificate_cannot_be_compared() -> None:
    own = variables(definitions=[{"prefix": "a"}, {"prefix": "b"}], allow_restart=False)
    found = plans.comparable(own, there=["a"])
    assert found["missing"] == ["b"]
    assert found["entries"] == [{"prefix": "a", "allow_restart": True}]


def test_drift_of_one_and_of_several_differences() -> None:
    one = {"before_header": "user", "before": "", "after": "x", "after_header": "user"}
    found = plans.drift(["new"], [{"diff": [one]}, {"skipped": True}, {"diff": one}])
    assert [each["subject"] for each in found] == ["virtual proxy 'new'", "user", "user"]


def test_result() -> None:
    outcome: Json = {k: [] for k in ("virtual_proxies", "pruned", "before", "proxies_restarted")}
    skipped = {"changed": False, "skipped": True}
    own = variables(user={"directory": "D", "id": "x"})
    found = plans.result(own, {**outcome, "requests": 2, "changed": False}, skipped, skipped)
    assert found == {
        **outcome, "requests": 2, "changed": False, "user": None, "proxy_services": [],
    }  # fmt: skip
    user = {"changed": True, "user": {"id": "x"}}
    assert plans.result(own, {**outcome, "requests": 2}, user, skipped)["changed"] is True
    # That result is of an earlier run of the role.
    assert plans.result(variables(), {**outcome, "requests": 2}, user, skipped)["user"] is None


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({}, "jwt_virtual_proxy_prefix: set the prefix"),
        ({"prefix": "a", "definitions": [{"prefix": "b"}]}, "not both"),
        ({"prefix": ["a", "b"]}, "one text, not a list"),
        ({"definitions": [{"prefix": "b"}, {"prefix": "b"}]}, "These occur: b, b."),
        ({"prefix": "a", "clear": ["state"]}, "jwt_virtual_proxy_clear: state cannot be empty."),
        ({"prefix": "a", "clear": "tags", "tags": "x"}, "tags is given, too"),
        ({"prefix": "a", "jwt_certificate": "-----BEGIN PRIVATE KEY-----"}, "is a private key"),
        ({"prefix": "a", "user": "{directory: x}"}, "jwt_virtual_proxy_user: set a mapping"),
        ({"prefix": "a", "user": [1]}, "jwt_virtual_proxy_user: set a mapping"),
        ({"definitions": [{"prefix": "b", "prefx": "c"}]}, "jwt_virtual_proxy_definitions.prefx"),
        ({"definitions": [{"prefix": "b", "state": "there"}]}, "must be one of: present, absent"),
        ({"prefix": "a", "prune": "maybe"}, "jwt_virtual_proxy_prune: give true or false."),
        ({"prefix": "a", "prune_limit": "few"}, "give a whole number"),
        ({"prefix": "a", "descripton": "x"}, "Did you mean jwt_virtual_proxy_description?"),
    ],
)
def test_faults(own: Json, sentence: str) -> None:
    assert sentence in " ".join(plans.faults(variables(**own)))


@pytest.mark.parametrize(
    "own",
    [
        {"definitions": [{"prefix": ""}]},
        {"prefix": "a", "user": {"directory": "D", "id": "x"}, "prune": "False", "prune_limit": 3},
        {"definitions": "- prefix: a\n- prefix: b\n  tags: [x]", "description": "all"},
    ],
)
def test_valid_variables(own: Json) -> None:
    assert plans.faults(variables(**own)) == []
