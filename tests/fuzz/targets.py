# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What reads bytes from outside, with strategies for what could arrive there.

Each target takes anything and either succeeds or raises a ``QlikError`` with one clear sentence.
What it returns for material that is good is checked on the way.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing as t

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import (
    certificates,
    keys,
    pem,
    tokens,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import QlikError
from ansible_collections.qlikops.sense.plugins.module_utils._core.keypair import (
    source as key_source,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Response
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe import responses as seen
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs import answers as qrs_answers
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs import cookies
from ansible_collections.qlikops.sense.plugins.module_utils._core.text import decode
from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy.fields import (
    BY_OPTION,
)
from support import key_material as km

KEY, OTHER = km.rsa_key(), km.rsa_key(number=1)
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
CERTIFICATE = km.certificate_pem(km.certificate(KEY))
PASSPHRASE = "open sesame"
TOKEN = tokens.mint({"userId": "x", "userDirectory": "y"}, key=KEY, algorithm="RS256")

#: Blocks that belong to the pair that is looked for, and those that only stand around.
OWN = (km.key_pem(KEY), CERTIFICATE, km.public_pem(KEY), km.key_pem(KEY, traditional=True))
AROUND = (
    b"Bag Attributes\n    friendlyName: QlikClient\n",
    b"\n\n",
    "Grüße aus Köln: 1\n".encode(),
    km.public_pem(OTHER),
    km.certificate_pem(km.certificate(OTHER)),
    b"-----BEGIN",
    b"-----END CERTIFICATE-----\n",
    km.VAULT,
)
SECRET = km.body_lines(OWN[0]) + km.body_lines(OWN[3])
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@dataclasses.dataclass(frozen=True)
class Target:
    """A strategy for the input, and what is done with it."""

    name: str
    inputs: st.SearchStrategy[t.Any]
    run: t.Callable[[t.Any], None]

    def check(self, given: t.Any) -> None:
        """Fails on any exception that is no sentence for the user."""
        message = self._sentence(given)
        assert message is None or 0 < len(message.strip()) < 1000
        assert not any(line in (message or "") for line in SECRET)

    def _sentence(self, given: t.Any) -> str | None:
        try:
            self.run(given)
        except QlikError as error:
            return error.message
        return None


@st.composite
def bundles(draw: t.Any) -> tuple[bytes, bool]:
    """A PEM bundle as it may come from Windows, and whether it holds nothing damaged."""
    pieces = draw(st.lists(st.sampled_from([*OWN, *AROUND[:5]]), min_size=1, max_size=6))
    text = b"".join(pieces).decode()
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    if draw(st.booleans()):
        text = "".join(f"  {line}\n" for line in text.splitlines())
    intact = draw(st.booleans())
    if not intact:
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 200)))
        rubbish = draw(st.sampled_from(["", "x", "=", "\0", *(p.decode() for p in AROUND[5:])]))
        text = text[:start] + rubbish + text[end:]
    return text.encode(draw(st.sampled_from(ENCODINGS))), intact


def read_bundle(given: tuple[bytes, bool]) -> None:
    """An intact bundle with the key gives that key, and its certificate when that is there."""
    data, intact = given
    material = key_source.from_pem(data, passphrase=None, name="bundle")
    if not intact:
        return
    text = decode(data)
    if "PRIVATE KEY" in text:
        assert material.key is not None
        assert material.key.private_numbers() == KEY.private_numbers()
        if pem.certificate_der(CERTIFICATE.decode()) in [b.der for b in pem.split(text)]:
            assert material.matches is True


def damaged(*good: bytes) -> st.SearchStrategy[bytes]:
    """Good data with a part replaced, and data that never was good."""

    @st.composite
    def strategy(draw: t.Any) -> bytes:
        data = draw(st.sampled_from(good))
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        return t.cast(bytes, data[:start] + draw(st.binary(max_size=8)) + data[end:])

    return st.one_of(strategy(), st.binary(max_size=400))


def read_key(data: bytes) -> None:
    keys.load(data, passphrase=PASSPHRASE, name="private key")


def read_certificate(data: bytes) -> None:
    certificates.describe(certificates.parse(decode(data), name="certificate"), now=NOW)


def read_certificate_der(data: bytes) -> None:
    certificates.describe(certificates.parse_der(data, name="certificate"), now=NOW)


def read_container(data: bytes) -> None:
    key_source.from_pkcs12(data, passphrase=PASSPHRASE, name="container")


def read_token(text: str) -> None:
    token = tokens.read(text)
    for name in tokens.TIME_CLAIMS:
        token.time(name)
    tokens.is_signed_by(text, KEY.public_key())


def answers() -> st.SearchStrategy[Response]:
    """An answer of anything that listens on a port."""
    media = st.sampled_from(
        [
            "application/json",
            "text/html",
            "text/plain; charset=x",
            "",
            "a/b;c",
            "application/x+json",
        ]
    )
    names = st.sampled_from(["Content-Type", "Set-Cookie", "Location", "qlik-csrf-token", "Date"])
    values = st.one_of(media, st.text(max_size=60))
    body = st.one_of(
        st.binary(max_size=200),
        st.sampled_from([b"<!doctype html><title>x", b"{}", b'[{"id": 1}]', b'{"message": null}']),
    )
    return st.builds(
        Response,
        status=st.integers(100, 599),
        reason=st.text(max_size=20),
        headers=st.lists(st.tuples(names, values), max_size=4).map(tuple),
        body=body,
        truncated=st.booleans(),
    )


def read_answer(response: Response) -> None:
    summary = seen.classify(response)
    assert len(str(summary.evidence())) < 5000
    cookies.session_cookie(cookies.cookies_of(response), None)
    qrs_answers.expect(response, "GET", "/qrs/x", 200)


def read_stored(stored: str) -> None:
    """Whatever text a repository holds can be read, given back, and is then no difference."""
    for option in ("description", "jwt_certificate", "additional_response_headers"):
        kind = BY_OPTION[option].kind
        told = kind.read(stored)
        assert kind.same(told, kind.read(stored))
        kind.fault(told)


#: With few rounds, for each damaged one is opened.
PROTECTION = (
    serialization.PrivateFormat.PKCS12.encryption_builder()
    .kdf_rounds(10)
    .build(PASSPHRASE.encode())
)
PKCS12 = pkcs12.serialize_key_and_certificates(
    b"QlikClient", KEY, km.certificate(KEY), None, PROTECTION
)
DER = km.certificate(KEY).public_bytes(serialization.Encoding.DER)

TARGETS = (
    Target("bundle", bundles(), read_bundle),
    Target("key", damaged(*OWN, km.key_pem(KEY, passphrase=PASSPHRASE)), read_key),
    Target("certificate", damaged(CERTIFICATE), read_certificate),
    Target("certificate der", damaged(DER), read_certificate_der),
    Target("container", damaged(PKCS12), read_container),
    Target(
        "token",
        st.one_of(st.text(max_size=80), damaged(TOKEN.encode()).map(lambda b: b.decode("latin-1"))),
        read_token,
    ),
    Target("answer", answers(), read_answer),
    Target("stored text", st.text(max_size=200), read_stored),
)
