# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be chosen about a node."""

from __future__ import annotations

import dataclasses
import typing as t

from .model.certificates import CONTAINER_FORMS, ContainerForm
from .model.languages import LANGUAGES

USABLE = "usable"
REFUSED = "refused"
SERVICE = "service"
ANYWHERE = "anywhere"
ADMINISTRATOR = "administrator"
BOTH = "both"
INCLUDED = "included"
MISSING = "missing"
MANUAL = "manual"
DISABLED = "disabled"


class SettingError(ValueError):
    """A setting that does not exist, or a value that it cannot have."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """``POST /reset`` takes the same names.

    machine: the computer's name, which is also the domain of its users
    language: of Windows, and so of the names of its built-in accounts
    administrator: the user that the inventory connects as by default
    service_account: the user that Qlik's services run as; no administrator, may log in too
    containers: the form of PKCS#12 that win_certificate_store writes
    container_keys: ``missing`` if Windows does not find the key that belongs to the certificate, so
      that the container has the certificate only
    network_logon_keys: whether a network logon can use private keys of CurrentUser; without
      delegated credentials real nodes answer "The specified network password is not correct",
      as the notes of win_certificate_store say, and become helps
    service_logon: ``anywhere``, or ``service`` for a service account that may not log on locally,
      but as a service, as Qlik's installer grants it
    secondary_logon: the start mode of the service seclogon, which starts each process of become
    client_certificate_of: in whose CurrentUser\\My the client certificate QlikClient is
    client_key_exportable, server_key_exportable: as the two were imported
    """

    machine: str = "QLIKNODE"
    language: str = "en"
    administrator: str = "admin"
    service_account: str = "qliksvc"
    containers: ContainerForm = "3des"
    container_keys: str = INCLUDED
    network_logon_keys: str = USABLE
    service_logon: str = ANYWHERE
    secondary_logon: str = MANUAL
    client_certificate_of: str = SERVICE
    client_key_exportable: bool = True
    server_key_exportable: bool = True

    def changed(self, changes: t.Mapping[str, t.Any]) -> Settings:
        """A copy with other values; SettingError."""
        types = {field.name: type(field.default) for field in dataclasses.fields(self)}
        for name, value in changes.items():
            if name not in types:
                raise SettingError(f"there is no setting {name}; there are {', '.join(types)}")
            allowed = CHOICES.get(name)
            if not isinstance(value, types[name]) or (allowed and value not in allowed):
                raise SettingError(f"{name} cannot be {value!r}")
        return dataclasses.replace(self, **changes)


CHOICES: t.Final[dict[str, tuple[str, ...]]] = {
    "language": LANGUAGES,
    "containers": CONTAINER_FORMS,
    "container_keys": (INCLUDED, MISSING),
    "network_logon_keys": (USABLE, REFUSED),
    "service_logon": (ANYWHERE, SERVICE),
    "secondary_logon": (MANUAL, DISABLED),
    "client_certificate_of": (SERVICE, ADMINISTRATOR, BOTH),
}
