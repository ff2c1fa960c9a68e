# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Text of files, in any encoding."""

from __future__ import annotations

import codecs

_VAULT_HEADER = "$ANSIBLE_VAULT"


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 with or without a byte order mark, or UTF-16 as Notepad writes it.

    Bytes that are no text at all become replacement characters, which are in no PEM block.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if data[:2] in (b"-\x00", b"\x00-"):  # UTF-16 without its mark
        return data.decode("utf-16-le" if data[:1] == b"-" else "utf-16-be", errors="replace")
    return data.decode("utf-8-sig", errors="replace")


def is_vault(text: str) -> bool:
    """Whether this is a file encrypted by ansible-vault, still encrypted."""
    return text.lstrip("\ufeff \t\r\n").startswith(_VAULT_HEADER)
