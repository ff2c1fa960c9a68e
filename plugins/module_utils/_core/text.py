# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Text from outside: of a file in any encoding, and of a server that may not be encodable."""

from __future__ import annotations

import codecs
import typing as t

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


def is_encodable(value: t.Any) -> bool:
    """Whether this is a text that has bytes: JSON can carry halves of characters, which have none.

    (They are lone surrogates, such as the escape for U+D800 alone.)
    """
    return isinstance(value, str) and _shown(value) is value


def encodable(value: t.Any) -> t.Any:
    """``value`` with U+FFFD for each half of a character in its texts and names, to be shown.

    A module could not print it otherwise. What is written back to a server keeps them.
    """
    if isinstance(value, str):
        return _shown(value)
    if isinstance(value, t.Mapping):
        return {encodable(name): encodable(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encodable(item) for item in value]
    return value


def _shown(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def is_vault(text: str) -> bool:
    """Whether this is a file encrypted by ansible-vault, still encrypted."""
    return text.lstrip("\ufeff \t\r\n").startswith(_VAULT_HEADER)
