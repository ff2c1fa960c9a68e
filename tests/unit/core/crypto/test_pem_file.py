# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PEM files of nodes, as the filter read_pem reads them."""

from __future__ import annotations

import base64

import pytest

from ansible.errors import AnsibleFilterError

from ansible_collections.qlikops.sense.plugins.filter.read_pem import read_pem
from support import key_material as km

WITH_TEMPLATE = (
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: {{ 1 + 1 }}\n\nMAA=\n-----END RSA PRIVATE KEY-----"
)
KEY = km.key_pem(km.rsa_key()).decode()
CERTIFICATE = km.certificate_pem(km.certificate(km.rsa_key())).decode()


def read(data: bytes | str) -> dict[str, str | None]:
    return read_pem(base64.b64encode(data.encode() if isinstance(data, str) else data).decode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_whatever_wrote_it(encoding: str, end: str) -> None:
    # Without a mark, UTF-16 is told by its first characters.
    around = "" if encoding == "utf-16-le" else "Schlüssel für Köln\n"
    text = (around + KEY + "\n" + CERTIFICATE).replace("\n", end)
    assert read(text.encode(encoding)) == {"text": KEY + CERTIFICATE, "fault": None}


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
    result = read(data)
    assert result["text"] == ""
    assert fault in str(result["fault"])


def test_an_encrypted_key_of_the_old_format_keeps_its_headers() -> None:
    text = (
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0123AB\n\n"
        "AAAA\n-----END RSA PRIVATE KEY-----\n"
    )
    assert read(text) == {"text": text, "fault": None}


def test_not_base64() -> None:
    assert read_pem("?")["fault"] == "was not transferred as base64"
    with pytest.raises(AnsibleFilterError, match="base64"):
        read_pem(None)
