# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_jwt_probe against servers that misbehave: bounded in time and memory, one clear finding.

Whatever happens, no session of the run stays open where port 4243 answers, and that of a person who
works under the same name goes on.
"""

from __future__ import annotations

import contextlib
import signal
import socketserver
import threading
import time
import typing as t

import pytest

from support.probe_bench import Bench, codes
from support.probe_process import ProbeProcess
from support.simulator import Simulator

RELEASES = pytest.mark.parametrize(
    "release", ["current", pytest.param("classic", marks=pytest.mark.long)]
)
LOGIN = "/jwt/qps/csrftoken"
PAGE = "/jwt/sense/.*"
ENGINE = "/jwt/app/.*"

#: MiB of a whole process with all libraries; a hundred that a server sends must not come on top.
MEMORY = 150
CLOSE = b"Connection: close\r\n"
HUNDRED_MB = 100 * 1024 * 1024


@pytest.fixture
def bench(simulator: Simulator) -> t.Iterator[Bench]:
    """A site on which somebody works under the probe's name."""
    found = Bench(simulator)
    found.prepare()
    yield found
    simulator.clear_faults()


def at_work(bench: Bench, release: str = "current") -> set[str]:
    bench.prepare(release=release)
    bench.log_in()
    bench.site.clear_requests()
    return ids(bench)


def ids(bench: Bench) -> set[str]:
    return {session["id"] for session in bench.sessions()}


@RELEASES
@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("/qlikops-.*", "proxy_unavailable"),
        (LOGIN, "proxy_unavailable"),
        (PAGE, "page_not_served"),
        (ENGINE, "websocket_blocked"),
    ],
)
def test_a_proxy_that_hangs(bench: Bench, release: str, path: str, verdict: str) -> None:
    before = at_work(bench, release)
    bench.site.fault(port="https", path=path, times=99, action="hang", seconds=60)
    started = time.monotonic()
    result = bench.run(timeout=1)
    assert time.monotonic() - started < 15
    assert result["verdict"] == verdict
    assert codes(result) == [verdict]
    assert ids(bench) == before


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("/qlikops-.*", "access_granted"),
        (".*", "not_qlik"),
        (LOGIN, "token_rejected"),
        ("/jwt/qps/user", "access_granted"),
        (PAGE, "access_granted"),
        (ENGINE, "websocket_blocked"),
    ],
)
def test_a_hundred_megabytes_of_html(bench: Bench, path: str, verdict: str) -> None:
    before = at_work(bench)
    order = {"action": "huge", "bytes": HUNDRED_MB, "content_type": "text/html"}
    bench.site.fault(port="https", path=path, times=99, **order)
    with ProbeProcess(bench.options()) as process:
        outcome = process.outcome()
    assert outcome.result["verdict"] == verdict, outcome.result
    assert codes(outcome.result) == ([] if verdict == "access_granted" else [verdict])
    assert outcome.mebibytes < MEMORY
    assert outcome.seconds < 60
    assert ids(bench) == before


@RELEASES
@pytest.mark.parametrize(
    ("path", "verdict"),
    [(".*", "not_qlik"), (LOGIN, "token_rejected"), (PAGE, "page_not_served"),
     (ENGINE, "websocket_blocked")],
)  # fmt: skip
@pytest.mark.parametrize("location", ["", "https://[half", "//elsewhere.invalid/x", "\xff"])
def test_redirects_without_end(
    bench: Bench, release: str, path: str, verdict: str, location: str
) -> None:
    before = at_work(bench, release)
    headers = {"Location": location or f"{bench.site.node()['url']}/jwt/sense/app/again"}
    bench.site.fault(
        port="https", path=path, times=99, action="status", status=302, headers=headers
    )
    result = bench.run()
    assert result["verdict"] == verdict, result
    assert codes(result) == [verdict]
    assert len(bench.site.requests(port="https")) < 20
    assert ids(bench) == before


@RELEASES
def test_a_login_whose_answer_is_lost_leaves_nothing(bench: Bench, release: str) -> None:
    """The site has opened the session, and the cookie never arrives."""
    before = at_work(bench, release)
    bench.site.fault(port="https", path=LOGIN, action="reset_after")
    result = bench.run()
    assert result["verdict"] == "proxy_unavailable"
    assert codes(result, "warning") == []
    assert ids(bench) == before


@RELEASES
@pytest.mark.parametrize(
    "cookie", ["=nameless", "", "; Path=/", "X-Qlik-Session-jwt", "=", "\xff=1"]
)
def test_a_cookie_that_is_none(bench: Bench, release: str, cookie: str) -> None:
    before = at_work(bench, release)
    bench.site.fault(
        port="https",
        path="/jwt/(qps/csrftoken|qrs/about)",
        times=99,
        action="headers",
        remove=["Set-Cookie"],
        add={"Set-Cookie": cookie},
    )
    result = bench.run()
    assert result["verdict"] == "session_cookie_missing", result
    assert codes(result) == ["session_cookie_missing"]
    assert ids(bench) == before


@RELEASES
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("path", [PAGE, ENGINE, "/jwt/qps/user"])
def test_an_interrupt_ends_the_session(
    bench: Bench, release: str, how: signal.Signals, path: str
) -> None:
    before = at_work(bench, release)
    bench.site.fault(port="https", path=path, times=9, action="hang", seconds=60)
    with ProbeProcess(bench.options(timeout=60)) as process:
        process.interrupt(how, lambda: len(ids(bench)) == 2 and _reached(bench, path))
        outcome = process.outcome()
    assert outcome.seconds < 30
    assert outcome.result["failed"]
    assert outcome.result["msg"].startswith("The probe was interrupted. ")
    assert ids(bench) == before


def _reached(bench: Bench, path: str) -> bool:
    """Whether the request before the one that hangs has been answered."""
    seen = [r["path"] for r in bench.site.requests(port="https")]
    if path == PAGE:
        return "/jwt/qrs/user" in seen
    if path == ENGINE:
        return any(place.startswith("/jwt/sense/") for place in seen)
    return max(seen.count(LOGIN), seen.count("/jwt/qrs/about")) == 2


class _Noise(socketserver.ThreadingTCPServer):
    """Answers every request with the same bytes."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, answer: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _NoiseHandler)
        self.answer = answer


class _NoiseHandler(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while self.rfile.readline().strip():
                pass
            assert isinstance(self.server, _Noise)
            self.wfile.write(self.server.answer)


@contextlib.contextmanager
def noise(answer: bytes) -> t.Iterator[str]:
    with _Noise(answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"", "proxy_unavailable"),
        (b"\xff\xfe\x00 no HTTP at all\r\n\r\n", "proxy_unavailable"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>\xff\xfe\xc3(", "not_qlik"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + b"[" * 70_000, "not_qlik"),
        (b"HTTP/1.1 400 \xff\xfe\r\n" + CLOSE + b"Date: \xff\r\nSet-Cookie: \xff\r\n\r\n\xff",
         "not_routed"),
        (b"HTTP/1.1 204 No\r\n" + CLOSE + b"qlik-csrf-token: \xff\xfe\r\nSet-Cookie: =x\r\n\r\n",
         "not_qlik"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip", "not_qlik"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 500 + b"\r\n", "not_qlik"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_answer(bench: Bench, answer: bytes, verdict: str) -> None:
    with noise(answer) as url:
        started = time.monotonic()
        result = bench.run(
            repository=False, url=url, timeout=3, url_ca_path=None, allow_insecure_transport=True
        )
    assert time.monotonic() - started < 15
    assert result["verdict"] == verdict, result
    assert codes(result) == [verdict]
    assert "Traceback" not in str(result)
