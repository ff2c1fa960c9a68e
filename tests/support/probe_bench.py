# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated site with a JWT virtual proxy that works, and the probe run against it."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import functools
import time
import typing as t
import uuid

import jwt
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from support.module_runner import Result, connection, run_module
from support.simulator import Simulator

Json = dict[str, t.Any]
NAME = "qlik_jwt_probe"
PREFIX = "jwt"
USER = {"userDirectory": "ACME", "userId": "probe"}


def signing_key(name: str = "right", size: int = 2048) -> rsa.RSAPrivateKey:
    """A key made once for every name and size."""
    return _made_key(name, size)


@functools.cache
def _made_key(name: str, size: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, size)


@functools.cache
def private_pem(name: str = "right", size: int = 2048) -> str:
    """The private key of that name as PEM."""
    return (
        signing_key(name, size)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


@functools.cache
def certificate_of(name: str = "right", size: int = 2048, days: int = 365) -> str:
    """A self-signed certificate of that key, which ends in ``days``, a negative number: ended."""
    key = signing_key(name, size)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tokens")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1000))
        .not_valid_after(now + dt.timedelta(days=days, hours=1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


@functools.cache
def public_pem(name: str = "right") -> str:
    """The bare public key of that name as PEM."""
    public = signing_key(name).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public.public_bytes(serialization.Encoding.PEM, form).decode()


def token_of(
    claims: t.Mapping[str, t.Any],
    key: str = "right",
    algorithm: str = "RS256",
    headers: Json | None = None,
) -> str:
    """A token that says exactly this; ``algorithm`` none leaves it unsigned."""
    signer: rsa.RSAPrivateKey | str = "" if algorithm == "none" else signing_key(key)
    return jwt.encode(dict(claims), signer, algorithm=algorithm, headers=headers)


def good_claims(**changes: t.Any) -> Json:
    """Claims that the working virtual proxy takes; a change to None leaves a claim out."""
    now = int(time.time())
    claims: Json = {**USER, "iat": now - 30, "exp": now + 3600, **changes}
    return {name: value for name, value in claims.items() if value is not None}


def virtual_proxy(**changes: t.Any) -> Json:
    """A virtual proxy for JWT that works, as a seed."""
    return {
        "prefix": PREFIX,
        "description": "Tokens",
        "sessionCookieHeaderName": "X-Qlik-Session-jwt",
        "sessionInactivityTimeout": 30,
        "authenticationMethod": 4,
        "anonymousAccessMode": 0,
        "jwtPublicKeyCertificate": certificate_of(),
        "jwtAttributeUserId": "userId",
        "jwtAttributeUserDirectory": "userDirectory",
        "jwtAudience": "",
        "jwtAttributeMap": [],
        "websocketCrossOriginWhiteList": ["localhost"],
        "link": ["Central"],
        **changes,
    }


@dataclasses.dataclass
class Bench:
    """One simulated site with helpers for the probe's tests."""

    site: Simulator
    stack: contextlib.ExitStack = dataclasses.field(default_factory=contextlib.ExitStack)

    def prepare(
        self,
        proxy: t.Mapping[str, t.Any] | None = None,
        *,
        user: t.Mapping[str, t.Any] | None = None,
        release: str = "current",
        switches: t.Mapping[str, t.Any] | None = None,
        nodes: t.Sequence[str] = ("Central",),
        users: bool = True,
    ) -> None:
        """A fresh site with one virtual proxy, ``proxy`` changed, and one user."""
        self.site.reset(release=release, switches=switches, nodes=nodes)
        self.site.clear_faults()
        central = self.site.entity("servernodeconfiguration", isCentral=True)
        seeded = virtual_proxy(
            **{"loadBalancingServerNodes": [{"id": central["id"]}], **(proxy or {})}
        )
        self.site.seed(virtualproxyconfig=[seeded])
        if users:
            self.site.seed(user=[{**USER, "name": "Probe", **(user or {})}])
        self.site.clear_requests()

    def add(self, prefix: str, **changes: t.Any) -> None:
        """One more virtual proxy, with the load balancing nodes of the first."""
        nodes = self.site.entity("virtualproxyconfig", prefix=PREFIX)["loadBalancingServerNodes"]
        seeded = virtual_proxy(
            prefix=prefix,
            sessionCookieHeaderName=f"X-Qlik-Session-{prefix}",
            loadBalancingServerNodes=nodes,
            **changes,
        )
        self.site.seed(virtualproxyconfig=[seeded])

    def options(self, *, repository: bool = True, **changes: t.Any) -> Json:
        """Options of a probe that works; a change to None leaves an option out."""
        node = self.site.node()
        options: Json = {
            "url": node["url"],
            "prefix": PREFIX,
            "private_key_content": private_pem(),
            "user_id": USER["userId"],
            "user_directory": USER["userDirectory"],
            "url_ca_path": self.site.proxy_ca,
            "qps_port": node["admin_port"],
            "timeout": 20,
            "app_id": str(uuid.UUID(int=7)),
        }
        if repository:
            options.update(connection(self.site))
        if "token" in changes:
            del options["private_key_content"]
        options.update(changes)
        return {name: value for name, value in options.items() if value is not None}

    def run(self, *, check: bool = False, repository: bool = True, **changes: t.Any) -> Result:
        """Run the probe in this process."""
        return run_module(NAME, self.options(repository=repository, **changes), check=check)

    def forget_cookies(self) -> Json:
        """The second request of a session gets the answer to an unknown cookie."""
        switches = self.site.state()["switches"]
        path = "/jwt/qrs/about" if switches["csrf"] == "absent" else "/jwt/qps/csrftoken"
        status = switches["unknown_cookie"]
        self.site.fault(
            port="https", method="GET", path=path, nth=2, action="status", status=status
        )
        return {}

    def log_in(self, count: int = 1) -> None:
        """The user works elsewhere, in that many sessions."""
        for dummy in range(count):
            answer = requests.get(
                f"{self.site.node()['url']}/{PREFIX}/qps/csrftoken",
                headers={"Authorization": f"Bearer {token_of(good_claims())}"},
                verify=self.site.proxy_ca,
                timeout=20,
            )
            assert answer.status_code in (204, 404)

    def sessions(self) -> list[Json]:
        """The sessions that are open now."""
        return t.cast("list[Json]", self.site.state()["sessions"])

    def configuration(self) -> Json:
        """Everything that a probe may not touch."""
        entities = self.site.state()["entities"]
        return {name: value for name, value in entities.items() if name != "user"}


def codes(result: Result, level: str = "error") -> list[str]:
    """The codes of that level, in the order of precedence."""
    return [item["code"] for item in result["findings"] if item["level"] == level]
