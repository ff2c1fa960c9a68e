# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of a simulated site or of the probe's options. Most of them provoke a fault."""

from __future__ import annotations

import json
import socket
import tempfile
import time
import typing as t
from pathlib import Path

from support import tls_server
from support.probe_bench import PREFIX, USER, Bench, good_claims, token_of

Json = dict[str, t.Any]
#: Changes the site, and returns the options of the probe that belong to the change.
Change = t.Callable[[Bench], Json]


def nothing(bench: Bench) -> Json:
    """No further change, no further option."""
    return {}


def signed_by(change: t.Callable[[str], str]) -> Change:
    """A good token whose signature was changed."""

    def make(bench: Bench) -> Json:
        signed, dummy, signature = token_of(good_claims()).rpartition(".")
        return {"token": f"{signed}.{change(signature)}"}

    return make


def in_milliseconds(name: str) -> Change:
    """A token as JavaScript's ``Date.now()`` dates it."""

    def make(bench: Bench) -> Json:
        good = good_claims(nbf=int(time.time()) - 30)
        return {"token": token_of({**good, name: good[name] * 1000})}

    return make


def options_of(**options: t.Any) -> Change:
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


def fault(path: str, **order: t.Any) -> Change:
    def order_it(bench: Bench) -> Json:
        bench.site.fault(**{"port": "https", "method": "GET", "path": path, "times": 9, **order})
        return {}

    return order_it


def address(bench: Bench) -> Json:
    """The site by its address, which is not the name of a node."""
    return {"url": bench.site.node()["url"].replace("localhost", "127.0.0.1")}


def unencrypted(bench: Bench) -> Json:
    """Plain HTTP, which the options do not allow."""
    return {"url": f"http://localhost:{bench.site.node()['http_port']}"}


def plain_http(bench: Bench) -> Json:
    return {**unencrypted(bench), "allow_insecure_transport": True}


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


def full_queue(bench: Bench) -> Json:
    """A port that answers no connection: its queue is full, so the system drops what comes."""
    listener = bench.stack.enter_context(socket.socket())
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    for dummy in range(8):
        waiting = bench.stack.enter_context(socket.socket())
        waiting.setblocking(False)
        waiting.connect_ex(listener.getsockname())
    return {"url": f"https://localhost:{listener.getsockname()[1]}", "timeout": 1}


def server_certificate(name: str = "own", **changes: t.Any) -> Change:
    """A server with a certificate of its own, signed by an authority that is trusted."""

    def serve_it(bench: Bench) -> Json:
        directory = Path(bench.stack.enter_context(tempfile.TemporaryDirectory()))
        chain = tls_server.certificate(
            name, **{"issuer": "authority", "names": ["localhost"], **changes}
        )
        serving = tls_server.serve(directory, cert=chain, cert_key=tls_server.key_pem(name))
        server = bench.stack.enter_context(serving)
        return {
            "url": f"https://localhost:{server.port}",
            "url_ca_path": None,
            "url_ca_content": tls_server.certificate("authority"),
        }

    return serve_it


def gateway(*removed: str, **added: str) -> Change:
    """Something on the way takes headers away from the login's answers, and adds others."""

    def order_it(bench: Bench) -> Json:
        path = "/jwt/(qps/csrftoken|qrs/about)"
        names = {name.replace("_", "-"): value for name, value in added.items()}
        bench.site.fault(
            port="https", path=path, times=99, action="headers", remove=removed, add=names
        )
        return {}

    return order_it


def no_passes(bench: Bench) -> Json:
    bench.site.seed(license={"total": 0})
    return {}


def allocated(bench: Bench) -> Json:
    """The user has an access pass."""
    holder = [USER["userDirectory"], USER["userId"]]
    bench.site.seed(license={"total": 1, "holders": [holder]})
    return {}


def allocations(answer: t.Any, **changes: t.Any) -> Change:
    """The page with two meanings, and an answer about passes: a status, or other properties."""

    def order_it(bench: Bench) -> Json:
        (user,) = (u for u in bench.site.entities("user") if u["userId"] == USER["userId"])
        entry = {"id": user["id"], "user": {"id": user["id"]}, "quarantined": False, **changes}
        status, body = (answer, "no") if answer else (200, json.dumps([entry]))
        bench.site.fault(
            port="qrs",
            path="/qrs/license/.*",
            times=99,
            action="status",
            status=status,
            body=body,
            headers={"Content-Type": "application/json"},
        )
        return {**allocated(bench), **either_page(bench), "checks": ["page"]}

    return order_it


def no_engine(bench: Bench) -> Json:
    node = bench.site.entity("servernodeconfiguration", isCentral=True)
    bench.site.patch("servernodeconfiguration", node["id"], {"engineEnabled": False})
    return {}


def stopped_engine(bench: Bench) -> Json:
    """The engine service has stopped (serviceType 3), the node still has it (serviceState 3)."""
    for status in bench.site.entities("servicestatus"):
        if status["serviceType"] == 3:
            bench.site.patch("servicestatus", status["id"], {"serviceState": 3})
    return {}


def either_page(bench: Bench) -> Json:
    """The page of releases since June 2019, which has two meanings."""
    text = "You have no access pass or too many sessions active in parallel."
    bench.site.fault(
        port="https", path="/jwt/(hub|sense)/.*", times=9, action="status", status=200, body=text
    )
    return {}


def busy_user(bench: Bench) -> Json:
    """Somebody works under the name, in as many sessions as there may be."""
    bench.log_in(5)
    return {}


def other_user(bench: Bench) -> Json:
    bench.site.seed(user=[{"userDirectory": "ACME", "userId": "other", "name": "Other"}])
    return {}


def unused_port(bench: Bench) -> Json:
    return {"url": "https://localhost:1"}
