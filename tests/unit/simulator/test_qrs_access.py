# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may speak to the repository: certificate, Xrfkey, user header, rights."""

from __future__ import annotations

import ssl

import pytest

from support.raw_qrs import ADMIN, KEY, RawQrs
from support.simulator import Simulator

XRF = "XSRF prevention check failed. Possible XSRF discovered."
UNKNOWN = "Unknown users not allowed for repository calls, missing or malformed http header"


def test_the_sites_certificate_opens_it(qrs: RawQrs) -> None:
    about = qrs.get("/about")
    assert about["schemaPath"] == "About"
    assert about["nodeType"] == 1


@pytest.mark.parametrize("certificate", [None, "foreign_client"])
@pytest.mark.parametrize("refusal", [403, "tls"])
def test_other_certificates(sim: Simulator, certificate: str | None, refusal: object) -> None:
    sim.switch(client_cert_refusal=refusal)
    try:
        client = RawQrs(sim, certificate=certificate)
        if refusal == 403:
            reply = client.send("GET", "/about")
            assert (reply.status, reply.text) == (403, "Forbidden")
        else:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                client.send("GET", "/about")
        assert RawQrs(sim).send("GET", "/about").status == 200
    finally:
        sim.reset()


@pytest.mark.parametrize(
    ("query", "header"),
    [
        ("", KEY),
        (f"Xrfkey={KEY}", ""),
        (f"Xrfkey={KEY}", KEY[::-1]),
        ("Xrfkey=short", "short"),
        ("Xrfkey=0123456789abcde_", "0123456789abcde_"),
        (f"filter=name%20eq%20'a#b'&Xrfkey={KEY}", KEY),
    ],
)
@pytest.mark.parametrize("status", [403, 400])
def test_xrfkey(sim: Simulator, qrs: RawQrs, query: str, header: str, status: int) -> None:
    sim.switch(xrfkey_status=status)
    headers = {"X-Qlik-Xrfkey": header, "X-Qlik-User": ADMIN}
    reply = qrs.exact("GET", f"/qrs/tag?{query}", None, headers)
    assert (reply.status, reply.text) == (status, XRF)


def test_the_name_of_the_key_may_have_any_case(qrs: RawQrs) -> None:
    for name in ("xrfkey", "XRFKEY", "xrfKey"):
        headers = {"x-qlik-xrfkey": KEY, "X-Qlik-User": ADMIN}
        assert qrs.exact("GET", f"/qrs/about?{name}={KEY}", None, headers).status == 200


@pytest.mark.parametrize(
    "user",
    [
        "UserDirectory=INTERNAL; UserId=sa_repository",
        "UserDirectory=internal;UserID=SA_API",
        "userdirectory=INTERNAL ; userid=sa%5Fapi",
    ],
)
def test_spellings_of_the_user_header(qrs: RawQrs, user: str) -> None:
    assert len(qrs.send("GET", "/proxyservice/full", user=user).json()) == 2


@pytest.mark.parametrize(
    "user",
    ["", "UserDirectory:INTERNAL; UserId:sa_api", "INTERNAL\\sa_api", "UserDirectory=D; UserId=u"],
)
def test_malformed_and_unknown_users(qrs: RawQrs, user: str) -> None:
    reply = qrs.send("GET", "/about", user=user)
    assert reply.status == 403
    assert reply.text.startswith(UNKNOWN)


@pytest.mark.parametrize(("value", "status"), [(403, 403), ("accept", 200)])
def test_missing_user_header(sim: Simulator, qrs: RawQrs, value: object, status: int) -> None:
    sim.switch(missing_user_header=value)
    assert qrs.send("GET", "/virtualproxyconfig/full", user=None).status == status


def test_an_ordinary_user_sees_and_writes_nothing(sim: Simulator, qrs: RawQrs) -> None:
    sim.seed(user=[{"userDirectory": "CORP", "userId": "kim"}])
    user = "UserDirectory=CORP; UserId=kim"
    assert qrs.send("GET", "/about", user=user).status == 200
    for path in ("virtualproxyconfig", "user/full", "proxyservice/full"):
        assert qrs.send("GET", f"/{path}", user=user).json() == []
    assert qrs.send("GET", "/user/count", user=user).json() == {"value": 0}
    proxy = qrs.proxy()
    assert qrs.send("GET", f"/proxyservice/{proxy['id']}", user=user).status == 404
    body = {"prefix": "x", "sessionCookieHeaderName": "x"}
    assert qrs.send("POST", "/virtualproxyconfig", body, user=user).status == 403
    assert qrs.send("PUT", f"/proxyservice/{proxy['id']}", proxy, user=user).status == 403
    identity = sim.entity("user", userId="kim")["id"]
    assert qrs.send("DELETE", f"/user/{identity}", user=user).status == 403
    assert len(sim.entities("virtualproxyconfig")) == 1


def test_a_root_admin_acts_as_administrator(sim: Simulator, qrs: RawQrs) -> None:
    sim.seed(user=[{"userDirectory": "CORP", "userId": "kim", "roles": ["RootAdmin"]}])
    user = "UserDirectory=corp; UserId=KIM"
    assert len(qrs.send("GET", "/proxyservice/full", user=user).json()) == 2
    reply = qrs.send("POST", "/tag", {"name": "t"}, user=user)
    assert reply.json()["modifiedByUserName"] == "corp\\KIM"


@pytest.mark.parametrize(
    "target", ["/about", "/", "/jwt/qrs/about", "/qrsabout", "/qrs/nonsense", "/qrs/user/nonsense"]
)
def test_paths_that_are_none(qrs: RawQrs, target: str) -> None:
    headers = {"X-Qlik-Xrfkey": KEY, "X-Qlik-User": ADMIN}
    assert qrs.exact("GET", f"{target}?Xrfkey={KEY}", None, headers).status == 404


def test_paths_in_any_case(qrs: RawQrs) -> None:
    assert qrs.get("/VirtualProxyConfig/FULL")[0]["defaultVirtualProxy"] is True
    assert qrs.get("/ProxyService/Count") == {"value": 2}


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/proxyservice"), ("DELETE", "/proxyservice/{id}"), ("POST", "/about")],
)
def test_calls_that_do_not_exist(qrs: RawQrs, method: str, path: str) -> None:
    path = path.format(id=qrs.proxy()["id"])
    assert qrs.send(method, path, {"settings": {}}).status == 405
    assert qrs.get("/proxyservice/count") == {"value": 2}
