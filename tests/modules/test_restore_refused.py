# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is no ``before`` of this site is not put back."""

from __future__ import annotations

import typing as t

import pytest

from modules.restore_case import GONE, JWT
from modules.virtual_proxy_case import CERTIFICATE
from support import tls_server as ca
from support.case import Case, Json
from support.module_runner import MASKED_RESULTS, connection, run_module
from support.simulator import Simulator


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"prefix": "portal"}, "mutually exclusive with: prefix."),
        ({"state": "absent"}, "mutually exclusive with: state."),
        ({"description": "", "tags": [], "tags_mode": "append"}, "description, tags, tags_mode."),
    ],
)
def test_it_stands_alone(one: Case, options: Json, said: str) -> None:
    before = one.done(prefix="portal", description="x")["before"]
    assert said in one.rejected(restore=before, **options)


def test_one_of_both_is_needed(one: Case, many: Case) -> None:
    assert "one of the following is required: prefix, restore" in one.rejected(description="x")
    assert "virtual_proxies, restore" in many.rejected()
    prune = {"prune": True, "prune_tag": "t"}
    assert "mutually exclusive with: prune, prune_tag." in many.rejected(restore=[], **prune)


def of_another_site(before: Json, site: Simulator) -> Json:
    return {**before, "site": ["00000000-0000-0000-0000-000000000001"]}


def of_a_lost_proxy(before: Json, site: Simulator) -> Json:
    return {**before, "proxies": ["11111111-0000-0000-0000-000000000000"]}


def of_a_lost_node(before: Json, site: Simulator) -> Json:
    lost = [{"id": "22222222-0000-0000-0000-000000000000", "name": "rim9"}]
    return {**before, "entity": {**before["entity"], "loadBalancingServerNodes": lost}}


def of_a_lost_property(before: Json, site: Simulator) -> Json:
    (definition,) = site.entities("custompropertydefinition", name="env")
    site.delete("custompropertydefinition", definition["id"])
    return before


LOST: dict[t.Callable[[Json, Simulator], Json], str] = {
    of_another_site: "of another site",
    of_a_lost_proxy: "the proxy service 11111111-0000-0000-0000-000000000000, which served",
    of_a_lost_node: "the node 'rim9', which balanced the load",
    of_a_lost_property: "no custom property 'env'",
}


@pytest.mark.parametrize(
    "change",
    [{"custom_properties": {}, "description": "x"}, pytest.param(GONE, marks=pytest.mark.long)],
    ids=["changed", "gone"],
)
@pytest.mark.parametrize("lose", LOST, ids=lambda f: f.__name__)
def test_what_is_gone_is_said_before_anything_is_written(
    one: Case, many: Case, lose: t.Callable[[Json, Simulator], Json], change: Json
) -> None:
    before = one.done(**{"prefix": "portal", **change})["before"]
    lost = lose(before, one.site)
    assert LOST[lose] in one.rejected(restore=lost)
    created = one.done(**{**JWT, "prefix": "new"})["before"]
    sentence = many.rejected(restore=[created, lost])
    assert LOST[lose] in sentence
    assert "virtual proxy 'portal'" in sentence


WHOLE: Json = {"prefix": "a", "entity": None, "proxies": [], "site": ["x"], "left_out": []}
ENTITY: Json = {"id": "1", "prefix": "a", "sessionCookieHeaderName": "X-a"}


@pytest.mark.parametrize(
    "restore",
    [
        {},
        {"entity": None},
        {"entity": None, "proxies": []},
        {**WHOLE, "prefix": 1},
        {**WHOLE, "proxies": "Central"},
        {**WHOLE, "site": [1]},
        {**WHOLE, "more": 1},
        {**WHOLE, "entity": []},
        {**WHOLE, "entity": {}},
        {**WHOLE, "entity": {**ENTITY, "prefix": "b"}},
        {**WHOLE, "entity": {**ENTITY, "sessionCookieHeaderName": None}},
        {**WHOLE, "entity": {**ENTITY, "tags": ["one"]}},
        {**WHOLE, "entity": {**ENTITY, "tags": 7}},
        {**WHOLE, "entity": {**ENTITY, "customProperties": {"env": "prod"}}},
        {**WHOLE, "entity": {**ENTITY, "loadBalancingServerNodes": ["Central"]}},
        {**WHOLE, "entity": {**ENTITY, "jwtAttributeMap": [1]}},
        {**WHOLE, "entity": {**ENTITY, "websocketCrossOriginWhiteList": [1]}},
        {**WHOLE, "entity": {**ENTITY, "jwtPublicKeyCertificate": 5}},
        {**WHOLE, "entity": {**ENTITY, "additionalResponseHeaders": 5}},
        {"censored": "the output has been hidden", "changed": True},
        "some=text",
    ],
)
def test_what_is_no_before_is_refused(site: Simulator, restore: t.Any) -> None:
    case = Case("qlik_virtual_proxy", site)
    assert case.rejected(restore=restore).startswith("restore: ")
    assert case.log() == []


@pytest.mark.parametrize("restore", [[{}], [{**WHOLE, "prefix": 1}], [WHOLE, "some=text"]])
def test_what_is_no_list_of_them_is_refused(site: Simulator, restore: t.Any) -> None:
    case = Case("qlik_virtual_proxies", site)
    assert case.rejected(restore=restore).startswith("restore: ")
    assert case.log() == []


@pytest.mark.parametrize("restore", ["no mapping", "{", "[1]", 5, [1]])
def test_what_is_no_mapping_is_refused(site: Simulator, restore: t.Any) -> None:
    for name in ("qlik_virtual_proxy", "qlik_virtual_proxies"):
        assert "restore" in Case(name, site).rejected(restore=restore)


def test_a_private_key_in_it_is_refused_and_hidden(site: Simulator) -> None:
    key = ca.key_pem("pasted")
    restore = {**WHOLE, "entity": {**ENTITY, "jwtPublicKeyCertificate": key}}
    arguments = {**connection(site), "restore": restore}
    result = run_module("qlik_virtual_proxy", arguments)
    assert "holds a private key" in result["msg"]
    assert key.splitlines()[1] not in str(result)


def test_a_secret_of_the_connection_stays_hidden(one: Case) -> None:
    before = one.done(prefix="portal", description="pass-phrase")["before"]
    before["entity"]["description"] = "pass-phrase"
    result = one.run(restore=before, client_key_passphrase="pass-phrase")
    if MASKED_RESULTS:
        assert "pass-phrase" not in str(result)
        assert "client_key_passphrase also occurs in the result" in result["msg"]
    else:
        assert result["virtual_proxy"]["jwt_certificate"] == CERTIFICATE
