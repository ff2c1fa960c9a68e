# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PEM text into blocks: every shape in which certificates come to us."""

from __future__ import annotations

import base64
import codecs

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import pem
from ansible_collections.qlikops.sense.plugins.module_utils._core.text import decode
from support import key_material as km

KEY = km.rsa_key()
CERTIFICATE = km.certificate(KEY)
CERTIFICATE_TEXT = km.certificate_pem(CERTIFICATE).decode()
CERTIFICATE_DER = CERTIFICATE.public_bytes(serialization.Encoding.DER)
KEY_TEXT = km.key_pem(KEY).decode()
PUBLIC_TEXT = km.public_pem(KEY).decode()


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


@pytest.mark.parametrize(
    "text",
    [
        CERTIFICATE_TEXT,
        crlf(CERTIFICATE_TEXT),
        CERTIFICATE_TEXT.rstrip(),
        "\ufeff" + CERTIFICATE_TEXT,
        "\n".join("    " + line for line in CERTIFICATE_TEXT.splitlines()),
        CERTIFICATE_TEXT.replace("\n", "  \n"),
        CERTIFICATE_TEXT.replace("\n", " "),
        "Bag Attributes\n  localKeyID: 01\nsubject=CN = test\n" + CERTIFICATE_TEXT + "bye\n",
        PUBLIC_TEXT + CERTIFICATE_TEXT,
        CERTIFICATE_TEXT + km.certificate_pem(km.certificate(KEY, common_name="b")).decode(),
        CERTIFICATE_TEXT.replace("BEGIN C", "BEGIN X509 C").replace("END C", "END X509 C"),
    ],
)
def test_same_certificate(text: str) -> None:
    assert pem.certificate_der(text) == CERTIFICATE_DER
    assert pem.why_not_a_certificate(text) is None
    block = pem.first_certificate(text)
    assert block is not None
    assert block.text.replace("X509 ", "") == CERTIFICATE_TEXT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \r\n\ufeff", "empty"),
        (KEY_TEXT, "holds a private key,"),
        (crlf(KEY_TEXT), "holds a private key,"),
        (km.key_pem(KEY, traditional=True).decode(), "private key"),
        (km.key_pem(KEY, passphrase="x" * 8).decode(), "private key"),
        (CERTIFICATE_TEXT + KEY_TEXT, "private key beside the certificate"),
        (KEY_TEXT[:300] + CERTIFICATE_TEXT, "private key"),
        (PUBLIC_TEXT, "bare public key"),
        (km.VAULT.decode(), "ansible.builtin.unvault"),
        ("\n\n" + km.VAULT.decode(), "ansible.builtin.unvault"),
        (pem.write("CERTIFICATE REQUEST", CERTIFICATE_DER), "certificate request"),
        (pem.write("NEW CERTIFICATE REQUEST", CERTIFICATE_DER), "certificate request"),
        (pem.write("PKCS7", CERTIFICATE_DER), "PKCS#7"),
        (pem.write("DH PARAMETERS", CERTIFICATE_DER), "DH PARAMETERS"),
        (base64.b64encode(CERTIFICATE_DER).decode(), "without its first and last line"),
        ("".join(CERTIFICATE_TEXT.splitlines(True)[1:-1]), "without its first and last line"),
        (CERTIFICATE_TEXT[:400], "ends before its -----END CERTIFICATE-----"),
        (CERTIFICATE_TEXT.replace("END C", "END D"), "ends before"),
        ("\n".join(CERTIFICATE_TEXT.splitlines()[:5] + CERTIFICATE_TEXT.splitlines()[6:]), "lines"),
        (CERTIFICATE_TEXT.replace("\n", "\\n"), "two characters \\n"),
        (CERTIFICATE_TEXT.replace("M", "…"), "not base64"),
        (CERTIFICATE_TEXT.replace("\nMII", "\nM:II"), "not base64"),
        (CERTIFICATE_TEXT.replace("\nMII", "\nName: x\n\nMII"), "not base64"),
        ("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "empty between"),
        (CERTIFICATE_TEXT.replace("-----BEGIN", "----BEGIN"), "lines of this text are damaged"),
        ("hello", "not PEM"),
    ],
)
def test_why_not(text: str, words: str) -> None:
    why = pem.why_not_a_certificate(text)
    assert why is not None
    assert words in why
    assert why.endswith((".", ")."))
    assert "\n" not in why
    assert not any(line in why for line in km.body_lines(text.encode()))


def test_split_names_every_block() -> None:
    text = crlf(KEY_TEXT) + "text\n" + PUBLIC_TEXT + CERTIFICATE_TEXT[:200] + CERTIFICATE_TEXT
    blocks = pem.split(text)
    labels = ["PRIVATE KEY", "PUBLIC KEY", "CERTIFICATE", "CERTIFICATE"]
    assert [block.label for block in blocks] == labels
    assert [block.fault is None for block in blocks] == [True, True, False, True]
    assert blocks[0].text == KEY_TEXT


def test_encrypted_keys_keep_their_headers() -> None:
    text = km.key_pem(KEY, traditional=True, passphrase=km.PASSPHRASE).decode()
    (block,) = pem.split(crlf(text))
    assert block.is_encrypted
    assert block.is_private_key
    assert block.text == text
    assert pem.split(km.key_pem(KEY, passphrase=km.PASSPHRASE).decode())[0].is_encrypted
    assert not pem.split(KEY_TEXT)[0].is_encrypted


@pytest.mark.parametrize(
    "data",
    [
        CERTIFICATE_TEXT.encode(),
        codecs.BOM_UTF8 + CERTIFICATE_TEXT.encode(),
        CERTIFICATE_TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + crlf(CERTIFICATE_TEXT).encode("utf-16-be"),
        CERTIFICATE_TEXT.encode("utf-16-le"),
        CERTIFICATE_TEXT.encode("utf-16-be"),
        "Zertifikat für Köln\n".encode("cp1252") + CERTIFICATE_TEXT.encode(),
    ],
)
def test_decode(data: bytes) -> None:
    assert pem.certificate_der(decode(data)) == CERTIFICATE_DER


PIECES = st.sampled_from([CERTIFICATE_TEXT, KEY_TEXT, PUBLIC_TEXT, "text\n", "-----", "", "ü: 1\n"])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(PIECES, st.booleans()), max_size=6),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_mixture(pieces: list[tuple[str, bool]], encoding: str) -> None:
    text = "".join(crlf(piece) if windows else piece for piece, windows in pieces)
    blocks = pem.split(decode(text.encode(encoding)))
    wanted = [piece for piece, dummy in pieces if "BEGIN" in piece]
    assert [block.text for block in blocks] == wanted
    assert all(block.fault is None for block in blocks)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_certificate_is_never_another_one(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(CERTIFICATE_TEXT)))
    end = data.draw(st.integers(start, len(CERTIFICATE_TEXT)))
    text = CERTIFICATE_TEXT[:start] + data.draw(st.text(max_size=5)) + CERTIFICATE_TEXT[end:]
    der = pem.certificate_der(text)
    if len("".join(text.split())) != len("".join(CERTIFICATE_TEXT.split())):
        assert der in (None, CERTIFICATE_DER)
    if der is None:
        assert pem.why_not_a_certificate(text)


@pytest.mark.parametrize("at", range(28, 120))
def test_one_character_more_is_a_fault(at: int) -> None:
    """Whatever it does to the length that the first bytes state, and whatever the padding."""
    for certificate in (CERTIFICATE, km.certificate(KEY, common_name="ab")):
        text = km.certificate_pem(certificate).decode()
        for end in ("", "=", "=="):
            longer = (text[:at] + "Q" + text[at:]).replace("=", "")
            assert pem.certificate_der(longer.replace("\n-----END", end + "\n-----END")) is None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    text = decode(data)
    pem.split(text)
    assert (pem.first_certificate(text) is None) or data
    assert pem.why_not_a_certificate(text)


@given(st.text(alphabet="AB \n", max_size=10), st.binary(min_size=1, max_size=200))
def test_written_blocks_are_read_again(around: str, content: bytes) -> None:
    length = len(content)
    der = b"\x30" + (bytes([length]) if length < 128 else bytes([0x81, length])) + content
    (block,) = pem.split(around + pem.write("DATA", der) + around)
    assert block.der == der
