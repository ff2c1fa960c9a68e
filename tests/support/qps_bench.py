# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated site whose proxies listen on loopback inside the test's own event loop."""

from __future__ import annotations

import asyncio
import datetime
import functools
import ssl
import tempfile
import typing as t
import warnings
from pathlib import Path

import aiohttp
import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from qlik_simulator.qps import SERVER_LIMITS, ProxyMemory, build_admin_app, build_proxy_app
from qlik_simulator.site import Node, NodeSpec, ProxiedCall, Site
from qlik_simulator.switches import Switches

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
XRFKEY = "0123456789abcdef"
CENTRAL, RIM = "Central", "Rim"
_DAY = datetime.timedelta(days=1)


@functools.cache
def signing_key(name: str = "right", size: int = 2048) -> rsa.RSAPrivateKey:
    """A key pair, made once for every name."""
    return rsa.generate_private_key(65537, size)


def certificate(key: Key, not_after: datetime.datetime | None = None) -> str:
    """A self-signed certificate of ``key``, PEM."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    end = not_after or datetime.datetime.now(datetime.UTC) + 30 * _DAY
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(end - 60 * _DAY)
        .not_valid_after(end)
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


@functools.cache
def _server_context() -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "server.pem"
        path.write_text(certificate(key) + text.decode())
        context.load_cert_chain(path)
    return context


def in_loop(test: t.Callable[..., t.Awaitable[None]]) -> t.Callable[..., None]:
    """Runs an asynchronous test in a loop of its own."""

    @functools.wraps(test)
    def run(*args: t.Any, **kwargs: t.Any) -> None:
        asyncio.run(_await(test(*args, **kwargs)))

    return run


async def _await(outcome: t.Awaitable[None]) -> None:
    await outcome


class Answer(t.NamedTuple):
    """What a request got."""

    status: int
    reason: str
    headers: t.Any
    text: str

    @property
    def set_cookie(self) -> str | None:
        """The Set-Cookie line."""
        line: str | None = self.headers.get("Set-Cookie")
        return line

    @property
    def cookie(self) -> str:
        """``name=value`` of the cookie that was set."""
        return (self.set_cookie or "").partition(";")[0]

    @property
    def session_id(self) -> str:
        """The value of the cookie that was set."""
        return self.cookie.partition("=")[2]


class Bench:
    """Two nodes (Central: localhost, Rim: rim1), on TLS, plain HTTP and administration ports."""

    def __init__(self, release: str = "current", **switches: t.Any) -> None:
        specs = [NodeSpec(CENTRAL, "localhost"), NodeSpec(RIM, "rim1")]
        self.site = Site(specs, Switches(release, switches))
        self.memory = ProxyMemory(self.site)
        self.calls: list[ProxiedCall] = []
        self.site.serve_qrs_with(self._repository)
        self._runners: list[web.AppRunner] = []
        self._ports: dict[tuple[str, str], int] = {}
        self._client: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Bench:
        for node in self.site.nodes:
            proxy = await self._run(build_proxy_app(self.site, node, self.memory))
            admin = build_admin_app(self.site, node, self.memory, _trusts_header)
            self._ports[node.name, "https"] = await _listen(proxy, _server_context())
            self._ports[node.name, "http"] = await _listen(proxy, None)
            self._ports[node.name, "admin"] = await _listen(await self._run(admin), None)
        self._client = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.client.close()
        for runner in self._runners:
            await runner.cleanup()

    @property
    def client(self) -> aiohttp.ClientSession:
        """The client of this bench; it keeps no cookies."""
        assert self._client is not None
        return self._client

    def node(self, name: str) -> Node:
        """A node by name."""
        return next(node for node in self.site.nodes if node.name == name)

    def add(
        self, prefix: str = "jwt", link: t.Sequence[str] = (CENTRAL,), **changes: t.Any
    ) -> dict[str, t.Any]:
        """Stores a virtual proxy for JWT and links it to the proxies of some nodes."""
        entity = {
            "prefix": prefix,
            "sessionCookieHeaderName": f"X-Qlik-Session-{prefix}",
            "authenticationMethod": 4,
            "jwtPublicKeyCertificate": certificate(signing_key()),
            "jwtAttributeUserId": "userId",
            "jwtAttributeUserDirectory": "userDirectory",
            "loadBalancingServerNodes": [{"id": self.node(CENTRAL).id}],
            **changes,
        }
        stored = self.site.store.create("virtualproxyconfig", entity)
        for name in link:
            self._link(stored["id"], name)
        return stored

    def change(self, kind: str, entity_id: str, **changes: t.Any) -> None:
        """Changes a stored entity."""
        entity = self.site.store.get(kind, entity_id)
        entity.update(changes)
        self.site.store.overwrite(kind, entity)

    def settings(self, node: str = CENTRAL, **changes: t.Any) -> None:
        """Changes settings of a proxy service."""
        entity = self.site.store.get("proxyservice", self.node(node).proxy_id)
        entity["settings"].update(changes)
        self.site.store.overwrite("proxyservice", entity)

    def token(
        self,
        key: t.Any = None,
        algorithm: str = "RS256",
        without: t.Collection[str] = (),
        **claims: t.Any,
    ) -> str:
        """A token for EXAMPLE\\anna that is good for an hour, but for ``claims``."""
        payload = {
            "userId": "anna",
            "userDirectory": "EXAMPLE",
            "exp": int(self.site.now()) + 3600,
            **claims,
        }
        payload = {name: value for name, value in payload.items() if name not in without}
        with warnings.catch_warnings():
            # Newer libraries warn about the short keys that some recipes use.
            warnings.simplefilter("ignore")
            return jwt.encode(payload, signing_key() if key is None else key, algorithm)

    async def send(
        self,
        path: str,
        method: str = "GET",
        token: str | None = None,
        cookie: str | None = None,
        port: tuple[str, str] = (CENTRAL, "https"),
        headers: t.Mapping[str, str] | None = None,
        json: t.Any = None,
    ) -> Answer:
        """Sends a request; redirects are not followed."""
        sent = _headers(port, token, cookie, headers)
        async with self.client.request(
            method, self.url(path, port), headers=sent, ssl=False, allow_redirects=False, json=json
        ) as response:
            text = await response.text()
            return Answer(response.status, response.reason or "", response.headers, text)

    async def log_in(self, prefix: str = "jwt", **claims: t.Any) -> Answer:
        """Logs in at ``csrftoken``; the answer carries cookie and CSRF token."""
        return await self.send(f"/{prefix}/qps/csrftoken", token=self.token(**claims))

    async def admin(self, path: str, method: str = "GET", json: t.Any = None) -> Answer:
        """Sends a request to the central node's administration port, with all it asks for."""
        return await self.send(
            f"{path}?xrfkey={XRFKEY}",
            method,
            port=(CENTRAL, "admin"),
            headers={"X-Qlik-Xrfkey": XRFKEY, "X-Test-Certificate": "yes"},
            json=json,
        )

    def socket(
        self,
        path: str,
        token: str | None = None,
        cookie: str | None = None,
        origin: str | None = "https://localhost",
    ) -> t.Any:
        """Opens a WebSocket (an asynchronous context manager)."""
        port = (CENTRAL, "https")
        extra = {"Origin": origin} if origin is not None else {}
        sent = _headers(port, token, cookie, extra)
        url = self.url(path, port).replace("https:", "wss:")
        return self.client.ws_connect(url, headers=sent, ssl=False, autoping=False)

    def url(self, path: str, port: tuple[str, str]) -> str:
        """The URL of ``path`` at a listener."""
        scheme = "https" if port[1] == "https" else "http"
        return f"{scheme}://127.0.0.1:{self._ports[port]}{path}"

    def _link(self, virtual_proxy_id: str, node_name: str) -> None:
        entity = self.site.store.get("proxyservice", self.node(node_name).proxy_id)
        entity["settings"]["virtualProxies"].append({"id": virtual_proxy_id})
        self.site.store.overwrite("proxyservice", entity)

    async def _run(self, app: web.Application) -> web.AppRunner:
        runner = web.AppRunner(app, **SERVER_LIMITS)
        await runner.setup()
        self._runners.append(runner)
        return runner

    async def _repository(self, call: ProxiedCall) -> web.StreamResponse:
        self.calls.append(call)
        return web.json_response({"path": call.path})


async def _listen(runner: web.AppRunner, context: ssl.SSLContext | None) -> int:
    listener = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await listener.start()
    port: int = runner.addresses[-1][1]
    return port


def _headers(
    port: tuple[str, str],
    token: str | None,
    cookie: str | None,
    more: t.Mapping[str, str] | None,
) -> dict[str, str]:
    sent = {"Host": "localhost" if port[0] == CENTRAL else "rim1"}
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    if cookie is not None:
        sent["Cookie"] = cookie
    return {**sent, **(more or {})}


def _trusts_header(request: web.Request) -> bool:
    return "X-Test-Certificate" in request.headers
