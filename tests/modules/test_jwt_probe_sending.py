# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where qlik_jwt_probe sends a token: encrypted, and only to hosts that belong to the site."""

from __future__ import annotations

import typing as t

import pytest

from support.probe_bench import Bench, codes, good_claims, token_of
from support.probe_changes import Json, address, allowed_http, unencrypted
from support.simulator import Simulator

LIST = "websocketCrossOriginWhiteList"
RELEASES = pytest.mark.parametrize("release", ["current", "classic"])


@pytest.fixture
def bench(simulator: Simulator) -> t.Iterator[Bench]:
    found = Bench(simulator)
    found.prepare()
    yield found
    simulator.clear_faults()


def by_address(bench: Bench) -> str:
    """The site by a name that none of its nodes has: the only node is called localhost."""
    return str(address(bench)["url"])


def sent(bench: Bench) -> list[str]:
    """Every path that was asked for with a token or a cookie."""
    return [
        request["path"]
        for request in (*bench.site.requests(port="https"), *bench.site.requests(port="http"))
        if {"authorization", "cookie"} & {str(name).lower() for name in dict(request["headers"])}
    ]


@RELEASES
@pytest.mark.parametrize("repository", [True, False])
@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("spelling", ["http://", "HTTP://"])
def test_nothing_is_sent_over_plain_http(
    bench: Bench, release: str, repository: bool, check: bool, spelling: str
) -> None:
    bench.prepare(release=release)
    allowed_http(bench)
    bench.site.clear_requests()
    url = unencrypted(bench)["url"].replace("http://", spelling)
    result = bench.run(repository=repository, check=check, url=url, origin=url)
    assert result["verdict"] == "insecure_transport"
    assert result["failed"]
    assert codes(result) == ["insecure_transport"]
    assert "allow_insecure_transport" in result["msg"]
    assert bench.site.requests(port="http") == []
    assert bench.site.requests(port="https") == []
    assert bench.site.requests(port="admin") == []


def test_plain_http_is_no_refusal(bench: Bench) -> None:
    result = bench.run(expect="denied", **unencrypted(bench))
    assert result["failed"]
    assert result["msg"].startswith("insecure_transport: ")


@RELEASES
def test_plain_http_can_be_allowed(bench: Bench, release: str) -> None:
    bench.prepare(release=release)
    result = bench.run(**allowed_http(bench))
    assert result["verdict"] == "access_granted"
    assert codes(result, "warning") == ["insecure_transport"]
    assert bench.site.requests(port="http") != []


@RELEASES
@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    "allow_list",
    [
        [],
        ["localhost"],
        ["*"],
        ["*.0.0.1"],
        ["127.0.0.*"],
        ["1"],
        [".1"],
        ["0.0.1"],
        [".0.0.1"],
        ["https://127.0.0.1"],
        ["127.0.0.1:443"],
        ["27.0.0.1"],
        ["127.0.0.1.example.com"],
        ["."],
        [""],
    ],
    ids=str,
)
def test_a_host_that_the_site_does_not_name_gets_no_token(
    bench: Bench, release: str, check: bool, allow_list: list[str]
) -> None:
    bench.prepare({LIST: allow_list}, release=release)
    result = bench.run(check=check, url=by_address(bench))
    assert result["verdict"] == "host_not_allowed"
    assert result["failed"]
    assert sent(bench) == []
    assert bench.sessions() == []
    finding = result["findings"][0]
    assert finding["evidence"]["host"] == "127.0.0.1"
    assert finding["evidence"]["nodes"] == ["localhost"]
    assert "no token was sent" in finding["summary"]
    assert "host allow list" in finding["remedy"]
    assert "trusted_hosts" in finding["remedy"]


@pytest.mark.parametrize(
    "options",
    [
        {"url_tls_server_name": "localhost"},
        {"origin": "https://localhost"},
        {"url_validate_certs": False},
        {"trusted_hosts": ["localhost", "qlik.example.com", "0.0.1", "127.0.0.11"]},
        {"token": token_of(good_claims())},
        {"prefix": "nothing"},
        {"allow_user_creation": True},
        {"expect": "denied"},
        {"wait": 5},
        {"end_session": "user"},
    ],
    ids=",".join,
)
def test_no_other_option_makes_it_a_host_of_the_site(bench: Bench, options: Json) -> None:
    result = bench.run(url=by_address(bench), **options)
    assert result["failed"]
    assert "host_not_allowed" in codes(result)
    assert sent(bench) == []


def test_a_login_that_was_not_tried_is_no_refusal(bench: Bench) -> None:
    result = bench.run(url=by_address(bench), expect="denied")
    assert result["ok"] is False
    assert result["msg"].startswith("host_not_allowed: ")
    assert "access_granted" not in result["msg"]


@pytest.mark.parametrize(
    ("allow_list", "trusted"),
    [(["127.0.0.1"], []), ([" 127.0.0.1 "], []), ([], ["127.0.0.1"]), (["*"], ["127.0.0.1"])],
)
def test_a_host_that_is_named_gets_the_token(
    bench: Bench, allow_list: list[str], trusted: list[str]
) -> None:
    # Releases before autumn 2019 do not check the host.
    bench.prepare({LIST: [*allow_list, "localhost"]}, switches={"host_check": "off"})
    result = bench.run(url=by_address(bench), origin="https://localhost", trusted_hosts=trusted)
    assert result["verdict"] == "access_granted", result


def test_a_trusted_host_that_the_proxy_rejects_is_named_as_such(bench: Bench) -> None:
    result = bench.run(url=by_address(bench), trusted_hosts=["127.0.0.1"])
    assert result["verdict"] == "host_not_allowed"
    assert "the proxy rejects requests for this name" in result["msg"]
    assert sent(bench) != []


def test_check_mode_does_not_predict_what_a_release_does_with_a_trusted_host(bench: Bench) -> None:
    result = bench.run(check=True, url=by_address(bench), trusted_hosts=["127.0.0.1"])
    assert result["verdict"] == "not_tried", result


def test_without_a_repository_the_host_cannot_be_checked(bench: Bench) -> None:
    result = bench.run(repository=False, url=by_address(bench))
    assert result["verdict"] in ("not_routed", "host_not_allowed")
    assert sent(bench) != []


@pytest.mark.parametrize(
    ("break_it", "verdict"),
    [
        ({"port": 1, "retries": 0}, "repository_unreachable"),
        ({"ca_path": "proxy_ca", "retries": 0}, "repository_unreachable"),
        ({"read_rights": "none"}, "repository_forbidden"),
        ({"read_rights": "part"}, "repository_forbidden"),
    ],
    ids=str,
)
def test_a_repository_that_cannot_be_read_vouches_for_its_own_host_only(
    bench: Bench, break_it: Json, verdict: str
) -> None:
    switches = {name: value for name, value in break_it.items() if name == "read_rights"}
    options = {name: value for name, value in break_it.items() if name != "read_rights"}
    if "ca_path" in options:
        options["ca_path"] = bench.site.proxy_ca
    bench.prepare({LIST: ["localhost", "127.0.0.1"]}, switches=switches)

    result = bench.run(url=by_address(bench), **options)
    assert result["verdict"] == verdict, result
    assert "no token was sent" in result["msg"]
    assert sent(bench) == []
    assert bench.run(expect="denied", url=by_address(bench), **options)["failed"]

    own = bench.run(**options)
    assert own["verdict"] == "access_granted"
    assert verdict in codes(own, "warning")
    trusted = bench.run(url=by_address(bench), trusted_hosts=["127.0.0.1"], **options)
    assert trusted["verdict"] == "access_granted"


@pytest.mark.parametrize(
    "host",
    [
        "https://qlik.example.com",
        "qlik.example.com:443",
        "qlik.example.com/hub",
        "user@qlik.example.com",
        "*",
        "*.example.com",
        ".example.com",
        "",
        " ",
        "a b",
        "a..b",
        "bücher.example",
        "qli\u212a.example.com",
        "a,b",
        "[::1",
        "::g",
    ],
)
def test_what_is_not_a_host_name_is_not_trusted(bench: Bench, host: str) -> None:
    result = bench.run(trusted_hosts=["localhost", host])
    assert result["failed"]
    assert result["msg"].startswith("trusted_hosts: ")
    assert sent(bench) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost@127.0.0.1",
        "https://localhost:443@127.0.0.1",
        "https://localhost%40127.0.0.1",
        "https://localhost\\@127.0.0.1",
        "https://127.0.0.1#@localhost",
        "https://127.0.0.1?localhost",
        "https://127.0.0.1/localhost",
        "https://localhost\t.127.0.0.1",
        "//localhost",
        "ws://localhost",
        "ftp://localhost",
    ],
)
def test_an_address_that_could_be_read_in_two_ways_is_not_valid(bench: Bench, url: str) -> None:
    for repository in (True, False):
        result = bench.run(repository=repository, url=url)
        assert result["failed"]
        assert result["msg"].startswith("url: ")
        assert "verdict" not in result


@pytest.mark.parametrize(
    "location",
    [
        "https://127.0.0.1:{port}/jwt/hub/",
        "//127.0.0.1:{port}/jwt/hub/",
        "http://localhost:{http}/jwt/hub/",
        "https://localhost:{port}@127.0.0.1:{port}/jwt/hub/",
        "https://LOCALHOST:{http}/",
    ],
)
def test_the_cookie_follows_no_redirect_to_another_place(bench: Bench, location: str) -> None:
    node = bench.site.node()
    allowed_http(bench)
    port = node["url"].rpartition(":")[2]
    target = location.format(port=port, http=node["http_port"])
    bench.site.clear_requests()
    bench.site.fault(
        port="https", path="/jwt/sense/.*", action="status", status=302,
        headers={"Location": target},
    )  # fmt: skip
    result = bench.run(checks=["page"])
    assert result["verdict"] == "page_not_served"
    assert bench.site.requests(port="http") == []
    assert not any(path.startswith("/jwt/hub") for path in sent(bench))
