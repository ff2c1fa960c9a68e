# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request to the repository, apart from the HTTP server that brought it."""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t
import urllib.parse

from ..site import Node
from .errors import QrsError, bad_request

XRFKEY = re.compile(r"[0-9a-zA-Z]{16}", re.ASCII)
XRF_TEXT = "XSRF prevention check failed. Possible XSRF discovered."


@dataclasses.dataclass(frozen=True)
class Actor:
    """In whose name the request is made."""

    directory: str
    name: str
    admin: bool

    @property
    def label(self) -> str:
        """As in ``modifiedByUserName``."""
        return f"{self.directory}\\{self.name}"


@dataclasses.dataclass(frozen=True)
class Call:
    """``path`` is the part after ``/qrs``, without a slash at its end, in the client's case."""

    method: str
    path: str
    query: t.Mapping[str, str]
    headers: t.Mapping[str, str]
    body: bytes
    node: Node
    actor: Actor

    @property
    def privileges(self) -> bool:
        """Whether the client asked for the list of its privileges."""
        return self.query.get("privileges", "").lower() == "true"

    def json(self) -> t.Any:
        """The body: JSON with the right Content-Type, else 400."""
        kind = self.headers.get("Content-Type", "").split(";")[0].strip().lower()
        if kind != "application/json":
            raise bad_request("The request body must be application/json.")
        try:
            return json.loads(self.body.decode("utf-8-sig"))
        except ValueError:
            raise bad_request("The request body is not valid JSON.") from None

    def json_object(self) -> dict[str, t.Any]:
        """The body as a JSON object, else 400."""
        body = self.json()
        if not isinstance(body, dict):
            raise bad_request("The request body must be a JSON object.")
        return body


@dataclasses.dataclass(frozen=True)
class Answer:
    """A success. ``payload`` is sent as JSON, nothing at all with 204."""

    status: int
    payload: t.Any = None


def parse_query(raw: str, plus: str) -> dict[str, str]:
    """Names in lower case to decoded values. ``plus``: ``literal`` or ``space``.

    A part without ``=`` is what a raw ``&`` inside a filter leaves behind; its error text was
    measured on a live server.
    """
    found: dict[str, str] = {}
    for part in raw.split("&"):
        if not part:
            continue
        name, equals, value = part.partition("=")
        if not equals or (name.lower() == "filter" and not value):
            raise QrsError(400, "Missing parameter value(s)", measured=True)
        decode = urllib.parse.unquote_plus if plus == "space" else urllib.parse.unquote
        found[decode(name).lower()] = decode(value)
    return found


def check_xrfkey(query: t.Mapping[str, str], headers: t.Mapping[str, str], status: int) -> None:
    """The key in the query must be 16 letters or digits and equal to the header's."""
    key = query.get("xrfkey", "")
    if not XRFKEY.fullmatch(key) or headers.get("X-Qlik-Xrfkey") != key:
        raise QrsError(status, XRF_TEXT, measured=True)
