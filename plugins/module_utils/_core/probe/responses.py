# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Recognizes the pages of a proxy, without keeping their content.

A proxy's status says little (facts of Qlik's releases: expired, wrongly signed and malformed tokens
share one bare 400 today and shared a 401 before), so the page itself is recognized too.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t
from urllib.parse import urlsplit

if t.TYPE_CHECKING:
    from ..ports import Response

#: Kinds of pages for users without access by the license. The second one means either a missing
#: access pass or too many parallel sessions.
NO_WAY_IN = ("no_access_pass", "no_pass_or_limit")

#: Kinds of responses that only a Qlik proxy sends.
QLIK_ONLY = ("header_incorrect", "login_redirect", "inactive", *NO_WAY_IN)

#: What a proxy says to a request that no virtual proxy of its own answers, or whose host is not on
#: the allow list: reason and title of one page, the same for every prefix.
HEADER_INCORRECT = "the http request header is incorrect"

_INACTIVE = "account is inactive"
_NO_LICENCE = "no access pass"

#: Releases since June 2019 have one page for a missing access pass and for too many sessions.
_TOO_MANY = re.compile(r"too\s+many\s+(parallel\s+)?sessions")
_LOGIN_FORM = re.compile(r"<input[^<>]*type\s*=\s*[\"']?password", re.IGNORECASE)
_LOGIN_PLACE = re.compile(r"/(internal_(forms|windows)_authentication|form|login)(/|\?|$)", re.I)
_ERROR_WORDS = re.compile(
    r"http code:\s*[45]\d\d|\berror\s+[45]\d\d\b|authentication error|internal server error",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^<>]*>([^<]{0,200})", re.IGNORECASE)

#: Characters of a body that are looked at: an error page of Qlik's is about 88 kB long.
_LOOKED_AT = 256 * 1024


@dataclasses.dataclass(frozen=True)
class ResponseSummary:
    """One answer, judged.

    ``kind`` is one of ``header_incorrect inactive no_access_pass no_pass_or_limit login_form
    login_redirect redirect error_page page json text encoded empty``; ``encoded`` is a body in a
    content encoding that was not asked for, and was not read. ``title`` is that of an HTML page,
    shortened.
    """

    status: int
    kind: str
    title: str = ""
    seconds: float = 0.0

    @property
    def is_html(self) -> bool:
        """Whether a page for people came, of whatever meaning."""
        return self.kind in (
            "header_incorrect",
            "inactive",
            *NO_WAY_IN,
            "login_form",
            "error_page",
            "page",
        )

    def same_as(self, other: ResponseSummary) -> bool:
        """Whether both answers look the same to a visitor."""
        return (self.status, self.kind, self.title) == (other.status, other.kind, other.title)

    def evidence(self) -> t.Dict[str, t.Any]:
        """What a finding repeats of it."""
        shown: t.Dict[str, t.Any] = {"status": self.status, "answer": self.kind}
        if self.title:
            shown["title"] = self.title
        return shown


def classify(response: Response) -> ResponseSummary:
    """Judge ``response``; any bytes are taken, none are kept but a short title."""
    text = response.body[:_LOOKED_AT].decode("utf-8", "replace")
    title = _title(text)
    return ResponseSummary(response.status, _kind(response, text, title), title, response.seconds)


def _kind(response: Response, text: str, title: str) -> str:
    if 300 <= response.status < 400 and response.header("Location"):
        leads_to_login = _LOGIN_PLACE.search(_path(response.header("Location") or ""))
        return "login_redirect" if leads_to_login else "redirect"
    if HEADER_INCORRECT in (response.reason + " " + title).lower():
        return "header_incorrect"
    if response.encoding:
        return "encoded"
    lower = text.lower()
    if _INACTIVE in lower:
        return "inactive"
    if _NO_LICENCE in lower:
        return "no_pass_or_limit" if _TOO_MANY.search(lower) else "no_access_pass"
    if not text.strip():
        return "empty"
    if response.media_type.endswith("json"):
        return "json"
    if not response.is_html:
        return "text"
    if _LOGIN_FORM.search(text):
        return "login_form"
    failed = response.status >= 400 or _ERROR_WORDS.search(_words(text))
    return "error_page" if failed else "page"


def _path(location: str) -> str:
    try:
        return urlsplit(location).path
    except ValueError:  # no address at all, such as one with half an IPv6 address
        return ""


def _title(text: str) -> str:
    found = _TITLE.search(text)
    if found is None:
        return ""
    printable = "".join(char if char.isprintable() else " " for char in found.group(1))
    return " ".join(printable.split())[:80]


def _words(text: str) -> str:
    """What a reader of the page sees; scripts of a client hold every error text there is."""
    without = re.sub(r"(?is)<(script|style)\b.*?(</\1>|$)", " ", text)
    return re.sub(r"<[^<>]*>", " ", without)
