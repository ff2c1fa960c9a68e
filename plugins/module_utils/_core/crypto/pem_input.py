# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Keys and certificates as users give them: every option that takes PEM is read here.

``pem.split`` takes apart what is PEM. What users have went through mail, tickets, and YAML, so here
are also read: quoted lines (``> ``), the two characters ``\\n`` where a line should end,
characters without width, UTF-16 beside UTF-8, commented-out blocks (left out), DER, base64 without
its BEGIN and END lines, and blocks with a wrong label. What a site holds is not read here: what
Qlik Sense makes of such text is not known.
"""

from __future__ import annotations

import base64
import binascii
import re
import typing as t

from ..text import decode
from . import containers, der, pem, pem_input

Content = t.Union[str, bytes]

LABELS = {
    "certificate": "CERTIFICATE",
    "trusted_certificate": "TRUSTED CERTIFICATE",
    "request": "CERTIFICATE REQUEST",
    "crl": "X509 CRL",
    "public_key": "PUBLIC KEY",
    "rsa_public_key": "RSA PUBLIC KEY",
    "pkcs1": "RSA PRIVATE KEY",
    "pkcs8": "PRIVATE KEY",
    "encrypted_pkcs8": "ENCRYPTED PRIVATE KEY",
    "sec1": "EC PRIVATE KEY",
    "dsa": "DSA PRIVATE KEY",
    "pkcs7": "PKCS7",
    "pkcs12": "PKCS12",
}

#: NUL (UTF-16 that was appended to UTF-8), soft hyphen, and the characters without width.
_INVISIBLE = re.compile("[\0\u00ad\u200b-\u200f\u2060\ufeff]")
#: Line ends that a program escaped. Base64 has no backslash.
_ESCAPED_END = re.compile(r"\\r\\n|\\[nrt]|\\(?=\s)")
_QUOTED = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)


def blocks(content: Content) -> t.List[pem.Block]:
    """Every block of ``content``, damaged ones included, with labels that fit what they hold."""
    if isinstance(content, bytes):
        binary = _from_der(content)
        if binary is not None:
            return [binary]
        content = decode(content)
    text = _ESCAPED_END.sub("\n", _INVISIBLE.sub("", content))
    text = _COMMENT.sub(_unless_folded, _QUOTED.sub("", text))
    found = [_named(block) for block in pem.split(text)]
    if found:
        return found
    bare = pem.decoded(text)[0]
    block = _from_der(bare) if bare else None
    return [] if block is None else [block]


def first_certificate(content: Content) -> t.Optional[pem.Block]:
    """The first intact certificate."""
    usable = (b for b in blocks(content) if b.label in pem.CERTIFICATE_LABELS and b.fault is None)
    return next(usable, None)


def why_not_a_certificate(content: Content) -> t.Optional[str]:
    """As ``pem.why_not_a_certificate``, for what a user gives. Nothing of it is repeated."""
    found = blocks(content)
    held = {block.label for block in found}
    other = None
    if not held & set(pem.CERTIFICATE_LABELS) and not any(b.is_private_key for b in found):
        other = containers.of_blocks(found) if found else containers.of_content(content)
    if other is not None:
        return f"This {other}."
    text = decode(content) if isinstance(content, bytes) else content
    return pem.why_not_a_certificate(text, found)


def _unless_folded(comment: t.Match[str]) -> str:
    """Nothing, or the line: a whole block after "#" is a text whose lines were joined."""
    line = comment.group()
    begin = line.find("-----BEGIN ")
    return line if begin >= 0 and line.find("-----END ", begin) >= 0 else ""


def _from_der(data: bytes) -> t.Optional[pem.Block]:
    length = der.stated_length(data)
    if length is not None and not data[length:].strip():
        data = data[:length]  # an editor added the end of a line
    what = der.kind(data)
    if what is None:
        return None
    return pem.Block(label=LABELS[what], der=data, text=pem.write(LABELS[what], data))


def _named(block: pem.Block) -> pem.Block:
    """The block with the label of what it holds; as it is when that is not known."""
    if block.fault is not None or any(name == "Proc-Type" for name, dummy in block.headers):
        return block
    return _from_der(block.der) or block


#: Headers of encrypted keys (RFC 1421 4.6.1) hold nothing else, least of all a template.
_HEADER_VALUE = re.compile(r"[A-Za-z0-9,.;:=/+ -]*")


#: More than any bundle of keys and certificates.
SIZE_LIMIT = 1024 * 1024


def read(content: str) -> t.Tuple[str, t.Optional[str]]:
    """The text of all blocks, and the first fault as the end of a sentence ("The file …").

    The text is empty when there is a fault. Nothing around the blocks is kept.
    """
    if len(content) > SIZE_LIMIT * 4 // 3 + 4:
        return "", "is larger than 1 MiB"
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return "", "was not transferred as base64"
    blocks = pem_input.blocks(data)
    if not blocks:
        return "", "holds no PEM block"
    for block in blocks:
        if block.fault is not None:
            return "", f"holds a block {block.label} that {block.fault}"
        if not all(_HEADER_VALUE.fullmatch(value) for dummy, value in block.headers):
            return "", f"holds a block {block.label} with a header that is not valid"
    return "".join(block.text for block in blocks), None
