# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What a DER structure is, without cryptography and without regard to any label.

Labels and file names are often wrong, and releases of cryptography differ in how they handle
that. The structure is the same for all of them: X.509 (RFC 5280), PKCS#1 (RFC 8017), PKCS#8
(RFC 5958), SEC 1 (RFC 5915), PKCS#10 (RFC 2986), PKCS#7 (RFC 2315), and PKCS#12 (RFC 7292).
"""

from __future__ import annotations

import typing as t

INTEGER, BIT_STRING, OCTET_STRING, OBJECT_ID, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x06, 0x30, 0x31
_TIMES = (0x17, 0x18)
_CONTEXT_0 = 0xA0

#: 1.2.840.113549.1.7, with the number of the content type to follow.
_PKCS7 = bytes.fromhex("2a864886f70d0107")
#: 1.2.840.113549.1.1.1 and .10: RSA keys for any use, and for PSS only.
_RSA = (bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d01010a"))
#: How BER with an indefinite length begins: some programs write these two containers so.
_INDEFINITE = {
    b"\x30\x80\x02\x01\x03": "pkcs12",
    b"\x30\x80\x06\x09" + _PKCS7: "pkcs7",
}


class Item(t.NamedTuple):
    """One value: its tag, and where its content begins and ends."""

    tag: int
    start: int
    end: int


def item(data: bytes, start: int, end: int) -> t.Optional[Item]:
    """The value that begins at ``start`` and has to end at ``end`` or before; None for none."""
    if end - start < 2:
        return None
    tag, length, at = data[start], data[start + 1], start + 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or end - at < count:
            return None
        length = int.from_bytes(data[at : at + count], "big")
        at += count
    return Item(tag, at, at + length) if at + length <= end else None


def items(data: bytes, start: int, end: int) -> t.List[Item]:
    """The values between ``start`` and ``end``; empty unless they fill that exactly."""
    found: t.List[Item] = []
    while start < end:
        one = item(data, start, end)
        if one is None:
            return []
        found.append(one)
        start = one.end
    return found


def inside(data: bytes, parent: t.Optional[Item]) -> t.List[Item]:
    """The values inside a constructed one; empty for any other."""
    if parent is None or not parent.tag & 0x20:
        return []
    return items(data, parent.start, parent.end)


def stated_length(data: bytes) -> t.Optional[int]:
    """The bytes that a SEQUENCE states for itself, header included; None for anything else."""
    if len(data) < 2 or data[0] != SEQUENCE:
        return None
    length = data[1]
    if not length & 0x80:
        return 2 + length
    count = length & 0x7F
    if not 1 <= count <= 4 or len(data) < 2 + count:
        return None
    return 2 + count + int.from_bytes(data[2 : 2 + count], "big")


def is_whole(data: bytes) -> bool:
    """Whether ``data`` is one SEQUENCE with the length that it states (X.690, 8.1.3).

    Finds lines that were lost in copying without reading the content.
    """
    return stated_length(data) == len(data)


def kind(data: bytes) -> t.Optional[str]:
    """What ``data`` is; None if it is nothing of these, or not complete.

    One of ``certificate trusted_certificate request crl public_key rsa_public_key pkcs1 pkcs8
    encrypted_pkcs8 sec1 dsa pkcs7 pkcs12``.
    """
    for beginning, name in _INDEFINITE.items():
        if data.startswith(beginning):
            return name
    if not is_whole(data):
        return _with_trust(data)
    parts = inside(data, item(data, 0, len(data)))
    tags = tuple(part.tag for part in parts)
    if tags[:1] == (INTEGER,):
        return _numbered(data, parts, tags)
    if tags[:2] == (OBJECT_ID, _CONTEXT_0) and _content(data, parts[0]).startswith(_PKCS7):
        return "pkcs7"
    if tags[:1] != (SEQUENCE,):
        return None
    first = inside(data, parts[0])
    if tags == (SEQUENCE, SEQUENCE, BIT_STRING):
        return _signed(data, first)
    if first and first[0].tag == OBJECT_ID:
        # The algorithm, and what it was applied to.
        return {OCTET_STRING: "encrypted_pkcs8", BIT_STRING: "public_key"}.get(
            tags[1] if len(tags) == 2 else 0
        )
    return None


def is_other_key(data: bytes) -> bool:
    """Whether ``data`` is a private key that is not encrypted, and of another kind than RSA."""
    what = kind(data)
    return what in ("sec1", "dsa") or (what == "pkcs8" and _pkcs8_algorithm(data) not in _RSA)


def rsa_numbers(data: bytes) -> t.Optional[t.List[int]]:
    """The nine numbers of an RSA key in PKCS#1 or PKCS#8 (version, n, e, d, p, q, …)."""
    if kind(data) == "pkcs8" and _pkcs8_algorithm(data) in _RSA:
        data = _content(data, inside(data, item(data, 0, len(data)))[2])
    if kind(data) != "pkcs1":
        return None
    parts = inside(data, item(data, 0, len(data)))
    return [int.from_bytes(_content(data, part), "big", signed=True) for part in parts[:9]]


def _pkcs8_algorithm(data: bytes) -> bytes:
    parts = inside(data, item(data, 0, len(data)))
    return _content(data, inside(data, parts[1])[0])


def _content(data: bytes, part: Item) -> bytes:
    return data[part.start : part.end]


def _numbered(data: bytes, parts: t.List[Item], tags: t.Tuple[int, ...]) -> t.Optional[str]:
    """What begins with a number: most of them are private keys."""
    if tags[:2] == (INTEGER, SEQUENCE):
        second = inside(data, parts[1])
        if not second or second[0].tag != OBJECT_ID:
            return None
        if _content(data, second[0]).startswith(_PKCS7):
            return "pkcs12"
        return "pkcs8" if tags[2:3] == (OCTET_STRING,) else None
    if tags[:2] == (INTEGER, OCTET_STRING):
        return "sec1"
    if set(tags[:9]) == {INTEGER}:
        if len(tags) == 9 or (len(tags) == 10 and tags[9] == SEQUENCE):
            return "pkcs1"
        return {2: "rsa_public_key", 6: "dsa"}.get(len(tags))
    return None


def _signed(data: bytes, parts: t.List[Item]) -> t.Optional[str]:
    """What an authority or an owner signed, by what is signed."""
    tags = [part.tag for part in parts]
    if tags[:1] == [_CONTEXT_0]:
        tags = tags[1:]
    if tags[:5] == [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE]:
        return "certificate"
    if tags[:3] == [INTEGER, SEQUENCE, SEQUENCE] and set(tags[3:]) <= {_CONTEXT_0}:
        return "request"
    if tags[:1] == [INTEGER]:
        tags = tags[1:]
    if tags[:2] == [SEQUENCE, SEQUENCE] and len(tags) > 2 and tags[2] in _TIMES:
        return "crl"
    return None


def _with_trust(data: bytes) -> t.Optional[str]:
    """OpenSSL's own format: a certificate, and what it is trusted for behind it."""
    length = stated_length(data)
    if length is None or length >= len(data) or not is_whole(data[length:]):
        return None
    return "trusted_certificate" if kind(data[:length]) == "certificate" else None
