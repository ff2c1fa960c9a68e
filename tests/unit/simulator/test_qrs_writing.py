# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating, changing, deleting: whole entities, defaults, the date rule, odd bodies."""

from __future__ import annotations

import datetime
import typing as t

import pytest

from support.raw_qrs import RawQrs
from support.simulator import Simulator

# The answer printed in Qlik's developer help, "Virtual Proxy: Create", ids and dates aside.
DOCUMENTED = {
    "modifiedByUserName": "INTERNAL\\sa_api",
    "customProperties": [],
    "prefix": "hdr",
    "description": "Test proxy",
    "authenticationModuleRedirectUri": "",
    "sessionModuleBaseUri": "",
    "loadBalancingModuleBaseUri": "",
    "loadBalancingServerNodes": [],
    "authenticationMethod": 0,
    "headerAuthenticationMode": 0,
    "headerAuthenticationHeaderName": "",
    "headerAuthenticationStaticUserDirectory": "",
    "headerAuthenticationDynamicUserDirectory": "",
    "anonymousAccessMode": 0,
    "windowsAuthenticationEnabledDevicePattern": "Windows",
    "sessionCookieHeaderName": "X-Qlik-Session-hdr",
    "sessionCookieDomain": "",
    "additionalResponseHeaders": "",
    "sessionInactivityTimeout": 30,
    "extendedSecurityEnvironment": False,
    "websocketCrossOriginWhiteList": [],
    "defaultVirtualProxy": False,
    "tags": [],
    "samlMetadataIdP": "",
    "samlHostUri": "",
    "samlEntityId": "",
}
PATH = "/virtualproxyconfig"


def test_the_documented_creation(sim: Simulator, qrs: RawQrs) -> None:
    created = qrs.virtual_proxy("hdr", description="Test proxy")
    assert DOCUMENTED.items() <= created.items()
    assert created["createdDate"] == created["modifiedDate"]
    datetime.datetime.strptime(created["createdDate"], "%Y-%m-%dT%H:%M:%S.%fZ")
    assert sim.entity("virtualproxyconfig", prefix="hdr") == created
    linked = [p["settings"]["virtualProxies"] for p in sim.entities("proxyservice")]
    assert created["id"] not in str(linked)


def test_references_and_children(sim: Simulator, qrs: RawQrs) -> None:
    sim.seed(tag=[{"name": "blue", "impactSecurityAccess": False}])
    tag = sim.entity("tag", name="blue")
    item = {"jwtAttribute": "g", "senseAttribute": "group", "isMandatory": False}
    created = qrs.virtual_proxy(
        "x",
        loadBalancingServerNodes=[{"id": sim.node("Rim")["id"].upper()}],
        tags=[{"id": tag["id"], "name": "ignored"}],
        jwtAttributeMap=[item],
    )
    assert [n["hostName"] for n in created["loadBalancingServerNodes"]] == ["rim1"]
    assert [t_["name"] for t_ in created["tags"]] == ["blue"]
    (child,) = created["jwtAttributeMap"]
    assert item.items() <= child.items()
    assert child["id"]
    assert "privileges" not in child
    # On a change, known children stay who they are, new ones get an id, the rest is gone.
    created["jwtAttributeMap"] = [child, {**item, "jwtAttribute": "h"}]
    changed = qrs.send("PUT", f"{PATH}/{created['id']}", created).json()
    assert changed["jwtAttributeMap"][0] == child
    assert changed["jwtAttributeMap"][1]["id"] != child["id"]


@pytest.mark.parametrize(
    "change",
    [
        {"sessionCookieHeaderName": None},
        {"sessionCookieHeaderName": ""},
        {"sessionCookieHeaderName": "X Y"},
        {"sessionCookieHeaderName": "x" * 257},
        {"sessionInactivityTimeout": 0},
        {"sessionInactivityTimeout": 71583},
        {"sessionInactivityTimeout": "30"},
        {"sessionInactivityTimeout": True},
        {"description": "x" * 501},
        {"description": 5},
        {"authenticationMethod": 6},
        {"authenticationMethod": "JWT"},
        {"anonymousAccessMode": 3},
        {"sameSiteAttributeHttp": -1},
        {"extendedSecurityEnvironment": "yes"},
        {"windowsAuthenticationEnabledDevicePattern": ""},
        {"authenticationModuleRedirectUri": "not a uri"},
        {"jwtPublicKeyCertificate": "x" * 100001},
        {"jwtAttributeUserId": "x" * 256},
        {"loadBalancingServerNodes": ["Central"]},
        {"loadBalancingServerNodes": [{"name": "Central"}]},
        {"loadBalancingServerNodes": [{"id": "6a2c9d10-0000-0000-0000-000000000001"}]},
        {"websocketCrossOriginWhiteList": "localhost"},
        {"websocketCrossOriginWhiteList": [1]},
        {"jwtAttributeMap": [{"jwtAttribute": "g", "senseAttribute": "group"}]},
        {
            "jwtAttributeMap": [
                {"jwtAttribute": "g" * 256, "senseAttribute": "", "isMandatory": True}
            ]
        },
        {"tags": [{"id": "nonsense"}]},
        {"headerAuthenticationHeaderName": "X-Qlik-User"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_limits(sim: Simulator, qrs: RawQrs, change: dict[str, t.Any]) -> None:
    good = qrs.virtual_proxy("good")
    body = {"prefix": "bad", "sessionCookieHeaderName": "bad", **change}
    if change.get("sessionCookieHeaderName", "") is None:
        del body["sessionCookieHeaderName"]
    reply = qrs.send("POST", PATH, body)
    assert reply.status == 400
    named = {*change, *(name for items in change.values() for name in _names(items))}
    assert any(name in reply.text for name in named)
    assert len(sim.entities("virtualproxyconfig")) == 2
    assert qrs.send("PUT", f"{PATH}/{good['id']}", {**good, **change}).status == 400
    assert sim.entity("virtualproxyconfig", prefix="good") == good


def _names(items: t.Any) -> set[str]:
    """Names of the properties of children, which errors may name instead of the list."""
    return (
        {"isMandatory", *items[0]}
        if isinstance(items, list) and isinstance(items[0], dict)
        else set()
    )


def test_names_of_properties_in_any_case(qrs: RawQrs) -> None:
    body = {"PREFIX": "x", "SessionCookieHeaderName": "y", "TAGS": []}
    created = qrs.create(PATH, body)
    assert (created["prefix"], created["sessionCookieHeaderName"]) == ("x", "y")
    assert "PREFIX" not in created


@pytest.mark.parametrize("value", ["default", "keep"])
def test_omitted_on_put(sim: Simulator, qrs: RawQrs, value: str) -> None:
    sim.switch(omitted_on_put=value)
    created = qrs.virtual_proxy(
        "x",
        sessionInactivityTimeout=99,
        jwtAudience="aud",
        websocketCrossOriginWhiteList=["a"],
        extendedSecurityEnvironment=True,
    )
    sim.patch("virtualproxyconfig", created["id"], {"newServersProperty": [1]})
    body = {k: created[k] for k in ("id", "modifiedDate", "prefix", "sessionCookieHeaderName")}
    reply = qrs.send("PUT", f"{PATH}/{created['id']}", body)
    assert reply.status == 200
    changed = reply.json()
    names = ("sessionInactivityTimeout", "jwtAudience", "websocketCrossOriginWhiteList")
    expected = [99, "aud", ["a"]] if value == "keep" else [30, "", []]
    assert [changed[name] for name in names] == expected
    assert changed["extendedSecurityEnvironment"] is (value == "keep")
    assert ("newServersProperty" in changed) is (value == "keep")
    assert changed["createdDate"] == created["createdDate"]


def test_unknown_properties_survive_a_round_trip(sim: Simulator, qrs: RawQrs) -> None:
    (entity,) = sim.seed(virtualproxyconfig=[{"prefix": "x", "fromTheFuture": {"a": [1]}}])[
        "virtualproxyconfig"
    ]
    entity["description"] = "changed"
    entity["inventedByTheClient"] = 1
    changed = qrs.send("PUT", f"{PATH}/{entity['id']}", entity).json()
    assert changed["fromTheFuture"] == {"a": [1]}
    assert changed["description"] == "changed"
    assert "inventedByTheClient" not in changed
    assert qrs.get(PATH, filter="prefix eq 'x'")[0]["fromTheFuture"] == {"a": [1]}


def _moved(date: str, milliseconds: int) -> str:
    moment = datetime.datetime.strptime(date, "%Y-%m-%dT%H:%M:%S.%fZ")
    moment += datetime.timedelta(milliseconds=milliseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


@pytest.mark.parametrize(
    ("milliseconds", "status"), [(-1, 409), (0, 200), (1, 200), (3600_000, 200), (-3600_000, 409)]
)
def test_modified_date_decides(qrs: RawQrs, milliseconds: int, status: int) -> None:
    entity = qrs.virtual_proxy("x")
    body = {**entity, "modifiedDate": _moved(entity["modifiedDate"], milliseconds)}
    reply = qrs.send("PUT", f"{PATH}/{entity['id']}", {**body, "description": "new"})
    assert reply.status == status
    stored = qrs.get(f"{PATH}/{entity['id']}")
    assert stored["description"] == ("new" if status == 200 else "")
    if status == 200:
        assert stored["modifiedDate"] > entity["modifiedDate"]


def test_modified_date_must_be_there_and_a_date(qrs: RawQrs) -> None:
    entity = qrs.virtual_proxy("x")
    path = f"{PATH}/{entity['id']}"
    without = {k: v for k, v in entity.items() if k != "modifiedDate"}
    assert qrs.send("PUT", path, without).status == 409
    assert qrs.send("PUT", path, {**entity, "modifiedDate": "yesterday"}).status == 400
    seven_digits = entity["modifiedDate"].replace("Z", "9999Z")
    with_offset = seven_digits.replace("Z", "+00:00")
    assert qrs.send("PUT", path, {**entity, "modifiedDate": with_offset}).status == 200


def test_the_second_of_two_writers_conflicts(qrs: RawQrs) -> None:
    entity = qrs.virtual_proxy("x")
    path = f"{PATH}/{entity['id']}"
    first = qrs.send("PUT", path, {**entity, "description": "first"})
    assert first.status == 200
    assert qrs.send("PUT", path, {**entity, "description": "second"}).status == 409
    assert qrs.send("PUT", path, {**first.json(), "description": "third"}).status == 200


def test_dates_grow_even_when_the_clock_does_not(sim: Simulator, qrs: RawQrs) -> None:
    entity = qrs.virtual_proxy("x")
    future = "2099-01-01T00:00:00.000Z"
    entity = sim.patch("virtualproxyconfig", entity["id"], {"modifiedDate": future})
    first = qrs.send("PUT", f"{PATH}/{entity['id']}", entity)
    assert first.json()["modifiedDate"] == "2099-01-01T00:00:00.001Z"
    assert qrs.send("PUT", f"{PATH}/{entity['id']}", entity).status == 409


def test_the_id_of_body_and_url_must_agree(qrs: RawQrs) -> None:
    one, two = qrs.virtual_proxy("one"), qrs.virtual_proxy("two")
    assert qrs.send("PUT", f"{PATH}/{one['id']}", two).status == 400
    without = {k: v for k, v in one.items() if k != "id"}
    assert qrs.send("PUT", f"{PATH}/{one['id']}", without).status == 400
    missing = "6a2c9d10-0000-0000-0000-000000000001"
    assert qrs.send("PUT", f"{PATH}/{missing}", {**one, "id": missing}).status == 404


@pytest.mark.parametrize("status", [500, 400])
@pytest.mark.parametrize("name", ["samlAttributeMap", "jwtAttributeMap", "tags"])
def test_null_list(sim: Simulator, qrs: RawQrs, status: int, name: str) -> None:
    sim.switch(null_list=status)
    entity = qrs.virtual_proxy("x")
    body = {"prefix": "y", "sessionCookieHeaderName": "y", name: None}
    assert qrs.send("POST", PATH, body).status == status
    assert qrs.send("PUT", f"{PATH}/{entity['id']}", {**entity, name: None}).status == status
    assert entity["privileges"] is None
    assert qrs.send("PUT", f"{PATH}/{entity['id']}", entity).status == 200


@pytest.mark.parametrize("empty", ["", "00000000-0000-0000-0000-000000000000"])
@pytest.mark.parametrize("value", [400, 201])
def test_empty_child_id(sim: Simulator, qrs: RawQrs, value: int, empty: str) -> None:
    sim.switch(empty_child_id=value)
    item = {"id": empty, "jwtAttribute": "g", "senseAttribute": "s", "isMandatory": False}
    body = {"prefix": "y", "sessionCookieHeaderName": "y", "jwtAttributeMap": [item]}
    reply = qrs.send("POST", PATH, body)
    assert reply.status == value
    if value == 400:
        assert "EMPTY GuID" in reply.text
    else:
        assert reply.json()["jwtAttributeMap"][0]["id"] not in ("", empty)
