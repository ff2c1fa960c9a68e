# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Host names and addresses in the one spelling in which they are compared."""

from __future__ import annotations

import ipaddress
import re
import typing as t

from ..errors import InvalidInput

_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


def canonical(text: str) -> str:
    """A host name or an address in one spelling; "" for anything else, such as a wildcard.

    Only IPv6 addresses are rewritten. Programs disagree about leading zeros in IPv4 addresses.
    """
    if not text.isascii():
        return ""
    name = text.strip().lower()
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1]
    if ":" in name:
        try:
            return str(ipaddress.IPv6Address(name))
        except ValueError:
            return ""
    name = name[:-1] if name.endswith(".") else name
    return name if _NAME.fullmatch(name) else ""


def host_names(values: t.Iterable[str], option: str) -> t.FrozenSet[str]:
    """``values`` in that spelling; raises ``InvalidInput`` for what is not a name or an address."""
    found = set()
    for value in values:
        name = canonical(value)
        if not name:
            raise InvalidInput(
                f"{option}: '{value[:120]}' is not a host name. Give full names or IP addresses, "
                "without scheme, port, path, or wildcard. Write international names in their ASCII "
                "form (xn--...).",
                option=option,
            )
        found.add(name)
    return frozenset(found)
