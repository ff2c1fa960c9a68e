# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Text that cannot be shown, sent or stored: control characters, and halves of surrogate pairs.

JSON can escape half of a surrogate pair. Python reads and writes it, but cannot encode it, and
Ansible's own code for results fails on it. So it is written back to the repository as it was read,
and replaced in everything that is returned or shown.
"""

from __future__ import annotations

import re
import typing as t

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
