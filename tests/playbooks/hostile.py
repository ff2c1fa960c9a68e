# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A site whose texts are templates that leave a file behind if anything evaluates them."""

from __future__ import annotations

import typing as t

from playbooks.runs import Json, Workplace
from playbooks.verify import seed
from support.simulator import Simulator

OVERRIDE = "#jinja2:variable_start_string:'[%',variable_end_string:'%]'\n[% {} %]"
#: Other texts that mean something to Jinja or YAML.
ODD = (
    "{{ 7*7 }}", "{{ undefined_anywhere }}", "{# comment #}", "{% raw %}", "{% for", "{{", "}}",
    "!unsafe x", "!vault |", "&a [*a]", "on", "1e3", "0x1F", "12:30:45", "~", "=", "- x", "? x",
    "x: y # z", " lead", "trail ", "tab\there", "two\nlines\n", "\u2028\u202e\x85", "[1, 2]",
    "{'a': 1}", "@x", "`x", "%x", "$ANSIBLE_VAULT;1.1;AES256\n6162", "Grüße 😀",
    "__omit_place_holder__",
)  # fmt: skip


def call(name: str) -> str:
    """What creates a file of that name in the home directory of the run."""
    return f"lookup('pipe','touch ~/ran-{name}')"


def expression(name: str) -> str:
    """A template that does so."""
    return f"{{{{ {call(name)} }}}}"


def statement(name: str) -> str:
    """The same as a statement."""
    return f"{{% if {call(name)} %}}{{% endif %}}"


def override(name: str) -> str:
    """The same with other delimiters."""
    return OVERRIDE.format(call(name))


def texts(name: str) -> list[str]:
    """All of them."""
    return [expression(name + "1"), statement(name + "2"), override(name + "3")]


def evaluated(workplace: Workplace) -> list[str]:
    """The names of the texts that were evaluated since the site was seeded."""
    return sorted(path.name for path in (workplace.directory / "home").glob("ran-*"))


def hostile_site(site: Simulator) -> None:
    """Put such texts into every field that an administrator can set, and odd ones beside."""
    node = site.node()
    definitions = [{"name": name, "objectTypes": ["VirtualProxyConfig", "User"]} for name in
                   (expression("definition"), "env")]  # fmt: skip
    site.seed(custompropertydefinition=definitions)
    for number, make in enumerate((expression, statement, override)):
        odd = ODD[number::3]
        seed(
            site, make("p")[:99] if make is not override else f"portal{number}", **fields(make, odd)
        )
    seed(site, expression("q"), description=expression("pd"))
    # This one can be written, too: the server checks the syntax of an address.
    seed(site, "portal", **{**fields(expression, ODD), "authenticationModuleRedirectUri": ""})
    site.seed(
        user=[
            {
                "userDirectory": "ACME",
                "userId": "jdoe",
                "name": expression("user-name"),
                "roles": [expression("role"), override("role")],
                "tags": texts("user-tag"),
                "customProperties": [
                    {"value": expression("user-value"), "definition": expression("definition")}
                ],
            }
        ]
    )
    names = {"name": expression("node"), "hostName": expression("host-name")}
    site.patch("servernodeconfiguration", node["id"], names)


def fields(make: t.Callable[[str], str], odd: tuple[str, ...]) -> Json:
    """The texts of a virtual proxy."""
    return {
        "description": make("description"),
        "sessionCookieHeaderName": f"X-Qlik-{odd[0][:1].encode().hex()}-{len(odd)}",
        "sessionCookieDomain": make("domain"),
        "jwtAttributeUserId": make("user-id"),
        "jwtAttributeUserDirectory": make("directory"),
        "jwtAudience": make("audience"),
        "jwtAttributeMap": [
            {"jwtAttribute": make("claim"), "senseAttribute": make("sense"), "isMandatory": False},
            *({"jwtAttribute": text, "senseAttribute": text, "isMandatory": True} for text in odd),
        ],
        "websocketCrossOriginWhiteList": [make("host"), *odd],
        "authenticationModuleRedirectUri": make("redirect"),
        "additionalResponseHeaders": f"{expression('header')}: {make('header-value')}".replace(
            "\n", " "
        ),
        "windowsAuthenticationEnabledDevicePattern": make("pattern"),
        "tags": [make("tag"), *(text for text in odd if text.strip())],
        "customProperties": [
            {"value": make("value"), "definition": expression("definition")},
            *({"value": text, "definition": "env"} for text in odd),
        ],
    }
