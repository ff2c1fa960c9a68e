# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``setup``: the few facts that say what kind of machine this is."""

from __future__ import annotations

from .base import Call, Json, Model


def run(call: Call) -> Json:
    """Facts about system, user and environment."""
    node, account = call.node, call.who.account
    return {
        "changed": False,
        "ansible_facts": {
            "ansible_architecture": "64-bit",
            "ansible_distribution": "Microsoft Windows Server 2022 Standard",
            "ansible_distribution_major_version": "10",
            "ansible_distribution_version": "10.0.20348.0",
            "ansible_domain": "",
            "ansible_env": node.variables(account),
            "ansible_fqdn": node.settings.machine,
            "ansible_hostname": node.settings.machine,
            "ansible_netbios_name": node.settings.machine,
            "ansible_nodename": node.settings.machine,
            "ansible_os_family": "Windows",
            "ansible_os_name": "Microsoft Windows Server 2022 Standard",
            "ansible_powershell_version": 5,
            "ansible_system": "Win32NT",
            "ansible_user_dir": account.profile,
            "ansible_user_id": account.name,
            "ansible_user_sid": account.sid,
            "ansible_windows_domain_member": False,
            "gather_subset": call.options["gather_subset"],
            "module_setup": True,
        },
    }


MODEL = Model(run)
