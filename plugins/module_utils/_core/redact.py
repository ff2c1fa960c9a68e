# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What a site holds and nobody shall read in an answer or a fact.

A private key pasted as JWT certificate in QMC is stored like any text, and every administrator's
tool shows it. This collection does not.
"""

from __future__ import annotations

import typing as t

HIDDEN_KEY = "(a private key, not shown)"


def holds_key(value: t.Any) -> bool:
    """Whether a text holds a private key, encrypted and damaged ones included."""
    return isinstance(value, str) and "PRIVATE KEY" in value


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
