# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Host names: spelling, host allow list, nodes of the site.

Sources agree that the list holds the names that clients write. Only Qlik's help says that an entry
also admits the names below it, and that a node's own name is always admitted. So ``admission`` has
three answers. ``may_receive`` decides before a token is sent, and accepts no doubtful name.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from ..errors import InvalidInput
from .view import View, host_name

LISTED, LENIENT, NO = "listed", "lenient", "no"

#: A name whose last label is a number is an IPv4 address in one of its spellings.
_ENDS_IN_A_NUMBER = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)$")


def admission(view: View, host: str) -> str:
    """``listed``, ``lenient`` (by the readings that are not certain) or ``no``."""
    entries = [entry.lower() for entry in _entries(view)]
    if host.lower() in entries:
        return LISTED
    name = canonical(host)
    known = {*map(canonical, entries), *_nodes(view)} - {""}
    below = any(name.endswith("." + entry.strip(".")) for entry in entries if entry.strip("."))
    return LENIENT if name in known or below else NO


def may_receive(view: View, host: str, trusted: t.Container[str]) -> bool:
    """Whether ``host`` is a node with a proxy service, matches the host allow list, or is trusted.

    An entry also matches the names below it, if the entry has a dot and no wildcard: ``*`` or
    ``com`` would match hosts outside the site. Addresses match as a whole.
    """
    name = canonical(host)
    if not name:
        return False
    entries = _entries(view)
    known = {*map(canonical, entries), *_nodes(view)}
    return name in trusted or name in known or any(_is_below(name, entry) for entry in entries)


def _is_below(name: str, entry: str) -> bool:
    above = canonical(entry.strip().lstrip("."))
    if "." not in above or _ENDS_IN_A_NUMBER.search(name):
        return False
    return name.endswith("." + above)


def _entries(view: View) -> t.List[str]:
    return [str(entry).strip() for entry in view.items("websocketCrossOriginWhiteList")]


def _nodes(view: View) -> t.Set[str]:
    return {canonical(host_name(service)) for service in view.proxy_services} - {""}


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
                f"{option}: '{value[:120]}' is not a host name. Use full names or IP addresses, "
                "without scheme, port, path, or wildcard. Write international names in their ASCII "
                "form (xn--...).",
                option=option,
            )
        found.add(name)
    return frozenset(found)
