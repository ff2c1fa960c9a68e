# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Decides whether a file holds a key pair and nothing else, and so may be deleted with the pair."""

from __future__ import annotations

import re
import typing as t

from ..crypto import certificates, keys, pem
from ..errors import InvalidInput
from ..text import decode

#: The first byte of a key in DER or a PKCS#12 container, which are longer than 64 bytes.
_SEQUENCE = b"\x30"
_SHORT = 64

_MARKER = re.compile(r"-----(BEGIN|END) [A-Z0-9][A-Z0-9 #]*-----")


class Pair(t.NamedTuple):
    """The pairs to delete and the keys that stay, by the fingerprints of their public keys."""

    fingerprints: t.FrozenSet[str]
    trusted: t.FrozenSet[str]
    passphrases: t.Tuple[str, ...] = ()


def why_kept(data: bytes, pair: Pair, *, named: bool) -> t.Optional[str]:
    """Why a file must not be deleted, as the end of a sentence. None if it can be deleted.

    ``named``: the variables of the key pair name this path, so the content proves nothing more.
    """
    text = decode(data)
    blocks = pem.split(text)
    found = [_fingerprint(block, pair.passphrases) for block in blocks]
    if pair.trusted.intersection(filter(None, found)):
        return "holds a key that a virtual proxy still trusts"
    if named and pair.trusted and _is_unknown_key(data, blocks, found):
        return (
            "holds a key that cannot be compared with the keys that virtual proxies still trust; "
            "set its passphrase, or delete the file yourself"
        )
    if named:
        return None
    if not data.strip():
        return "is empty"
    if not blocks:
        return "is not a key or certificate in PEM format"
    if not pair.fingerprints:
        return (
            "cannot be matched to a key pair, because a certificate to compare it with is missing"
        )
    if any(fingerprint and fingerprint not in pair.fingerprints for fingerprint in found):
        return "belongs to another key pair"
    unread = sorted({b.label for b, fingerprint in zip(blocks, found) if fingerprint is None})
    if unread:
        return f"holds data that cannot be matched to the key pair ({', '.join(unread)})"
    if _around(text).strip("\ufeff \t\r\n"):
        return "also holds other text"
    return None


def _is_unknown_key(
    data: bytes, blocks: t.Sequence[pem.Block], found: t.Sequence[t.Optional[str]]
) -> bool:
    """Whether a file has a private key whose public key is not known, in PEM or another format."""
    unread = any(b.is_private_key and fp is None for b, fp in zip(blocks, found))
    return unread or (not blocks and len(data) > _SHORT and data[:1] == _SEQUENCE)


def _fingerprint(block: pem.Block, passphrases: t.Sequence[str]) -> t.Optional[str]:
    """The public key that a block holds or belongs to. None if that cannot be determined."""
    if block.fault is not None:
        return None
    public: t.Optional[keys.PublicKey] = None
    try:
        if block.is_private_key:
            return _of_private(block, passphrases)
        if block.label in pem.CERTIFICATE_LABELS:
            public = certificates.parse_der(block.der).public_key()
        elif block.label in pem.PUBLIC_KEY_LABELS:
            public = keys.load_public(block.text)
    except InvalidInput:
        return None
    return None if public is None else keys.fingerprint(keys.public_der(public))


def _of_private(block: pem.Block, passphrases: t.Sequence[str]) -> t.Optional[str]:
    for passphrase in passphrases if block.is_encrypted else (None,):
        try:
            key = keys.load_block(block, passphrase=passphrase, name="file").key
        except InvalidInput:
            continue
        return keys.fingerprint(keys.public_der(key.public_key()))
    return None


def _around(text: str) -> str:
    """What lies outside of the blocks."""
    pieces, at, inside = [], 0, False
    for marker in _MARKER.finditer(text):
        if not inside:
            pieces.append(text[at : marker.start()])
        inside = marker.group(1) == "BEGIN"
        at = marker.end()
    return "".join([*pieces, "" if inside else text[at:]])
