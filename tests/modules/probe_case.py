# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The form of a case of the fault matrix, and ways to break a site or a probe."""

from __future__ import annotations

import dataclasses
import time
import typing as t

from support.probe_bench import (
    PREFIX,
    Bench,
    good_claims,
    token_of,
)

Json = dict[str, t.Any]
BOTH = ("current", "classic")


def nothing(bench: Bench) -> Json:
    """No further change, no further option."""
    return {}


@dataclasses.dataclass(frozen=True)
class Case:
    """One broken site or probe. ``options`` is called when the site stands, may change it, and
    gives the probe's options; ``warnings`` are the warnings expected with the repository."""

    name: str
    proven: str
    outside: str
    proxy: Json = dataclasses.field(default_factory=dict)
    user: Json = dataclasses.field(default_factory=dict)
    switches: Json = dataclasses.field(default_factory=dict)
    options: t.Callable[[Bench], Json] = nothing
    warnings: tuple[str, ...] = ()
    users: bool = True
    nodes: tuple[str, ...] = ("Central",)
    releases: tuple[str, ...] = BOTH


def times(**seconds: int) -> t.Callable[[Bench], Json]:
    """A token whose times lie that many seconds from the moment of the run."""

    def make(bench: Bench) -> Json:
        now = int(time.time())
        times = {name: now + offset for name, offset in seconds.items()}
        return {"token": token_of(good_claims(**times))}

    return make


def options_of(**options: t.Any) -> t.Callable[[Bench], Json]:
    return lambda bench: options


def rim(bench: Bench) -> Json:
    return {"url": bench.site.node("rim1")["url"]}


def twin(bench: Bench) -> Json:
    bench.site.seed(
        virtualproxyconfig=[{"prefix": PREFIX, "sessionCookieHeaderName": "X-Twin", "link": []}]
    )
    return {}


def same_cookie(bench: Bench) -> Json:
    seed = {"prefix": "other", "sessionCookieHeaderName": "x-qlik-session-JWT", "link": ["Central"]}
    bench.site.seed(virtualproxyconfig=[seed])
    return {}


def fault(path: str, **order: t.Any) -> t.Callable[[Bench], Json]:
    def order_it(bench: Bench) -> Json:
        bench.site.fault(port="https", method="GET", path=path, times=9, **order)
        return {}

    return order_it


def plain_http(bench: Bench) -> Json:
    return {"url": f"http://localhost:{bench.site.node()['http_port']}"}


def allowed_http(bench: Bench) -> Json:
    service = bench.site.entities("proxyservice")[0]
    settings = {**service["settings"], "allowHttp": True}
    bench.site.patch("proxyservice", service["id"], {"settings": settings})
    return plain_http(bench)


def service_key(bench: Bench) -> Json:
    certificates = bench.site.certificates
    virtual_proxy = bench.site.entity("virtualproxyconfig", prefix=PREFIX)
    with open(certificates["server_cert"]) as file:
        bench.site.patch(
            "virtualproxyconfig", virtual_proxy["id"], {"jwtPublicKeyCertificate": file.read()}
        )
    return {"private_key_path": certificates["server_key"], "private_key_content": None}


def unused_port(bench: Bench) -> Json:
    return {"url": "https://localhost:1"}
