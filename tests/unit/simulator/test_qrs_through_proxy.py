# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The repository behind a proxy: in the name of the user who logged in with a token."""

from __future__ import annotations

import datetime
import http.client
import json
import ssl
import typing as t

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from support.raw_qrs import ADMIN, KEY, RawQrs
from support.simulator import Simulator

Call = t.Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def signer() -> tuple[rsa.RSAPrivateKey, str]:
    """A key, and the certificate for the virtual proxy."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "signer")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.public_key(key.public_key()).not_valid_before(now)
    signed = builder.not_valid_after(now + datetime.timedelta(days=1)).sign(key, hashes.SHA256())
    return key, signed.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture
def call(sim: Simulator, signer: tuple[rsa.RSAPrivateKey, str]) -> Call:
    """Sends a request through ``/jwt`` with a fresh token of CORP\\kim."""
    key, certificate = signer
    sim.seed(
        virtualproxyconfig=[
            {
                "prefix": "jwt",
                "authenticationMethod": 4,
                "jwtPublicKeyCertificate": certificate,
                "jwtAttributeUserId": "userId",
                "jwtAttributeUserDirectory": "userDirectory",
                "websocketCrossOriginWhiteList": ["localhost"],
                "link": "all",
            }
        ]
    )
    context = ssl.create_default_context(cafile=sim.proxy_ca)
    claims = {"userId": "kim", "userDirectory": "CORP"}

    def send(method: str, path: str, body: t.Any = None, node: str = "Central") -> tuple[int, str]:
        connection = http.client.HTTPSConnection(
            "localhost", sim.node(node)["https_port"], context=context, timeout=10
        )
        headers = {
            "Authorization": f"Bearer {jwt.encode(claims, key, 'RS256')}",
            "X-Qlik-Xrfkey": KEY,
            "X-Qlik-User": ADMIN,
            "Content-Type": "application/json",
        }
        data = None if body is None else json.dumps(body)
        mark = "&" if "?" in path else "?"
        connection.request(method, f"/jwt/qrs{path}{mark}xrfkey={KEY}", data, headers)
        response = connection.getresponse()
        answer = response.status, response.read().decode()
        connection.close()
        return answer

    return send


def test_an_ordinary_user_reaches_about_and_little_else(sim: Simulator, call: Call) -> None:
    status, body = call("GET", "/about")
    assert (status, json.loads(body)["schemaPath"]) == (200, "About")
    assert call("GET", "/virtualproxyconfig/full") == (200, "[]")
    assert call("GET", "/user/full?filter=userId%20eq%20'kim'") == (200, "[]")
    assert call("POST", "/tag", {"name": "t"})[0] == 403
    assert call("GET", "/license/accesstypeoverview")[0] == 403
    proxy = sim.entity("proxyservice", id=sim.node()["proxy_id"])
    assert call("PUT", f"/proxyservice/{proxy['id']}", proxy)[0] == 403
    assert sim.entity("user", userId="kim")["userDirectory"] == "CORP"


def test_a_root_admin_administrates_through_the_proxy(sim: Simulator, call: Call) -> None:
    sim.seed(user=[{"userDirectory": "CORP", "userId": "kim", "roles": ["RootAdmin"]}])
    status, body = call("GET", "/virtualproxyconfig/full?filter=prefix%20eq%20'jwt'")
    entity = json.loads(body)[0]
    assert (status, entity["prefix"]) == (200, "jwt")
    entity["description"] = "through the proxy"
    status, body = call("PUT", f"/virtualproxyconfig/{entity['id']}", entity)
    assert (status, json.loads(body)["modifiedByUserName"]) == (200, "CORP\\kim")
    assert sim.entity("virtualproxyconfig", prefix="jwt")["description"] == "through the proxy"
    status, body = call("GET", "/proxyservice/local", node="Rim")
    assert json.loads(body)["serverNodeConfiguration"]["name"] == "Rim"
    status, body = call("GET", "/about", node="Rim")
    assert json.loads(body)["nodeType"] == 2


@pytest.mark.parametrize("status", [403, 400])
def test_the_key_is_needed_there_too(sim: Simulator, qrs: RawQrs, call: Call, status: int) -> None:
    sim.switch(xrfkey_status=status)
    answer = call("GET", "/about#")
    assert answer == (status, "XSRF prevention check failed. Possible XSRF discovered.")
    assert qrs.send("GET", "/about").status == 200
