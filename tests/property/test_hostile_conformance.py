# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a server answers, the conformance check ends with answers of its own words."""

from __future__ import annotations

import contextlib
import itertools
import json
import typing as t

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.bench import (
    Bench,
    Ports,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.material import (
    Material,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.report import report
from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.reserved import (
    Names,
    Reserved,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.run import (
    Run,
    examine,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.wire import (
    Proxy,
    Repository,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import (
    QlikError,
    TransportError,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Request, Response
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.client import Tools
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.auth import CertificateAccess
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.client import Qrs
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.proxy_admin import AdminPort
from support.conformance_check import SCHEMA

WORD = "Zy7Secret"
COOKIE = "X-Qlikops-Conformance-a"
ENTITY = {
    "id": "1", "prefix": WORD, "name": WORD, "hostName": WORD, "isCentral": True,
    "modifiedDate": WORD, "buildVersion": WORD, "value": 7, "jwtAttributeMap": WORD,
    "settings": {"virtualProxies": [{"id": "1"}]}, "serverNodeConfiguration": {"id": "1"},
}  # fmt: skip
BODIES = (
    b"", b"[]", b"{}", b"[[]]", b"7", b"true", b'"x"', b'{"id": ["x"]}', b"\xff", b"<html>",
    b'[{"id": {}}]', b'[{"SessionId": 7}]', b'[{"id": "1", "settings": []}]',
    json.dumps(ENTITY).encode(), json.dumps([ENTITY]).encode(), WORD.encode(),
    b'{"id": "1", "settings": 7, "serverNodeConfiguration": []}',
)  # fmt: skip
HEADERS = (
    ("Set-Cookie", f"{COOKIE}={WORD}"), ("Set-Cookie", "; ="), ("qlik-csrf-token", WORD),
    ("Date", "Sun, 31 Feb 1994 08:49:37 GMT"), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ("Content-Type", "application/json"), ("Retry-After", "9" * 99), ("WWW-Authenticate", WORD),
)  # fmt: skip


STATUSES = (200, 200, 200, 201, 201, 204, 302, 400, 403, 404, 409, 500, 503, 0)


def answers() -> st.SearchStrategy[Response]:
    """Answers in which everything may be wrong. Status 0 stands for a connection that breaks."""
    return st.builds(
        Response,
        status=st.sampled_from(
            [200, 200, 200, 201, 201, 204, 302, 400, 403, 404, 409, 500, 503, 0]
        ),
        headers=st.lists(st.sampled_from(HEADERS), max_size=3).map(tuple),
        body=st.sampled_from(BODIES),
    )


class Hostile:
    """A transport whose answers come from a script, in a circle."""

    def __init__(self, script: list[Response]) -> None:
        self._script = itertools.cycle(script)

    def send(self, request: Request, *, timeout: float | None = None) -> Response:
        """The next answer."""
        response = next(self._script)
        if response.status == 0:
            raise TransportError("It broke.", kind="reset", sent=True)
        return response

    def close(self) -> None:
        """Nothing to give back."""


class Time:
    """A clock that goes on with every look and every pause."""

    now = 0.0

    def look(self) -> float:
        """A moment passes."""
        self.now += 0.2
        return self.now

    def sleep(self, seconds: float) -> None:
        """Time passes."""
        self.now += seconds


MATERIAL = Material(lambda: 1_700_000_000.0)


@settings(deadline=None, max_examples=60)
@given(st.lists(answers(), min_size=1, max_size=6))
def test_only_own_words_come_out(script: list[Response]) -> None:
    transport, clock = Hostile(script), Time()
    access = CertificateAccess("INTERNAL", "sa_api")

    def letters() -> str:
        return "a" * 16

    qrs = Qrs(
        transport, "https://host", access=access, xrfkey=letters, sleep=clock.sleep, retries=1
    )
    ports = Ports(
        qrs=qrs,
        repository=Repository(transport, "https://host", access, letters, transport),
        tools=Tools(lambda: 1_700_000_000.0, clock.look, clock.sleep, letters, lambda: "a"),
        user=("INTERNAL", "sa_api"),
        proxy=Proxy(transport, "https://host", letters),
        admin=AdminPort("https://host:4243", transport),
        host="host",
    )
    run = Run("login")
    site = Bench(ports, Reserved(qrs, Names("conformance")), MATERIAL)
    with contextlib.suppress(QlikError):
        examine(site, run, check_mode=False, allow_restart=True)
    found: t.Any = report(run)
    jsonschema.validate(found, SCHEMA)
    assert WORD not in json.dumps(found)
