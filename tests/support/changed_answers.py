# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of the simulated repository that are changed on their way to a module in this process."""

from __future__ import annotations

import contextlib
import copy
import importlib
import json
import re
import typing as t
from unittest import mock

Json = t.Any
Path = tuple[str | int, ...]

#: In place of a value: the property is missing.
GONE = object()
SURROGATE = "half \ud800 of a pair"


def nested(levels: int) -> Json:
    """Lists within lists."""
    value: Json = []
    for dummy in range(levels):
        value = [value]
    return value


#: What no property of an entity has on any release, by name.
WRONG: dict[str, Json] = {
    "missing": GONE,
    "null": None,
    "true": True,
    "negative": -1,
    "huge": 10**30,
    "fraction": 0.5,
    "nan": float("nan"),
    "infinity": float("inf"),
    "empty text": "",
    "text": "a text",
    "lines": "one\r\ntwo\u2028three",
    "surrogate": SURROGATE,
    "empty list": [],
    "list": [7],
    "list of null": [None],
    "list of text": ["a text"],
    "empty object": {},
    "object": {"id": 7, "name": ["x"]},
    "list of objects": [{}],
    "deep": nested(400),
}


def places(value: Json, below: Path = ()) -> list[Path]:
    """The path of every part of a JSON value."""
    items: t.Iterable[tuple[str | int, Json]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    found = [below] if below else []
    for name, item in items:
        found += places(item, (*below, name))
    return found


def replaced(value: Json, place: Path, new: Json) -> Json:
    """A copy of the value with something else at that place."""
    result = copy.deepcopy(value)
    holder = result
    for step in place[:-1]:
        holder = holder[step]
    if new is not GONE:
        holder[place[-1]] = new
    elif isinstance(holder, list):
        del holder[t.cast(int, place[-1])]
    else:
        del holder[place[-1]]
    return result


@contextlib.contextmanager
def answers_changed(
    request: str, change: t.Callable[[Json], Json], *, times: int = 99
) -> t.Iterator[list[Json]]:
    """Within, JSON answers to what matches ``request`` ("GET /qrs/tag/full") are changed.

    Yields a list of the answers as the module got them.
    """
    transport = importlib.import_module(
        "ansible_collections.qlikops.sense.plugins.module_utils._http.transport"
    ).RequestsTransport
    send = transport.send
    given: list[Json] = []

    def changed(self: t.Any, asked: t.Any, **options: t.Any) -> t.Any:
        response = send(self, asked, **options)
        line = f"{asked.method} {asked.url.partition('://')[2].partition('/')[2]}"
        fits = re.search(request.replace(" /", " "), line) and response.status in (200, 201)
        if not fits or len(given) >= times:
            return response
        given.append(change(json.loads(response.body)))
        return response._replace(body=json.dumps(given[-1]).encode())

    with mock.patch.object(transport, "send", changed):
        yield given
