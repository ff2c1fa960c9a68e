# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The filter language of the repository, as far as this collection speaks it.

Measured on a live server by ptarmiganlabs/butler-sheet-icons (``qrs-filter.js``): literals stand in
single quotes, a quote or a backslash inside is escaped by a backslash; doubling is refused.
"""

from __future__ import annotations


def literal(value: str) -> str:
    """``value`` as a quoted literal."""
    return "'{}'".format(value.replace("\\", "\\\\").replace("'", "\\'"))


def equals(path: str, value: str) -> str:
    """The condition that the property at ``path`` is the string ``value``."""
    return f"{path} eq {literal(value)}"


def any_of(*conditions: str) -> str:
    """The condition that at least one of ``conditions`` holds."""
    return " or ".join(conditions)


def all_of(*conditions: str) -> str:
    """The condition that every one of ``conditions`` holds."""
    return " and ".join(f"({condition})" for condition in conditions)
