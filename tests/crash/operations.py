# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is tried with a fault at every request: where it starts, what is asked, what must come out.

What must come out is written here by hand, from Qlik's names and values; nothing of it is taken
from a run.
"""

from __future__ import annotations

import dataclasses
import typing as t

from support import tls_server as ca

Json = dict[str, t.Any]
Edit = tuple[str, Json, Json]  # type, properties of the entity that is meant, change
CERTIFICATE, OLD_CERTIFICATE = ca.certificate("tokens"), ca.certificate("old")
ONE, TWO = ("Central",), ("Central", "rim1")


@dataclasses.dataclass(frozen=True)
class Goal:
    """What is asked for, as it is stored: all else has to stay as it is.

    ``virtual_proxies`` gives properties by prefix, None for none at all; ``links`` the nodes that
    serve each; ``settings`` those of proxy services by node; ``user`` that of ``USER``.
    """

    virtual_proxies: t.Mapping[str, Json | None] = dataclasses.field(default_factory=dict)
    links: t.Mapping[str, t.Sequence[str]] = dataclasses.field(default_factory=dict)
    tags: t.Sequence[str] = ()
    settings: t.Mapping[str, Json] = dataclasses.field(default_factory=dict)
    user: Json | None = None
    touches_user: bool = False


@dataclasses.dataclass(frozen=True)
class Operation:
    """One task. ``present`` is seeded before, ``rival`` another administrator's own will.

    ``believes_empty_list``: a first answer without anything, where other answers show that the user
    may read, means that there is nothing.
    """

    name: str
    module: str
    options: Json
    goal: Goal
    nodes: t.Sequence[str] = TWO
    present: t.Sequence[Json] = ()
    users: t.Sequence[Json] = ()
    switches: Json = dataclasses.field(default_factory=dict)
    rival: Edit | None = None
    rival_creates: tuple[str, Json] | None = None
    believes_empty_list: bool = False


#: By what another administrator's will shows.
RIVAL = "rival"
USER = ("PORTAL", "login_test")


def entry(prefix: str, **options: t.Any) -> Json:
    """A virtual proxy for tokens, as a user asks for it."""
    return {
        "prefix": prefix,
        "jwt_certificate": CERTIFICATE,
        "jwt_attribute_user_id": "userId",
        "jwt_attribute_user_directory": "userDirectory",
        **options,
    }


def stored(**more: t.Any) -> Json:
    """The same as it has to be stored."""
    return {
        "authenticationMethod": 4,
        "jwtPublicKeyCertificate": CERTIFICATE,
        "jwtAttributeUserId": "userId",
        "jwtAttributeUserDirectory": "userDirectory",
        **more,
    }


def seed(prefix: str, **more: t.Any) -> Json:
    """A virtual proxy that is there, with much that nobody may lose."""
    return {
        "prefix": prefix,
        "description": "before",
        "sessionInactivityTimeout": 30,
        "authenticationMethod": 4,
        "jwtPublicKeyCertificate": OLD_CERTIFICATE,
        "jwtAttributeUserId": "sub",
        "jwtAttributeUserDirectory": "[JWT]",
        "oidcClientSecret": "hush-hush",
        "unknownToUs": {"keep": [prefix]},
        "tags": ["kept"],
        "link": ["Central"],
        **more,
    }


def _one(name: str, goal: Goal, **options: t.Any) -> Operation:
    return Operation(name, "qlik_virtual_proxy", options, goal)


def _many(name: str, goal: Goal, wanted: list[Json], **options: t.Any) -> Operation:
    return Operation(name, "qlik_virtual_proxies", {"virtual_proxies": wanted, **options}, goal)


_NEW = entry("jwt", tags=["fresh"], custom_properties={"env": "dev"})
_NEW_STORED = stored(tags=["fresh"], customProperties=["env=dev"])
_THEIR_DESCRIPTION = {"description": RIVAL}


def _on(prefix: str) -> Edit:
    return ("virtualproxyconfig", {"prefix": prefix}, _THEIR_DESCRIPTION)


def _same_prefix(prefix: str) -> tuple[str, Json]:
    return (
        "virtualproxyconfig",
        {"prefix": prefix, "description": RIVAL, "authenticationMethod": 4},
    )


_replace = dataclasses.replace

SINGLE = (
    _replace(
        _one("create", Goal({"jwt": _NEW_STORED}, {"jwt": ONE}, ["fresh"]), **_NEW),
        nodes=ONE,
        rival_creates=_same_prefix("jwt"),
    ),
    _replace(
        _one(
            "create, linked to two",
            Goal({"jwt": _NEW_STORED}, {"jwt": TWO}, ["fresh"]),
            **_NEW,
            proxies=["all"],
            load_balancing_nodes=["all"],
        ),
        rival_creates=_same_prefix("jwt"),
    ),
    _replace(
        _one(
            "update",
            Goal(
                {"jwt": stored(description="after", tags=["fresh", "kept"])},
                {"jwt": TWO},
                ["fresh", "kept"],
            ),
            **entry("jwt", description="after", tags=["fresh"], tags_mode="append"),
        ),
        present=[seed("jwt", link=TWO)],
        rival=_on("jwt"),
    ),
    _replace(
        _one("link", Goal({"jwt": {}}, {"jwt": TWO}), prefix="jwt", proxies=["all"]),
        present=[seed("jwt", link=[])],
    ),
    _replace(
        _one(
            "link elsewhere",
            Goal({"jwt": {"description": "after"}}, {"jwt": ["rim1"]}),
            prefix="jwt",
            description="after",
            proxies=["rim1"],
            proxies_mode="replace",
        ),
        present=[seed("jwt")],
        rival=_on("jwt"),
    ),
    _replace(
        _one("delete", Goal({"jwt": None}), prefix="jwt", state="absent"),
        present=[seed("jwt", link=TWO)],
        rival=_on("jwt"),
    ),
    _replace(
        _one("delete, unlinked first", Goal({"jwt": None}), prefix="jwt", state="absent"),
        present=[seed("jwt", link=TWO)],
        switches={"delete_linked": 400},
    ),
)

_CHANGES = [
    entry("new-1", proxies=["all"], tags=["fresh"]),
    entry("changed", description="after"),
    {"prefix": "moved", "proxies": ["rim1"], "proxies_mode": "replace"},
    {"prefix": "gone", "state": "absent"},
    entry("new-2", proxies=["rim1"], tags=["fresh"]),
]
_MARKED = {"tags": ["kept", "ours"]}

BULK = (
    _replace(
        _many(
            "list of changes",
            Goal(
                {
                    "new-1": stored(tags=["fresh"]),
                    "new-2": stored(tags=["fresh"]),
                    "changed": stored(description="after"),
                    "moved": {},
                    "gone": None,
                },
                {"new-1": TWO, "new-2": ["rim1"], "changed": ONE, "moved": ["rim1"]},
                ["fresh"],
            ),
            _CHANGES,
        ),
        present=[seed("changed"), seed("moved"), seed("gone", link=TWO)],
        rival=_on("changed"),
        rival_creates=_same_prefix("new-2"),
    ),
    _replace(
        _many(
            "list of new ones",
            Goal({f"new-{n}": stored() for n in range(3)}, {f"new-{n}": ONE for n in range(3)}),
            [entry(f"new-{n}") for n in range(3)],
        ),
        nodes=ONE,
        rival_creates=_same_prefix("new-1"),
    ),
    _replace(
        _many(
            "cookie name taken over",
            Goal(
                {"new": stored(sessionCookieHeaderName="X-Portal"), "gone": None}, {"new": ["rim1"]}
            ),
            [
                entry("new", session_cookie_header_name="X-Portal", proxies=["rim1"]),
                {"prefix": "gone", "state": "absent"},
            ],
        ),
        present=[seed("gone", sessionCookieHeaderName="X-Portal")],
    ),
    _replace(
        _many(
            "prune",
            Goal(
                {
                    "new": stored(tags=["ours"]),
                    "stays": stored(**_MARKED),
                    **dict.fromkeys(["gone-1", "gone-2", "gone-3"]),
                },
                {"new": TWO, "stays": TWO},
                ["ours"],
            ),
            [entry("new", proxies=["all"]), entry("stays")],
            prune=True,
            prune_tag="ours",
        ),
        present=[
            seed("stays", link=TWO, **_MARKED),
            seed("gone-1", link=TWO, **_MARKED),
            seed("gone-2", **_MARKED),
            seed("gone-3", link=[], **_MARKED),
        ],
        rival=_on("gone-3"),
        rival_creates=_same_prefix("new"),
    ),
    _replace(
        _many(
            "list beyond a cut",
            Goal({"jwt": stored(), "new": stored()}, {"jwt": ONE, "new": ["rim1"]}),
            [entry("jwt"), entry("new", proxies=["rim1"])],
        ),
        present=[*({"prefix": f"crowd-{n}"} for n in range(110)), seed("jwt")],
        switches={"full_limit": 100},
        rival_creates=_same_prefix("new"),
    ),
)

_USER_NAME = {"userDirectory": USER[0], "userId": USER[1]}
_WHO = {"directory": USER[0], "id": USER[1]}
_PRESENT = {
    **_USER_NAME,
    "name": "before",
    "roles": ["AuditAdmin"],
    "blacklisted": True,
    "attributes": [{"attributeType": "group", "attributeValue": "a", "externalId": ""}],
    "tags": ["kept"],
}
_SETTINGS = {"allow_http": True, "keep_alive_timeout_seconds": 20}
_SETTINGS_STORED = {"allowHttp": True, "keepAliveTimeoutSeconds": 20}

OTHERS = (
    Operation(
        "create a user",
        "qlik_user",
        {**_WHO, "name": "after", "roles": ["A"]},
        Goal(user={"name": "after", "roles": ["A"]}, touches_user=True),
        nodes=ONE,
        rival_creates=("user", {**_USER_NAME, "name": RIVAL}),
    ),
    Operation(
        "change a user",
        "qlik_user",
        {**_WHO, "name": "after", "roles": []},
        Goal(user={"name": "after", "roles": []}, touches_user=True),
        nodes=ONE,
        users=[_PRESENT],
        rival=("user", _USER_NAME, {"name": RIVAL}),
    ),
    Operation(
        "delete a user",
        "qlik_user",
        {**_WHO, "state": "absent"},
        Goal(touches_user=True),
        nodes=ONE,
        users=[_PRESENT],
        rival=("user", _USER_NAME, {"name": RIVAL}),
        believes_empty_list=True,
    ),
    Operation(
        "set up one proxy",
        "qlik_proxy_service",
        {"proxies": ["central"], **_SETTINGS},
        Goal(settings={"Central": _SETTINGS_STORED}),
        nodes=ONE,
    ),
    Operation(
        "set up two proxies",
        "qlik_proxy_service",
        {"proxies": ["all"], **_SETTINGS},
        Goal(settings={"Central": _SETTINGS_STORED, "rim1": _SETTINGS_STORED}),
    ),
)
