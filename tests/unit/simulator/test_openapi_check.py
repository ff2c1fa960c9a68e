# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The check against a description finds what is wrong; shown on a description of our own."""

from __future__ import annotations

import typing as t

import pytest

pytest.importorskip("jsonschema", reason="the check of answers needs it")

from support.openapi import Description

_ANIMAL = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "name": {"type": "string", "minLength": 1},
        "born": {"type": "string", "format": "date-time"},
        "parents": {"type": "array", "items": {"$ref": "#/definitions/Animal"}},
        "privileges": {"type": "array", "items": {"type": "string"}},
    },
}


def _answer(status: str, schema: t.Any) -> dict[str, t.Any]:
    return {"responses": {status: {"schema": schema} if schema else {}}}


_DOCUMENT: dict[str, t.Any] = {
    "basePath": "/zoo",
    "paths": {
        "/animal/{id}": {
            "get": _answer("200", {"$ref": "#/definitions/Animal"}),
            "delete": _answer("204", None),
        },
        "/animal/count": {"get": _answer("200", {"type": "integer"})},
    },
    "definitions": {"Animal": _ANIMAL},
}
_GOOD = {
    "id": "6a2c9d10-0000-0000-0000-000000000001",
    "name": "Leo",
    "born": "2017-02-22T18:09:51.896Z",
    "parents": [{"name": "Cleo"}],
    "privileges": None,
}


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/zoo/Animal/1", 200, _GOOD),
        ("GET", "/zoo/animal/count", 200, {"value": 3}),
        ("DELETE", "/zoo/animal/1", 204, None),
    ],
)
def test_good_answers(method: str, path: str, status: int, body: t.Any) -> None:
    Description(_DOCUMENT).check(method, path, status, body)


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/zoo/animal/1", 201, _GOOD),
        ("GET", "/zoo/plant/1", 200, _GOOD),
        ("PUT", "/zoo/animal/1", 200, _GOOD),
        ("GET", "/zoo/animal/count", 200, 3),
        ("GET", "/zoo/animal/count", 200, {"value": "3"}),
        ("DELETE", "/zoo/animal/1", 204, {}),
        ("GET", "/zoo/animal/1", 200, {**_GOOD, "nmae": "Leo"}),
        ("GET", "/zoo/animal/1", 200, {**_GOOD, "name": ""}),
        ("GET", "/zoo/animal/1", 200, {**_GOOD, "born": None}),
        ("GET", "/zoo/animal/1", 200, {**_GOOD, "born": "22.2.2017"}),
        ("GET", "/zoo/animal/1", 200, {**_GOOD, "id": "1"}),
        ("GET", "/zoo/animal/1", 200, {**_GOOD, "parents": [{"name": 1}]}),
        ("GET", "/zoo/animal/1", 200, {"id": _GOOD["id"]}),
        ("GET", "/zoo/animal/1", 200, None),
    ],
)
def test_bad_answers(method: str, path: str, status: int, body: t.Any) -> None:
    with pytest.raises(AssertionError):
        Description(_DOCUMENT).check(method, path, status, body)


def test_a_complete_type_lacks_nothing() -> None:
    description = Description(_DOCUMENT, ["Animal"])
    with pytest.raises(AssertionError, match="parents"):
        description.check("GET", "/zoo/animal/1", 200, {"name": "Leo"})
