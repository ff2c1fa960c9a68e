# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What a site holds and nobody shall read in an answer or a fact.

A private key pasted as JWT certificate in QMC is stored like any text, and every administrator's
tool shows it. This collection does not.
"""

from __future__ import annotations

import re
import typing as t

HIDDEN_KEY = "(a private key, not shown)"

#: Readers accept more labels than the usual one, such as with another case or two spaces.
_LABEL = re.compile(r"-----BEGIN [^-\n]{0,40}PRIVATE\s+KEY", re.IGNORECASE)

#: How the base64 of a private key begins, whatever its label: a sequence of more than 255 bytes
#: (PKCS#1, PKCS#8, or PKCS#12) whose first member is a version number. A certificate does not.
_KEY_DATA = re.compile(r"MII[A-Za-z0-9+/]{2}[AQgw]IBA")


def holds_key(value: t.Any) -> bool:
    """Whether a text holds a private key, encrypted and damaged ones included."""
    return isinstance(value, str) and ("PRIVATE KEY" in value or holds_key_data(value))


def holds_key_data(text: str) -> bool:
    """Whether a text holds the data of a private key, and does not only mention one."""
    return _KEY_DATA.search(text) is not None or _LABEL.search(text) is not None


def names_secret(name: t.Any) -> bool:
    """Whether a name calls what it stands for a secret."""
    return isinstance(name, str) and "secret" in name.lower()


def redacted(value: t.Any) -> t.Any:
    """``value`` as JSON without private keys, and without what its name calls a secret."""
    # Texts come first and by far most often.
    if isinstance(value, str):
        return HIDDEN_KEY if holds_key(value) else value
    if isinstance(value, (dict, t.Mapping)):
        return {key: redacted(item) for key, item in value.items() if not names_secret(key)}
    if isinstance(value, (list, tuple)):
        return [redacted(item) for item in value]
    return value
