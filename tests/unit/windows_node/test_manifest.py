# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The input of the bootstrap wrapper, in the forms of each ansible-core."""

from __future__ import annotations

import base64
import gzip
import json
import pkgutil

import pytest

from windows_node.protocol import manifest
from windows_node.protocol.manifest import ModuleOrder, RefusedError

Json = dict[str, object]
NUL = "\0\0\0\0"
ARGUMENTS = {"path": r"C:\keys", "date": "2026-01-01T00:00:00", "_ansible_no_log": True}
SCRIPT = "ansible_collections.ansible.windows.plugins.modules.win_stat.ps1"
#: The arguments as ansible-core 2.19 to 2.21 sends them, and as 2.22 does.
VARIABLES: Json = {"Variables": [{"Name": "complex_args", "Value": ARGUMENTS, "Scope": "Global"}]}
TEXT: Json = {"ArgumentJSON": json.dumps(ARGUMENTS)}
BASIC = ["Ansible.Basic.cs"]
SECRETS = ["Ansible.Secrets.cs", "Ansible.Basic.cs"]


def _manifest(parameters: Json, secure: Json, *, utils: list[str]) -> str:
    common = {"Script": SCRIPT, "Environment": {}, "CSharpModules": utils, "ForModule": True}
    action = {
        "name": "module_wrapper.ps1",
        "params": common | parameters,
        "secure_params": secure,
    }
    return json.dumps({"scripts": {}, "actions": [action], "signed_hashlist": []})


def _input(text: str, **parameters: object) -> list[str]:
    script = (pkgutil.get_data("ansible.executor.powershell", "exec_wrapper.ps1") or b"").decode()
    return [json.dumps({"name": "exec_wrapper", "script": script, "params": parameters}), NUL, text]


def _compressed(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode())).decode()


def _read(lines: list[str]) -> ModuleOrder:
    order = manifest.read(lines)
    assert isinstance(order, ModuleOrder)
    return order


@pytest.mark.parametrize("parameters", [VARIABLES, TEXT], ids=["variables", "text"])
@pytest.mark.parametrize("compress", [False, True])
def test_arguments(parameters: Json, *, compress: bool) -> None:
    text = _manifest(parameters, {}, utils=BASIC)
    order = _read(_input(_compressed(text) if compress else text, DecompressInput=compress))
    assert (order.module, order.settings) == ("win_stat", {"no_log": True})
    assert order.arguments == {"path": r"C:\keys", "date": "2026-01-01T00:00:00"}
    assert order.secrets is None


def test_known_secrets() -> None:
    lines = _input(_manifest(TEXT, {"Secrets": ["a", "b"]}, utils=SECRETS), DecompressInput=False)
    assert _read(lines).secrets == frozenset(("a", "b"))


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "%%%%",
        base64.b64encode(b"{}").decode(),
        _compressed("{}")[:-12],
        base64.b64encode(gzip.compress(b"\xff\xfe")).decode(),
    ],
    ids=["plain", "not base64", "not gzip", "truncated", "not UTF-8"],
)
def test_what_cannot_be_decompressed(text: str) -> None:
    with pytest.raises(RefusedError, match="cannot be decompressed"):
        manifest.read(_input(text, DecompressInput=True))


def test_compressed_input_that_is_not_announced() -> None:
    text = _compressed(_manifest(TEXT, {}, utils=BASIC))
    with pytest.raises(RefusedError, match="is not a manifest"):
        manifest.read(_input(text, DecompressInput=False))
