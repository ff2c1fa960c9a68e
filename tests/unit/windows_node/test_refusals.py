# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the node does not take: options that no documentation knows, PowerShell, strangers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.windows_node import Transport, WindowsNode
from unit.windows_node.plays import Json, Player, task

RUNAS = {"become": True, "become_method": "runas"}


def _tasks() -> dict[str, tuple[Json, str]]:
    """Tasks by name, with what the node says to them."""
    raw = "ansible.builtin.raw"
    shell = "ansible.windows.win_shell"
    me: Json = {"become_user": "qliksvc", "vars": {"ansible_become_password": "x"}}
    tasks = [
        (task("option", "win_file", path=r"C:\x", state="directory", mode="0700"), "mode"),
        (task("choice", "win_file", path=r"C:\x", state="hard"), "state must be one of"),
        (task("missing", "win_owner", path=r"C:\x"), "missing required arguments: user"),
        (task("copy", "win_copy", content="x", dest=r"C:\x", mode="0600"), "mode"),
        (task("shell", shell, {shell: "dir"}), "win_shell is not modelled"),
        (task("powershell", "win_powershell", script="dir"), "win_powershell is not modelled"),
        (task("command", "win_command", argv=["whoami"]), "win_command is not modelled"),
        (task("raw", raw, {raw: "Remove-Item C:\\ -Force"}), "no PowerShell is run"),
        (task("script", "ansible.builtin.script", cmd="own.ps1"), "PowerShell is never run"),
        (task("async", "win_ping", {"async": 10, "poll": 1}), "there is no async_wrapper"),
        (task("nobody", "win_ping", {**RUNAS, "become_user": "nobody"}), "identity references"),
        (task("wrong", "win_ping", RUNAS | me), "user name or password is incorrect"),
    ]
    return {wanted["name"]: (wanted | {"ignore_errors": True}, say) for wanted, say in tasks}


@pytest.mark.parametrize(
    ("transport", "names"), [("winrm", None), ("psrp", ("option", "shell", "raw", "script"))]
)
def test_refusals(
    player: Player,
    node: WindowsNode,
    transport: Transport,
    names: tuple[str, ...] | None,
    tmp_path: Path,
) -> None:
    (tmp_path / "own.ps1").write_text("Remove-Item C:\\ -Recurse\n")
    wanted = {n: given for n, given in _tasks().items() if names is None or n in names}
    before = node.state()["files"]
    run = player.play(
        [given for given, dummy in wanted.values()], hosts={"node": node.inventory(transport)}
    )

    assert run.code == 0, run.output
    assert all(failed for dummy, failed in run.verdicts("node").values())
    for name, (dummy, text) in wanted.items():
        assert text in json.dumps(run(name, "node")), name
    after = node.state()["files"]
    assert {path: after[path] for path in after if "ansible-tmp" not in path} == before
    assert len(node.tasks(kind="refused")) >= 2


@pytest.mark.parametrize("transport", ["winrm", "psrp"])
def test_strangers_do_not_get_in(player: Player, node: WindowsNode, transport: Transport) -> None:
    host = {**node.inventory(transport), "ansible_password": "wrong"}
    run = player.play([task("ping", "win_ping")], hosts={"node": host})
    assert run.code == 4
    assert node.tasks() == []
