# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Services of the node: those of Qlik Sense, and the one that lets Ansible in."""

from __future__ import annotations

import dataclasses

_QLIK = {
    "QlikSenseRepositoryDatabase": "Qlik Sense Repository Database",
    "QlikSenseServiceDispatcher": "Qlik Sense Service Dispatcher",
    "QlikSenseRepositoryService": "Qlik Sense Repository Service",
    "QlikSenseProxyService": "Qlik Sense Proxy Service",
    "QlikSenseEngineService": "Qlik Sense Engine Service",
    "QlikSenseSchedulerService": "Qlik Sense Scheduler Service",
    "QlikSensePrintingService": "Qlik Sense Printing Service",
}


@dataclasses.dataclass(frozen=True)
class Service:
    """A service and the account that it runs as."""

    name: str
    display_name: str
    username: str
    state: str = "started"
    start_mode: str = "auto"


def of_a_site(
    service_account: str, network_service: str, system: str, secondary_logon: str
) -> list[Service]:
    """The services of a central node; ``service_account`` runs Qlik's."""
    qlik = [Service(name, title, service_account) for name, title in _QLIK.items()]
    winrm = Service("WinRM", "Windows Remote Management (WS-Management)", network_service)
    seclogon = Service("seclogon", "Secondary Logon", system, "stopped", secondary_logon)
    return [*qlik, winrm, seclogon]
