# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds a secret in whatever form a program may have put it."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

#: Shorter lines of a PEM text, such as its last one, can stand anywhere by chance.
_LEAST = 16


def parts(secret: str) -> list[str]:
    """What of a secret gives it away: the lines of a PEM body, the whole and the signature of a
    token, or the text itself."""
    if "-----BEGIN" in secret:
        lines = [line.strip() for line in secret.splitlines() if "-----" not in line]
        public = modulus(secret)
        return [
            line
            for line in lines
            if len(line) >= _LEAST and ":" not in line and decoded(line) not in public
        ]
    if secret.count(".") == 2:
        return [secret, secret.rpartition(".")[2]]
    return [secret]


def decoded(line: str) -> bytes:
    """The bytes of a line of base64; those of the line itself where it is damaged."""
    try:
        return base64.b64decode(line)
    except ValueError:
        return line.encode()


def modulus(secret: str) -> bytes:
    """The modulus of a key that is not encrypted. Its certificate has it as well."""
    try:
        key = serialization.load_pem_private_key(secret.encode(), password=None)
    except (TypeError, ValueError):
        return b""
    numbers = key.private_numbers().public_numbers if isinstance(key, rsa.RSAPrivateKey) else None
    return numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big") if numbers else b""


def forms(part: str) -> Iterator[bytes]:
    """A part as it is, escaped for JSON and for URLs, and inside of base64."""
    yield part.encode()
    yield json.dumps(part)[1:-1].encode()
    yield urllib.parse.quote(part, safe="").encode()
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + part.encode())
        # The ends depend on what stands before and after.
        yield coded[4:-4]


def leaks(secret: str, text: bytes) -> list[str]:
    """The parts of a secret that stand in a text, in any form, shortened."""
    return [
        part[:8] + "…"
        for part in parts(secret)
        if any(form in text for form in forms(part) if form)
    ]


def files_with(secret: str, directory: Path) -> list[str]:
    """The files below a directory that hold a secret."""
    return [
        str(path)
        for path in sorted(directory.rglob("*"))
        if path.is_file() and leaks(secret, path.read_bytes())
    ]
