# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bare client of the simulated repository: standard library only, and no manners.

It is deliberately not the collection's client: tests of the simulator must not share its
mistakes.
"""

from __future__ import annotations

import dataclasses
import http.client
import json
import ssl
import typing as t
import urllib.parse

from .simulator import Simulator

KEY = "0123456789abcdef"
ADMIN = "UserDirectory=INTERNAL; UserId=sa_api"
Json = dict[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: t.Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> t.Any:
        """The body as JSON."""
        return json.loads(self.body)


class RawQrs:
    """Sends single requests. ``certificate``: prefix of the files, None for none at all."""

    def __init__(self, sim: Simulator, *, certificate: str | None = "client"):
        self._sim = sim
        self.context = ssl.create_default_context(cafile=sim.certificates["root"])
        # The site's authority has no KeyUsage, which is what strict checking refuses.
        self.context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if certificate is not None:
            cert, key = (sim.certificates[f"{certificate}_{part}"] for part in ("cert", "key"))
            self.context.load_cert_chain(cert, key)

    def send(
        self,
        method: str,
        path: str,
        body: t.Any = None,
        *,
        user: str | None = ADMIN,
        headers: t.Mapping[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Reply:
        """``path`` comes after ``/qrs`` and may have a query; the Xrfkey is added."""
        mark = "&" if "?" in path else "?"
        sent = {"X-Qlik-Xrfkey": KEY}
        if user is not None:
            sent["X-Qlik-User"] = user
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            sent["Content-Type"] = "application/json"
        return self.exact(
            method, f"/qrs{path}{mark}Xrfkey={KEY}", data, {**sent, **(headers or {})}
        )

    def exact(
        self,
        method: str,
        target: str,
        data: bytes | None = None,
        headers: t.Mapping[str, str] | None = None,
    ) -> Reply:
        """Sends exactly this."""
        connection = http.client.HTTPSConnection(
            "localhost", self._sim.qrs_port, context=self.context, timeout=20
        )
        try:
            connection.request(method, target, data, dict(headers or {}))
            response = connection.getresponse()
            return Reply(response.status, dict(response.headers), response.read())
        finally:
            connection.close()

    def get(self, path: str, **query: str) -> t.Any:
        """The JSON of a successful GET; the query is properly encoded."""
        reply = self.send("GET", with_query(path, **query))
        assert reply.status == 200, (reply.status, reply.text)
        return reply.json()

    def create(self, path: str, body: t.Any) -> Json:
        """The entity of a successful POST."""
        reply = self.send("POST", path, body)
        assert reply.status == 201, (reply.status, reply.text)
        return t.cast(Json, reply.json())

    def virtual_proxy(self, prefix: str, **more: t.Any) -> Json:
        """Creates the smallest virtual proxy."""
        cookie = f"X-Qlik-Session-{prefix}"
        return self.create(
            "/virtualproxyconfig", {"prefix": prefix, "sessionCookieHeaderName": cookie, **more}
        )

    def proxy(self, node: str = "Central") -> Json:
        """The proxy service of a node."""
        return t.cast(Json, self.get(f"/proxyservice/{self._sim.node(node)['proxy_id']}"))

    def link(self, virtual_proxy: Json, node: str = "Central") -> Reply:
        """Appends the virtual proxy to the node's proxy service."""
        proxy = self.proxy(node)
        proxy["settings"]["virtualProxies"].append({"id": virtual_proxy["id"]})
        return self.send("PUT", f"/proxyservice/{proxy['id']}", proxy)


def with_query(path: str, **query: str) -> str:
    """``path`` with an encoded query."""
    if not query:
        return path
    return f"{path}?{urllib.parse.urlencode(query, quote_via=urllib.parse.quote, safe='')}"
