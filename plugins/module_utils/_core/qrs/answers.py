# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Answers of the repository: JSON, or an error with a hint.

Errors arrive as plain text, as JSON with a message, or as HTML when a proxy or a login page
answered instead of the repository, so the content type is looked at first.
"""

from __future__ import annotations

import re
import typing as t

from ..errors import AccessDenied, AnswerError, Conflict, NotFound
from ..json_text import BadJson, parse

if t.TYPE_CHECKING:
    from ..ports import Response

#: Characters of a server's own words that a message repeats at the most.
_REASON_LENGTH = 200

_ENCODED = (
    "Turn off the compression of responses in the server between this machine and the repository."
)

_HINTS = {
    400: "The repository did not accept the request.",
    401: "The repository wants other credentials.",
    403: "Check that the client certificate belongs to this site, and that the user given as "
    "api_user_directory and api_user_id may do this.",
    404: "Check host and port: the repository listens on 4242, and below the virtual proxy's "
    "prefix on 443.",
    409: "It was changed after it was read.",
    429: "The repository is busy; try again later.",
    500: "The repository failed. See its log for the cause.",
    503: "The repository is not ready; try again when its service runs.",
}


def expect(
    response: Response,
    method: str,
    path: str,
    *statuses: int,
    advice: t.Callable[[Response], str] = lambda dummy: "",
) -> t.Any:
    """The JSON of an answer with one of ``statuses``; None for an empty 204.

    ``advice`` knows more about some wrong answers than this file, and says "" about others.
    Raises ``AccessDenied``, ``NotFound``, ``Conflict`` or ``AnswerError`` for everything else.
    """
    if response.status not in statuses:
        raise _failure(response, method, path, advice(response))
    if response.status == 204:
        return None
    if response.encoding:
        raise _unusable(
            response, method, path, "an encoded body, which was not asked for", _ENCODED
        )
    if response.truncated:
        raise _unusable(response, method, path, "an answer too long to be one of a repository")
    if response.is_html:
        what = f"a web page{_title(response)} instead of JSON"
        raise _unusable(response, method, path, what, advice(response))
    try:
        return parse(response.body)
    except BadJson as error:
        raise _unusable(response, method, path, f"a body {error}") from None


def _failure(response: Response, method: str, path: str, advice: str) -> AnswerError:
    status = response.status
    words = reason(response)
    said = f" ({words})" if words else ""
    message = f"{method} {path} answered {status}{said}."
    hint = _HINTS.get(status) or _HINTS.get(status // 100 * 100, "")
    if response.is_html or 300 <= status < 400:
        hint = (
            "A proxy or a login page answered instead of the repository: check host, port and "
            "authentication."
        )
    hint = advice or hint
    kinds: t.Dict[int, t.Type[AnswerError]] = {
        401: AccessDenied,
        403: AccessDenied,
        404: NotFound,
        409: Conflict,
    }
    return kinds.get(status, AnswerError)(
        (f"{message} {hint}").strip(), status=status, method=method, path=path, reason=words
    )


def _unusable(
    response: Response, method: str, path: str, what: str, advice: str = ""
) -> AnswerError:
    advice = advice or "Check that host and port lead to the repository itself."
    return AnswerError(
        f"{method} {path} answered {response.status} with {what}. {advice}",
        status=response.status,
        method=method,
        path=path,
    )


def reason(response: Response) -> str:
    """The server's own words, short and on one line; "" when it said nothing usable."""
    text = response.body[: 64 * 1024].decode("utf-8", "replace")
    if response.is_html:
        return ("web page" + _title(response)) if text.strip() else ""
    if response.media_type.endswith("json"):
        text = _message(text)
    words = _one_line(text).rstrip(".")
    return words if len(words) <= _REASON_LENGTH else words[:_REASON_LENGTH] + "…"


def _one_line(text: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())


def _message(text: str) -> str:
    try:
        parsed = parse(text)
    except BadJson:
        return text
    if isinstance(parsed, dict):
        found = next((parsed[key] for key in parsed if key.lower() == "message"), None)
        return found if isinstance(found, str) else ""
    return parsed if isinstance(parsed, str) else ""


def _title(response: Response) -> str:
    """The title of an HTML page, which distinguishes a login page from an error page."""
    found = re.search(rb"<title[^<>]*>([^<]{1,200})", response.body[: 64 * 1024], re.IGNORECASE)
    title = _one_line(found.group(1).decode("utf-8", "replace")) if found else ""
    return f" titled '{title}'" if title else ""
