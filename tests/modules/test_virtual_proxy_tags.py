# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags, custom properties, and settings that a server lacks."""

from __future__ import annotations

import json

import pytest

from modules.other_administrator import edits
from modules.virtual_proxy_case import JWT, MODULES, case_of, stored
from support.case import Case, Json
from support.simulator import Simulator

#: Beside the entry that a test is about, so that the list is not of one.
DEFAULT: Json = {"prefix": ""}

modules = pytest.mark.parametrize("module", MODULES)


def tags(site: Simulator) -> list[str]:
    return [tag["name"] for tag in stored(site)["tags"]]


def properties(site: Simulator) -> list[tuple[str, str]]:
    found = stored(site)["customProperties"]
    return sorted((item["definition"]["name"], item["value"]) for item in found)


def define(site: Simulator, name: str, *choices: str, kind: str = "VirtualProxyConfig") -> None:
    definition = {"name": name, "choiceValues": list(choices), "objectTypes": ["App", kind]}
    site.seed(custompropertydefinition=[definition])


@modules
@pytest.mark.parametrize("filter_case", ["insensitive", "sensitive"])
def test_tags_are_created_when_missing(site: Simulator, module: str, filter_case: str) -> None:
    case = case_of(module, site, DEFAULT)
    names = ["there", "it's new", "Grüße & \\ more"]
    site.seed(tag=[{"name": "there"}, {"name": "There"}, *({"name": f"t{n}"} for n in range(150))])
    site.switch(full_limit=100, filter_case=filter_case)
    predicted = case.check(**JWT, tags=names)
    assert len(site.entities("tag")) == 152
    result = case.done(**JWT, tags=names)
    assert predicted["diff"] == result["diff"]
    assert tags(site) == names
    assert len(site.entities("tag")) == 154
    site.clear_requests()
    assert case.done(**JWT, tags=names[::-1])["changed"] is False
    assert len(case.log()) == 2
    assert case.done(**JWT, tags=names[:1])["changed"] is True
    assert tags(site) == ["there"]
    assert case.log()[-1] == f"PUT /qrs/virtualproxyconfig/{stored(site)['id']}"
    assert not any("tag" in line for line in case.log())
    assert case.done(**JWT, tags=["new"], tags_mode="append")["changed"] is True
    assert tags(site) == ["there", "new"]
    assert case.done(**JWT, tags=["new"], tags_mode="append")["changed"] is False
    assert case.done(**JWT, tags=[])["changed"] is True
    assert tags(site) == []
    assert case.done(**JWT)["changed"] is False


@modules
def test_tag_whose_answer_was_lost_is_there_once(site: Simulator, module: str) -> None:
    case = case_of(module, site, DEFAULT)
    site.fault(port="qrs", method="POST", path="/tag", action="reset_after")
    case.done(**JWT, tags=["one", "two"])
    assert [item["name"] for item in site.entities("tag")] == ["one", "two"]
    site.fault(port="qrs", method="POST", path="/tag", action="reset_before")
    result = case.run(**JWT, tags=["three"])
    assert result["failed"]
    assert "is not known" in result["msg"]
    assert case.done(**JWT, tags=["three"])["changed"] is True
    assert [item["name"] for item in site.entities("tag")] == ["one", "two", "three"]


def test_tag_of_another_administrator_is_kept_when_tags_are_added(site: Simulator) -> None:
    case = Case("qlik_virtual_proxy", site)
    case.done(**JWT, tags=["one"])
    theirs = site.seed(tag=[{"name": "theirs"}])["tag"][0]
    change = {"tags": [*stored(site)["tags"], theirs]}
    edits(site, "virtualproxyconfig", stored(site), change)
    case.done(**JWT, tags=["ours"], tags_mode="append")
    assert tags(site) == ["one", "theirs", "ours"]


@modules
def test_custom_properties(site: Simulator, module: str) -> None:
    case = case_of(module, site, DEFAULT)
    define(site, "env", "dev", "prod")
    define(site, "it's free")
    for n in range(150):
        define(site, f"crowd {n}")
    site.switch(full_limit=100)
    case.done(**JWT)
    wanted = {"env": "prod", "it's free": ["one", 2, True]}
    case.check(**JWT, custom_properties=wanted)
    site.clear_requests()
    case.done(**JWT, custom_properties=wanted)
    assert len(case.log()) == 4
    assert properties(site) == [
        ("env", "prod"),
        ("it's free", "2"),
        ("it's free", "one"),
        ("it's free", "true"),
    ]
    site.clear_requests()
    assert case.done(**JWT, custom_properties=wanted)["changed"] is False
    assert len(case.log()) == 2
    kept = stored(site)["customProperties"]
    assert case.done(**JWT, custom_properties={"env": ["prod"]})["changed"] is True
    # What stays is sent back as it was, and needs no definition.
    assert stored(site)["customProperties"] == [i for i in kept if i["value"] == "prod"]
    assert not any("definition" in line for line in case.log())
    assert case.done(**JWT, custom_properties={})["changed"] is True
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
    case = case_of(MODULES[exists], site, DEFAULT)
    define(site, "env", "dev", "prod")
    define(site, "apps", kind="Stream")
    if exists:
        case.done(**JWT)
    message = case.rejected(**JWT, custom_properties=wanted)
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
    case = case_of(module, site, DEFAULT)
    name, value = OLDER[option]
    if exists:
        case.done(**JWT)
    show_without(site, name, "jwt", *([""] if module == "qlik_virtual_proxies" else []))
    message = case.rejected(**JWT, **{option: value})
    assert f"{option}: this server has no such setting ({name}" in message
