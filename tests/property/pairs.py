# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pairs of a present virtual proxy and wanted options, with what must be stored afterwards.

The table below is written from Qlik's names and values, not taken from the collection: each line
gives values as a user writes them and as the repository stores them.
"""

from __future__ import annotations

import dataclasses
import random
import typing as t

from hypothesis import strategies as st

from support import tls_server as ca

PREFIX = "jwt"
NODES = ("Central", "rim1", "rim2")
UNCHANGED, CHANGED, CLEARED, LEFT_OUT = "unchanged", "changed", "cleared", "left out"
MODES = (UNCHANGED, CHANGED, CLEARED, LEFT_OUT)

Json = dict[str, t.Any]
Value = tuple[t.Any, t.Any]  # as the user writes it, as the repository stores it


@dataclasses.dataclass(frozen=True)
class Line:
    """An option: its property, its values, and what clears it (None: nothing does)."""

    property: str
    values: tuple[Value, ...]
    cleared: Value | None = None


def same(*values: t.Any) -> tuple[Value, ...]:
    """Values that are written as they are stored."""
    return tuple((value, value) for value in values)


def words(*words: str) -> tuple[Value, ...]:
    """Words that are stored as their position."""
    return tuple((word, number) for number, word in enumerate(words))


FLAGS = same(True, False)
SAME_SITE = words("no_attribute", "none", "lax", "strict")
CERTIFICATES = tuple(ca.certificate(name) for name in ("one", "two"))


def rule(jwt: str, sense: str, mandatory: bool) -> Json:
    """An entry of the attribute map as a user writes it."""
    return {"jwt_attribute": jwt, "sense_attribute": sense, "mandatory": mandatory}


def stored_rule(jwt: str, sense: str, mandatory: bool) -> Json:
    """The same entry as it is stored."""
    return {"jwtAttribute": jwt, "senseAttribute": sense, "isMandatory": mandatory}


def stored_property(name: str, value: str) -> Json:
    """A value of a custom property, as it is stored."""
    return {"value": value, "definition": name}


def name_of(definition: Json | str) -> str:
    """The name in a reference to a definition, or that reference itself."""
    return str(definition["name"]) if isinstance(definition, dict) else definition


#: The custom properties of the site, with their choices.
DEFINITIONS = {"env": ["dev", "prod"], "free": []}
FREE = [stored_property("free", value) for value in ("a b", "ü")]
RULES = (("Group", "group", False), ("Dept", "department", True), ("Grüße", "x y", False))

LINES: dict[str, Line] = {
    "description": Line("description", same("One", "Zwei Grüße & 'q'", 'x "y" \\z'), ("", "")),
    "session_cookie_header_name": Line(
        "sessionCookieHeaderName", same("X-Qlik-Session-jwt", "X-Qlik-Session-a.b")
    ),
    "session_cookie_domain": Line("sessionCookieDomain", same("a.example", "b.example"), ("", "")),
    "session_inactivity_timeout": Line("sessionInactivityTimeout", same(1, 30, 71582)),
    "anonymous_access_mode": Line("anonymousAccessMode", words("none", "allow", "always")),
    "authentication_method": Line("authenticationMethod", (("ticket", 0), ("jwt", 4))),
    "jwt_certificate": Line("jwtPublicKeyCertificate", same(*CERTIFICATES)),
    "jwt_attribute_user_id": Line("jwtAttributeUserId", same("userId", "UserId")),
    "jwt_attribute_user_directory": Line(
        "jwtAttributeUserDirectory", same("userDirectory", "[JWT]")
    ),
    "jwt_audience": Line("jwtAudience", same("qlik", "other"), ("", "")),
    "jwt_attribute_map": Line(
        "jwtAttributeMap",
        tuple(
            ([rule(*item) for item in items], [stored_rule(*item) for item in items])
            for items in (RULES[:1], RULES[1:], RULES)
        ),
        ([], []),
    ),
    "load_balancing_nodes": Line(
        "loadBalancingServerNodes",
        ((["Central"], ["Central"]), (["rim1", "rim2"], ["rim1", "rim2"]), (["all"], [*NODES])),
        ([], []),
    ),
    "host_allow_list": Line(
        "websocketCrossOriginWhiteList",
        same(["a.example"], ["b.example", "c.example"], ["localhost", "a.example"]),
        ([], []),
    ),
    "authentication_module_redirect_uri": Line(
        "authenticationModuleRedirectUri",
        same("https://a.example/", "https://b.example/x"),
        ("", ""),
    ),
    "additional_response_headers": Line(
        "additionalResponseHeaders",
        (
            ({"X-One": "1"}, "X-One: 1"),
            ({"X-One": "1", "X-Two": "a: b"}, "X-One: 1\nX-Two: a: b"),
        ),
        ({}, ""),
    ),
    "windows_authentication_enabled_device_pattern": Line(
        "windowsAuthenticationEnabledDevicePattern", same("Windows", "Edge")
    ),
    "extended_security_environment": Line("extendedSecurityEnvironment", FLAGS),
    "use_sticky_load_balancing": Line("useStickyLoadBalancing", FLAGS),
    "secure_attribute_https": Line("hasSecureAttributeHttps", FLAGS),
    "secure_attribute_http": Line("hasSecureAttributeHttp", FLAGS),
    "same_site_attribute_https": Line("sameSiteAttributeHttps", SAME_SITE),
    "same_site_attribute_http": Line("sameSiteAttributeHttp", SAME_SITE),
    "tags": Line("tags", same(["one"], ["two", "it's \\ Grüße"], ["one", "two"]), ([], [])),
    "custom_properties": Line(
        "customProperties",
        (
            ({"env": "dev"}, [stored_property("env", "dev")]),
            ({"env": ["prod"], "free": ["a b", "ü"]}, [*FREE, stored_property("env", "prod")]),
            ({"free": ["ü", "a b"]}, FREE),
        ),
        ({}, []),
    ),
}

#: The links are no property of the virtual proxy: which proxy services list it.
PROXIES = (["Central"], ["rim1", "rim2"], ["all"])

#: Lists that can also be added to what is there.
APPENDABLE = ("host_allow_list", "tags")

#: Options that are no setting: what is meant, and how.
MANNERS = ("prefix", "state", "allow_restart", "proxies_mode", "host_allow_list_mode", "tags_mode")

#: Values that the module must refuse when they are given empty.
NOT_CLEARABLE = tuple(name for name, line in LINES.items() if line.cleared is None)


@dataclasses.dataclass
class Pair:
    """A present state, wanted options, and the stored values that must come out."""

    present: Json | None
    links: list[str]
    wanted: Json
    expected: Json
    expected_links: list[str]
    modes: dict[str, str]

    @property
    def prefix(self) -> str:
        """What the virtual proxy is named by."""
        return str(self.wanted["prefix"])

    def renamed(self, prefix: str) -> Pair:
        """The same pair under another prefix, with cookie names that are its own."""

        def named(values: Json | None) -> Json | None:
            if values is None:
                return None
            names = ("sessionCookieHeaderName", "session_cookie_header_name")
            cookies = {
                key: f"X-Qlik-Session-{prefix}" + ("-a.b" if values[key].endswith("a.b") else "")
                for key in names
                if key in values
            }
            own = {"prefix": prefix} if "prefix" in values else {}
            return {**values, **own, **cookies}

        return dataclasses.replace(
            self,
            present=named(self.present),
            wanted=t.cast(Json, named(self.wanted)),
            expected=t.cast(Json, named(self.expected)),
        )


def pick(draw: t.Any, values: t.Sequence[Value], other_than: t.Any = None) -> Value:
    """One of the values, not the one that is stored as ``other_than``."""
    return t.cast(Value, draw(st.sampled_from([v for v in values if v[1] != other_than])))


@st.composite
def pairs(draw: t.Any) -> Pair:
    """Any present virtual proxy, or none, and any wish that can be granted.

    What is done to an option is thrown by a die of its own: hypothesis prefers some choices, and
    every option shall appear in every way often.
    """
    die = random.Random(draw(st.integers(0, 2**64)))
    exists = draw(st.integers(0, 9)) > 0
    present: Json = {"prefix": PREFIX, "unknownToUs": draw(st.sampled_from([None, 7, {"a": [1]}]))}
    pair = Pair(present if exists else None, [], {"prefix": PREFIX}, {}, [], {})
    for name in LINES:
        _draw_option(draw, die, pair, present, name, exists)
    _draw_links(draw, die, pair, exists)
    if not exists:
        _need_for_creation(pair)
    return pair


def _draw_option(
    draw: t.Any, die: random.Random, pair: Pair, present: Json, name: str, exists: bool
) -> None:
    line = LINES[name]
    values = [*line.values, *([line.cleared] if line.cleared else [])]
    before = draw(st.sampled_from(values))
    if name == "authentication_method":
        before = line.values[1]  # a virtual proxy for tokens, most of the time
    present[line.property] = before[1]
    modes = [mode for mode in MODES if mode != CLEARED or line.cleared]
    mode = die.choice(modes)
    if not exists and mode == UNCHANGED:
        mode = LEFT_OUT
    if mode == LEFT_OUT:
        return
    if mode == UNCHANGED:
        value = before
    elif mode == CLEARED:
        value = t.cast(Value, line.cleared)
    else:
        value = pick(draw, line.values, before[1] if exists else None)
    pair.modes[name] = mode
    pair.wanted[name] = _respelt(draw, name, value[0]) if mode == UNCHANGED else value[0]
    pair.expected[line.property] = value[1]
    if name in APPENDABLE and mode != CLEARED:
        manner = draw(st.sampled_from(["append", "replace"]))
        pair.wanted[name + "_mode"] = manner
        if manner == "append" and exists:
            there = before[1]
            pair.expected[line.property] = [*there, *(v for v in value[1] if v not in there)]


def _respelt(draw: t.Any, name: str, value: t.Any) -> t.Any:
    """The same value in other clothes, which must not count as a change."""
    if not draw(st.booleans()):
        return value
    if name == "jwt_certificate":
        return "Bag Attributes\n" + value.replace("\n", "\r\n") + "\n\n"
    if name in ("host_allow_list", "load_balancing_nodes", "jwt_attribute_map", "tags"):
        return value[::-1]
    return value


def _draw_links(draw: t.Any, die: random.Random, pair: Pair, exists: bool) -> None:
    resolve = {"all": NODES}
    linked = draw(st.lists(st.sampled_from(NODES), unique=True)) if exists else []
    pair.links = linked
    pair.expected_links = linked if exists else ["Central"]
    mode = die.choice(MODES)
    if mode == LEFT_OUT:
        return
    wanted = [] if mode == CLEARED else draw(st.sampled_from(PROXIES))
    if mode == UNCHANGED:
        wanted = list(linked)
    manner = draw(st.sampled_from(["append", "replace"]))
    pair.modes["proxies"] = mode
    pair.wanted.update(proxies=wanted, proxies_mode=manner)
    names = [name for item in wanted for name in resolve.get(item, [item])]
    kept = linked if manner == "append" and exists else []
    pair.expected_links = [*kept, *(name for name in names if name not in kept)]


def _need_for_creation(pair: Pair) -> None:
    """What has to be there for a token, and what a new virtual proxy gets by default."""
    if pair.wanted.get("authentication_method", "jwt") == "jwt":
        pair.expected["authenticationMethod"] = 4
        for name in ("jwt_certificate", "jwt_attribute_user_id", "jwt_attribute_user_directory"):
            line = LINES[name]
            pair.wanted.setdefault(name, line.values[0][0])
            pair.expected.setdefault(line.property, line.values[0][1])
    pair.expected.setdefault("sessionCookieHeaderName", f"X-Qlik-Session-{PREFIX}")
    pair.expected.setdefault("loadBalancingServerNodes", ["Central"])
    pair.expected.setdefault("websocketCrossOriginWhiteList", [])
