# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PEM files of nodes, as the roles read them."""

from __future__ import annotations

import base64

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import pem_input
from support import key_material as km

WITH_TEMPLATE = (
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: {{ 1 + 1 }}\n\nMAA=\n-----END RSA PRIVATE KEY-----"
)
KEY = km.key_pem(km.rsa_key()).decode()
CERTIFICATE = km.certificate_pem(km.certificate(km.rsa_key())).decode()


def read(data: bytes | str) -> tuple[str, str | None]:
    coded = base64.b64encode(data.encode() if isinstance(data, str) else data)
    return pem_input.read(coded.decode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_whatever_wrote_it(encoding: str, end: str) -> None:
    # Without a mark, UTF-16 is told by its first characters.
    around = "" if encoding == "utf-16-le" else "Schlüssel für Köln\n"
    text = (around + KEY + "\n" + CERTIFICATE).replace("\n", end)
    assert read(text.encode(encoding)) == (KEY + CERTIFICATE, None)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("", "holds no PEM block"),
        ("rubbish", "holds no PEM block"),
        (b"\x00\xff" * 50, "holds no PEM block"),
        (KEY[:300], "holds a block PRIVATE KEY that ends before its"),
        (CERTIFICATE + KEY.replace("M", "?", 1), "holds a block PRIVATE KEY that holds characters"),
        (WITH_TEMPLATE, "with a header that is not valid"),
        ("x" * (1024 * 1024 + 9), "is larger than 1 MiB"),
    ],
)
def test_faults(data: bytes | str, fault: str) -> None:
    text, found = read(data)
    assert text == ""
    assert fault in str(found)


def test_an_encrypted_key_of_the_old_format_keeps_its_headers() -> None:
    text = (
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0123AB\n\n"
        "AAAA\n-----END RSA PRIVATE KEY-----\n"
    )
    assert read(text) == (text, None)


def test_not_base64() -> None:
    assert pem_input.read("?") == ("", "was not transferred as base64")
