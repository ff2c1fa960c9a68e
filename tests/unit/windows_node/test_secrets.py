# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a secret goes: what a test can see of it on the node, and what Ansible shows."""

from __future__ import annotations

import hashlib
import json
import typing as t

from support.windows_node import WindowsNode
from unit.windows_node.plays import ANSIBLE, Player, task

PASSWORD = "S3cret-of-the-container"
CONTENT = "S3cret-of-the-file"


def test_where_secrets_go(player: Player, node: WindowsNode) -> None:
    (server,) = node.store("LocalMachine")
    hidden = {"no_log": True}
    export: dict[str, t.Any] = {
        "state": "exported",
        "thumbprint": server["thumbprint"],
        "file_type": "pkcs12",
        "password": PASSWORD,
    }
    tasks = [
        task("with no_log", "win_certificate_store", hidden, path=r"C:\a.pfx", **export),
        task("without", "win_certificate_store", path=r"C:\b.pfx", **export),
        task("in its own answer", "win_certificate_store", path=rf"C:\{PASSWORD}.pfx", **export),
        task("file", "win_copy", hidden, content=CONTENT, dest=r"C:\secret.txt"),
        task("read", "slurp", hidden, src=r"C:\secret.txt"),
        task("by environment", "win_ping", {"environment": {"TOKEN": PASSWORD}}),
    ]
    run = player.play(tasks, "-vvvv", hosts={"psrp": node.inventory("psrp")})

    assert run.code == 0, run.output
    # The module or, since ansible-core 2.22, Ansible masks the password. No task needs no_log.
    assert PASSWORD not in run.output
    assert CONTENT not in run.output
    asked = node.tasks(kind="module")
    exports = [entry for entry in asked if entry["module"] == "win_certificate_store"]
    assert [entry["no_log"] for entry in exports] == [True, False, False]
    assert [entry["arguments"]["password"] for entry in exports] == [PASSWORD] * 3
    answers = [entry["answer"] for entry in exports]
    if ANSIBLE >= (2, 22):
        reported = [answer.get("_ansible_new_secrets") for answer in answers]
        assert reported == [[PASSWORD], None, None]
    else:
        assert PASSWORD not in json.dumps(answers)
    # The content of a file is no argument of any task on the node. It was sent as a file.
    assert CONTENT not in json.dumps([entry["arguments"] for entry in asked])
    (put,) = node.tasks(kind="put")
    assert put["sha256"] == hashlib.sha256(CONTENT.encode()).hexdigest()
    assert [e["environment"] for e in asked if e["module"] == "win_ping"] == [{"TOKEN": PASSWORD}]
    holders = [
        path for path, file in node.state()["files"].items() if file.get("sha256") == put["sha256"]
    ]
    (copied,) = node.written(r"C:\secret.txt")
    assert copied["readers"] == ["S-1-5-18", "S-1-5-32-544", "S-1-5-32-545"]
    (sent,) = node.written(put["path"])
    assert "S-1-5-32-545" not in sent["readers"]
    assert holders == [r"C:\secret.txt"]
