# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module imports: nothing that its path does not need, for all of it is compiled each time.

Each run has an interpreter of its own; ``make bench`` prints what such imports cost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t

import pytest

from support import tls_server as ca
from support.module_runner import connection, run_module
from support.simulator import Simulator

Json = dict[str, t.Any]
SCRIPT = """
import json, sys
from support.module_runner import run_module

ask = json.load(sys.stdin)
result = run_module(ask["module"], ask["arguments"], check=ask["check"])
print(json.dumps({"result": result, "imported": sorted(sys.modules)}))
"""
OWN = "ansible_collections.qlikops.sense.plugins.module_utils."
PORTAL = {
    "prefix": "portal",
    "jwt_certificate": ca.certificate("tokens"),
    "jwt_attribute_user_id": "userId",
    "jwt_attribute_user_directory": "userDirectory",
    "proxies": ["central"],
}
LIBRARIES = {"cryptography", "jwt", "websockets", "requests_ntlm"}
WRITING = {
    "_core.entity.retry", "_core.virtual_proxy.apply", "_core.virtual_proxy.cookie_names",
    "_core.virtual_proxy.prune",
}  # fmt: skip
#: For keys, tokens, the probe, messages about a broken network, and a diff.
ELSEWHERE = {
    "_core.crypto.certificates", "_core.crypto.keys", "_core.crypto.pem", "_core.crypto.tokens",
    "_core.files", "_core.keypair", "_core.probe", "_files", "_http.errors", "_http.websocket",
    "_modules.keypair", "_modules.probe", "_modules.token_options",
    "_modules.virtual_proxy_result",
}  # fmt: skip


def fresh(module: str, arguments: Json, *, check: bool = False) -> tuple[Json, set[str]]:
    """The result of a module in an interpreter of its own, and the names that it has imported.

    Of the collection these are the names below ``module_utils``, of all others the first part.
    """
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps({"module": module, "arguments": arguments, "check": check}),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout.splitlines()[-1])
    names: set[str] = set()
    for name in answer["imported"]:
        own = name.startswith(OWN)
        names.add(name.removeprefix(OWN) if own else name.partition(".")[0])
    return answer["result"], names


@pytest.mark.parametrize("module", ["qlik_virtual_proxy", "qlik_virtual_proxies"])
def test_nothing_to_do_imports_nothing_that_writes(site: Simulator, module: str) -> None:
    wanted: Json = PORTAL if module == "qlik_virtual_proxy" else {"virtual_proxies": [PORTAL]}
    arguments = {**connection(site), **wanted}
    assert run_module(module, arguments)["changed"] is True
    result, names = fresh(module, arguments)
    assert result["changed"] is False
    assert "requests" in names
    assert names & (LIBRARIES | WRITING | ELSEWHERE) == set()


def test_a_run_that_writes_imports_what_writes_and_no_probe(site: Simulator) -> None:
    result, names = fresh("qlik_virtual_proxy", {**connection(site), **PORTAL})
    assert result["changed"] is True
    assert {"_core.entity.retry", "_core.virtual_proxy.apply", "cryptography"} <= names
    assert names & {"jwt", "websockets", "_core.probe", "_files", "_http.errors"} == set()


@pytest.mark.parametrize(
    ("module", "wanted"),
    [
        ("qlik_virtual_proxy_info", {"prefix": "portal"}),
        ("qlik_proxy_service", {"proxies": "central"}),
        ("qlik_user", {"directory": "INTERNAL", "id": "sa_api"}),
    ],
)
def test_who_speaks_to_the_repository_imports_no_keys_and_no_probe(
    site: Simulator, module: str, wanted: Json
) -> None:
    result, names = fresh(module, {**connection(site), **wanted}, check=True)
    assert not result.get("failed"), result
    assert names & (LIBRARIES | ELSEWHERE) == set()
