# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_jwt_probe against the simulated site: requests, sessions, options, what it may not touch."""

from __future__ import annotations

import json
import typing as t

import pytest

from support.module_runner import connection, run_module
from support.probe_bench import (
    PREFIX,
    USER,
    Bench,
    certificate_of,
    codes,
    good_claims,
    private_pem,
    token_of,
)
from support.probe_faults import FAULTS
from support.probe_scenario import prepare
from support.simulator import Simulator

RELEASES = pytest.mark.parametrize("release", ["current", "classic"])


@pytest.fixture
def bench(simulator: Simulator) -> Bench:
    found = Bench(simulator)
    found.prepare()
    return found


def log(bench: Bench, port: str) -> list[str]:
    return [f"{r['method']} {r['path']} {r['status']}" for r in bench.site.requests(port=port)]


def test_requests_of_a_run_that_goes_well(bench: Bench) -> None:
    result = bench.run()
    assert result["ok"], result
    assert log(bench, "qrs") == [
        "GET /qrs/virtualproxyconfig/full 200",
        "GET /qrs/proxyservice/full 200",
        "GET /qrs/user/full 200",
    ]
    https = log(bench, "https")
    assert https[0].startswith("GET /qlikops-")
    assert https[0].endswith("/qps/csrftoken 400")
    assert https[1:] == [
        "GET /jwt/qps/csrftoken 204",
        "GET /jwt/qps/csrftoken 204",
        "GET /jwt/qps/user 200",
        "GET /jwt/qrs/user 200",
        "GET /jwt/sense/app/00000000-0000-0000-0000-000000000007 200",
        "GET /jwt/app/00000000-0000-0000-0000-000000000007 101",
        "GET /jwt/qps/csrftoken 400",
        "GET /jwt/qps/csrftoken 400",
        "GET /jwt/qps/csrftoken 400",
    ]
    asked, ended = log(bench, "admin")
    assert asked == "GET /qps/jwt/user/ACME/probe 200"
    assert ended.startswith("DELETE /qps/jwt/session/")
    assert ended.endswith(" 200")
    assert bench.sessions() == []


@RELEASES
@pytest.mark.parametrize("repository", [True, False])
@pytest.mark.parametrize("roles", [[], ["RootAdmin"]])
def test_who_logged_in(bench: Bench, release: str, repository: bool, roles: list[str]) -> None:
    bench.prepare(release=release, user={"roles": roles})
    result = bench.run(repository=repository)
    # Who may read users through the proxy is named there; an ordinary user sees an empty list.
    named = ["repository in the session"] if roles else ["repository"] if repository else []
    assert result["user"] == {
        "directory": "ACME",
        "id": "probe",
        "name": "Probe",
        "sources": ["proxy", *named],
    }
    assert result["claims"]["userId"] == "probe"
    assert result["session_cookie_name"] == "X-Qlik-Session-jwt"
    assert result["changed"] is False


def test_the_claims_take_their_names_from_the_virtual_proxy(bench: Bench) -> None:
    bench.prepare({"jwtAttributeUserId": "sub", "jwtAttributeUserDirectory": "dom"})
    result = bench.run(attributes={"group": ["a"]})
    assert result["verdict"] == "access_granted"
    assert result["claims"]["sub"] == "probe"
    assert result["claims"]["dom"] == "ACME"
    assert codes(result, "info") == ["claim_unmapped"]


def test_a_session_of_somebody_at_work_goes_on(bench: Bench) -> None:
    assert bench.run(end_session="never")["ok"]
    (at_work,) = bench.sessions()
    assert bench.run()["ok"]
    assert [session["id"] for session in bench.sessions()] == [at_work["id"]]


@pytest.mark.parametrize(
    ("way", "repository", "left", "findings"),
    [
        ("own", True, 0, []),
        ("auto", False, 1, ["session_left_open"]),
        ("user", True, 0, []),
        ("user", False, 0, []),
        ("never", True, 1, []),
    ],
)
def test_how_the_session_ends(
    bench: Bench, way: str, repository: bool, left: int, findings: list[str]
) -> None:
    result = bench.run(repository=repository, end_session=way)
    assert result["ok"]
    assert len(bench.sessions()) == left
    assert codes(result, "warning") == findings


@RELEASES
def test_without_port_4243_only_a_user_made_here_is_logged_out(bench: Bench, release: str) -> None:
    bench.prepare(release=release, switches={"qps_admin_port": "off"})
    assert codes(bench.run(), "warning") == ["session_left_open"]
    assert len(bench.sessions()) == 1
    bench.prepare(release=release, switches={"qps_admin_port": "off"}, users=False)
    result = bench.run(allow_user_creation=True)
    assert result["verdict"] == "access_granted"
    assert result["changed"] is True
    assert codes(result, "warning") == []
    assert bench.sessions() == []


@RELEASES
@pytest.mark.parametrize("kind", ["unsigned", "foreign", "expired"])
def test_negative_control(bench: Bench, release: str, kind: str) -> None:
    bench.prepare(release=release, switches={"accepts_bad_token": kind})
    result = bench.run()
    assert result["verdict"] == "bad_token_accepted"
    (finding,) = result["findings"]
    assert finding["evidence"] == {"kinds": [kind]}
    assert bench.sessions() == []
    opened = [r for r in bench.site.requests(port="admin") if r["method"] == "DELETE"]
    assert len(opened) == 2


def test_an_unknown_user_is_not_made_without_leave(bench: Bench) -> None:
    bench.prepare(users=False)
    before = bench.site.entities("user")
    result = bench.run()
    assert result["verdict"] == "user_unknown"
    assert bench.site.entities("user") == before
    assert not any(r["path"].startswith("/jwt/") for r in bench.site.requests(port="https"))


@RELEASES
@pytest.mark.parametrize("broken", ["/jwt/qps/user", "/jwt/sense/.*", "/jwt/app/.*"])
def test_a_run_that_fails_half_way_leaves_no_session(
    bench: Bench, release: str, broken: str
) -> None:
    bench.prepare(release=release)
    bench.site.fault(port="https", method="GET", path=broken, action="reset_before")
    result = bench.run()
    assert result["failed"]
    assert bench.sessions() == []


def test_check_mode_logs_in_to_nothing(bench: Bench) -> None:
    result = bench.run(check=True)
    assert (result["ok"], result["verdict"]) == (True, "not_tried")
    assert len(log(bench, "https")) == 1
    assert log(bench, "admin") == []
    assert bench.sessions() == []


@pytest.mark.parametrize(
    "code",
    [
        "key_mismatch",
        "not_linked",
        "audience_mismatch",
        "prefix_unknown",
        "user_unknown",
        "tcp_refused",
        "origin_not_allowed",
    ],
)
def test_check_mode_proves_what_the_repository_shows(bench: Bench, code: str) -> None:
    options = prepare(bench, FAULTS[code])
    result = bench.run(check=True, **options, **FAULTS[code].credentials())
    assert result["verdict"] == code
    assert bench.sessions() == []


def test_a_repository_that_fails_is_a_finding(bench: Bench) -> None:
    result = bench.run(port=1, retries=0)
    assert result["verdict"] == "access_granted"
    assert "repository_unreachable" in codes(result, "warning")
    bench.prepare(switches={"read_rights": "none"})
    result = bench.run(private_key_content=private_pem("other"))
    assert result["verdict"] == "token_rejected"
    assert codes(result, "warning") == ["repository_forbidden"]
    bench.prepare()
    bench.site.fault(port="qrs", method="GET", path=".*", times=99, action="html", status=200)
    result = bench.run()
    assert result["verdict"] == "access_granted"
    assert codes(result, "warning") == ["repository_unreachable"]


def test_expecting_a_refusal(bench: Bench) -> None:
    assert bench.run(expect="denied", private_key_content=private_pem("other"))["ok"]
    granted = bench.run(expect="denied")
    assert granted["failed"]
    assert granted["msg"].startswith("access_granted: ")
    assert bench.run(expect="denied", url="https://localhost:1")["failed"]


def test_fail_on(bench: Bench) -> None:
    wrong = bench.run(private_key_content=private_pem("other"), fail_on="never")
    assert (wrong.get("failed"), wrong["ok"], wrong["verdict"]) == (None, False, "key_mismatch")
    long = bench.run(lifetime=90 * 86400, fail_on="warning")
    assert (long["failed"], long["ok"], long["verdict"]) == (True, True, "access_granted")
    assert long["msg"].startswith("long_lived_token: ")


def test_waits_for_a_restarting_proxy(bench: Bench) -> None:
    bench.site.switch(restart_seconds=3)
    changed = run_module(
        "qlik_virtual_proxy",
        {**connection(bench.site), "prefix": PREFIX, "description": "Restart"},
    )
    assert changed["changed"], changed
    result = bench.run(wait=30)
    assert result["verdict"] == "access_granted", result
    assert sum(step["ok"] is True for step in result["steps"]) == 11


def test_waits_for_a_proxy_that_does_not_know_its_new_settings(bench: Bench) -> None:
    entity = bench.site.entity("virtualproxyconfig", prefix=PREFIX)
    other = {"jwtPublicKeyCertificate": certificate_of("other")}
    bench.site.patch("virtualproxyconfig", entity["id"], other)
    bench.site.switch(notice_s=5)
    result = bench.run(private_key_content=private_pem("other"), wait=30)
    assert result["verdict"] == "access_granted", result
    logins = [line for line in log(bench, "https") if f"/{PREFIX}/qps/csrftoken" in line]
    assert any(line.endswith(" 400") for line in logins)


def test_the_key_is_named_by_its_fingerprint(bench: Bench) -> None:
    result = bench.run(private_key_content=private_pem("other"))
    evidence = result["findings"][0]["evidence"]
    assert evidence["trusted_key"] != evidence["signing_key"]
    assert all(value.count(":") == 31 for value in evidence.values())


@RELEASES
def test_no_secret_is_returned(bench: Bench, release: str) -> None:
    bench.prepare(release=release)
    token = token_of(good_claims())
    result = bench.run(token=token, end_session="never")
    (session,) = bench.sessions()
    text = json.dumps(result)
    assert session["id"] not in text
    for part in token.split("."):
        assert part not in text
    assert "csrf-token" not in text
    assert session["user_id"] == USER["userId"]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"url": "localhost"}, "url: "),
        ({"url": "https://localhost/jwt"}, "url: "),
        ({"prefix": "a b"}, "prefix: "),
        ({"page_path": "https://elsewhere/"}, "page_path: "),
        ({"origin": "portal"}, "origin: "),
        ({"wait": -1}, "wait: "),
        ({"timeout": 0}, "timeout: "),
        ({"private_key_content": None}, "token: "),
        ({"private_key_content": "no key"}, "private key "),
        ({"host": None, "end_session": "own"}, "end_session: "),
        ({"client_cert_path": None}, "client_cert_path: "),
        ({"url_ca_path": "/nowhere/ca.pem"}, "url_ca"),
        ({"host": None, "user_id": None}, "user_id "),
    ],
)
def test_options_that_cannot_be_meant(bench: Bench, options: dict[str, t.Any], named: str) -> None:
    result = bench.run(**options)
    assert result["failed"]
    assert named in result["msg"]
    assert "verdict" not in result
    assert bench.sessions() == []
