# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sites and tokens that are all right, as varied as administrators make them."""

from __future__ import annotations

import dataclasses
import typing as t

from hypothesis import strategies as st

Json = dict[str, t.Any]
NODES = ("Central", "rim1", "rim2")

#: Words that stand between prefix and path, so a prefix of that name leads nowhere.
RESERVED = {
    "qmc", "client", "hub", "qps", "app", "qrs", "sense", "resources", "extensions", "content",
    "api", "form", "internal_forms_authentication", "internal_windows_authentication",
}  # fmt: skip

prefixes = st.from_regex(r"[a-z0-9][a-z0-9._~-]{0,18}[a-z0-9]", fullmatch=True).filter(
    lambda prefix: prefix not in RESERVED
)
claim_names = st.from_regex(r"[A-Za-z][A-Za-z0-9_.:/-]{0,18}", fullmatch=True).filter(
    lambda name: name not in ("iss", "sub", "aud", "exp", "nbf", "iat", "jti")
)
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)
directories = st.from_regex(r"[A-Z][A-Z0-9_.-]{0,9}", fullmatch=True)
user_ids = st.from_regex(r"[a-z][a-z0-9_.@-]{0,12}", fullmatch=True)
hosts = st.from_regex(r"[a-z][a-z0-9-]{0,8}(\.[a-z]{2,5}){1,2}", fullmatch=True)

#: What sources tell differently, and no value of which is a fault.
SWITCHES: dict[str, tuple[t.Any, ...]] = {
    "csrftoken_status": (204, 200),
    "no_credentials": (401, 302, 400),
    "bad_token_status": (400, 401),
    "bad_token_body": ("empty", "page"),
    "unknown_cookie": (401, 500),
    "host_refusal": (400, 403),
    "host_check": ("on", "off"),
    "allow_list_match": ("suffix", "exact"),
    "own_name_allowed": (True, False),
    "ws_bearer": ("ignored", 403),
    "central_link_rule": ("on", "off"),
    "inactive_user": ("login_403", "app_403"),
    "unknown_user": ("create", "reject"),
    "clock_skew_s": (300, 0),
    "missing_aud": ("reject", "accept"),
    "cert_expiry_check": ("off", "on"),
    "filter_case": ("insensitive", "sensitive"),
    "xrfkey_status": (403, 400),
}


@dataclasses.dataclass(frozen=True)
class Attribute:
    """One line of the attribute map, and what the token says for it (None: nothing)."""

    claim: str
    sense: str
    mandatory: bool
    value: t.Any


@dataclasses.dataclass(frozen=True)
class Healthy:
    """One site, its virtual proxy, and a token for it."""

    release: str
    prefix: str
    key: tuple[str, int]
    algorithm: str
    user: tuple[str, str]
    id_claim: str
    directory_claim: str
    constant_directory: bool
    audience: str | None
    attributes: tuple[Attribute, ...]
    allow_list: tuple[str, ...]
    nodes: tuple[str, ...]
    linked: tuple[str, ...]
    asked: str
    engines: tuple[str, ...]
    with_app: bool
    expires: bool
    repository: bool
    switches: Json


attributes = st.builds(
    Attribute,
    claim_names,
    words,
    st.booleans(),
    st.one_of(words, st.lists(words, min_size=1, max_size=3)),
).flatmap(
    lambda found: st.sampled_from(
        [found] if found.mandatory else [found, dataclasses.replace(found, value=None)]
    )
)
switches = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in SWITCHES.items()}
)


@st.composite
def healthy_sites(draw: st.DrawFn) -> Healthy:
    """Anything that an administrator may set up and that lets its token in."""
    names = draw(st.lists(claim_names, min_size=6, max_size=6, unique_by=str.casefold))
    mapped = draw(st.lists(attributes, max_size=4))
    nodes = draw(st.sampled_from([("Central",), ("Central", "rim1"), NODES]))
    linked = ("Central", *(node for node in nodes[1:] if draw(st.booleans())))
    return Healthy(
        release=draw(st.sampled_from(["current", "classic"])),
        prefix=draw(prefixes),
        key=("right", draw(st.sampled_from([2048, 3072, 4096]))),
        algorithm=draw(st.sampled_from(["RS256", "RS384", "RS512"])),
        user=(draw(directories), draw(user_ids)),
        id_claim=draw(st.sampled_from(["sub", names[0]])),
        directory_claim=names[1],
        constant_directory=draw(st.booleans()),
        audience=draw(st.none() | words),
        attributes=tuple(
            dataclasses.replace(found, claim=name)
            for found, name in zip(mapped, names[2:], strict=False)
        ),
        allow_list=tuple(draw(st.lists(hosts, max_size=3))),
        nodes=nodes,
        linked=linked,
        asked=draw(st.sampled_from(linked)),
        engines=tuple(draw(st.lists(st.sampled_from(nodes), min_size=1, unique=True))),
        with_app=draw(st.booleans()),
        expires=draw(st.booleans()),
        repository=draw(st.booleans()),
        switches=draw(switches),
    )
