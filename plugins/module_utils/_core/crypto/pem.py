# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""PEM text into blocks, without cryptography.

Such texts are often exported on Windows and copied through Notepad, a ticket, or a YAML file. So
byte order marks, CRLF, indented lines, and text around the blocks (``openssl pkcs12`` writes "Bag
Attributes") are accepted. Two certificates are equal if their DER is equal: line ends and
surrounding text are ignored (whether the repository normalizes them is unknown).
"""

from __future__ import annotations

import base64
import dataclasses
import re
import typing as t

from ..text import is_vault
from . import der as structure

CERTIFICATE_LABELS = ("CERTIFICATE", "X509 CERTIFICATE")
PUBLIC_KEY_LABELS = ("PUBLIC KEY", "RSA PUBLIC KEY")
REQUEST_LABELS = ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")
PKCS7_LABELS = ("PKCS7", "CMS", "PKCS #7 SIGNED DATA")

_MARKER = re.compile(r"-----(BEGIN|END) ([A-Z0-9][A-Z0-9 #]*)-----")
_HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9-]*): *(.*)$")
#: The headers of an encrypted key, where their lines may have been joined (RFC 1421 4.6.1). The
#: length of the second value follows from the cipher: 8 bytes for DES, 16 for AES.
_ENCRYPTED = re.compile(
    r"\s*Proc-Type\s*:\s*4\s*,\s*ENCRYPTED\s*DEK-Info\s*:\s*"
    r"(DES[A-Z0-9-]*\s*,\s*[0-9A-Fa-f]{16}|(?!DES)[A-Z0-9-]+\s*,\s*[0-9A-Fa-f]{32})"
)
#: Blocks that hold one SEQUENCE in DER. Others hold something else, or it is not known.
_DER_LABELS = frozenset(
    (
        *CERTIFICATE_LABELS,
        *PUBLIC_KEY_LABELS,
        *REQUEST_LABELS,
        *PKCS7_LABELS,
        "PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "DSA PRIVATE KEY",
        "X509 CRL",
    )
)
_BASE64 = re.compile(r"[A-Za-z0-9+/]*")
_WANTED = "the text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----"


@dataclasses.dataclass(frozen=True)
class Block:
    """One PEM block.

    ``label`` is what follows BEGIN, ``der`` the decoded content, ``text`` the normalized block
    with lines of 64 characters ending in ``\\n``, ``headers`` the lines ``Name: value``
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
    """The first intact certificate block of ``text``; text around it is ignored."""
    return next((b for b in split(text) if b.label in CERTIFICATE_LABELS and b.fault is None), None)


def certificate_der(text: t.Optional[str]) -> t.Optional[bytes]:
    """What two certificates are compared by; None when ``text`` holds none."""
    block = first_certificate(text) if text else None
    return None if block is None else block.der


def why_not_a_certificate(
    text: str, found: t.Optional[t.Sequence[Block]] = None
) -> t.Optional[str]:
    """Why ``text`` cannot be given as a certificate, in one or two sentences; None when it can.

    ``found`` are the blocks of ``text`` where they were read in another way.

    A private key beside the certificate counts too: what is given as a certificate is sent to
    the repository, where every administrator can read it. Nothing of ``text`` is repeated.
    """
    if not text.strip("\ufeff \t\r\n"):
        return f"This is empty. Use {_WANTED}."
    if is_vault(text):
        return (
            "This is still encrypted by ansible-vault. Use its content with "
            "lookup('ansible.builtin.unvault', path)."
        )
    blocks = split(text) if found is None else found
    labels = {block.label for block in blocks}
    if any(block.is_private_key for block in blocks):
        beside = " beside the certificate" if labels & set(CERTIFICATE_LABELS) else ""
        return (
            f"This holds a private key{beside}, which must not leave the machine that signs "
            f"tokens. Use only {_WANTED}."
        )
    certificates = [block for block in blocks if block.label in CERTIFICATE_LABELS]
    if certificates:
        return _why_damaged(certificates)
    if labels & set(PUBLIC_KEY_LABELS):
        return (
            "This is a bare public key; Qlik Sense expects a certificate that holds it. "
            f"qlikops.sense.qlik_keypair writes one for the private key. Use {_WANTED}."
        )
    if labels & set(REQUEST_LABELS):
        return (
            "This is a certificate request, not a certificate; have it signed, or use a "
            f"self-signed certificate: {_WANTED}."
        )
    if labels & set(PKCS7_LABELS):
        return (
            "This is a PKCS#7 container; take the certificate out of it with "
            f"openssl pkcs7 -print_certs and use {_WANTED}."
        )
    if labels:
        return f"This holds {', '.join(sorted(labels))} and no certificate. Use {_WANTED}."
    return _why_no_block(text)


def _why_damaged(certificates: t.Sequence[Block]) -> t.Optional[str]:
    """A complaint when the first certificate is damaged: it is the one that would be used."""
    fault = certificates[0].fault
    return None if fault is None else f"The certificate {fault}. Use {_WANTED}."


def _why_no_block(text: str) -> str:
    if structure.is_whole(decoded(text.strip("\ufeff"))[0]):
        return (
            "This is base64 without its first and last line; put -----BEGIN CERTIFICATE----- "
            "in front and -----END CERTIFICATE----- after it, if it is a certificate."
        )
    if "-----" in text:
        return f"The BEGIN and END lines of this text are damaged. Use {_WANTED}."
    return f"This is not PEM text. Use {_WANTED}."


def _cut(label: str) -> Block:
    return Block(label=label, der=b"", text="", fault=f"ends before its -----END {label}----- line")


def _block(label: str, body: str) -> Block:
    typed, rest = _headers(body) if label.endswith("PRIVATE KEY") else ((), body)
    der, fault = decoded(rest)
    if "\\n" in body or "\\r" in body:
        fault = "has the two characters \\n where a line should end"
    elif not der and fault is None:
        fault = "is empty between its BEGIN and END lines"
    elif fault is None and not typed and label in _DER_LABELS:
        fault = _why_not_whole(der)
    if fault is not None:
        return Block(label=label, der=b"", text="", headers=typed, fault=fault)
    text = write(label, der)
    if typed:
        begin, rest = text.split("\n", 1)
        named = "\n".join(f"{name}: {value}" for name, value in typed)
        text = f"{begin}\n{named}\n\n{rest}"
    return Block(label=label, der=der, text=text, headers=typed)


def _headers(body: str) -> t.Tuple[t.Tuple[t.Tuple[str, str], ...], str]:
    """The headers and the rest. Only encrypted keys have headers; elsewhere a colon is damage."""
    joined = _ENCRYPTED.match(body)
    if joined is not None:
        information = "".join(joined.group(1).split())
        return (("Proc-Type", "4,ENCRYPTED"), ("DEK-Info", information)), body[joined.end() :]
    lines = [line.strip() for line in body.splitlines()]
    found = [_HEADER.match(line) for line in lines]
    typed = tuple((match.group(1), match.group(2)) for match in found if match is not None)
    return typed, "\n".join(line for line, match in zip(lines, found) if match is None)


def decoded(text: str) -> t.Tuple[bytes, t.Optional[str]]:
    """The content of base64 with any space in it, or the fault, as the end of a sentence.

    The padding at the end may be missing, because it can be added without a choice.
    """
    joined = "".join(text.split())
    bare = joined.rstrip("=")
    if len(joined) - len(bare) > 2 or not _BASE64.fullmatch(bare):
        return b"", "holds characters that are not base64"
    padding = -len(bare) % 4
    if padding == 3 or len(joined) - len(bare) not in (0, padding):
        return b"", "is damaged: characters of it are missing, or were added"
    return base64.b64decode(bare + "=" * padding), None


def _why_not_whole(der: bytes) -> t.Optional[str]:
    if structure.kind(der) is not None:
        return None
    length = structure.stated_length(der)
    if length is None or length == len(der):
        return "holds something else than its BEGIN line says, or its first lines were changed"
    if length > len(der):
        return f"is incomplete: lines of it are missing ({len(der)} of {length} bytes are there)"
    return f"holds lines that do not belong to it ({len(der)} bytes instead of {length})"
