# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bodies of refusals, and requests that are no JSON objects."""

from __future__ import annotations

import pytest

from support.raw_qrs import RawQrs
from support.simulator import Simulator

PATH = "/virtualproxyconfig"


@pytest.mark.parametrize(
    ("style", "kind"), [("text", "text/plain"), ("json", "application/json"), ("empty", None)]
)
def test_error_body(sim: Simulator, qrs: RawQrs, style: str, kind: str | None) -> None:
    sim.switch(error_body=style)
    entity = qrs.virtual_proxy("x")
    path = f"{PATH}/{entity['id']}"
    old = {**entity, "modifiedDate": "2001-01-01T00:00:00.000Z"}
    replies = {
        400: qrs.send("PUT", path, {**entity, "prefix": "a b"}),
        404: qrs.send("GET", f"{PATH}/6a2c9d10-0000-0000-0000-000000000001"),
        409: qrs.send("PUT", path, old),
        500: qrs.send("PUT", path, {**entity, "tags": None}),
    }
    for status, reply in replies.items():
        assert reply.status == status
        if kind is None:
            assert reply.body == b""
        else:
            assert reply.headers["Content-Type"].startswith(kind)
            assert reply.text
            assert style != "json" or set(reply.json()) == {"message"}
    measured = qrs.send("GET", f"{PATH}?filter=()")
    assert measured.text == "Invalid expression"


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        (b"{", {}),
        (b"[]", {}),
        (b'"text"', {}),
        (b"", {}),
        (b'{"prefix":"x","sessionCookieHeaderName":"x"}', {"Content-Type": "text/plain"}),
    ],
)
def test_bodies_that_are_no_json_object(qrs: RawQrs, raw: bytes, headers: dict[str, str]) -> None:
    assert qrs.send("POST", PATH, raw=raw, headers=headers).status == 400
    assert qrs.get(f"{PATH}/count") == {"value": 1}
