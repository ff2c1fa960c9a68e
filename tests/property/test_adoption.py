# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any site that somebody clicked together can be read and given back: nothing is to be done.

The generated sites hold what no module would write: values of other releases, texts that mean
nothing, keys where certificates belong, names that mean something else in a playbook.
"""

from __future__ import annotations

import typing as t

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.plugin_utils.export import (
    virtual_proxy_variables,
)
from property.pair_sites import snapshot
from support import tls_server as ca
from support.case import Case

if t.TYPE_CHECKING:
    from support.simulator import Simulator

Json = dict[str, t.Any]
NODES = ("Central", "rim1", "rim2")
FEW, MANY = 30, 1500

texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12
) | st.sampled_from(
    ["it's", 'say "hi"', "Grüße & Küsse", "back\\slash", "{{ lookup('env', 'HOME') }}", "yes", "1",
     "{% if true %}x{% endif %}", "{# gone #}", "!unsafe x", "#jinja2:variable_start_string:'['\n["]
)  # fmt: skip
names = texts.filter(str.strip)
flags = st.booleans()
certificates = st.sampled_from(
    [
        "",
        None,
        ca.certificate("one"),
        ca.certificate("one").replace("\n", "\r\n"),
        ca.certificate("one") * 2,
        "text around\n" + ca.certificate("two"),
        ca.key_pem("one"),
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
        "no certificate",
    ]
)
headers = st.lists(
    st.sampled_from(
        [
            *("X-One: 1", "X-One: 2", "X-Two:b: c", "no colon", "", "X-Secret: s", ": v", "A b: c"),
            *("{{ 7*7 }}: {{ 7*7 }}", "on: on", "{% raw %}: x"),
        ]
    ),
    max_size=4,
)


@st.composite
def virtual_proxies(draw: t.Any) -> Json:
    """A virtual proxy without its prefix, as it may lie on a site."""
    return {
        "description": draw(texts | st.none()),
        "sessionCookieDomain": draw(texts | st.none()),
        "sessionInactivityTimeout": draw(st.integers(-1, 99999)),
        "authenticationMethod": draw(st.integers(0, 7)),
        "anonymousAccessMode": draw(st.integers(0, 3)),
        "jwtPublicKeyCertificate": draw(certificates),
        "jwtAttributeUserId": draw(texts | st.none()),
        "jwtAttributeUserDirectory": draw(texts),
        "jwtAudience": draw(texts | st.none()),
        "jwtAttributeMap": draw(
            st.lists(
                st.fixed_dictionaries(
                    {"jwtAttribute": texts, "senseAttribute": texts, "isMandatory": flags}
                ),
                max_size=3,
            )
        ),
        "websocketCrossOriginWhiteList": draw(
            st.lists(texts | st.sampled_from(["A.example", "a.example"]), max_size=3)
        ),
        "authenticationModuleRedirectUri": draw(texts),
        "additionalResponseHeaders": draw(st.sampled_from(["\n", "\r\n"])).join(draw(headers)),
        "windowsAuthenticationEnabledDevicePattern": draw(texts),
        "extendedSecurityEnvironment": draw(flags),
        "hasSecureAttributeHttps": draw(flags),
        "sameSiteAttributeHttps": draw(st.integers(0, 5)),
        "sameSiteAttributeHttp": draw(st.integers(0, 5)),
        "tags": draw(st.lists(names, max_size=2, unique=True)),
        "customProperties": draw(
            st.lists(
                st.fixed_dictionaries(
                    {"value": texts, "definition": st.sampled_from(["env", "my secret"])}
                ),
                max_size=3,
            )
        ),
        "loadBalancingServerNodes": draw(st.lists(st.sampled_from(NODES), unique=True)),
        "link": draw(st.lists(st.sampled_from(NODES), unique=True)),
    }


sites = st.dictionaries(
    st.text("abcAB/ ü'\\&-", min_size=1, max_size=8), virtual_proxies(), min_size=1, max_size=5
)
node_names = st.lists(
    st.sampled_from(["Central", "central", "all", "Knoten Ü", "localhost", "same"]),
    min_size=3,
    max_size=3,
)


def arrange(site: Simulator, found: dict[str, Json], names: list[str]) -> None:
    """The site, with ids in place of the node names that it is to have."""
    site.reset(nodes=NODES)
    ids = {node["name"]: node["id"] for node in site.nodes}
    definitions: list[Json] = [
        {"name": name, "objectTypes": ["VirtualProxyConfig"]} for name in ("env", "my secret")
    ]
    site.seed(custompropertydefinition=definitions)
    seeds = [
        {
            **item,
            "prefix": prefix,
            "sessionCookieHeaderName": f"X-{n % 3}",
            "loadBalancingServerNodes": [ids[name] for name in item["loadBalancingServerNodes"]],
        }
        for n, (prefix, item) in enumerate(found.items())
    ]
    site.seed(virtualproxyconfig=seeds)
    for (key, name), new in zip(ids.items(), names, strict=True):
        site.patch("servernodeconfiguration", name, {"name": new, "hostName": f"{key}.example"})
    site.clear_requests()


def definitions(read: Json) -> list[Json]:
    """What Ansible reads in the file that the role jwt_export writes."""
    file = virtual_proxy_variables(read)
    assert file["fault"] == ""
    variables: Json = yaml.load(file["content"], Loader=AnsibleYaml)
    (found,) = variables.values()
    return list(found)


class AnsibleYaml(yaml.SafeLoader):
    """Tagged texts as they are. That Ansible evaluates no text is tested with its own loader."""


def tagged(loader: AnsibleYaml, node: yaml.ScalarNode) -> str:
    """A tagged text."""
    return str(loader.construct_scalar(node))


AnsibleYaml.add_constructor("!unsafe", tagged)


@pytest.mark.parametrize(
    "examples", [FEW, pytest.param(MANY, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_any_site_is_given_back_unchanged(
    simulator: Simulator, record_property: t.Callable[[str, object], None], examples: int
) -> None:
    cases = 0

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(found=sites, names=node_names)
    @example(found={}, names=["central", "all", "all"])
    def check(found: dict[str, Json], names: list[str]) -> None:
        nonlocal cases
        cases += 1
        arrange(simulator, found, names)
        before = snapshot(simulator)
        read = Case("qlik_virtual_proxy_info", simulator).done()
        assert {item["prefix"] for item in read["virtual_proxies"]} == {"", *found}
        assert "PRIVATE KEY-----" not in str(read)
        simulator.clear_requests()
        many = Case("qlik_virtual_proxies", simulator)
        for wanted in (read["virtual_proxies"], definitions(read)):
            for check_mode in (True, False):
                result = many.done(check=check_mode, virtual_proxies=wanted)
                assert result["changed"] is False
        assert many.writes() == []
        assert snapshot(simulator) == before

    check()
    record_property("generated cases", cases)


@pytest.mark.parametrize(
    ("full_limit", "most"),
    # Where the server cuts, every hundred is another question.
    [("none", 4), pytest.param(100, 14, marks=pytest.mark.long)],
)
def test_a_thousand_are_given_back_unchanged(
    site: Simulator, full_limit: str | int, most: int
) -> None:
    site.seed(virtualproxyconfig=[{"prefix": f"vp-{n}", "tags": ["all"]} for n in range(1000)])
    site.switch(full_limit=full_limit)
    read = Case("qlik_virtual_proxy_info", site).done()
    assert len(read["virtual_proxies"]) == 1001
    site.clear_requests()
    many = Case("qlik_virtual_proxies", site)
    assert many.done(virtual_proxies=read["virtual_proxies"])["changed"] is False
    assert len(many.log()) <= most
    assert many.writes() == []
