# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The repository's protocol over a scripted wire: what is sent, repeated, refused."""

from __future__ import annotations

import json
import typing as t
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import (
    AccessDenied,
    AnswerError,
    Conflict,
    NotFound,
    QlikError,
    TransportError,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Request, Response
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.auth import (
    CertificateAccess,
    user_header,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.client import Qrs
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.filters import (
    any_of,
    equals,
    literal,
)

KEY = "0123456789abcdef"


class Wire:
    """Answers with what the script says, and remembers what was asked."""

    def __init__(self, *script: Response | TransportError) -> None:
        self.script = list(script)
        self.sent: list[Request] = []
        self.pauses: list[float] = []

    def send(self, request: Request, *, timeout: float | None = None) -> Response:
        self.sent.append(request)
        step = self.script.pop(0)
        if isinstance(step, TransportError):
            raise step
        return step

    def close(self) -> None:
        """Nothing to give back."""

    def qrs(self, retries: int = 3) -> Qrs:
        return Qrs(
            self,
            "https://host:4242",
            access=CertificateAccess("INTERNAL", "sa_api"),
            xrfkey=lambda: KEY,
            sleep=self.pauses.append,
            retries=retries,
        )


def answer(status: int = 200, body: t.Any = None, media: str = "application/json") -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, headers=(("Content-Type", media),), body=content)


def broken(kind: str, *, sent: bool = True) -> TransportError:
    return TransportError("It broke.", kind=kind, sent=sent)


def test_every_request_carries_the_key_twice_and_the_user() -> None:
    wire = Wire(answer(body=[]))
    wire.qrs().entities("virtualproxyconfig", equals("prefix", "a b+c&d"))
    request = wire.sent[0]
    query = parse_qs(urlsplit(request.url).query, strict_parsing=True)
    assert query["Xrfkey"] == [KEY]
    assert request.headers["X-Qlik-Xrfkey"] == KEY
    assert request.headers["X-Qlik-User"] == "UserDirectory=INTERNAL; UserId=sa_api"
    # A plus sign is literal for the server: neither a space nor a plus may be sent as one.
    assert "+" not in request.url
    assert query["filter"] == ["prefix eq 'a b+c&d'"]


def test_user_is_url_encoded() -> None:
    assert user_header("Müller & Söhne", "a;b=c")["X-Qlik-User"] == (
        "UserDirectory=M%C3%BCller%20%26%20S%C3%B6hne; UserId=a%3Bb%3Dc"
    )


@given(st.text())
def test_literal_is_what_the_grammar_reads_back(value: str) -> None:
    quoted = literal(value)
    assert quoted[0] == quoted[-1] == "'"
    inner, index = [], 0
    while index < len(quoted) - 2:
        char = quoted[1 + index]
        assert char != "'"
        if char == "\\":
            index += 1
            char = quoted[1 + index]
        inner.append(char)
        index += 1
    assert "".join(inner) == value


def test_any_of_joins_conditions() -> None:
    assert any_of(equals("a", "1"), equals("b", "2")) == "a eq '1' or b eq '2'"


@pytest.mark.parametrize("fault", [503, 502, 504, 429, "refused", "reset", "timeout"])
def test_reading_is_repeated_after_a_passing_fault(fault: int | str) -> None:
    step = answer(fault) if isinstance(fault, int) else broken(fault)
    wire = Wire(step, step, answer(body={"ok": 1}))
    assert wire.qrs().get("about") == {"ok": 1}
    assert wire.pauses == [0.5, 1.0]


@pytest.mark.parametrize("fault", [400, 401, 403, 404, 500, "dns", "tls_untrusted", "proxy"])
def test_reading_is_not_repeated_after_a_lasting_fault(fault: int | str) -> None:
    wire = Wire(answer(fault) if isinstance(fault, int) else broken(fault))
    with pytest.raises(QlikError):
        wire.qrs().get("about")
    assert wire.pauses == []


def test_patience_ends_and_retry_after_is_kept() -> None:
    busy = Response(429, headers=(("Retry-After", "7"), ("Content-Type", "text/plain")))
    wire = Wire(busy, busy)
    with pytest.raises(AnswerError, match="429"):
        wire.qrs(retries=1).get("about")
    assert wire.pauses == [7.0]


@pytest.mark.parametrize("value", ["²", "１２", "1_0", "999999999", "9" * 5000])
def test_retry_after_is_a_number_that_is_not_too_large(value: str) -> None:
    busy = Response(503, headers=(("Retry-After", value),))
    wire = Wire(busy, answer(body=1))
    assert wire.qrs().get("about") == 1
    assert wire.pauses == [30.0 if value.isascii() and value.isdigit() else 0.5]


def test_many_retries_do_not_pause_longer_and_longer() -> None:
    wire = Wire(*[broken("refused")] * 2000, answer(body=1))
    assert wire.qrs(retries=2000).get("about") == 1
    assert max(wire.pauses) == 30.0


@pytest.mark.parametrize("identity", [7, None, "", "../x", "a/b", "a?b", "\ud800", ["x"]])
def test_an_id_of_the_server_leads_nowhere_else(identity: t.Any) -> None:
    wire = Wire()
    with pytest.raises(AnswerError, match="id that is not valid"):
        wire.qrs().update("tag", {"id": identity})
    with pytest.raises(AnswerError, match="id that is not valid"):
        wire.qrs().delete("tag", identity)
    assert wire.sent == []


def test_half_a_character_in_a_filter_is_no_fault() -> None:
    wire = Wire(answer(body=[]))
    assert wire.qrs().entities("tag", equals("name", "\ud800")) == []


@pytest.mark.parametrize("fault", [503, 500, "reset", "timeout"])
@pytest.mark.parametrize("verb", ["create", "update", "delete"])
def test_writing_is_never_repeated(verb: str, fault: int | str) -> None:
    wire = Wire(answer(fault, b"", "text/plain") if isinstance(fault, int) else broken(fault))
    qrs = wire.qrs()
    argument = "1" if verb == "delete" else {"id": "1"}
    with pytest.raises(QlikError) as caught:
        getattr(qrs, verb)("virtualproxyconfig", argument)
    assert len(wire.sent) == 1
    if isinstance(fault, str):
        assert "is not known" in caught.value.message


def test_write_that_never_left_is_not_called_unknown() -> None:
    wire = Wire(broken("refused", sent=False))
    with pytest.raises(TransportError) as caught:
        wire.qrs().create("tag", {"name": "x"})
    assert "not known" not in caught.value.message


HTML = b"<!doctype html><html><head><title>Login  page</title></head>" + b"<p>secret</p>" * 9


@pytest.mark.parametrize(
    ("response", "kind", "expected"),
    [
        (answer(403, b"XSRF prevention check failed.", "text/plain"), AccessDenied, "XSRF"),
        (answer(401, b"", "text/plain"), AccessDenied, "401"),
        (answer(404, b"", "text/plain"), NotFound, "4242"),
        (answer(409, b"Conflict", "text/plain"), Conflict, "It was changed after"),
        (answer(400, {"message": "Broken rule"}), AnswerError, "Broken rule"),
        (answer(400, {"Message": "Broken rule"}), AnswerError, "Broken rule"),
        (answer(400, b"{not json", "application/json"), AnswerError, "{not json"),
        (answer(400, b"a\x00\x1b[31m\nb", "text/plain"), AnswerError, "(a [31m b)"),
        (answer(400, b"x" * 5000, "text/plain"), AnswerError, "x…)"),
        (answer(400, HTML, "text/html"), AnswerError, "titled 'Login page'"),
        (answer(302, b"", "text/plain"), AnswerError, "A proxy or a login page"),
        (answer(200, HTML, "text/html"), AnswerError, "a web page titled 'Login page'"),
        (answer(200, HTML, "application/json"), AnswerError, "a web page"),
        (answer(200, b"[{", "application/json"), AnswerError, "not valid JSON"),
        (answer(200, b"\xff\xfe\xff", "application/json"), AnswerError, "not valid UTF-8"),
        (answer(200, {"value": 1}), AnswerError, "other than a list"),
        (answer(200, [1, 2]), AnswerError, "other than a list"),
        (Response(200, body=b"[]", truncated=True), AnswerError, "too long"),
        (Response(200, headers=(("Content-Encoding", "gzip"),)), AnswerError, "encoded body"),
        (answer(500, b"", "text/plain"), AnswerError, "500"),
    ],
)
def test_every_unusable_answer_is_an_error_with_a_reason(
    response: Response, kind: type[QlikError], expected: str
) -> None:
    wire = Wire(response)
    with pytest.raises(kind) as caught:
        wire.qrs().entities("tag")
    message = caught.value.message
    assert expected in message
    assert "/qrs/tag/full" in message
    assert "secret" not in message
    assert len(message) < 700


def test_write_returns_what_is_stored() -> None:
    wire = Wire(answer(201, {"id": "1", "name": "x"}), answer(200, {"id": "1"}), answer(204, b""))
    qrs = wire.qrs()
    assert qrs.create("tag", {"name": "x"})["id"] == "1"
    assert qrs.update("tag", {"id": "1", "name": "é"}) == {"id": "1"}
    qrs.delete("tag", "1")
    assert [item.method for item in wire.sent] == ["POST", "PUT", "DELETE"]
    assert json.loads(wire.sent[1].body or b"") == {"id": "1", "name": "é"}
    assert wire.sent[1].headers["Content-Type"] == "application/json"
    assert unquote(urlsplit(wire.sent[2].url).path) == "/qrs/tag/1"
    assert qrs.requests == 3


def test_answer_without_an_entity_is_no_success() -> None:
    with pytest.raises(AnswerError, match="as stored"):
        Wire(answer(201, {})).qrs().create("tag", {"name": "x"})
