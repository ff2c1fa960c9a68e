# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a playbook decides before its first task."""

from __future__ import annotations

import importlib
import typing as t

from . import validation
from .variables import Variables

#: The modules that most tasks of the playbooks need.
_COMMON = ("login_results", "restore", "results", "setup", "shared_key")


def serial(variables: Variables) -> t.Any:
    """The batches of hosts.

    Ansible evaluates this in its main process, which then starts a process for each task and host.
    They inherit what is imported and read here, and the filters that the playbook applies to it.
    """
    for name in _COMMON:
        importlib.import_module("." + name, __package__)
    validation.options()
    for role in ("jwt_keypair", "jwt_virtual_proxy", "jwt_verify"):
        validation.spec(role)
    return variables.answer("qlik_serial", "100%")


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {"serial": serial}
