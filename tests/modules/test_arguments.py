# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When arguments are checked: before Ansible validates and logs them."""

from __future__ import annotations

import importlib
import syslog
import typing as t
from contextlib import contextmanager, suppress
from unittest import mock

import pytest

from ansible.module_utils import basic

from ansible_collections.qlikops.sense.plugins.module_utils import _arguments
from support.module_runner import run_module

HALF = "half \ud800 text"
NUL = "a\0b"
SITE = {"host": "localhost", "client_cert_path": "/a", "client_key_path": "/b"}
TOKEN = {"user_id": "a", "user_directory": "b", "private_key_path": "/a"}
MODULES: dict[str, dict[str, t.Any]] = {
    "qlik_conformance": {**SITE, "prefix": "a", "node": "b", "url": "https://localhost:1"},
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


def _class(module: t.Any) -> str:
    """The name of the class that a module uses."""
    return "Module" if hasattr(module, "Module") else "VirtualProxiesModule"


def spec(module: str) -> dict[str, t.Any]:
    """The argument spec of a module."""
    main = importlib.import_module(f"ansible_collections.qlikops.sense.plugins.modules.{module}")
    patched = mock.patch.object(main, _class(main), side_effect=SystemExit)
    with patched as made, suppress(SystemExit):
        main.main()
    found: dict[str, t.Any] = made.call_args.kwargs["argument_spec"]
    return found


def nul(option: dict[str, t.Any]) -> t.Any:
    """A value with NUL in every text."""
    kind = option.get("type", "str")
    if kind == "list":
        return [nul({**option, "type": option["elements"]})]
    if kind == "dict":
        inner = option.get("options", {}).items()
        return {name: nul(one) for name, one in inner if "choices" not in one} or {NUL: NUL}
    return NUL


@contextmanager
def strict_syslog() -> t.Iterator[list[str]]:
    """The system's log as Python 3.13 and newer have it, and what is written to it."""
    written = []

    def log(dummy: int, message: str) -> None:
        if "\0" in message:
            raise ValueError("embedded null character")
        written.append(message)

    with mock.patch.object(syslog, "syslog", log):
        yield written


@pytest.mark.parametrize("module", MODULES)
def test_nul_in_any_option(module: str) -> None:
    for option, about in spec(module).items():
        with strict_syslog():
            result = run_module(module, {**MODULES[module], option: nul(about)}, check=True)
        said = str(result.get("msg"))
        assert "syslog" not in said
        assert "exception" not in result
        account = option in ("owner", "group", "private_key_owner")
        if account or "path" in (about["type"], about.get("elements")):
            assert said == f"{option} holds a control character (U+0000). Remove it."
            assert NUL not in str(result)


def test_what_is_logged_of_a_value_with_nul() -> None:
    with strict_syslog() as written:
        run_module("qlik_virtual_proxy", {**SITE, "prefix": "a", "description": "left\0right"})
    assert any("=leftright" in line for line in written)


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
