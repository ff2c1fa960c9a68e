# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags, custom properties, and settings that a server lacks."""

from __future__ import annotations

import json
import typing as t

import pytest

from modules.other_administrator import edits
from support import tls_server as ca
from support.module_runner import Result, connection, run_module
from support.simulator import Simulator

Json = dict[str, t.Any]
JWT: Json = {
    "prefix": "jwt",
    "jwt_certificate": ca.certificate("tokens"),
    "jwt_attribute_user_id": "userId",
    "jwt_attribute_user_directory": "userDirectory",
}
#: Both modules take the same way, so both are shown the same cases.
MODULES = ("qlik_virtual_proxy", "qlik_virtual_proxies")
modules = pytest.mark.parametrize("module", MODULES)


def run(site: Simulator, module: str, *, check: bool = False, **options: t.Any) -> Result:
    given = options
    if module == "qlik_virtual_proxies":
        given = {"virtual_proxies": [options, {"prefix": ""}]}
    return run_module(module, {**connection(site), **given}, check=check)


def done(site: Simulator, module: str, **options: t.Any) -> Result:
    result = run(site, module, **options)
    assert not result.get("failed"), result.get("msg")
    return result


def refused(site: Simulator, module: str, **options: t.Any) -> str:
    """The sentence of a run that must fail, in check mode too, and must not write anything."""
    before = site.state()["entities"]
    site.clear_requests()
    predicted, result = (run(site, module, check=check, **options) for check in (True, False))
    assert result.get("failed"), result
    assert predicted["msg"] == result["msg"]
    assert site.state()["entities"] == before
    assert all(item["method"] == "GET" for item in site.requests(port="qrs"))
    return str(result["msg"])


def stored(site: Simulator) -> Json:
    return site.entity("virtualproxyconfig", prefix="jwt")


def tags(site: Simulator) -> list[str]:
    return [tag["name"] for tag in stored(site)["tags"]]


def properties(site: Simulator) -> list[tuple[str, str]]:
    found = stored(site)["customProperties"]
    return sorted((item["definition"]["name"], item["value"]) for item in found)


def log(site: Simulator) -> list[str]:
    return [f"{item['method']} {item['path']}" for item in site.requests(port="qrs")]


def define(site: Simulator, name: str, *choices: str, kind: str = "VirtualProxyConfig") -> None:
    definition = {"name": name, "choiceValues": list(choices), "objectTypes": ["App", kind]}
    site.seed(custompropertydefinition=[definition])


@modules
@pytest.mark.parametrize("filter_case", ["insensitive", "sensitive"])
def test_tags_are_created_when_missing(site: Simulator, module: str, filter_case: str) -> None:
    names = ["there", "it's new", "Grüße & \\ more"]
    site.seed(tag=[{"name": "there"}, {"name": "There"}, *({"name": f"t{n}"} for n in range(150))])
    site.switch(full_limit=100, filter_case=filter_case)
    predicted = run(site, module, check=True, **JWT, tags=names)
    assert len(site.entities("tag")) == 152
    result = done(site, module, **JWT, tags=names)
    assert predicted["diff"] == result["diff"]
    assert tags(site) == names
    assert len(site.entities("tag")) == 154
    site.clear_requests()
    assert done(site, module, **JWT, tags=names[::-1])["changed"] is False
    assert len(log(site)) == 2
    assert done(site, module, **JWT, tags=names[:1])["changed"] is True
    assert tags(site) == ["there"]
    assert log(site)[-1] == f"PUT /qrs/virtualproxyconfig/{stored(site)['id']}"
    assert not any("tag" in line for line in log(site))
    assert done(site, module, **JWT, tags=["new"], tags_mode="append")["changed"] is True
    assert tags(site) == ["there", "new"]
    assert done(site, module, **JWT, tags=["new"], tags_mode="append")["changed"] is False
    assert done(site, module, **JWT, tags=[])["changed"] is True
    assert tags(site) == []
    assert done(site, module, **JWT)["changed"] is False


@modules
def test_tag_whose_answer_was_lost_is_there_once(site: Simulator, module: str) -> None:
    site.fault(port="qrs", method="POST", path="/tag", action="reset_after")
    done(site, module, **JWT, tags=["one", "two"])
    assert [item["name"] for item in site.entities("tag")] == ["one", "two"]
    site.fault(port="qrs", method="POST", path="/tag", action="reset_before")
    result = run(site, module, **JWT, tags=["three"])
    assert result["failed"]
    assert "is not known" in result["msg"]
    assert done(site, module, **JWT, tags=["three"])["changed"] is True
    assert [item["name"] for item in site.entities("tag")] == ["one", "two", "three"]


def test_tag_of_another_administrator_is_kept_when_tags_are_added(site: Simulator) -> None:
    done(site, "qlik_virtual_proxy", **JWT, tags=["one"])
    theirs = site.seed(tag=[{"name": "theirs"}])["tag"][0]
    change = {"tags": [*stored(site)["tags"], theirs]}
    edits(site, "virtualproxyconfig", stored(site), change)
    done(site, "qlik_virtual_proxy", **JWT, tags=["ours"], tags_mode="append")
    assert tags(site) == ["one", "theirs", "ours"]


@modules
def test_custom_properties(site: Simulator, module: str) -> None:
    define(site, "env", "dev", "prod")
    define(site, "it's free")
    for n in range(150):
        define(site, f"crowd {n}")
    site.switch(full_limit=100)
    done(site, module, **JWT)
    wanted = {"env": "prod", "it's free": ["one", 2, True]}
    run(site, module, check=True, **JWT, custom_properties=wanted)
    site.clear_requests()
    done(site, module, **JWT, custom_properties=wanted)
    assert len(log(site)) == 4
    assert properties(site) == [
        ("env", "prod"),
        ("it's free", "2"),
        ("it's free", "one"),
        ("it's free", "true"),
    ]
    site.clear_requests()
    assert done(site, module, **JWT, custom_properties=wanted)["changed"] is False
    assert len(log(site)) == 2
    kept = stored(site)["customProperties"]
    assert done(site, module, **JWT, custom_properties={"env": ["prod"]})["changed"] is True
    # What stays is sent back as it was, and needs no definition.
    assert stored(site)["customProperties"] == [i for i in kept if i["value"] == "prod"]
    assert not any("definition" in line for line in log(site))
    assert done(site, module, **JWT, custom_properties={})["changed"] is True
    assert properties(site) == []


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"nowhere": "x"}, ["no custom property 'nowhere'", "QMC"]),
        ({"apps": "x"}, ["'apps'", "not for virtual proxies"]),
        ({"env": "test"}, ["'env'", "no value 'test'", "dev, prod"]),
        ({"env": ["dev", None]}, ["env", "text"]),
        ({"env": ""}, ["env", "1 to 1024"]),
    ],
)
@pytest.mark.parametrize("exists", [True, False], ids=["existing", "new"])
def test_custom_property_that_cannot_be_set_is_named(
    site: Simulator, wanted: Json, words: list[str], exists: bool
) -> None:
    module = MODULES[exists]
    define(site, "env", "dev", "prod")
    define(site, "apps", kind="Stream")
    if exists:
        done(site, module, **JWT)
    message = refused(site, module, **JWT, custom_properties=wanted)
    assert "custom_properties" in message
    assert all(word in message for word in words), message


def show_without(site: Simulator, name: str, *prefixes: str) -> None:
    """Let the site look like an older server: a property is missing in all that it returns."""
    entities = site.state()["entities"]
    services = entities["proxyservice"]
    full = [item for item in entities["virtualproxyconfig"] if item["prefix"] in prefixes]
    served = [item for service in services for item in service["settings"]["virtualProxies"]]
    for entity in full + served:
        entity.pop(name, None)
    for kind, listed in (("virtualproxyconfig", full), ("proxyservice", services)):
        site.fault(
            port="qrs",
            method="GET",
            path=f"/{kind}/full",
            action="status",
            status=200,
            body=json.dumps(listed),
            times=99,
        )


OLDER = {
    "jwt_audience": ("jwtAudience", "qlik"),
    "same_site_attribute_https": ("sameSiteAttributeHttps", "none"),
    "tags": ("tags", ["x"]),
    "custom_properties": ("customProperties", {"env": "x"}),
}


# A new one alone: nothing that is read shows whether the server has custom properties at all.
@pytest.mark.parametrize(
    ("module", "exists", "option"),
    [
        *[("qlik_virtual_proxy", True, option) for option in OLDER],
        *[("qlik_virtual_proxies", False, option) for option in OLDER],
        ("qlik_virtual_proxy", False, "jwt_audience"),
        ("qlik_virtual_proxies", True, "jwt_audience"),
    ],
)
def test_setting_that_the_server_lacks_is_named(
    site: Simulator, module: str, exists: bool, option: str
) -> None:
    name, value = OLDER[option]
    if exists:
        done(site, module, **JWT)
    show_without(site, name, "jwt", *([""] if module == "qlik_virtual_proxies" else []))
    message = refused(site, module, **JWT, **{option: value})
    assert f"{option}: this server has no such setting ({name}" in message
