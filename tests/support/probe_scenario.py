# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One state of a site and of the probe's options, and the findings that it leads to."""

from __future__ import annotations

import dataclasses
import time
import typing as t

from support.probe_bench import Bench, good_claims, private_pem, token_of
from support.probe_changes import Change, Json, nothing

BOTH = ("current", "classic")


@dataclasses.dataclass(frozen=True)
class Scenario:
    """What differs from a site that works, and the verdicts with and without the repository.

    ``claims`` are changes of the token's claims, times as seconds from now; ``key`` signs the
    token; ``signing`` are other arguments of ``token_of``. ``options`` is called when the site is
    ready, may change it, and returns options of the probe. ``warnings`` are all warnings that are
    expected with the repository, ``infos`` some of the information, ``evidence`` a part of the
    evidence. ``slow_s`` are the seconds from which an answer counts as slow.
    """

    name: str
    proven: str
    outside: str
    proxy: Json = dataclasses.field(default_factory=dict)
    user: Json = dataclasses.field(default_factory=dict)
    switches: Json = dataclasses.field(default_factory=dict)
    claims: Json = dataclasses.field(default_factory=dict)
    key: str = "right"
    signing: Json = dataclasses.field(default_factory=dict)
    options: Change = nothing
    warnings: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()
    evidence: Json = dataclasses.field(default_factory=dict)
    slow_s: float = 10.0
    users: bool = True
    nodes: tuple[str, ...] = ("Central",)
    releases: tuple[str, ...] = BOTH

    @property
    def code(self) -> str:
        """The finding that it is about."""
        if self.proven != "access_granted":
            return self.proven
        return next(iter(self.warnings + self.infos))

    def credentials(self) -> Json:
        """The option for the token or its key, if either differs from one that works."""
        if self.claims or self.signing:
            return {"token": token_with(self)}
        return {"private_key_content": private_pem(self.key)} if self.key != "right" else {}


def token_with(*scenarios: Scenario) -> str:
    """A token with the faults of all of them."""
    now = int(time.time())
    claims: Json = {}
    signing: Json = {}
    for scenario in scenarios:
        claims.update(scenario.claims)
        signing.update(scenario.signing)
        if scenario.key != "right":
            signing["key"] = scenario.key
    times = {n: now + v for n, v in claims.items() if n in ("exp", "nbf", "iat")}
    return token_of(good_claims(**{**claims, **times}), **signing)


def prepare(bench: Bench, *scenarios: Scenario, release: str = "current") -> Json:
    """A fresh site with all of them. Returns the options of the probe, without the token.

    Where two of them change the same setting, the first one counts.
    """

    def merged(parts: t.Iterable[Json]) -> Json:
        return {name: value for part in parts for name, value in part.items()}

    last_first = scenarios[::-1]
    bench.prepare(
        merged(one.proxy for one in last_first),
        user=merged(one.user for one in last_first),
        release=release,
        switches=merged(one.switches for one in last_first),
        nodes=max((one.nodes for one in scenarios), key=len),
        users=all(one.users for one in scenarios),
    )
    return merged(one.options(bench) for one in last_first)
