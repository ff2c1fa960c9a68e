# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""PEM text into blocks, without cryptography.

What comes here was exported on Windows, went through Notepad, a ticket and a YAML file: so byte
order marks, CRLF, indented lines and text around the blocks (``openssl pkcs12`` writes "Bag
Attributes") are all taken. Two certificates are the same when their DER is the same: line ends
and surrounding text never count (whether the repository normalises them is unknown).
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import re
import typing as t

from .text import is_vault

CERTIFICATE_LABELS = ("CERTIFICATE", "X509 CERTIFICATE")
PUBLIC_KEY_LABELS = ("PUBLIC KEY", "RSA PUBLIC KEY")
REQUEST_LABELS = ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")
PKCS7_LABELS = ("PKCS7", "CMS", "PKCS #7 SIGNED DATA")

_MARKER = re.compile(r"-----(BEGIN|END) ([A-Z0-9][A-Z0-9 #]*)-----")
_HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9-]*): *(.*)$")
_WANTED = "the text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----"


@dataclasses.dataclass(frozen=True)
class Block:
    """One PEM block.

    ``label`` is what follows BEGIN, ``der`` the decoded content, ``text`` the block written
    anew with lines of 64 characters ending in ``\\n``, ``headers`` the lines ``Name: value``
    of an encrypted key in the old OpenSSL format. A block that cannot be decoded has an empty
    ``der`` and ``text``, and says in ``fault`` what is wrong with it, as the end of a sentence.
    """

    label: str
    der: bytes
    text: str
    headers: t.Tuple[t.Tuple[str, str], ...] = ()
    fault: t.Optional[str] = None

    @property
    def is_private_key(self) -> bool:
        """Whether this is a private key of any format, damaged or encrypted ones included."""
        return self.label.endswith("PRIVATE KEY")

    @property
    def is_encrypted(self) -> bool:
        """Whether this key needs a passphrase."""
        return self.label.startswith("ENCRYPTED ") or ("Proc-Type", "4,ENCRYPTED") in self.headers


def split(text: str) -> t.List[Block]:
    """Every block of ``text`` in its order, damaged ones included (see ``Block.fault``)."""
    blocks: t.List[Block] = []
    begun: t.Optional[re.Match[str]] = None
    for marker in _MARKER.finditer(text):
        kind, label = marker.group(1), marker.group(2)
        if kind == "END" and begun is not None and begun.group(2) == label:
            blocks.append(_block(label, text[begun.end() : marker.start()]))
            begun = None
            continue
        if begun is not None:
            blocks.append(_cut(begun.group(2)))
        begun = marker if kind == "BEGIN" else None
    if begun is not None:
        blocks.append(_cut(begun.group(2)))
    return blocks


def write(label: str, der: bytes) -> str:
    """``der`` as a PEM block of that label."""
    encoded = base64.b64encode(der).decode("ascii")
    body = "\n".join(encoded[start : start + 64] for start in range(0, len(encoded), 64))
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


def first_certificate(text: str) -> t.Optional[Block]:
    """The first intact certificate block of ``text``, whatever stands around it."""
    return next((b for b in split(text) if b.label in CERTIFICATE_LABELS and b.fault is None), None)


def certificate_der(text: t.Optional[str]) -> t.Optional[bytes]:
    """What two certificates are compared by; None when ``text`` holds none."""
    block = first_certificate(text) if text else None
    return None if block is None else block.der


def why_not_a_certificate(text: str) -> t.Optional[str]:
    """Why ``text`` cannot be given as a certificate, in one or two sentences; None when it can.

    A private key beside the certificate counts too: what is given as a certificate is sent to
    the repository, where every administrator can read it. Nothing of ``text`` is repeated.
    """
    if not text.strip("\ufeff \t\r\n"):
        return f"This is empty; give {_WANTED}."
    if is_vault(text):
        return (
            "This is still encrypted by ansible-vault; give its content with "
            "lookup('ansible.builtin.unvault', path)."
        )
    blocks = split(text)
    labels = {block.label for block in blocks}
    if any(block.is_private_key for block in blocks):
        beside = " beside the certificate" if labels & set(CERTIFICATE_LABELS) else ""
        return (
            f"This holds a private key{beside}, which must not leave the machine that signs "
            f"tokens; give only {_WANTED}."
        )
    certificates = [block for block in blocks if block.label in CERTIFICATE_LABELS]
    if certificates:
        return _why_damaged(certificates)
    if labels & set(PUBLIC_KEY_LABELS):
        return (
            "This is a bare public key; Qlik Sense expects a certificate that holds it. "
            f"qlikops.sense.qlik_keypair writes one for the private key; give {_WANTED}."
        )
    if labels & set(REQUEST_LABELS):
        return (
            "This is a certificate request, not a certificate; have it signed, or give a "
            f"self-signed certificate: {_WANTED}."
        )
    if labels & set(PKCS7_LABELS):
        return (
            "This is a PKCS#7 container; take the certificate out of it with "
            f"openssl pkcs7 -print_certs and give {_WANTED}."
        )
    if labels:
        return f"This holds {', '.join(sorted(labels))} and no certificate; give {_WANTED}."
    return _why_no_block(text)


def _why_damaged(certificates: t.Sequence[Block]) -> t.Optional[str]:
    """A complaint when the first certificate is damaged: it is the one that would be used."""
    fault = certificates[0].fault
    return None if fault is None else f"The certificate {fault}; give {_WANTED}."


def _why_no_block(text: str) -> str:
    der = _base64(text.strip("\ufeff"))
    if der is not None and _is_whole_der(der):
        return (
            "This is base64 without its first and last line; put -----BEGIN CERTIFICATE----- "
            "in front and -----END CERTIFICATE----- after it, if it is a certificate."
        )
    if "-----" in text:
        return f"The BEGIN and END lines of this text are damaged; give {_WANTED}."
    return f"This is not PEM text; give {_WANTED}."


def _cut(label: str) -> Block:
    return Block(label=label, der=b"", text="", fault=f"ends before its -----END {label}----- line")


def _block(label: str, body: str) -> Block:
    lines = [line.strip() for line in body.splitlines()]
    # Only encrypted keys have headers (RFC 1421 4.6); elsewhere a colon is damage.
    found = [_HEADER.match(line) if label.endswith("PRIVATE KEY") else None for line in lines]
    typed = tuple((match.group(1), match.group(2)) for match in found if match is not None)
    der = _base64("".join(line for line, match in zip(lines, found) if match is None))
    fault: t.Optional[str] = None
    if "\\n" in body or "\\r" in body:
        fault = "has the two characters \\n where a line should end"
    elif der is None:
        fault = "holds characters that are not base64"
    elif not der:
        fault = "is empty between its BEGIN and END lines"
    elif not typed and not _is_whole_der(der):
        fault = "is incomplete: lines of it are missing, or were changed"
    if der is None or fault is not None:
        return Block(label=label, der=b"", text="", headers=typed, fault=fault)
    text = write(label, der)
    if typed:
        begin, rest = text.split("\n", 1)
        named = "\n".join(f"{name}: {value}" for name, value in typed)
        text = f"{begin}\n{named}\n\n{rest}"
    return Block(label=label, der=der, text=text, headers=typed)


def _base64(text: str) -> t.Optional[bytes]:
    try:
        return base64.b64decode("".join(text.split()).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None


def _is_whole_der(der: bytes) -> bool:
    """Whether ``der`` is one ASN.1 SEQUENCE whose stated length is what is there (X.690, 8.1.3).

    Finds lines that were lost in copying without reading the content.
    """
    if len(der) < 2 or der[0] != 0x30:
        return False
    length, start = der[1], 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or len(der) < 2 + count:
            return False
        start = 2 + count
        length = int.from_bytes(der[2:start], "big")
    return len(der) == start + length
