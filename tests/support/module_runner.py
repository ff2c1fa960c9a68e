# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module of the collection in this process, with real arguments and over real HTTP.

Faster than a playbook by far, so fit for hundreds of cases; what only a playbook shows (files of
roles, callbacks, verbosity) is tested by playbooks.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import json
import tempfile
import typing as t
from contextlib import ExitStack, redirect_stdout, suppress
from unittest import mock

from ansible.module_utils import basic

if t.TYPE_CHECKING:
    from support.simulator import Simulator

#: Whether Ansible masks secrets in the result of a module. Since 2.22 it masks the output of a run.
MASKED_RESULTS = importlib.util.find_spec("ansible.module_utils.secrets") is None

_PACKAGE = "ansible_collections.qlikops.sense.plugins.modules"
Result = dict[str, t.Any]


def run_module(
    name: str,
    arguments: t.Mapping[str, t.Any],
    *,
    check: bool = False,
    no_log: bool = False,
) -> Result:
    """The result that the module prints; ``failed`` is set when it failed."""
    with tempfile.TemporaryDirectory() as directory:
        return _run(name, {**arguments, "_ansible_tmpdir": directory}, check, no_log)


def _run(name: str, arguments: t.Mapping[str, t.Any], check: bool, no_log: bool) -> Result:
    sent = {
        **arguments,
        "_ansible_check_mode": check,
        "_ansible_diff": True,
        "_ansible_no_log": no_log,
    }
    payload = json.dumps({"ANSIBLE_MODULE_ARGS": sent}).encode()
    module = importlib.import_module(f"{_PACKAGE}.{name}")
    printed = io.StringIO()
    with (
        _outside_the_controller(),
        mock.patch.object(basic, "_ANSIBLE_ARGS", payload),
        mock.patch.object(basic, "_ANSIBLE_PROFILE", "legacy", create=True),
        redirect_stdout(printed),
        suppress(SystemExit),
    ):
        module.main()
    result = t.cast(Result, json.loads(printed.getvalue().strip().splitlines()[-1]))
    # For Ansible itself, which removes it before anything else sees the result.
    result.pop("_ansible_new_secrets", None)
    return result


def _outside_the_controller() -> ExitStack:
    """Ansible's own code as on a managed host, also after a test has imported a filter.

    Since 2.19, an import of ansible.errors alone sends warnings of modules to the display.
    """
    stack = ExitStack()
    with suppress(ImportError):
        internal = importlib.import_module("ansible.module_utils._internal")
        for name, value in (
            ("is_controller", False),
            ("get_controller_serialize_map", dict),
            ("import_controller_module", lambda dummy: None),
        ):
            stack.enter_context(mock.patch.object(internal, name, value, create=True))
    return stack


def connection(site: Simulator, **changes: t.Any) -> dict[str, t.Any]:
    """The connection options that lead to the simulated repository."""
    return {
        "host": site.host,
        "port": site.qrs_port,
        "client_cert_path": site.certificates["client_cert"],
        "client_key_path": site.certificates["client_key"],
        "ca_path": site.certificates["root"],
        "timeout": 20,
        **changes,
    }
