# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules for virtual proxies beyond types and limits."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support.raw_qrs import RawQrs
from support.simulator import Simulator

PATH = "/virtualproxyconfig"


@pytest.fixture(scope="module")
def pems() -> dict[str, str]:
    """A certificate, its bare public key, both in one text, and nonsense."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "signer")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
        .decode()
    )
    bare = (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
    broken = certificate.replace("MII", "MIX")
    return {
        "certificate": certificate,
        "bare": bare,
        "both": f"some text\n{bare}{certificate}",
        "broken": broken if broken != certificate else certificate[:60],
        "nonsense": "hello",
        "empty": "",
    }


def _status(qrs: RawQrs, **body: t.Any) -> int:
    return qrs.send("POST", PATH, {"sessionCookieHeaderName": "c", **body}).status


@pytest.mark.parametrize("prefix", ["a-b.c_d~1", "x" * 100])
def test_good_prefixes(qrs: RawQrs, prefix: str) -> None:
    assert qrs.virtual_proxy(prefix)["prefix"] == prefix


@pytest.mark.parametrize("prefix", ["a b", "a/b", "jwt/", "ü", "a?b", "a\n", "x" * 101])
def test_bad_prefixes(qrs: RawQrs, prefix: str) -> None:
    assert _status(qrs, prefix=prefix) == 400


@pytest.mark.parametrize(
    ("value", "status", "stored"), [("lower", 201, "jwt"), (400, 400, None), ("store", 201, "JWT")]
)
def test_upper_prefix(
    sim: Simulator, qrs: RawQrs, value: object, status: int, stored: str | None
) -> None:
    sim.switch(upper_prefix=value)
    assert _status(qrs, prefix="JWT") == status
    found = {e["prefix"] for e in sim.entities("virtualproxyconfig")}
    assert found == ({"", stored} if stored else {""})


@pytest.mark.parametrize(("scope", "status"), [("site", 400), ("proxy", 201), ("off", 201)])
@pytest.mark.parametrize("same", ["prefix", "sessionCookieHeaderName"])
def test_unique_scope_on_creation(
    sim: Simulator, qrs: RawQrs, scope: str, status: int, same: str
) -> None:
    sim.switch(unique_scope=scope)
    first = {"prefix": "one", "sessionCookieHeaderName": "c1"}
    qrs.create(PATH, first)
    second = {"prefix": "two", "sessionCookieHeaderName": "c2", same: first[same]}
    assert qrs.send("POST", PATH, second).status == status


@pytest.mark.parametrize(("scope", "put", "link"), [("proxy", 400, 400), ("off", 200, 200)])
def test_unique_scope_on_link_and_change(
    sim: Simulator, qrs: RawQrs, scope: str, put: int, link: int
) -> None:
    sim.switch(unique_scope=scope)
    one, two = qrs.virtual_proxy("one"), qrs.virtual_proxy("two")
    twin = qrs.create(PATH, {"prefix": "one", "sessionCookieHeaderName": "other"})
    assert qrs.link(one).status == qrs.link(two).status == 200
    assert qrs.link(twin, "Rim").status == 200
    assert qrs.link(twin, "Central").status == link
    reply = qrs.send("PUT", f"{PATH}/{two['id']}", {**two, "prefix": "one"})
    assert reply.status == put


def test_unique_in_the_whole_site_counts_for_changes_too(qrs: RawQrs) -> None:
    qrs.virtual_proxy("one")
    two = qrs.virtual_proxy("two")
    path = f"{PATH}/{two['id']}"
    assert qrs.send("PUT", path, {**two, "prefix": "ONE"}).status == 400
    cookie = {"sessionCookieHeaderName": "X-Qlik-Session"}
    assert qrs.send("PUT", path, {**two, **cookie}).status == 400
    assert qrs.send("PUT", path, {**two, "description": "same names"}).status == 200


@pytest.mark.parametrize(
    ("check", "refused"), [("off", set()), (400, {"bare", "broken", "nonsense"})]
)
def test_pem_check_on_save(
    sim: Simulator, qrs: RawQrs, pems: dict[str, str], check: object, refused: set[str]
) -> None:
    sim.switch(pem_check_on_save=check, unique_scope="off")
    for name, text in pems.items():
        status = _status(qrs, prefix="x", jwtPublicKeyCertificate=text)
        assert status == (400 if name in refused else 201), name
        crlf = text.replace("\n", "\r\n")
        assert _status(qrs, prefix="x", jwtPublicKeyCertificate=crlf) == status
    stored = {e["jwtPublicKeyCertificate"] for e in sim.entities("virtualproxyconfig")}
    assert pems["both"].replace("\n", "\r\n") in stored


@pytest.mark.parametrize(
    ("value", "check", "status"),
    [
        ("rejects_tokens", "off", 201),
        ("works", "off", 201),
        (400, "off", 400),
        ("rejects_tokens", 400, 400),
        ("works", 400, 201),
    ],
)
def test_bare_public_key(
    sim: Simulator, qrs: RawQrs, pems: dict[str, str], value: object, check: object, status: int
) -> None:
    sim.switch(bare_public_key=value, pem_check_on_save=check, unique_scope="off")
    assert _status(qrs, prefix="x", jwtPublicKeyCertificate=pems["bare"]) == status
    assert _status(qrs, prefix="x", jwtPublicKeyCertificate=pems["both"]) == 201


def test_the_default_virtual_proxy(sim: Simulator, qrs: RawQrs) -> None:
    (default,) = qrs.get(f"{PATH}/full", filter="defaultVirtualProxy eq true")
    path = f"{PATH}/{default['id']}"
    assert qrs.send("DELETE", path).status == 400
    for method in (1, 2, 3):
        assert qrs.send("PUT", path, {**default, "authenticationMethod": method}).status == 400
    assert qrs.send("PUT", path, {**default, "sessionCookieDomain": "x"}).status == 400
    reply = qrs.send("PUT", path, {**default, "authenticationMethod": 4})
    assert reply.status == 200


@pytest.mark.parametrize(("value", "status"), [("accepted", 200), (400, 400)])
def test_default_vp_unlink(sim: Simulator, qrs: RawQrs, value: object, status: int) -> None:
    sim.switch(default_vp_unlink=value)
    entity = qrs.virtual_proxy("x")
    proxy = qrs.proxy()
    proxy["settings"]["virtualProxies"] = [{"id": entity["id"]}]
    assert qrs.send("PUT", f"/proxyservice/{proxy['id']}", proxy).status == status
    links = [v["prefix"] for v in qrs.proxy()["settings"]["virtualProxies"]]
    assert links == (["x"] if status == 200 else [""])


@pytest.mark.parametrize(("value", "status"), [("cascade", 204), (400, 400)])
def test_delete_linked(sim: Simulator, qrs: RawQrs, value: object, status: int) -> None:
    sim.switch(delete_linked=value)
    entity = qrs.virtual_proxy("x")
    for node in ("Central", "Rim"):
        assert qrs.link(entity, node).status == 200
    dates = [p["modifiedDate"] for p in sim.entities("proxyservice")]
    assert qrs.send("DELETE", f"{PATH}/{entity['id']}").status == status
    for node in ("Central", "Rim"):
        links = [v["prefix"] for v in qrs.proxy(node)["settings"]["virtualProxies"]]
        assert links == ([""] if status == 204 else ["", "x"])
    assert [p["modifiedDate"] for p in sim.entities("proxyservice")] == dates
    free = qrs.virtual_proxy("free")
    assert qrs.send("DELETE", f"{PATH}/{free['id']}").status == 204
