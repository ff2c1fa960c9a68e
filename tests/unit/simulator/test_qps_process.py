# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy as part of the running simulator: real ports, TLS, the repository behind it."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
import typing as t

import aiohttp
import jwt
import pytest

from support.qps_bench import XRFKEY, certificate, in_loop, signing_key
from support.simulator import Simulator, start

Kind = t.Literal["https", "http", "admin"]


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Simulator]:
    with start(tmp_path_factory.mktemp("qps")) as running:
        yield running


@pytest.fixture
def site(simulator: Simulator) -> Simulator:
    simulator.reset()
    simulator.seed(
        virtualproxyconfig=[
            {
                "prefix": "jwt",
                "authenticationMethod": 4,
                "jwtPublicKeyCertificate": certificate(signing_key()),
                "jwtAttributeUserId": "userId",
                "jwtAttributeUserDirectory": "userDirectory",
                "loadBalancingServerNodes": ["Central"],
                "link": ["Central"],
            }
        ]
    )
    return simulator


class _Answer(t.NamedTuple):
    status: int
    headers: t.Any
    text: str

    @property
    def cookie(self) -> str:
        return str(self.headers["Set-Cookie"]).partition(";")[0]


def _token(**claims: t.Any) -> str:
    payload = {"userId": "anna", "userDirectory": "EXAMPLE", **claims}
    return jwt.encode(payload, signing_key(), "RS256")


def _context(site: Simulator, kind: Kind, certified: bool) -> ssl.SSLContext:
    if kind != "admin":
        return ssl.create_default_context(cafile=site.proxy_ca)
    context = ssl.create_default_context(cafile=site.certificates["root"])
    # The site's own authority lacks KeyUsage, as the real one does.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if certified:
        context.load_cert_chain(site.certificates["client_cert"], site.certificates["client_key"])
    return context


async def _send(
    site: Simulator,
    path: str,
    method: str = "GET",
    kind: Kind = "https",
    certified: bool = True,
    **headers: str,
) -> _Answer:
    scheme = "http" if kind == "http" else "https"
    url = f"{scheme}://localhost:{site.node()[f'{kind}_port']}{path}"
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    context = _context(site, kind, certified)
    jar = aiohttp.DummyCookieJar()
    async with (
        aiohttp.ClientSession(cookie_jar=jar) as client,
        client.request(method, url, headers=sent, ssl=context, allow_redirects=False) as response,
    ):
        return _Answer(response.status, response.headers, await response.text())


async def _log_in(site: Simulator, kind: Kind = "https", **claims: t.Any) -> _Answer:
    bearer = f"Bearer {_token(**claims)}"
    return await _send(site, "/jwt/qps/csrftoken", kind=kind, Authorization=bearer)


@in_loop
async def test_a_login_over_verified_tls_shows_in_the_state(site: Simulator) -> None:
    answer = await _log_in(site)
    assert answer.status == 204
    (session,) = site.state()["sessions"]
    assert (session["user_id"], session["proxy"]) == ("anna", site.node()["proxy_id"])
    assert site.entity("user", userId="anna")["userDirectory"] == "EXAMPLE"


@pytest.mark.parametrize("status", [403, 400])
@in_loop
async def test_the_repository_behind_the_proxy_wants_an_xrfkey(
    site: Simulator, status: int
) -> None:
    site.switch(xrfkey_status=status)
    cookie = (await _log_in(site)).cookie
    path = f"/jwt/qrs/about?xrfkey={XRFKEY}"
    good = await _send(site, path, Cookie=cookie, X_Qlik_Xrfkey=XRFKEY)
    bad = await _send(site, path, Cookie=cookie)
    assert (good.status, bad.status) == (200, status)
    assert "buildVersion" in json.loads(good.text)
    assert bad.text == "XSRF prevention check failed. Possible XSRF discovered."


@in_loop
async def test_a_filter_reaches_the_repository_as_it_was_sent(site: Simulator) -> None:
    bearer = f"Bearer {_token(userId='sa_api', userDirectory='INTERNAL')}"
    path = f"/jwt/qrs/virtualproxyconfig?xrfkey={XRFKEY}&filter=prefix%20eq%20%27jwt%27"
    answer = await _send(site, path, Authorization=bearer, X_Qlik_Xrfkey=XRFKEY)
    assert [item["prefix"] for item in json.loads(answer.text)] == ["jwt"]


@in_loop
async def test_the_admin_port_judges_the_certificate(site: Simulator) -> None:
    await _log_in(site)
    path = f"/qps/jwt/session?xrfkey={XRFKEY}"
    shown = await _send(site, path, kind="admin", X_Qlik_Xrfkey=XRFKEY)
    refused = await _send(site, path, kind="admin", certified=False, X_Qlik_Xrfkey=XRFKEY)
    (session,) = json.loads(shown.text)
    assert (session["UserId"], refused.status) == ("anna", 403)
    one = f"/qps/jwt/session/{session['SessionId']}?xrfkey={XRFKEY}"
    await _send(site, one, "DELETE", kind="admin", X_Qlik_Xrfkey=XRFKEY)
    assert site.state()["sessions"] == []


@pytest.mark.parametrize(("value", "listens"), [("on", True), ("off", False)])
@in_loop
async def test_qps_admin_port_switch(site: Simulator, value: str, listens: bool) -> None:
    site.switch(qps_admin_port=value)
    sent = _send(site, f"/qps/alive?xrfkey={XRFKEY}", kind="admin", X_Qlik_Xrfkey=XRFKEY)
    if listens:
        assert (await sent).status == 200
    else:
        with pytest.raises(aiohttp.ClientConnectorError):
            await sent


@in_loop
async def test_plain_http_is_refused_until_it_is_allowed(site: Simulator) -> None:
    with pytest.raises(aiohttp.ClientConnectorError):
        await _log_in(site, kind="http")
    proxy_id = site.node()["proxy_id"]
    settings = site.entity("proxyservice", id=proxy_id)["settings"]
    site.patch("proxyservice", proxy_id, {"settings": {**settings, "allowHttp": True}})
    answer = await _log_in(site, kind="http")
    assert answer.cookie.startswith("X-Qlik-Session-jwt-HTTP=")


@pytest.mark.parametrize("offset", [0, -86_400])
@in_loop
async def test_the_date_header_shows_the_clock_of_the_site(site: Simulator, offset: int) -> None:
    site.switch(clock_offset_s=offset)
    date = (await _log_in(site)).headers["Date"]
    shown = time.mktime(time.strptime(date, "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
    assert abs(shown - (time.time() + offset)) < 60


@pytest.mark.parametrize(("seconds", "slow"), [(0, False), (0.5, True)])
@in_loop
async def test_cold_start_switch_slows_the_first_request(
    site: Simulator, seconds: float, slow: bool
) -> None:
    site.switch(cold_start_s=seconds)
    started = time.monotonic()
    await _log_in(site)
    assert (time.monotonic() - started >= 0.5) == slow


@in_loop
async def test_a_session_limit_over_the_wire(site: Simulator) -> None:
    logins = [await _log_in(site) for dummy in range(6)]
    last = logins[-1]
    url = f"wss://localhost:{site.node()['https_port']}/jwt/app/engineData"
    token = last.headers["qlik-csrf-token"]
    sent = {"Cookie": last.cookie, "Origin": "https://localhost"}
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(
            f"{url}?qlik-csrf-token={token}", headers=sent, ssl=_context(site, "https", False)
        ) as socket,
    ):
        frame = json.loads(await asyncio.wait_for(socket.receive_str(), 5))
    assert frame["method"] == "OnMaxParallelSessionsExceeded"


@in_loop
async def test_no_access_pass_by_the_control_api(site: Simulator) -> None:
    site.seed(license={"total": 0})
    page = await _send(site, "/jwt/hub/", Authorization=f"Bearer {_token()}")
    assert page.status == 200
    assert "no access pass" in page.text


@in_loop
async def test_an_edit_through_the_proxy_ends_sessions(site: Simulator) -> None:
    cookie = (await _log_in(site, userId="sa_api", userDirectory="INTERNAL")).cookie
    virtual_proxy = site.entity("virtualproxyconfig", prefix="jwt")
    assert (await _send(site, "/jwt/hub/", Cookie=cookie)).status == 200
    path = f"/jwt/qrs/virtualproxyconfig/{virtual_proxy['id']}?xrfkey={XRFKEY}"
    answer = await _send(site, path, "DELETE", Cookie=cookie, X_Qlik_Xrfkey=XRFKEY)
    assert answer.status == 204
    assert site.state()["sessions"] == []
    assert (await _send(site, "/jwt/hub/", Cookie=cookie)).status == 400
