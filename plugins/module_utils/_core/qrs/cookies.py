# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Cookies of an answer, and which of them is the session cookie."""

from __future__ import annotations

import dataclasses
import re
import typing as t

if t.TYPE_CHECKING:
    from ..ports import Response

#: Over plain HTTP the cookie's name ends so, since February 2019 (Qlik's help, virtual proxies).
HTTP_SUFFIX = "-HTTP"

CSRF_HEADER = "qlik-csrf-token"

#: A token (RFC 9110 5.6.2), as the name of a cookie has to be.
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")

#: Values that can be sent back: more than RFC 6265 4.1.1 allows, but no control characters.
_VALUE = re.compile(r"[\x21-\x7e\xa1-\xff](?:[\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa1-\xff])?")

_TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclasses.dataclass(frozen=True)
class Cookie:
    """One cookie; its value is as good as a password."""

    name: str
    value: str = dataclasses.field(repr=False)

    @property
    def pair(self) -> str:
        """As it is sent back."""
        return f"{self.name}={self.value}"


def cookies_of(response: Response) -> t.List[Cookie]:
    """The cookies that an answer sets. Those without a valid name or value, and those that it
    removes, are left out."""
    found = []
    for line in response.all_headers("Set-Cookie"):
        pair, dummy, attributes = line.partition(";")
        name, separator, value = pair.partition("=")
        name, value = name.strip(" \t"), value.strip(" \t")
        valid = separator and _NAME.fullmatch(name) and _VALUE.fullmatch(value)
        if valid and not _removes(attributes):
            found.append(Cookie(name, value))
    return found


def csrf_token(response: Response) -> t.Optional[str]:
    """The token that has to be sent with the cookie, where the proxy asks for one."""
    value = (response.header(CSRF_HEADER) or "").strip(" \t")
    return value if _TOKEN.fullmatch(value) else None


def session_cookie(cookies: t.Sequence[Cookie], known_name: t.Optional[str]) -> t.Optional[Cookie]:
    """The cookie that carries the session.

    A load balancer adds cookies of its own: so the one that the virtual proxy names, else one that
    is called like a session of Qlik's by default, else one with "qlik" in its name.
    """
    for wanted in _preferences(known_name):
        for cookie in cookies:
            if wanted(cookie.name.lower()):
                return cookie
    return None


def _preferences(known_name: t.Optional[str]) -> t.Iterator[t.Callable[[str], bool]]:
    if known_name:
        names = (known_name.lower(), (known_name + HTTP_SUFFIX).lower())
        yield lambda name: name in names
    yield lambda name: name.startswith("x-qlik-session")
    yield lambda name: "qlik" in name


def _removes(attributes: str) -> bool:
    return "max-age=0" in attributes.lower().replace(" ", "")
