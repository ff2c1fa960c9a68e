# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificate stores: of the machine, of each user, of each service."""

from __future__ import annotations

import typing as t

from .certificates import StoredCertificate

MACHINE = "LocalMachine"
USER = "CurrentUser"
SERVICE = "Service"
_NAMES = (
    "My",
    "Root",
    "CA",
    "Trust",
    "TrustedPeople",
    "TrustedPublisher",
    "Disallowed",
    "AuthRoot",
    "AddressBook",
)
_BY_LOWER_NAME = {name.lower(): name for name in _NAMES} | {"certificateauthority": "CA"}


class StoreId(t.NamedTuple):
    """``holder``: the SID of a user, the name of a service, empty for the machine."""

    location: str
    holder: str
    name: str


def store_name(text: str) -> str | None:
    """The name of a store that Windows has from the beginning; None for any other."""
    return _BY_LOWER_NAME.get(text.lower())


class Stores:
    """All of them; one that nobody put anything in is empty."""

    def __init__(self) -> None:
        self._stores: dict[StoreId, list[StoredCertificate]] = {}

    def certificates(self, store: StoreId) -> list[StoredCertificate]:
        """What is in a store."""
        return list(self._stores.get(store, ()))

    def find(self, store: StoreId, thumbprint: str) -> list[StoredCertificate]:
        """Those with a thumbprint; as in .NET blanks and case do not count, other signs do."""
        wanted = "".join(thumbprint.split()).upper()
        return [c for c in self.certificates(store) if c.thumbprint == wanted]

    def add(self, store: StoreId, item: StoredCertificate) -> None:
        """Adds a certificate in the place of the same one."""
        self.remove(store, item.thumbprint)
        self._stores.setdefault(store, []).append(item)

    def remove(self, store: StoreId, thumbprint: str) -> None:
        """Removes the one with this thumbprint, if there."""
        kept = [c for c in self.certificates(store) if c.thumbprint != thumbprint]
        self._stores[store] = kept

    def __iter__(self) -> t.Iterator[tuple[StoreId, list[StoredCertificate]]]:
        return iter(sorted(self._stores.items()))
