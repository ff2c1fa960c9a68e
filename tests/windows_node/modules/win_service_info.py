# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_service_info``: the services and the accounts they run as."""

from __future__ import annotations

import fnmatch

from ..model.services import Service
from .base import Call, Json, Model


def run(call: Call) -> Json:
    """All services, or those whose name matches."""
    name = call.options["name"]
    found = [
        service
        for service in call.node.services
        if not name or fnmatch.fnmatchcase(service.name.lower(), name.lower())
    ]
    return {
        "changed": False,
        "exists": bool(found),
        "services": [_describe(service) for service in found],
    }


def _describe(service: Service) -> Json:
    return {
        "checkpoint": 0,
        "controls_accepted": ["stop", "shutdown"],
        "dependencies": [],
        "dependency_of": [],
        "description": service.display_name,
        "desktop_interact": False,
        "display_name": service.display_name,
        "error_control": "normal",
        "failure_actions": [],
        "failure_command": None,
        "failure_reboot_msg": None,
        "failure_reset_period_sec": 0,
        "launch_protection": "none",
        "load_order_group": "",
        "name": service.name,
        "path": f"C:\\Program Files\\Qlik\\Sense\\{service.name}.exe",
        "pre_shutdown_timeout_ms": 180000,
        "preferred_node": None,
        "process_id": 4000 if service.state == "started" else 0,
        "required_privileges": [],
        "service_exit_code": 0,
        "service_flags": [],
        "service_type": "win32_own_process",
        "sid_info": "none",
        "start_mode": service.start_mode,
        "state": service.state,
        "triggers": [],
        "username": service.username,
        "wait_hint_ms": 0,
    }


MODEL = Model(run)
