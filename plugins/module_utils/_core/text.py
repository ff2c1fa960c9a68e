# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Text of files in any encoding, and text that cannot be shown, sent or stored.

JSON can escape half of a surrogate pair. Python reads and writes it, but cannot encode it, and
Ansible's own code for results fails on it. So it is written back to the repository as it was read,
and replaced in everything that is returned or shown.
"""

from __future__ import annotations

import codecs
import re
import typing as t

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


_LONE = re.compile("[\ud800-\udfff]")


_REPLACEMENT = "\ufffd"


#: With every line separator that Unicode has, and with halves of surrogate pairs.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


_LINE_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


def printable(value: t.Any) -> t.Any:
    """``value`` as JSON in which every lone surrogate is replaced; itself when it has none."""
    if isinstance(value, str):
        return value if value.isascii() else _LONE.sub(_REPLACEMENT, value)
    if isinstance(value, (dict, t.Mapping)):
        return {printable(key): printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(item) for item in value]
    return value


def is_encodable(value: t.Any) -> bool:
    """Whether this is a text without half of a surrogate pair."""
    return isinstance(value, str) and bool(printable(value) == value)


def one_line(text: str) -> str:
    """``text`` for a message: values in it, of a site or of options, must not forge other lines."""
    return _CONTROL.sub(_REPLACEMENT, text)


def control_character(text: str, allowed: str = "") -> t.Optional[str]:
    """What is wrong with a text that holds control characters other than those ``allowed``."""
    found = next((char for char in _CONTROL.findall(text) if char not in allowed), None)
    if found is None:
        return None
    kind = "line break" if found in _LINE_BREAKS else "control character"
    return f"holds a {kind} (U+{ord(found):04X}). Remove it."


def few(items: t.Iterable[str]) -> str:
    """The items for a message: the first few of many."""
    every = list(items)
    most = 5
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")


def quoted(names: t.Iterable[str]) -> str:
    """Names for a message: the first few of many."""
    return few(f"'{name}'" for name in names)
