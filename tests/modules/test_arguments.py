# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When arguments are checked: before Ansible validates and logs them."""

from __future__ import annotations

import typing as t
from unittest import mock

import pytest

from ansible.module_utils import basic

from ansible_collections.qlikops.sense.plugins.module_utils import _arguments
from support.module_runner import run_module

HALF = "half \ud800 text"
SITE = {"host": "localhost", "client_cert_path": "/a", "client_key_path": "/b"}
TOKEN = {"user_id": "a", "user_directory": "b", "private_key_path": "/a"}
MODULES: dict[str, dict[str, t.Any]] = {
    "qlik_jwt_probe": {**TOKEN, "url": "https://localhost:1", "prefix": "jwt"},
    "qlik_jwt_token": {**TOKEN, "path": "/t"},
    "qlik_key_files": {"paths": ["/a"]},
    "qlik_keypair": {"private_key_path": "/a", "common_name": "a"},
    "qlik_proxy_service": {**SITE, "proxies": ["central"]},
    "qlik_user": {**SITE, "directory": "a", "id": "b"},
    "qlik_virtual_proxies": {**SITE, "virtual_proxies": [{"prefix": "a"}], "prune_tag": "b"},
    "qlik_virtual_proxy": {**SITE, "prefix": "a", "description": "b", "client_key_passphrase": "c"},
    "qlik_virtual_proxy_info": {**SITE, "prefix": "a"},
}


def halves(value: t.Any) -> t.Any:
    """``value`` with half a surrogate pair in its innermost text."""
    if isinstance(value, dict):
        return {name: halves(item) for name, item in value.items()}
    return [halves(item) for item in value] if isinstance(value, list) else HALF


@pytest.mark.parametrize(
    ("module", "option"), [(name, option) for name, all_ in MODULES.items() for option in all_]
)
def test_text_that_ansible_cannot_encode(module: str, option: str) -> None:
    arguments = MODULES[module]
    result = run_module(module, {**arguments, option: halves(arguments[option])})
    assert result["failed"]
    assert result["msg"].startswith(f"{option} holds text that is not valid Unicode")
    assert HALF not in str(result)


def test_the_order_in_which_ansible_works() -> None:
    """A release of ansible-core in which this fails would log private keys."""
    order: list[str] = []
    load, log = _arguments.Module._load_params, basic.AnsibleModule._log_invocation
    validate = basic.ModuleArgumentSpecValidator.validate

    def noted(name: str, function: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        def call(*arguments: t.Any, **more: t.Any) -> t.Any:
            order.append(name)
            return function(*arguments, **more)

        return call

    with (
        mock.patch.object(_arguments.Module, "_load_params", noted("load", load)),
        mock.patch.object(basic.AnsibleModule, "_log_invocation", noted("log", log)),
        mock.patch.object(
            basic.ModuleArgumentSpecValidator, "validate", noted("validate", validate)
        ),
    ):
        run_module("qlik_virtual_proxy", MODULES["qlik_virtual_proxy"])
    assert order == ["load", "validate", "log"]
