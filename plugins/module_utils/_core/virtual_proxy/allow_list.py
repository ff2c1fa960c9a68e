# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Entries of the host allow list: spaces, characters, wildcards, useless entries.

The list holds the host names that clients write in the URL, without scheme, port or path.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from ..entity.fields import Kind, Value, added, entry_fault
from ..entity.shapes import TEXTS

#: Characters of a URL's scheme, host, port, and path, and the wildcard.
_IN_URL = re.compile(r"[A-Za-z0-9._~:/%*-]|[^\x00-\x7f]")
_ADDRESS = re.compile(r"\[[0-9A-Fa-f:.]+\]")


def odd_character(entry: str) -> t.Optional[str]:
    """What an entry holds that is in no host name, however the entry is read."""
    if re.search(r"\s", entry):
        return "a space"
    odd = _IN_URL.sub("", _ADDRESS.sub("", entry))
    return f"the character {odd[0]}" if odd else None


def why_useless(entry: str) -> t.Optional[str]:
    """Why an entry does not do what it seems to do; None when it does."""
    if "*" in entry:
        return "is a wildcard. Use the host names that clients use."
    if not entry.strip():
        return "is empty: remove it."
    odd = odd_character(entry)
    if odd:
        return f"has {odd}. Use an entry for each host name."
    if "://" in entry:
        return "has a scheme. Use the host name alone."
    if "/" in entry:
        return "has a path. Use the host name alone."
    if not entry.isascii():
        return "is not ASCII: write an international name as clients send it (xn--...)."
    try:
        ipaddress.ip_address(entry.strip("[]"))
    except ValueError:
        return "has a port. Use the host name alone." if ":" in entry else None
    return (
        "is an IP address: it admits requests whose URL holds that address, and says nothing about "
        "where clients come from."
    )


class HostNames(Kind):
    """A list of host names. Order, case and spaces around an entry carry no meaning."""

    shape = TEXTS
    spec: t.Mapping[str, t.Any] = {"type": "list", "elements": "str"}

    def read(self, stored: Value) -> Value:
        return list(stored or [])

    def write(self, wanted: Value, stored: Value) -> Value:
        # What is on the site already stays as it is.
        there = stored or []
        return list(dict.fromkeys(n if n in there else n.strip() for n in wanted))

    def same(self, wanted: Value, present: Value) -> bool:
        return _compared(wanted) == _compared(present)

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        fault = entry_fault(wanted, present)
        if fault:
            return fault
        for name in added(wanted, present):
            odd = odd_character(name.strip())
            if odd:
                return f"has the entry '{name[:100]}' with {odd}. Use an entry for each host name."
        return None


def _compared(names: t.Iterable[str]) -> t.Set[str]:
    return {name.strip().lower() for name in names}
