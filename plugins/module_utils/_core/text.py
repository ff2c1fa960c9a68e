# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Text of files, in any encoding."""

from __future__ import annotations

import codecs

_VAULT_HEADER = "$ANSIBLE_VAULT"

#: Bytes that show which encoding a text without a mark has.
_SAMPLE = 200


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 with or without a byte order mark, or UTF-16 as Notepad writes it.

    Bytes that are not text become replacement characters, which are in no PEM block.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    return data.decode(_utf16_without_mark(data) or "utf-8-sig", errors="replace")


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 of the two orders of bytes, if most characters have a zero byte; else nothing."""
    sample = data[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 <= len(sample):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def is_vault(text: str) -> bool:
    """Whether this is a file encrypted by ansible-vault, still encrypted."""
    return text.lstrip("\ufeff \t\r\n").startswith(_VAULT_HEADER)
